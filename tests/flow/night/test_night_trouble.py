"""The night in bad luck: keys, passphrases, clocks, disks and files that are not as they should be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from generator.edge import disk
from generator.edge.codes import DISK_FULL, KEYS_PASSPHRASE
from generator.errors import Place, Refused, UsageError, WorkspaceBusy
from generator.flow.night import night_run
from generator.formats import head
from tests import workshop
from tests.flow.night.night_office import (
    NEXT,
    NIGHT,
    add_claims,
    claims,
    codes,
    copied,
    mails,
    night,
    opened,
    states,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path, night_ready: Path) -> Path:
    return copied(night_ready, tmp_path / "workspace")


def test_without_the_online_passphrase_the_old_site_stays_and_the_next_step_is_said(root: Path) -> None:
    night(root)
    before = workshop.tree(root, "../live")
    add_claims(root, 6, NEXT)

    def passphrase(box: str) -> str:
        if box == "online":
            fix = "set CERTPORTAL_PASSPHRASE_ONLINE"
            raise UsageError(KEYS_PASSPHRASE.at(Place(subject=box), "no passphrase", fix))
        return workshop.passphrase(box)

    done = night(root, NEXT, passphrase=passphrase)
    assert states(done) | {"import": "ok", "issue": "ok"} == {
        **dict.fromkeys(("import", "controls", "issue", "report"), "ok"),
        "publish": "failed",
        **dict.fromkeys(("audit", "round-trip", "deploy", "deliver"), "waits"),
    }
    assert done.exit_code == night_run.EXIT_FAULTS
    assert done.report is not None
    assert done.report.headline == "ACTION: publish failed"
    assert workshop.tree(root, "../live") == before
    finished = night(root, NEXT)
    assert finished.report is not None
    assert len([name for name in mails(root) if name.startswith("issued")]) == 6


def test_after_the_last_online_key_the_command_that_renews_is_named(root: Path) -> None:
    night(root)
    done = night(root, "2028-03-01T02:10:00Z")
    assert "KEYS-ONLINE" in codes(done)
    assert "keys renew" in next(
        problem.fix for step in done.steps for problem in step.problems if problem.code == "KEYS-ONLINE"
    )


def test_keys_that_end_soon_are_an_alarm_before_they_end(root: Path) -> None:
    assert "KEYS-ENDING" not in codes(night(root))
    assert "KEYS-ENDING" in codes(night(root, "2027-11-01T02:10:00Z"))


def test_the_status_warns_at_half_time_once_for_each_publication(root: Path) -> None:
    night(root)

    def locked(_box: str) -> str:
        raise UsageError(KEYS_PASSPHRASE.at(Place(subject="online"), "no passphrase", "set it"))

    for at in ("2026-12-01T02:10:00Z", "2026-12-03T02:10:00Z", "2026-12-04T02:10:00Z"):
        night(root, at, passphrase=locked)
    warned = [name for name in mails(root) if name.startswith("freshness")]
    assert warned == ["freshness-1"]
    mail = mails(root)["freshness-1"]
    assert mail["Subject"].startswith("ACTION: status goes stale on 2026-12-13")


def test_two_nights_at_once_one_waits(root: Path) -> None:
    lock = root / "certificates/.lock"
    with (
        disk.locked(lock, lambda _: None),
        pytest.raises(WorkspaceBusy) as refused,
        disk.locked(lock, lambda _: None),
    ):
        night(root)
    assert refused.value.exit_code == 75


def test_an_interrupted_night_is_counted_and_finished(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(
            night_run,
            "_STEPS",
            tuple((name, stop if name == "audit" else act, on) for name, act, on in night_run._STEPS),
        )
        with pytest.raises(InterruptedError):
            night(root)
    done = night(root)
    assert done.report is not None
    assert done.report.headline == "OK 5"
    assert "finishes 1 interrupted run" in (root / "certificates/reports/2026-11-22.txt").read_text("utf-8")


def test_a_file_still_being_written_is_left_for_the_next_run(root: Path) -> None:
    night(root)
    path = root / "certificates/claims/claims.yaml"
    whole = claims(range(1, 7))
    path.write_text(whole[: len(whole) // 2], "utf-8")
    os.utime(path, (1_795_486_200.0, 1_795_486_200.0))  # about the night's own instant

    def goes_on(_seconds: float) -> None:
        path.write_text(whole, "utf-8")

    done = night(root, "2026-11-24T02:10:00Z", sleep=goes_on)
    assert states(done)["import"] == "held"
    assert codes(done) == {"DROP-GROWING"}
    assert done.exit_code == night_run.EXIT_HELD


def test_a_half_written_file_holds_itself_and_nothing_else(root: Path) -> None:
    (root / "certificates/claims/cut.yaml").write_text(
        "schema: 1\nclaims:\n  - kind: course\n    progr", "utf-8"
    )
    done = night(root)
    assert states(done)["import"] == "held"
    assert states(done)["deliver"] == "ok"
    assert done.report is not None
    assert done.report.issued == 5
    assert done.report.headline.startswith("ACTION: 1 held")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (NIGHT, "2026-11-20T02:10:00Z"),  # the clock went back
        ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),  # half past one twice, in London
        ("2027-03-28T00:59:00Z", "2027-03-28T01:01:00Z"),  # the hour that is not
    ],
)
def test_clocks_that_jump_double_nothing(tmp_path: Path, first: str, second: str) -> None:
    root = workshop.small(tmp_path / "w", 5)
    (root / "certificates/claims/claims.yaml").write_text(
        claims(range(1, 6), completed_on="2026-06-26"), "utf-8"
    )
    workshop.prepare(root, min(first, second))
    workshop.approve_all(root, min(first, second))
    night(root, first)
    before = mails(root).keys()
    heads = json.loads(_head(root))
    done = night(root, second)
    failed = {step.name for step in done.steps if step.state == "failed"}
    # A clock that went back is a named problem: nothing is issued until it is right again.
    assert ("issue" in failed) == (second < first)
    assert mails(root).keys() == before
    assert json.loads(_head(root))["sequence"] >= heads["sequence"]


def _head(root: Path) -> bytes:
    return head.split((root / "public/head.json").read_bytes()).payload


def test_a_full_disk_stops_the_step_and_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise Refused(DISK_FULL.at(Place("certificates"), "the disk is full", "free some space"))

    with monkeypatch.context() as patch:
        patch.setattr("generator.edge.switch.stage", full)
        done = night(root)
    assert states(done)["publish"] == "failed"
    assert "DISK-FULL" in codes(done)
    assert night(root).exit_code == night_run.EXIT_OK
    assert len([name for name in mails(root) if name.startswith("issued")]) == 5


def test_a_read_only_target_is_named(root: Path) -> None:
    settings = root / "portal.yaml"
    settings.write_text(settings.read_text("utf-8").replace("path: ../live", "path: /proc/live"))
    done = night(root)
    assert states(done)["deploy"] == "failed"
    assert "DEPLOY-UNWRITABLE" in codes(done)
    assert not [name for name in mails(root) if name.startswith("issued")]


def test_a_register_damaged_while_it_is_open_stops_before_anything_is_issued_or_sent(root: Path) -> None:
    """Damage before the night refuses the whole run; this is damage of the very night."""
    with opened(root) as session:
        path = session.register.path
        page = path.stat().st_size // 4096 // 2
        with path.open("r+b") as file:
            file.seek(page * 4096 + 2000)
            file.write(b"damage!!")
        done = night_run.nightly(session)
        damaged = path.read_bytes()
    assert "REGISTER-DAMAGED" in codes(done)
    assert {states(done)[name] for name in ("issue", "publish", "deploy", "deliver")} == {"waits"}
    assert list(mails(root)) == ["report-2026-11-22-0"], "the office is told, and nobody else"
    assert done.exit_code == night_run.EXIT_FAULTS
    assert b"damage!!" in damaged
    with pytest.raises(Refused, match="REGISTER-DAMAGED"):
        night(root, NEXT)
