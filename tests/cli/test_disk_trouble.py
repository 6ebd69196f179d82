"""Disks, folders and names that cannot be used: a problem that somebody can mend, never a fault of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.edge import disk
from generator.errors import Refused
from tests.cli.terminal import Answer, Terminal, passphrases

LONG = "x" * 300
# Whoever runs the tests as root reads every file, unless the powers are given up beside the name.
_ROOT = os.geteuid() == 0 if sys.platform != "win32" else False
_BARE = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if _ROOT else ()

pytestmark = pytest.mark.slow


def plainly(root: Path, *words: str) -> Answer:
    """The command, run as somebody whom permissions bind."""
    if _BARE and not shutil.which(_BARE[0]):
        pytest.skip("setpriv is not here, and root reads every file")
    command = [*_BARE, sys.executable, "-m", "generator.cli.main", *words, "-w", str(root)]
    done = subprocess.run(command, cwd=root, env=os.environ | passphrases(), capture_output=True, check=False)
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def closed(path: Path, mode: int = 0) -> Iterator[None]:
    """A file or folder whose permissions are taken away."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("certificates/claims", ("import",)),
        ("certificates/claims/claims.yaml", ("import",)),
        ("certificates/records", ("import",)),
        ("certificates/catalogue", ("import",)),
        ("portal.yaml", ("import",)),
        ("keys", ("publish",)),
        ("keys/private", ("publish", "--rewrite")),
        ("keys/manifest.json", ("publish",)),
    ],
)
def test_what_may_not_be_read_is_named(place: Path, path: str, words: tuple[str, ...]) -> None:
    if not (place / path).exists():
        (place / path).mkdir()
    with closed(place / path):
        answer = plainly(place, *words)
    assert answer.code == 1, answer.said
    assert path.rpartition("/")[2] in answer.said
    assert "permission" in answer.said
    assert "FAULT" not in answer.said


@pytest.mark.parametrize("path", ["certificates", "certificates/reports", "keys"])
def test_what_may_not_be_written_is_named(place: Path, path: str) -> None:
    (place / path).mkdir(exist_ok=True)
    with closed(place / path, 0o555):
        answer = plainly(place, "nightly")
    assert answer.code in (0, 1, 3), answer.said
    assert "FAULT" not in answer.said


@pytest.mark.parametrize(
    "words", [("import", LONG), ("import", f"{LONG}.csv"), ("trail", LONG), ("pdf", LONG), ("approve", LONG)]
)
def test_an_argument_of_three_hundred_characters(
    place: Path, certportal: Terminal, words: tuple[str, ...]
) -> None:
    answer = certportal(*words, "-w", place)
    assert answer.code in (1, 2)
    assert "FAULT" not in answer.said


def test_a_number_of_three_hundred_characters_is_no_number(place: Path, certportal: Terminal) -> None:
    answer = certportal("verify", LONG, "--site", place / "public", "--root", place / "keys/root.json")
    assert answer.code == 16, answer.said


def test_a_workspace_of_three_hundred_characters(certportal: Terminal) -> None:
    answer = certportal("audit", "-w", LONG)
    assert answer.code == 1
    assert "FILE-NAME: is longer than any file's name can be" in answer.err


def test_a_name_that_is_not_utf_8_holds_its_own_file(place: Path, certportal: Terminal) -> None:
    name = bytes(place / "certificates/claims") + b"/caf\xe9.csv"
    try:
        Path(os.fsdecode(name)).write_bytes(b"a,b\n1,2\n")
    except OSError:
        pytest.skip("this file system knows no such names")
    for words in (("import",), ("import", "--accept-good"), ("import", os.fsdecode(name))):
        answer = certportal(*words, "-w", place)
        assert "FILE-NAME" in answer.said
        assert "caf\\xe9.csv" in answer.said
        assert "FAULT" not in answer.said


def test_a_failure_of_the_disk_that_nobody_foresaw() -> None:
    for number, code in (
        (28, "DISK-FULL"),
        (30, "FILE-UNWRITABLE"),
        (13, "FILE-UNREADABLE"),
        (5, "FILE-UNREAD"),
    ):
        with pytest.raises(Refused, match=f"there: {code}"), disk.mendable():
            raise OSError(number, "", "there")
    with pytest.raises(FileNotFoundError), disk.mendable():
        raise FileNotFoundError(2, "", "there")
