"""Two claims of an awarding organisation, registered and not signed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.flow import office

FEW = ("L1", "L2")


@pytest.fixture(scope="session")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two claims of an awarding organisation, registered and not signed. Read only."""
    return office.awarding(tmp_path_factory.mktemp("claimed"), FEW, **{"REVIEW-CHECKED": {"mode": "off"}})


@pytest.fixture
def place(claimed: Path, tmp_path: Path) -> Path:
    root = tmp_path / "w"
    shutil.copytree(claimed, root)
    return root
