"""Where rsync cannot copy: code, place and who acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.store.rsync import RsyncTarget
from generator.edge.store.target import DeploymentPlan
from generator.errors import Refused
from tests.refusal import named


def deploy(folder: Path, destination: str, *shell: str) -> list[str]:
    """Send a site of one file; what was noted as arrived."""
    (folder / "head.json").write_text("{}", "utf-8")
    plan = DeploymentPlan(folder, 1, (("head.json",),), (), {}, frozenset({"head.json"}))
    noted: list[str] = []
    RsyncTarget(destination, shell).deploy(plan, noted.extend)
    return noted


def test_rsync_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="install rsync") as act:
        deploy(tmp_path, "web@verify:/srv/site")
    assert named(act) == [("DEPLOY-RSYNC", "rsync", "administrator")]


@pytest.mark.needs("rsync")
def test_a_host_that_cannot_be_reached(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ended with") as act:
        deploy(tmp_path, "web@verify:/srv/site", "false")
    assert named(act) == [("DEPLOY-RSYNC", "web@verify:/srv/site/", "administrator")]
