"""Approvals: each received once through the event chain, in its order, and serving one certificate."""

from __future__ import annotations

import sqlite3

import pytest

from generator.edge.register.approvals import Approvals
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from tests.edge.register.approving import approval, standing
from tests.edge.register.rows import LATER, NOW, issued, registered


def test_an_approval_is_received_once_with_its_event(register: Register) -> None:
    claim_id, approvals = registered(register), Approvals(register)
    with register.transaction():
        assert approvals.receive(NOW, approval(claim_id), b"one", b"draft")
        assert not approvals.receive(LATER, approval(claim_id), b"one", b"draft"), "received twice"
    received, fault = approvals.of_claim(claim_id)
    assert [(one.at, one.data, one.draft) for one in received] == [(NOW, b"one", b"draft")]
    assert fault == ""
    (told,) = EventLog(register).of(claim_id)
    assert told.kind == "approval_received"
    assert {name: told.details[name] for name in ("person", "role", "decision")} == {
        "person": "q.nom",
        "role": "quality_nominee",
        "decision": "approve",
    }


def test_the_order_is_that_of_the_chain_and_not_of_the_rows(register: Register) -> None:
    claim_id, approvals = registered(register), Approvals(register)
    with register.transaction():
        for data in (b"c", b"a", b"b"):
            approvals.receive(NOW, approval(claim_id), data, b"")
        register.change("UPDATE approvals SET id = 100 - id")
    assert [one.data for one in approvals.of_claim(claim_id)[0]] == [b"c", b"a", b"b"]


def test_standing_approvals_are_of_no_claim_and_keep_no_draft(register: Register) -> None:
    claim_id, approvals = registered(register), Approvals(register)
    with register.transaction():
        approvals.receive(NOW, approval(claim_id), b"single", b"draft")
        approvals.receive(NOW, standing("KNIFE"), b"knife", b"draft")
        approvals.receive(LATER, standing("BREAD"), b"bread", b"draft")
    received, fault = approvals.standing()
    assert [(one.data, one.draft) for one in received] == [(b"knife", b""), (b"bread", b"")]
    assert fault == ""
    assert [one.data for one in approvals.of_claim(claim_id)[0]] == [b"single"]


@pytest.mark.parametrize(
    ("sql", "fault", "left"),
    [
        ("DELETE FROM approvals WHERE envelope = x'61'", "is no longer in the register", [b"b"]),
        ("UPDATE approvals SET envelope = x'63' WHERE envelope = x'61'", "never received", [b"b"]),
        ("DELETE FROM event_details WHERE seq = 2", "never received", [b"a"]),
        ("UPDATE events SET at = '2020-01-01T00:00:00Z' WHERE seq = 2", "event 2 was altered", [b"a", b"b"]),
    ],
)
def test_rows_and_chain_that_differ_are_a_fault(
    register: Register, sql: str, fault: str, left: list[bytes]
) -> None:
    claim_id, approvals = registered(register), Approvals(register)
    with register.transaction():
        approvals.receive(NOW, approval(claim_id), b"a", b"")
        approvals.receive(NOW, approval(claim_id), b"b", b"")
        assert register.change(sql) == 1
    received, found = approvals.of_claim(claim_id)
    assert fault in found
    assert [one.data for one in received] == left


def test_an_approval_serves_one_certificate(register: Register) -> None:
    first, second = issued(register, "L1"), issued(register, "L2")
    approvals = Approvals(register)
    with register.transaction():
        approvals.consume([b"one", b"two"], first)
    assert approvals.consumed_by(b"one") == first
    assert approvals.consumed_by(b"three") is None

    def again() -> None:
        with register.transaction():
            approvals.consume([b"two"], second)

    with pytest.raises(sqlite3.IntegrityError):
        again()
    assert approvals.consumed_by(b"two") == first


def test_the_chain_matters_from_the_first_event_of_what_waits(register: Register) -> None:
    log, approvals = EventLog(register), Approvals(register)
    assert approvals.first_event() == 1
    issued(register, "L1")
    with register.transaction():
        for subject in ("office", "standing0"):
            log.append(NOW, "staff_added", subject, {})
    waiting = registered(register, "L2")
    with register.transaction():
        log.append(NOW, "claim_imported", waiting, {})
        approvals.receive(NOW, standing(), b"s", b"")
    assert approvals.first_event() == 3
    with register.transaction():
        register.change("DELETE FROM event_details WHERE seq = 3")
    assert approvals.first_event() == 4, "a standing approval matters to every course"
