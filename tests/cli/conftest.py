"""A terminal, and the small workspace to use it in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import workshop
from tests.cli.terminal import Terminal


@pytest.fixture
def certportal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """`certportal("issue", "-w", place)` as in a terminal."""
    return Terminal(monkeypatch, capsys)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workspace, issued and published. Read only."""
    return workshop.whole(workshop.small(tmp_path_factory.mktemp("finished") / "workspace"))


@pytest.fixture
def place(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished workspace to work in."""
    return Path(shutil.copytree(finished, tmp_path / "workspace"))
