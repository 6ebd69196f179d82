"""The sample workspace as `make demo` leaves it, made once for the session and only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli import demo
from tests import workshop


def run(root: Path, at: str = workshop.NOW) -> demo.Demo:
    """The demo through a door whose clock stands still."""
    with workshop.opened(root, at) as session:
        return demo.run(session, lambda _line: None)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace, issued and published. Read only."""
    root = workshop.sample(tmp_path_factory.mktemp("sample") / "workspace")
    run(root)
    return root
