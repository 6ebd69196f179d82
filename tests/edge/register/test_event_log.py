"""The chain of events: each names the one before, and whatever was altered or taken out shows."""

from __future__ import annotations

from contextlib import suppress

import pytest

from generator.edge.register.database import Register
from generator.edge.register.event_log import CLOCK_SLACK_SECONDS, EventLog
from generator.errors import Refused
from generator.formats.events import GENESIS
from generator.model.value import instant, seconds
from tests.edge.register.rows import LATER, NOW


@pytest.fixture
def log(register: Register) -> EventLog:
    """Four events about two learners."""
    found = EventLog(register)
    with register.transaction():
        found.append(NOW, "record_kept", "C1/L1", {"record": "learners"})
        found.append(NOW, "record_kept", "C1/L2", {"record": "learners"})
        found.append(LATER, "claim_imported", "C1/L1", {})
        found.append(LATER, "record_kept", "C1/L1", {"record": "results"})
    return found


def altered(register: Register, sql: str) -> None:
    with register.transaction():
        assert register.change(sql), f"nothing was altered by {sql}"


def test_an_empty_chain_begins_at_its_genesis(register: Register) -> None:
    log = EventLog(register)
    assert log.state() == (0, GENESIS)
    assert log.hash_at(0) == GENESIS
    assert log.hash_at(1) is None
    assert log.check() == []


def test_events_come_back_in_their_order_with_their_details(log: EventLog) -> None:
    assert [
        (seq, kind, details["record"]) for seq, _, kind, details in log.about("C1/L1") if "record" in details
    ] == [
        (1, "record_kept", "learners"),
        (4, "record_kept", "results"),
    ]
    told = log.of("C1/L1", "record_kept")
    assert [(one.seq, one.at, one.good) for one in told] == [(1, NOW, True), (4, LATER, True)]
    assert [one.seq for one in log.of("C1/L1")] == [1, 3, 4]
    assert log.of("C1/L3") == []


def test_every_event_is_linked_to_the_one_before(log: EventLog) -> None:
    hashes = [log.hash_at(seq) for seq in range(5)]
    assert len(set(hashes)) == 5, "two events have the same hash"
    assert log.state() == (4, hashes[4])
    assert log.check() == []
    assert log.check(after=2) == []


def test_events_under_a_prefix_are_those_and_no_neighbours(register: Register) -> None:
    log = EventLog(register)
    with register.transaction():
        for subject in ("standing/B", "standing", "standing0", "standing/A", "claim"):
            log.append(NOW, "approval_received", subject, {})
        log.append(NOW, "record_kept", "standing/A", {})
    assert [one.details["subject"] for one in log.under("standing/", "approval_received")] == [
        "standing/B",
        "standing/A",
    ]


@pytest.mark.parametrize(
    ("sql", "first"),
    [
        ("UPDATE events SET at = '2026-01-01T00:00:00Z' WHERE seq = 2", 2),
        ("UPDATE events SET kind = 'claim_amended' WHERE seq = 3", 3),
        ("UPDATE events SET kind = 'No Kind' WHERE seq = 3", 3),
        (
            "UPDATE event_details SET details = CAST(replace(details, 'L2', 'L9') AS BLOB) WHERE seq = 2",
            2,
        ),
        ("UPDATE event_details SET details = x'7b' WHERE seq = 2", 2),
        ("UPDATE event_details SET salt = x'00' WHERE seq = 4", 4),
        ("UPDATE events SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE seq = 1", 1),
    ],
)
def test_what_was_altered_is_the_first_that_is_named(
    register: Register, log: EventLog, sql: str, first: int
) -> None:
    altered(register, sql)
    problems = log.check()
    assert [problem.code for problem in problems] == ["EVENT-CHAIN"]
    assert f"event {first} was altered" in problems[0].what
    good = {one.seq: one.good for subject in ("C1/L1", "C1/L2") for one in log.of(subject)}
    assert good[first] is False, "the event itself is not marked"


def test_an_event_that_was_taken_out_shows_in_the_next(register: Register, log: EventLog) -> None:
    altered(register, "DELETE FROM event_details WHERE seq = 2")
    altered(register, "DELETE FROM events WHERE seq = 2")
    assert "event 3 was altered, or one before it removed" in log.check()[0].what
    assert log.check(after=3) == [], "what came later is whole"
    assert [one.good for one in log.of("C1/L1")] == [True, False, True]


def test_details_given_to_another_subject_are_not_believed(register: Register, log: EventLog) -> None:
    altered(register, "UPDATE event_details SET subject = 'C1/L9' WHERE seq = 2")
    assert [one.good for one in log.of("C1/L9")] == [False]


def test_erased_details_leave_the_chain_whole(register: Register, log: EventLog) -> None:
    with register.transaction():
        assert log.erase(["C1/L1", "C1/none"]) == 3
    assert log.check() == []
    assert log.silent() == 3
    assert log.of("C1/L1") == []
    assert [one.seq for one in log.of("C1/L2")] == [2]
    told = b"".join(data for (data,) in register.rows("SELECT details FROM event_details"))
    assert b"L1" not in told, "the details still tell of the learner"


def test_equal_details_have_commitments_that_nobody_can_compare(register: Register) -> None:
    log = EventLog(register)
    with register.transaction():
        for _ in range(2):
            log.append(NOW, "record_kept", "C1/L1", {})
    commitments = {row[0] for row in register.rows("SELECT commitment FROM events")}
    assert len(commitments) == 2, "two events were salted alike"


def test_a_clock_set_back_adds_nothing_and_a_little_is_let_pass(log: EventLog) -> None:
    last = seconds(LATER)
    log.check_clock(instant(last - CLOCK_SLACK_SECONDS))
    log.check_clock(instant(last + 1_000_000))
    with pytest.raises(Refused, match="CLOCK-BACK"):
        log.check_clock(instant(last - CLOCK_SLACK_SECONDS - 1))


def test_an_event_stands_or_falls_with_its_step(register: Register, log: EventLog) -> None:
    with suppress(InterruptedError), register.transaction():
        log.append(LATER, "claim_imported", "C1/L2", {})
        raise InterruptedError
    assert log.state()[0] == 4
    assert log.silent() == 0
