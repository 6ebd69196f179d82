"""The published scripts, and the Node that Playwright brings, so that everybody tests with the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.js import scripts
from tests.js.node import Node, running


@pytest.fixture(scope="session")
def node_path(needs: Callable[[str], str]) -> str:
    """Where Node is."""
    return needs("playwright")


@pytest.fixture(scope="session")
def script_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the published scripts as modules."""
    folder = tmp_path_factory.mktemp("scripts")
    scripts.write(folder)
    return folder


@pytest.fixture(scope="session")
def portal_node(node_path: str, script_folder: Path) -> Iterator[Node]:
    """A Node in which functions of the published scripts can be called."""
    with running(node_path, script_folder) as node:
        yield node
