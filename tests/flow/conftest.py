"""The small workspace, issued and published, made once for the session."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import workshop


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five certificates, published. Read only."""
    return workshop.whole(workshop.small(tmp_path_factory.mktemp("finished") / "workspace"))
