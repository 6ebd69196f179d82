"""A disk that is truly full: named, nothing half done, and once there is space the outcome is the same.

The workspace stands on a file system of a few megabytes of its own, filled up to the last pages. How many are
left is what changes from test to test, so that the disk is full at another write each time.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.night import night_run
from generator.flow.publishing import deployment
from tests import workshop
from tests.flow.night import killed_nights
from tests.flow.night.night_office import NIGHT, codes, night, opened, states
from tests.flow.publishing import killing
from tests.flow.publishing.test_publish import audited
from tests.system_tools import in_ci

pytestmark = pytest.mark.slow
_SIZE = 8_000_000
_LEFT = (0, 8, 16, 32, 64, 128, 256)  # in kilobytes: from nothing to nearly enough
Step = Callable[[Path], object]


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system in memory that holds one workspace and little more."""
    folder = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "certportal-test", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        refused = done.stderr.strip() if done.returncode else ""
    except FileNotFoundError:
        refused = "there is no mount here"
    if refused:
        if in_ci() and os.geteuid() == 0:
            pytest.fail(f"a small disk cannot be mounted: {refused}", pytrace=False)
        pytest.skip(f"a small disk cannot be mounted: {refused}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def room_for(disk: Path, left: int) -> Iterator[None]:
    """Nearly everything is taken; so many bytes are left."""
    ballast = disk / "ballast"
    found = os.statvfs(disk)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize - left)
    try:
        yield
    finally:
        ballast.unlink()


def issue(root: Path) -> object:
    return workshop.issue_all(root)


def publish(root: Path) -> object:
    return workshop.publish_all(root)


def deploying(root: Path) -> object:
    with opened(root) as session:
        return deployment.deploy(session)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workspace at the brink of each step."""
    folder = tmp_path_factory.mktemp("sources")
    made = {"issue": killing.prepared(folder / "issue")}
    settings = made["issue"] / "portal.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text + "deploy:\n  - {name: live, kind: folder, path: ../live}\n", "utf-8")
    for before, step, name in (("issue", issue, "publish"), ("publish", publish, "deploy")):
        made[name] = Path(shutil.copytree(made[before], folder / name))
        step(made[name])
    return made


def state(root: Path) -> dict[str, object]:
    return {**workshop.state(root), "live": workshop.tree(root, "../live")}


@pytest.mark.parametrize(("name", "step"), [("issue", issue), ("publish", publish), ("deploy", deploying)])
def test_a_step_on_a_full_disk_is_finished_once_there_is_room(
    name: str, step: Step, sources: dict[str, Path], small_disk: Path, tmp_path: Path
) -> None:
    source = sources[name]
    calm = killing.copied(source, tmp_path / "calm/workspace")
    step(calm)
    wanted, full = state(calm), 0
    for left in _LEFT:
        root = killing.copied(source, small_disk / "workspace")
        with room_for(small_disk, left * 1024):
            try:
                step(root)
            except Refused as refused:
                full += 1
                [problem] = refused.problems
                assert problem.code == "DISK-FULL", (left, problem)
                assert "space" in problem.fix
                # Also where it was switched and then could not be noted, it is one whole site or the other.
                for place in ("public", "../live"):
                    assert workshop.tree(root, place) in (
                        workshop.tree(source, place),
                        workshop.tree(calm, place),
                    )
        step(root)
        assert state(root) == wanted, left
    assert full >= 3


def ended(root: Path) -> tuple[set[str], set[str]]:
    """What a night says is wrong, and the steps that failed; `run` where not even the run could be noted."""
    try:
        done = night(root, NIGHT)
    except Refused as refused:
        return {problem.code for problem in refused.problems}, {"run"}
    failed = {step for step, how in states(done).items() if how == "failed"}
    assert done.exit_code == (night_run.EXIT_FAULTS if failed else night_run.EXIT_OK)
    return codes(done), failed


def lasting(root: Path) -> tuple[object, ...]:
    """What there must be once and no more: claims, certificates and their files, and learners' mail."""
    rows = workshop.register_content(root)
    mail = [row for row in rows["messages"] if row[1] == "issued"]
    files = workshop.tree(root, "certificates/issued", "certificates/outbox")
    kept = {path: data for path, data in files.items() if "/report-" not in path}
    return rows["claims"], rows["certificates"], rows["counters"], mail, kept


def test_a_night_on_a_full_disk_says_so_and_the_next_one_does_the_rest(
    tmp_path: Path, small_disk: Path
) -> None:
    source = killed_nights.before_first(tmp_path / "source")
    calm = killing.copied(source, small_disk / "workspace")
    killed_nights.first_night(calm)
    wanted, full = lasting(calm), set()
    for left in _LEFT:
        root = killing.copied(source, small_disk / "workspace")
        with room_for(small_disk, left * 1024):
            found, failed = ended(root)
        assert found - {"DISK-LOW"} == ({"DISK-FULL"} if failed else set()), left
        full |= failed
        # A night that came to its end and said what failed has had its own report: only that is more.
        killed_nights.first_night(root)
        assert lasting(root) == wanted, left
        assert audited(root, NIGHT) == ([], {"valid": 2}), left
        assert list(workshop.tree(root / "../live", ".")) == list(workshop.tree(root / "public", "."))
    assert len(full) >= 3, full
