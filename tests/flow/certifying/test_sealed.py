"""Seals that portal.yaml names, from issue to the file: the stamped one, and what cannot be made again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.certifying import printing
from generator.flow.shared import workspace as workspaces
from tests import workshop
from tests.edge import stamping

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def _settings(root: Path, lines: str) -> None:
    path = root / "portal.yaml"
    text = path.read_text("utf-8")
    kept, _, rest = text.partition("certificate:\n")
    after = rest.splitlines(keepends=True)
    while after and after[0].startswith(" "):
        after.pop(0)
    path.write_text(kept + "certificate:\n" + lines + "".join(after), "utf-8")


@pytest.mark.slow
@pytest.mark.needs("openssl")
def test_every_file_carries_the_stamp_and_none_is_made_again(tmp_path: Path) -> None:
    root = workshop.small(tmp_path / "w", claims=2)
    with stamping.authority(tmp_path) as url:
        _settings(root, f"  seal: self\n  timestamp: {url}\n")
        workshop.prepare(root)
        workshop.approve_all(root)
        assert workshop.issue_all(root).issued == 2
        files = sorted((root / "certificates" / "issued").rglob("*.pdf"))
        assert len(files) == 2
        # The attribute that carries the token: id-aa-timeStampToken, 1.2.840.113549.1.9.16.2.14.
        carried = bytes.fromhex("060b2a864886f70d010910020e").hex()
        assert all(carried in path.read_bytes().lower().decode("latin-1") for path in files)
        with workshop.opened(root) as session, pytest.raises(Refused) as refused:
            printing.reprint(session, files[0].stem, tmp_path / "again.pdf")
    assert refused.value.problems[0].code == "REPRINT-SEAL"
    assert not (tmp_path / "again.pdf").exists()


@pytest.mark.slow
@pytest.mark.needs("openssl")
def test_an_authority_that_is_away_loses_nothing(tmp_path: Path) -> None:
    root = workshop.small(tmp_path / "w", claims=2)
    _settings(root, "  seal: self\n  timestamp: http://127.0.0.1:9/\n")
    workshop.prepare(root)
    workshop.approve_all(root)
    with pytest.raises(Refused) as refused:
        workshop.issue_all(root)
    assert refused.value.problems[0].code == "SEAL-TIMESTAMP"
    with stamping.authority(tmp_path) as url:
        _settings(root, f"  seal: self\n  timestamp: {url}\n")
        assert workshop.issue_all(root).issued == 2


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("  seal: none\n  timestamp: https://stamp.example.org/\n", "needs a seal"),
        ("  seal: self\n  keep: false\n  timestamp: https://stamp.example.org/\n", "keep cannot be false"),
        ("  seal: self\n  timestamp: ftp://stamp.example.org/\n", "timestamp"),
    ],
)
def test_settings_that_do_not_fit_are_refused(tmp_path: Path, lines: str, said: str) -> None:
    root = workshop.small(tmp_path / "w", claims=1)
    _settings(root, lines)
    with pytest.raises(Refused) as refused:
        workspaces.load_workspace(root)
    assert any(said in str(problem) for problem in refused.value.problems)
