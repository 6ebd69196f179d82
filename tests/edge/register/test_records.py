"""Records: replaced and never changed, each named by its event, so that whatever was edited shows."""

from __future__ import annotations

from typing import Any

import pytest

from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.records import OfficeRecords, digest, subject
from generator.model.office_record import OfficeRecord
from generator.model.quality_records import ReviewCheck
from tests.edge.register.rows import LATER, NOW
from tests.rules.controls import case


def kept(register: Register, *records: OfficeRecord, at: str = NOW) -> list[bool]:
    with register.transaction():
        return [OfficeRecords(register).keep(record, "records.csv:1", at) for record in records]


def check(claim_id: str, outcome: str = "agrees") -> ReviewCheck:
    fields: dict[str, Any] = {"centre": "C1", "person": "s.man", "on": "2026-11-22"}
    return ReviewCheck.of({**fields, "claim_id": claim_id, "outcome": outcome})


def test_subjects_are_a_learner_or_a_centre() -> None:
    assert subject("C1", "L1") == "C1/L1"
    assert subject("C1", None) == "C1"


def test_a_record_is_kept_once_and_replaced_by_another(register: Register) -> None:
    records = OfficeRecords(register)
    old, new = case.result("U1", "P"), case.result("U1", "M")
    assert kept(register, old, old) == [True, False]
    assert kept(register, new, at=LATER) == [True]
    about = records.about("C1/L1")
    assert [(one.record, one.current, one.at, one.source) for one in about.kept] == [
        (old, False, NOW, "records.csv:1"),
        (new, True, LATER, "records.csv:1"),
    ]
    assert [one.record for one in about.current()] == [new]
    assert about.fault == ""
    assert records.find(old) == new, "what was replaced is no longer found"
    assert [one.details["record_sha256"] for one in EventLog(register).of("C1/L1")] == [
        digest(old),
        digest(new),
    ]


def test_the_earlier_content_again_is_a_new_record(register: Register) -> None:
    old, new = case.result("U1", "P"), case.result("U1", "M")
    assert kept(register, old, new, old) == [True, True, True]
    about = OfficeRecords(register).about("C1/L1")
    assert [one.record for one in about.current()] == [old]
    assert about.fault == ""


def test_records_of_a_kind_are_walked_in_their_order(register: Register) -> None:
    first, second = case.result("U2", "P"), case.result("U1", "P")
    kept(register, first, second, case.learner(), case.result("U2", "M"))
    records = OfficeRecords(register)
    assert list(records.of_kind("results")) == [second, case.result("U2", "M")]
    assert records.subjects("results", "learners") == ["C1/L1"]
    assert records.subjects("attendance") == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        (
            "UPDATE records SET body = CAST(replace(body, '\"P\"', '\"D\"') AS BLOB)",
            "was edited in the register",
        ),
        ("UPDATE records SET body = x'7b'", "cannot be read"),
        ("UPDATE records SET kind = 'no-such-kind'", "cannot be read"),
        ("DELETE FROM records", "are not those that the event chain names"),
        ("UPDATE events SET at = '2020-01-01T00:00:00Z'", "are not those that the event chain names"),
        ("DELETE FROM event_details", "are not those that the event chain names"),
    ],
)
def test_what_is_not_as_its_event_says_is_a_fault(register: Register, sql: str, fault: str) -> None:
    kept(register, case.result("U1", "P"))
    with register.transaction():
        assert register.change(sql) == 1
    assert fault in OfficeRecords(register).about("C1/L1").fault


def test_a_retracted_record_counts_no_longer_and_nothing_replaces_it(register: Register) -> None:
    records, record = OfficeRecords(register), case.result("U1", "P")
    kept(register, record)
    with register.transaction():
        assert records.retract(record, LATER, "entered for another learner")
        assert not records.retract(record, LATER, "again")
    assert records.find(record) is None
    assert records.about("C1/L1").current() == ()
    assert records.about("C1/L1").fault == ""
    assert [one.kind for one in EventLog(register).of("C1/L1")] == ["record_kept", "record_retracted"]
    assert kept(register, record) == [True], "it may be entered again"


def test_a_learner_is_found_by_reference_and_the_same_uln_under_another(register: Register) -> None:
    records = OfficeRecords(register)
    first, twin = case.learner(email="a@learners.example"), case.learner(learner_ref="L2")
    other = case.learner(learner_ref="L3", uln="6478796514")
    bare = case.learner(learner_ref="L4", uln=None)
    kept(register, first, twin, other, bare)
    assert records.learner("C1", "L1") == first
    assert records.learner("C2", "L1") is None
    assert records.same_number(first) == [twin]
    assert records.same_number(other) == []
    assert records.same_number(bare) == [], "who has no ULN is nobody's twin"
    assert records.addressed() == {"C1/L1": "a@learners.example"}


def test_a_uln_cannot_be_read_from_its_mark(register: Register) -> None:
    kept(register, case.learner())
    assert b"8802212715" not in register.rows("SELECT mark FROM records")[0][0]


def test_a_forgotten_learner_leaves_no_record_no_digest_and_no_message(register: Register) -> None:
    kept(register, case.learner(), case.learner(learner_ref="L2", uln=None))
    with register.transaction():
        for who in ("C1/L1", "C1/L2"):
            LearnerMessages(register).put(who, "registered", who, NOW, {})
        OfficeRecords(register).forget("C1/L1")
    assert register.rows("SELECT subject FROM records") == [("C1/L2",)]
    assert [one.recipient for one in LearnerMessages(register).all()] == ["C1/L2"]


def test_a_forgotten_check_leaves_the_centres_records_whole(register: Register) -> None:
    records = OfficeRecords(register)
    gone, stays = check("0" * 20), check("1" * 20)
    kept(register, gone, stays)
    with register.transaction():
        records.forget_check("C1", gone.claim_id)
    about = records.about("C1")
    assert [one.record for one in about.kept] == [stays]
    assert about.fault == ""
    assert records.find(gone) is None
    assert list(records.of_kind("review-checks")) == [stays]
