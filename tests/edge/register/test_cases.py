"""Cases: opened about certificates, decided on in order of receipt, closed, carried out once, erased."""

from __future__ import annotations

import sqlite3

import pytest

from generator.edge.register.cases import Cases
from generator.edge.register.database import Register
from generator.formats import decision
from generator.model.case import Case
from generator.model.value import Serial
from tests.edge.register.rows import LATER, NOW, issued

REISSUE = {
    "kind": "reissue",
    "corrections": {"completed_on": "2026-06-25"},
    "effect": {"what": "wrong day", "mitigation": "printed again"},
}


def opened(register: Register, case_id: str, *subjects: str, **more: object) -> Case:
    fields = {"kind": "revocation", "reasons": "copied work", "opened_on": "2026-11-22", "opened_by": "e.off"}
    case = Case.of({**fields, "case_id": case_id, "subjects": list(subjects), **more})
    with register.transaction():
        Cases(register).add(case, NOW)
    return case


def test_ids_count_up_within_their_year(register: Register) -> None:
    serial, cases = issued(register), Cases(register)
    assert cases.next_id(2026) == "C-26-000001"
    opened(register, "C-26-000001", serial)
    assert (cases.next_id(2026), cases.next_id(2027)) == ("C-26-000002", "C-27-000001")


def test_a_case_comes_back_as_it_was_opened_and_is_committed_to(register: Register) -> None:
    case = opened(register, "C-26-000001", issued(register), parties=["a.one"])
    held = Cases(register).find("C-26-000001")
    assert held is not None
    assert held.case == case
    assert (held.closed_at, held.outcome, held.roles, held.used_at) == (None, None, (), None)
    assert held.salt is not None
    assert held.body is not None
    committed = register.rows("SELECT case_sha256 FROM cases")[0][0]
    assert committed == decision.commitment(held.salt, held.body)
    assert Cases(register).find("C-26-000002") is None


def test_cases_about_a_certificate_are_found_in_the_order_of_opening(register: Register) -> None:
    first, second = issued(register, "L1"), issued(register, "L2")
    opened(register, "C-26-000002", first, second, **REISSUE)
    opened(register, "C-26-000001", first)
    found = {serial: [one.case_id for one in Cases(register).of(serial)] for serial in (first, second)}
    assert found == {first: ["C-26-000001", "C-26-000002"], second: ["C-26-000002"]}


def test_a_case_about_a_certificate_that_is_not_here_is_not_opened(register: Register) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        opened(register, "C-26-000001", "NW-26-000009")
    assert Cases(register).find("C-26-000001") is None


def test_a_case_is_open_until_its_outcome_is_carried_out(register: Register) -> None:
    serial, cases = issued(register), Cases(register)
    for case_id in ("C-26-000001", "C-26-000002"):
        opened(register, case_id, serial)
    assert [one.case_id for one in cases.open_ones()] == ["C-26-000001", "C-26-000002"]
    with register.transaction():
        cases.close("C-26-000001", LATER, "revoke", ("quality_nominee", "senior_manager"))
        cases.close("C-26-000002", LATER, "dismiss", ())
    (held,) = cases.open_ones()
    assert (held.case_id, held.closed_at, held.outcome, held.roles) == (
        "C-26-000001",
        LATER,
        "revoke",
        ("quality_nominee", "senior_manager"),
    )
    with register.transaction():
        cases.used("C-26-000001", LATER)
    assert cases.open_ones() == []


def test_decisions_are_kept_once_in_the_order_of_receipt(register: Register) -> None:
    opened(register, "C-26-000001", issued(register))
    cases = Cases(register)
    with register.transaction():
        kept = [
            cases.receive("C-26-000001", at, data) for at, data in ((LATER, b"b"), (NOW, b"a"), (NOW, b"b"))
        ]
    assert kept == [True, True, False]
    assert [(one.at, one.data) for one in cases.decisions("C-26-000001")] == [(LATER, b"b"), (NOW, b"a")]
    assert cases.decisions("C-26-000002") == []


def test_erasing_a_certificate_empties_its_own_cases_and_no_shared_one(register: Register) -> None:
    first, second = issued(register, "L1"), issued(register, "L2")
    opened(register, "C-26-000001", first)
    shared = opened(register, "C-26-000002", first, second, **REISSUE)
    cases = Cases(register)
    with register.transaction():
        assert cases.erase(Serial(first)) == ["C-26-000001"]
    gone, kept = cases.find("C-26-000001"), cases.find("C-26-000002")
    assert gone is not None
    assert kept is not None
    assert (gone.case, gone.salt, gone.kind) == (None, None, "revocation")
    assert kept.case == shared, "a case about other people's certificates was emptied"
