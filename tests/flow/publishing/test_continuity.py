"""A register that is not the one that published last: said which is newer, and nothing is done."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.errors import Refused
from generator.flow.after_issue import lifecycle
from generator.flow.certifying import issuing
from generator.flow.office import due
from generator.flow.publishing import publish
from generator.flow.shared import rollback_guard
from tests import workshop
from tests.flow.after_issue.test_lifecycle import SERIAL, WHO, codes, suspend
from tests.small_office import Office, randomness


def backed_up(office: Office, folder: Path) -> Path:
    """A copy of the register as it is, as a backup makes it."""
    copy = folder / "backup.db"
    with sqlite3.connect(office.register.path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    target.close()
    source.close()
    return copy


def restored(office: Office, copy: Path) -> Office:
    office.register.close()
    workshop.put_register(office.workspace.root, copy)
    return Office(office.workspace, Register(office.register.path, randomness), office.environment)


def test_an_old_backup_is_refused_and_the_site_is_said_to_be_newer(office: Office, tmp_path: Path) -> None:
    copy = backed_up(office, tmp_path)
    suspend(office)
    office.publish()
    old = restored(office, copy)
    acts = (
        lambda: issuing.issue(old.session),
        lambda: publish.publish(old.session),
        lambda: publish.publish_status(old.session),
        lambda: old.closed_case("revocation", SERIAL, "revoke", WHO),
        lambda: lifecycle.plan_revoke(old.session, SERIAL, "C-26-000001"),
        lambda: suspend(old),
        lambda: due.request_reminders(old.session),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == {"REGISTER-BEHIND"}
        assert "the site is newer" in refused.value.problems[0].what
    old.register.close()


@pytest.mark.slow
def test_an_old_backup_that_was_worked_on_is_refused_too(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backed_up(office, tmp_path)
    suspend(office)
    office.publish()
    old = restored(office, copy)
    with monkeypatch.context() as patched:
        patched.setattr(rollback_guard, "check", lambda *_: None)
        for until in ("2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"):
            suspend(old, until)
        public = old.workspace.public
        shutil.copytree(public, tmp_path / "public")
        old.publish()
        shutil.rmtree(public)
        shutil.copytree(tmp_path / "public", public)
    with pytest.raises(Refused) as refused:
        issuing.issue(old.session)
    # The head says no count of events: which is newer nobody can tell, only that the trails parted.
    assert refused.value.problems[0].code == "REGISTER-BEHIND"
    assert "another register published public" in refused.value.problems[0].what
    old.register.close()


def test_a_register_ahead_of_its_site_goes_on(office: Office, tmp_path: Path) -> None:
    public = office.workspace.public
    shutil.copytree(public, tmp_path / "public")
    suspend(office)
    office.publish()
    shutil.rmtree(public)
    shutil.copytree(tmp_path / "public", public)
    rollback_guard.check(office.session)
    shutil.rmtree(public)
    rollback_guard.check(office.session)


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE events SET kind = 'claim_amended' WHERE seq = 5", 5),
        ("UPDATE events SET at = '2020-01-01T00:00:00Z' WHERE seq = 1", 1),
        ("DELETE FROM events WHERE seq = 7", 8),
        ("UPDATE event_details SET details = CAST('{}' AS BLOB) WHERE seq = 9", 9),
        ("UPDATE event_details SET salt = zeroblob(16) WHERE seq = 4", 4),
        ("UPDATE events SET hash = (SELECT hash FROM events WHERE seq = 2) WHERE seq = 3", 3),
    ],
)
def test_an_event_edited_with_another_tool_is_located(office: Office, sql: str, seq: int) -> None:
    with sqlite3.connect(office.register.path) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute(sql)
    other.close()
    [problem] = EventLog(office.register).check()
    assert f"event {seq} was altered" in problem.what
    assert any(f"event {seq} was altered" in fault for fault in workshop.faults(office.session))


def test_the_last_events_cut_off_are_noticed(office: Office) -> None:
    count, _ = EventLog(office.register).state()
    with sqlite3.connect(office.register.path) as other:
        other.execute("DELETE FROM events WHERE seq > ?", (count - 2,))
        other.execute("DELETE FROM event_details WHERE seq > ?", (count - 2,))
    other.close()
    with pytest.raises(Refused) as refused:
        publish.publish(office.session)
    assert codes(refused) == {"REGISTER-BEHIND"}
