"""What goes wrong at the door and in the workspace: one calm answer each, and nothing changed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.cli import site
from generator.edge import lock
from tests import workshop
from tests.cli.terminal import Terminal, fresh, passphrases


def unpublished(place: Path) -> Path:
    """The workspace with a sixth claim registered and approved."""
    claims = (workshop.claim(rank) for rank in range(1, 7))
    (place / "certificates/claims/claims.yaml").write_text(workshop.claims_file(claims), "utf-8")
    workshop.prepare(place)
    workshop.approve_all(place)
    return place


@pytest.mark.slow
def test_no_passphrase_and_nobody_at_the_keyboard(place: Path) -> None:
    unpublished(place)
    before = workshop.tree(place, "certificates", "public", "keys")
    answer = fresh("issue", "-w", place, cwd=place, env={})
    assert answer.code == 2
    assert "KEYS-PASSPHRASE: no passphrase for the key `" in answer.err
    assert "fix: set CERTPORTAL_PASSPHRASE_" in answer.err
    assert workshop.tree(place, "certificates", "public", "keys") == before
    # Whoever has it goes on where this stopped.
    assert fresh("issue", "-w", place, cwd=place).code == 0


@pytest.mark.slow
def test_a_wrong_passphrase(place: Path, certportal: Terminal) -> None:
    unpublished(place)
    answer = certportal("issue", "-w", place, env=passphrases(suffix="-wrong"))
    assert answer.code == 1
    assert "the passphrase does not open this key file" in answer.err
    assert "sample-" not in answer.said
    assert not list((place / "certificates/issued").rglob("*000006*"))
    assert certportal("issue", "-w", place).code == 0
    assert len(list((place / "certificates/issued").rglob("*000006.pdf"))) == 1


@pytest.mark.slow
def test_a_passphrase_from_a_file_descriptor(place: Path) -> None:
    unpublished(place)
    told, tell = os.pipe()
    os.write(tell, b"certificate=sample-certificate-passphrase\nseal=sample-seal-passphrase\n")
    os.close(tell)
    command = [sys.executable, "-m", "generator.cli.main", "issue", "-w", str(place)]
    done = subprocess.run(
        [*command, "--passphrase-fd", str(told)], pass_fds=(told,), capture_output=True, text=True
    )
    os.close(told)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 certificate issued" in done.stdout


def test_a_key_file_that_others_can_read(place: Path, certportal: Terminal) -> None:
    unpublished(place)
    key = place / "keys/private/certificate.key"
    key.chmod(0o640)
    answer = certportal("issue", "-w", place)
    assert answer.code == 1
    assert "KEYS-EXPOSED: can be read by other accounts" in answer.err
    assert "chmod 600" in answer.err


@pytest.mark.slow
@pytest.mark.parametrize("junk", [b"", b"\xff\xfe", b"certportal-key v1 certificate x\n", b"a" * 5000])
def test_a_damaged_key_file(place: Path, certportal: Terminal, junk: bytes) -> None:
    unpublished(place)
    key = place / "keys/private/certificate.key"
    key.write_bytes(junk)
    answer = certportal("issue", "-w", place)
    assert answer.code == 1
    assert "Traceback" not in answer.said
    assert "fix:" in answer.err


@pytest.mark.parametrize("name", ["root.json", "manifest.json", "roster.json"])
@pytest.mark.parametrize("junk", [b"", b"{}", b"\xff", b"null"])
def test_a_damaged_public_key_file(place: Path, certportal: Terminal, name: str, junk: bytes) -> None:
    (place / "keys" / name).write_bytes(junk)
    answer = certportal("issue", "-w", place)
    assert answer.code == 1
    assert name in answer.err
    assert "FAULT" not in answer.err


def test_a_register_that_is_none(place: Path, certportal: Terminal) -> None:
    (place / "certificates/register.db").write_bytes(b"this is not a database, however long it may be" * 100)
    answer = certportal("issue", "-w", place)
    assert answer.code == 1
    assert "REGISTER-DAMAGED" in answer.err
    assert "certportal restore DIR" in answer.err


def test_another_run_at_work(place: Path, certportal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    with (place / "certificates/.lock").open("ab") as held:
        assert lock.acquire(held)
        answer = certportal("issue", "-w", place)
    assert answer.code == 75
    assert "another run is at work here" in answer.err
    assert sum(waited) == pytest.approx(5.0, abs=0.2)
    assert certportal("issue", "-w", place).code == 0


@pytest.mark.slow
def test_the_register_written_by_another_program(place: Path, certportal: Terminal) -> None:
    unpublished(place)
    other = sqlite3.connect(place / "certificates/register.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        answer = certportal("issue", "-w", place)
        assert answer.code == 75
        assert "REGISTER-BUSY" in answer.err
        assert time.monotonic() - begun < 15
    finally:
        other.close()


@pytest.mark.slow
def test_two_runs_at_once_issue_each_claim_once(place: Path) -> None:
    unpublished(place)
    command = [sys.executable, "-m", "generator.cli.main", "issue", "-w", str(place), "--json"]
    env = {**os.environ, **passphrases()}
    runs = [
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)
    ]
    heard = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], heard
    assert sorted(said.count(b'"issued": 1') for said, _ in heard) == [0, 0, 1]
    assert len(workshop.register_content(place)["certificates"]) == 6


def test_a_fault_of_ours_is_one_calm_line(
    place: Path, certportal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(site, "publish", broken)
    answer = certportal("publish", "-w", place)
    assert answer.code == 70
    assert "Traceback" not in answer.said
    assert answer.err.count("\n") == 2
    assert "nothing is lost" in answer.err
    (report,) = (place / "certificates/reports").glob("fault-*.txt")
    assert f"certificates/reports/{report.name}" in answer.err
    assert "a mistake of ours" in report.read_text("utf-8")
    assert report.stat().st_mode & 0o77 == 0


def test_no_workspace_no_site_no_root(tmp_path: Path, certportal: Terminal, place: Path) -> None:
    for verb in ("issue", "publish", "import", "demo", "serve"):
        answer = certportal(verb, "-w", tmp_path / "nowhere")
        assert answer.code == 1
        assert "WORKSPACE-MISSING" in answer.err
    answer = certportal("verify", "2026", "--site", tmp_path / "nowhere", "-w", place)
    assert answer.code == 2
    assert "SITE-UNKNOWN" in answer.err
    answer = certportal("verify", "2026", "--site", place / "public", "-w", tmp_path)
    assert answer.code == 2
    assert "ROOT-MISSING" in answer.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sample: true", "sample: maybe", "portal.yaml:4 sample: YAML-FIELD"),
        ("schema: 1", "schema: 1\nschema: 1", "YAML-DUPLICATE: `schema` is there twice"),
        ("timezone: Europe/London", "timezone: Europe/Atlantis", "`Europe/Atlantis` is no time zone"),
        ("code: NW", "code: nw", "organisation.code: YAML-FIELD"),
        ("organisation:", "organization:", "organization: YAML-FIELD"),
        ("period_days: 21", "period_days: 90", "publish.period_days: YAML-FIELD"),
        ("name: Northfield Awarding", "name: Southfield Awarding", "ORGANISATION-NAME"),
    ],
)
def test_settings_that_cannot_be_meant(
    place: Path, certportal: Terminal, old: str, new: str, said: str
) -> None:
    portal = place / "portal.yaml"
    portal.write_text(portal.read_text("utf-8").replace(old, new, 1), "utf-8")
    answer = certportal("issue", "-w", place)
    assert answer.code == 1
    assert said in answer.err
    assert "fix:" in answer.err


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk small enough to fill")
@pytest.mark.parametrize("kilobytes", [160, 300])
def test_a_full_disk_is_said_and_survived(
    kilobytes: int, tmp_path: Path, finished: Path, certportal: Terminal
) -> None:
    """A disk that fills while issuing or publishing: said, nothing half done, finished with more space."""
    root = tmp_path / "disk"
    root.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(root)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        place = workshop.approved(root / "w")
        used = int(subprocess.run(["du", "-sk", root], capture_output=True, text=True).stdout.split()[0])
        shrink = ["mount", "-o", f"remount,size={used + kilobytes}k", str(root)]
        subprocess.run(shrink, check=True)
        codes = [certportal(verb, "-w", place) for verb in ("issue", "publish")]
        failed = [answer for answer in codes if answer.code]
        assert failed, "the disk was large enough"
        assert all(answer.code == 1 and "the disk is full" in answer.err for answer in failed), failed
        assert not (place / "public").exists()
        subprocess.run(["mount", "-o", "remount,size=64m", str(root)], check=True)
        assert certportal("issue", "-w", place).code == 0
        assert certportal("publish", "-w", place).code == 0
        assert certportal("audit", "-w", place).code == 0
    finally:
        subprocess.run(["umount", "-l", str(root)], check=True)
