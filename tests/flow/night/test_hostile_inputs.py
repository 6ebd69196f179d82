"""Drop folders in which others put what is no ordinary file: named, never followed, never waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from generator.flow.night import readiness
from tests import workshop
from tests.flow.night.night_office import NEXT, codes, copied, mails, night, states

pytestmark = pytest.mark.slow

SECRET = "root:x:0:0:of-the-system"


@pytest.fixture
def root(tmp_path: Path, night_ready: Path) -> Path:
    return copied(night_ready, tmp_path / "workspace")


def put(folder: Path, name: str, outside: Path) -> None:
    """A pipe, a socket, a link to a file of the system and a link to a device, under names that are read."""
    folder.mkdir(parents=True, exist_ok=True)
    stem, suffix = name.split(".")
    os.mkfifo(folder / f"{stem}-pipe.{suffix}")
    (folder / f"{stem}-link.{suffix}").symlink_to(outside)
    (folder / f"{stem}-device.{suffix}").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(folder)  # a socket's path may be no longer than 108 bytes
        try:
            made.bind(f"{stem}-socket.{suffix}")
        finally:
            os.chdir(here)


@pytest.mark.parametrize(
    ("folder", "name"), [("claims", "more.csv"), ("records", "results.csv"), ("bounces", "report.eml")]
)
def test_what_is_no_file_in_a_drop_folder_is_named_and_the_rest_goes_on(
    root: Path, tmp_path: Path, folder: str, name: str
) -> None:
    secret = tmp_path / "passwd"
    secret.write_text(f"{SECRET},a,b\n1,2,3\n", "utf-8")
    put(root / "certificates" / folder, name, secret)
    done = night(root)
    assert "INPUT-KIND" in codes(done)
    kinds = {
        str(one.place): one.what for step in done.steps for one in step.problems if one.code == "INPUT-KIND"
    }
    stem = f"certificates/{folder}/{name.partition('.')[0]}"
    for kind in ("pipe", "link", "device", "socket"):
        assert any(where.startswith(f"{stem}-{kind}") for where in kinds), kinds
    assert states(done)["issue"] == "ok"
    assert done.report is not None
    assert done.report.issued == 5
    written = [path.read_bytes() for path in (root / "certificates/reports").glob("*") if path.is_file()]
    for data in (*written, *(mail.as_bytes() for mail in mails(root).values())):
        assert SECRET.encode() not in data


@pytest.mark.parametrize("folder", ["catalogue", "centres"])
def test_a_pipe_among_what_every_command_reads_is_refused_by_name(root: Path, folder: str) -> None:
    (root / "certificates" / folder).mkdir(exist_ok=True)
    os.mkfifo(root / f"certificates/{folder}/one.yaml")
    with pytest.raises(Exception, match=f"certificates/{folder}/one.yaml: INPUT-KIND"):
        night(root)


def test_a_pipe_that_stays_does_not_make_every_night_read_again(root: Path) -> None:
    os.mkfifo(root / "certificates/claims/pipe.csv")
    with workshop.opened(root, NEXT) as session:
        first = readiness.fingerprint(session.workspace)
        assert readiness.fingerprint(session.workspace) == first
        (root / "certificates/claims/pipe.csv").unlink()
        assert readiness.fingerprint(session.workspace) != first
