"""One register has one place: a copy of it is refused by name, and there is a way to move it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.edge import machine
from generator.errors import Refused
from generator.flow.shared import place
from tests import workshop
from tests.cli.terminal import Terminal


@pytest.fixture
def certportal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An office that is no sample, as far as it matters here: its keys would take seconds to make."""
    made = workshop.prepared(tmp_path / "workspace")
    real(made)
    return made


def real(root: Path) -> None:
    settings = root / "portal.yaml"
    settings.write_text(settings.read_text("utf-8").replace("sample: true", "sample: false"), "utf-8")


def checked(root: Path) -> None:
    with workshop.opened(root) as session:
        place.check(session)


def refusal(root: Path) -> str:
    with pytest.raises(Refused, match="PLACE-SHARED") as refused:
        checked(root)
    problem = refused.value.problems[0]
    return f"{problem.what}; {problem.fix}"


def test_a_copy_is_refused_and_the_first_goes_on(root: Path, tmp_path: Path) -> None:
    checked(root)
    copy = Path(shutil.copytree(root, tmp_path / "copy"))
    assert "is a copy" in refusal(copy)
    assert "certportal move" in refusal(copy)
    checked(root)
    root.rename(tmp_path / "renamed")
    checked(tmp_path / "renamed")


def test_another_machine_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_CONTAINER", ())
    checked(root)
    monkeypatch.setattr(machine, "_machine_id", lambda: "another machine")
    assert "another machine or folder" in refusal(root)


def test_in_a_container_the_place_is_its_volume(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_CONTAINER", (str(root / "portal.yaml"),))
    checked(root)
    monkeypatch.setattr(machine, "_machine_id", lambda: "the next container")
    checked(root)
    monkeypatch.setattr(machine, "volume", lambda _folder: 12345)
    assert "is a copy" in refusal(root)


def test_a_sample_may_be_copied_freely(tmp_path: Path) -> None:
    root = workshop.prepared(tmp_path / "Dropbox")
    checked(root)
    checked(Path(shutil.copytree(root, tmp_path / "copy")))


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("OneDrive - Northfield College", "OneDrive"),
        ("onedrive", "OneDrive"),
        ("OneDrive-Northfield", "OneDrive"),
        ("Dropbox", "Dropbox"),
        ("Dropbox (Northfield)", "Dropbox"),
        ("Google Drive", "Google Drive"),
        ("GoogleDrive-office@northfield.example", "Google Drive"),
        ("My Drive", "Google Drive"),
        ("Onedriver", ""),
        ("exams", ""),
    ],
)
def test_folders_of_services_that_copy_them(tmp_path: Path, name: str, service: str) -> None:
    assert machine.synchronised(tmp_path / name / "certportal") == service


def test_a_service_is_known_by_its_mark_too(tmp_path: Path) -> None:
    (tmp_path / ".dropbox.cache").mkdir()
    assert machine.synchronised(tmp_path / "team/certportal") == "Dropbox"


def test_a_synchronised_workspace_is_refused_by_name(root: Path, tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    moved = Path(shutil.move(root, tmp_path / "OneDrive/workspace"))
    assert "a folder of OneDrive" in refusal(moved)
    assert "move the folder to a disk of this machine" in refusal(moved)


def test_network_drives_are_told_from_disks() -> None:
    mounts = (
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "30 22 0:40 / /mnt/office\\040share rw shared:1 - cifs //server/office rw\n"
        "31 22 0:41 / /srv/exams rw - nfs4 server:/exams rw\n"
        "32 31 8:2 / /srv/exams/disk rw - ext4 /dev/sdb1 rw\n"
    )
    found = {
        name: machine.network_drive(Path(name), mounts)
        for name in (
            "/srv/w",
            "/mnt/office share/w",
            "/srv/exams/w",
            "/srv/exams/disk/w",
            "//server/share/w",
        )
    }
    assert found == {
        "/srv/w": "",
        "/mnt/office share/w": "cifs",
        "/srv/exams/w": "nfs4",
        "/srv/exams/disk/w": "",
        "//server/share/w": "a network share",
    }


def test_a_network_drive_is_refused_by_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_mounts", lambda: "30 1 0:40 / / rw - nfs4 server:/ rw\n")
    assert "lies on a network drive (nfs4)" in refusal(root)


@pytest.mark.slow
def test_a_workspace_is_moved_and_the_old_place_closed(
    root: Path, tmp_path: Path, certportal: Terminal
) -> None:
    assert certportal("pending", "-w", root).code == 0
    copy = Path(shutil.copytree(root, tmp_path / "copy"))
    answer = certportal("pending", "-w", copy)
    assert (answer.code, "PLACE-SHARED" in answer.err) == (1, True)
    done = certportal("move", tmp_path / "stick", "-w", root)
    assert done.code == 0, done.said
    assert "certportal restore" in done.out
    answer = certportal("pending", "-w", root)
    assert (answer.code, "was handed over to another place" in answer.err) == (1, True)
    taken = certportal("restore", tmp_path / "stick", "-w", tmp_path / "new")
    assert taken.code == 0, taken.said
    assert certportal("pending", "-w", tmp_path / "new").code == 0
    assert certportal("backup", "--verify", tmp_path / "stick").code == 0
    assert certportal("restore", "--drill", tmp_path / "stick").code == 0
    again = Path(shutil.copytree(tmp_path / "new", tmp_path / "another"))
    assert "PLACE-SHARED" in certportal("pending", "-w", again).err
