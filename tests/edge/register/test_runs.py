"""Runs of the night: how far each came, what interrupted it, and the switches of the office."""

from __future__ import annotations

from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.runs import Run, Runs
from tests.edge.register.rows import LATER, NOW


def begun(register: Register, kind: str = "nightly") -> Run:
    with register.transaction():
        return Runs(register).begin(kind, NOW)


def ended(register: Register, run: Run, events: int) -> None:
    with register.transaction():
        Runs(register).end(run, LATER, {"events": events})


def test_a_run_knows_how_many_events_the_last_finished_one_had_seen(register: Register) -> None:
    first = begun(register)
    assert (first.state, first.started_at, first.events) == ("running", NOW, 0)
    ended(register, first, 12)
    begun(register)
    third = begun(register)
    assert third.events == 12, "a run that was cut short has seen nothing"
    assert begun(register, "weekly").events == 0


def test_a_run_that_never_ended_was_interrupted(register: Register) -> None:
    runs = Runs(register)
    ended(register, begun(register), 1)
    assert (runs.running("nightly"), runs.interrupted("nightly")) == (0, 0)
    begun(register)
    assert (runs.running("nightly"), runs.interrupted("nightly")) == (1, 0)
    last = begun(register)
    assert (runs.running("nightly"), runs.interrupted("nightly")) == (1, 1)
    assert runs.running("weekly") == 0
    ended(register, last, 2)
    assert (runs.running("nightly"), runs.interrupted("nightly")) == (0, 0), "what came before is over"


def test_a_step_is_noted_with_how_it_ended_last(register: Register) -> None:
    run, runs = begun(register), Runs(register)
    with register.transaction():
        runs.step(run, "publish", "failed", "the disk is full")
        runs.step(run, "publish", "done", "3 files")
        runs.step(run, "deliver", "done", "")
    found = register.rows("SELECT step, state, words FROM run_steps WHERE run = ? ORDER BY step", run.id)
    assert found == [("deliver", "done", ""), ("publish", "done", "3 files")]


def test_events_since_a_run_are_counted_by_kind(register: Register) -> None:
    with register.transaction():
        for kind in ("claim_imported", "record_kept", "claim_imported"):
            EventLog(register).append(NOW, kind, "s", {})
    assert [Runs(register).happened("claim_imported", since) for since in (0, 1, 3)] == [2, 1, 0]


def test_the_newest_publication_that_was_read_back(register: Register) -> None:
    runs = Runs(register)
    assert runs.round_trip() == 0
    with register.transaction():
        for sequence, scanned in ((7, 3), (5, 1), (7, 4)):
            runs.round_trip_done(sequence, scanned)
    assert runs.round_trip() == 7


def test_a_switch_is_on_with_its_value_or_off(register: Register) -> None:
    runs = Runs(register)
    assert runs.switch("mail_stopped") is None
    for value in ("by q.nom", "by s.man", None, None):
        with register.transaction():
            runs.set_switch("mail_stopped", value, NOW)
        assert runs.switch("mail_stopped") == value
    assert runs.switch("pages_from") is None
