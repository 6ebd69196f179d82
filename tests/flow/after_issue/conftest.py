"""Workspaces for the tests of use cases: one small and finished, and a small office for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import workshop
from tests.small_office import Office, small_office


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five certificates, published. Read only."""
    return workshop.whole(workshop.small(tmp_path_factory.mktemp("finished") / "workspace"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A small office of its own for each test."""
    with small_office(tmp_path) as found:
        yield found
