"""What makes a machine run the night."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from generator.edge import schedule

HOME = "/" + "root"  # any home folder, and no path of a machine
PLACE = schedule.Installation("/usr/bin/true", "/srv/awards", "root", "02:10", 'Arts & "Crafts" <Ltd>')


def test_the_service_is_hardened_and_tells_the_timer_what_its_ends_mean() -> None:
    service = schedule.systemd(PLACE)["certportal-nightly.service"]
    for line in (
        "SuccessExitStatus=3",
        "RestartForceExitStatus=75",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "LoadCredentialEncrypted=certportal-online:/etc/credstore.encrypted/certportal-online",
        "ReadWritePaths=/srv/awards",
    ):
        assert line in service.splitlines()
    assert "PASSPHRASE" not in service.upper().replace("PASSPHRASES", "")
    assert "certportal-root" not in service


@pytest.mark.needs("systemd-analyze")
@pytest.mark.slow
@pytest.mark.parametrize("folder", ["plain", 'Exams & Awards 100% "new" $HOME'])
def test_systemd_takes_the_units_and_finds_the_service_safe(folder: str, tmp_path: Path) -> None:
    workspace = tmp_path / folder
    workspace.mkdir()
    place = schedule.Installation(
        "/bin/true", str(workspace), "certportal", "02:10", "Northfield 100%", (f"{HOME}/x y",)
    )
    for name, text in schedule.systemd(place).items():
        (tmp_path / name).write_text(text)
    timer, service = tmp_path / "certportal-nightly.timer", tmp_path / "certportal-nightly.service"
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(timer)], capture_output=True, text=True
    )
    assert "certportal-nightly" not in verified.stderr, verified.stderr
    assert verified.returncode == 0, verified.stderr
    # Ten is a service that may do everything; from 2.0 on systemd itself no longer says OK.
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=19", "--no-pager", str(service)],
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_a_program_in_a_home_folder_is_seen_by_the_service() -> None:
    place = replace(PLACE, needs=("/run/user/9/venv", "/usr", f"{HOME}/python 3", "/run/user/9/venv"))
    lines = schedule.systemd(place)["certportal-nightly.service"].splitlines()
    assert [line for line in lines if line.startswith("BindReadOnlyPaths")] == [
        "BindReadOnlyPaths=/run/user/9/venv",
        f'BindReadOnlyPaths="{HOME}/python 3"',
    ]


def test_the_windows_task_is_xml_with_the_right_words() -> None:
    text = schedule.windows(PLACE)["certportal-nightly.xml"]
    root = ET.fromstring(text.encode("utf-16"))  # noqa: S314 - our own text
    names = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert root.findtext(".//t:Command", namespaces=names) == "/usr/bin/true"
    assert root.findtext(".//t:Arguments", namespaces=names) == 'nightly --workspace "/srv/awards"'
    assert root.findtext(".//t:MultipleInstancesPolicy", namespaces=names) == "IgnoreNew"
    assert 'Arts & "Crafts" <Ltd>' in (root.findtext(".//t:Description", namespaces=names) or "")


@pytest.mark.parametrize(
    ("text", "good"), [("00:00", True), ("23:59", True), ("24:00", False), ("2:10", False)]
)
def test_times(text: str, good: bool) -> None:
    assert schedule.is_time(text) is good
