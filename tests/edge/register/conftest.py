"""An empty register for each test: a copy of one that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.edge.register.database import Register
from tests.edge.register.rows import opened


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty register. Read only."""
    path = tmp_path_factory.mktemp("register") / "register.db"
    opened(path).close()
    return path


@pytest.fixture
def register(empty: Path, tmp_path: Path) -> Iterator[Register]:
    """An empty register of the test's own."""
    shutil.copy(empty, tmp_path / "register.db")
    with opened(tmp_path / "register.db") as found:
        found.rows("PRAGMA synchronous = OFF")  # waiting for the disk is slow
        yield found
