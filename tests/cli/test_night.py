"""The night's commands as a timer and a person call them."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.edge import disk
from tests import workshop
from tests.cli.terminal import Terminal
from tests.flow.night.night_office import copied, night, opened

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path, night_ready: Path) -> Path:
    return copied(night_ready, tmp_path / "workspace")


def alone(root: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with the sample's passphrases."""
    boxes = ("root", "certificate", "online", "seal", "h.adeyemi", "m.castell", "p.lindgren")
    given = {
        "CERTPORTAL_PASSPHRASE_" + box.upper().replace(".", "_"): workshop.passphrase(box) for box in boxes
    }
    command = [sys.executable, "-m", "generator.cli.main", *words, "-w", str(root)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CERTPORTAL_")}
    environment = {**clean, **given, **more}
    environment = {name: value for name, value in environment.items() if value}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=workshop.CHECKOUT)


def test_the_night_in_words_and_in_json(root: Path, certportal: Terminal) -> None:
    spoken = certportal("nightly", "-w", root)
    assert spoken.code == 0, spoken.out + spoken.err
    assert "OK 5" in spoken.out
    assert "deployed" not in spoken.err
    counted = certportal("nightly", "--json", "-w", root)
    answer = json.loads(counted.out)
    assert (answer["headline"], answer["exit"]) == ("OK 0", 0)
    checked = certportal("deploy", "--check", "--json", "-w", root)
    assert json.loads(checked.out)[0]["verified"] == 5


def test_without_a_passphrase_it_ends_with_one_and_names_the_variable(root: Path) -> None:
    done = alone(root, "nightly", CERTPORTAL_PASSPHRASE_CERTIFICATE="")
    assert done.returncode == 1
    assert "CERTPORTAL_PASSPHRASE_CERTIFICATE" in done.stdout + done.stderr


def test_systemds_credentials_are_found(root: Path, tmp_path: Path) -> None:
    (tmp_path / "certportal-certificate").write_text(workshop.passphrase("certificate") + "\n")
    done = alone(root, "nightly", CERTPORTAL_PASSPHRASE_CERTIFICATE="", CREDENTIALS_DIRECTORY=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_passphrase_in_use_is_never_published(root: Path, tmp_path: Path) -> None:
    """Wherever it came from: the environment, systemd's credentials, a file descriptor."""
    pages = root / "site_src"
    shared = pages.resolve()
    pages.unlink()
    shutil.copytree(shared, pages)
    (pages / "pages/notes.txt").write_text(f"remember: {workshop.passphrase('certificate')}\n")
    told = alone(root, "publish")
    assert told.returncode == 1
    assert "public/notes.txt: PUBLISH-PRIVATE: holds a passphrase of a key" in told.stdout + told.stderr
    (tmp_path / "certportal-certificate").write_text(workshop.passphrase("certificate") + "\n")
    done = alone(root, "nightly", CERTPORTAL_PASSPHRASE_CERTIFICATE="", CREDENTIALS_DIRECTORY=str(tmp_path))
    assert "PUBLISH-PRIVATE" in done.stdout + done.stderr
    assert not (root / "public").exists()


def unit(text: str, name: str) -> list[str]:
    """What a unit file says under a name, each line's words as systemd reads them."""
    lines = [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}=")]
    return [line.replace("%%", "%").replace("$$", "$") for line in lines]


def test_the_service_runs_as_it_is_written(night_ready: Path, tmp_path: Path) -> None:
    """Its own command line, folder, mask and credentials, and nothing of this test's environment."""
    root = copied(night_ready, tmp_path / 'Exams & Awards 100% $HOME "north"')
    program = Path(sys.executable).with_name("certportal")
    written = subprocess.run(
        [str(program), "schedule", "systemd", "--out", str(tmp_path / "units"), "-w", str(root)],
        capture_output=True,
        text=True,
    )
    assert written.returncode == 0, written.stdout + written.stderr
    text = (tmp_path / "units/certportal-nightly.service").read_text("utf-8")
    [command], [folder], [mask] = (unit(text, name) for name in ("ExecStart", "WorkingDirectory", "UMask"))
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    for line in unit(text, "LoadCredentialEncrypted"):
        name = line.partition(":")[0]
        box = name.removeprefix("certportal-")
        (credentials / name).write_text(workshop.passphrase(box) + "\n", "utf-8")

    def served() -> subprocess.CompletedProcess[str]:
        words = shlex.split(command)
        assert Path(words[0]).is_absolute()
        environment = {"PATH": "/usr/bin:/bin", "CREDENTIALS_DIRECTORY": str(credentials)}
        return subprocess.run(
            words, capture_output=True, text=True, env=environment, cwd=folder, umask=int(mask, 8)
        )

    assert Path(folder) == root
    first = served()
    assert first.returncode == 0, first.stdout + first.stderr
    assert "OK 5" in first.stdout
    issued = list((root / "certificates/issued").rglob("*.pdf"))
    assert len(issued) == 5
    assert not any(path.stat().st_mode & 0o077 for path in issued)
    path = root / "certificates/claims/claims.yaml"
    path.write_text(path.read_text("utf-8") + workshop.claim(1, learner_ref="REF0100"), "utf-8")
    assert [str(served().returncode)] == unit(text, "SuccessExitStatus")
    with disk.locked(root / "certificates/.lock", lambda _: None):
        assert [str(served().returncode)] == unit(text, "RestartForceExitStatus")


def test_while_another_run_is_at_work_it_ends_with_75(root: Path, certportal: Terminal) -> None:
    with disk.locked(root / "certificates/.lock", lambda _: None):
        done = certportal("nightly", "-w", root)
    assert done.code == 75
    assert "another run is at work" in done.err


def test_held_rows_end_with_three(root: Path, certportal: Terminal) -> None:
    path = root / "certificates/claims/claims.yaml"
    path.write_text(path.read_text("utf-8") + workshop.claim(1, learner_ref="REF0100"), "utf-8")
    done = certportal("nightly", "-w", root)
    assert done.code == 3
    assert "ACTION: 1 held" in done.out


def test_a_step_that_is_none_is_refused(root: Path, certportal: Terminal) -> None:
    done = certportal("nightly", "--skip", "breakfast", "-w", root)
    assert done.code == 2
    assert "name one of: import" in done.err


def test_a_register_that_was_lost_is_recovered_from_the_site(root: Path, certportal: Terminal) -> None:
    with opened(root) as session:
        session.register.copy_to(root / "kept.db")
    assert night(root).exit_code == 0
    workshop.put_register(root, root / "kept.db")
    shown = certportal("recover", "--json", "-w", root)
    assert json.loads(shown.out)["back"] == [f"NW-26-{rank:06d}" for rank in range(1, 6)]
    unanswered = certportal("recover", "--write", "-w", root)
    assert "--as: RECOVER-AS: nobody answers for this\n  fix: add `--as`" in unanswered.err
    done = certportal("recover", "--write", "--as", "m.castell", "-w", root)
    assert done.code == 0, done.err
    assert "5 certificates back with number, PDF and claim" in done.out
    audited = certportal("audit", "-w", root)
    assert audited.code == 0, audited.out


def test_the_other_verbs(root: Path, tmp_path: Path, certportal: Terminal) -> None:
    assert certportal("nightly", "--skip", "deliver", "-w", root).code == 0
    dry = certportal("deliver", "--dry-run", "-w", root)
    assert "5 messages would go out" in dry.out
    assert "stopped" in certportal("deliver", "--stop", "a wrong logo", "-w", root).out
    assert "0 sent" in certportal("deliver", "-w", root).out
    assert certportal("deliver", "--resume", "-w", root).code == 0
    assert "5 sent" in certportal("deliver", "-w", root).out
    assert "NF041" in certportal("deliver", "--archive", "centre", "-w", root).out
    assert "links-" in certportal("deliver", "--links", "-w", root).out
    assert "5 certificates" in certportal("deliver", "--archive", "centre", "-w", root).out
    assert "register" in certportal("backup", str(tmp_path / "elsewhere"), "-w", root).out
    assert "ProtectSystem=strict" in certportal("schedule", "systemd", "-w", root).out
    made = certportal("schedule", "windows", "--out", str(tmp_path / "task"), "-w", root)
    assert made.code == 0
    assert (tmp_path / "task/certportal-nightly.xml").read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert (root.parent / "live/head.json").read_bytes() == (root / "public/head.json").read_bytes()
    assert len(list((root / "certificates/outbox").glob("report-*.eml"))) == 1
    back = certportal("rollback", "-w", root)
    assert back.code == 1
    assert "publication: ROLLBACK-PAGES: there are no earlier pages\n  fix: name one of: 1\n" in back.err
