"""Controls on verified assessment: a sample's records, never every learner; attendance as a fraction."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.controls import case
from tests.rules.controls.case import ask, claim, facts, result, results, verification, verifications

BARE = [{"unit": item["unit"], "grade": item["grade"]} for item in case.RESULTS]


def verified(*records: Any, **changes: Any) -> list[str]:
    return ask("CLAIM-VERIFIED", claim(results=BARE), facts(verifications=records, **changes))


def test_a_record_per_unit_assignment_and_assessor() -> None:
    bread, other, pastry = verifications()
    assert verified(bread, other, pastry) == []
    assert "U2, A2 and assessor a.one" in verified(bread, pastry)[0]
    assert "U3 and assessor a.one" in verified(bread, other)[0]
    assert len(verified()) == 3
    another = (*results()[:2], result("U3", "M", assessor="b.two"))
    assert "U3 and assessor b.two" in verified(bread, other, pastry, results=another)[0]


def test_the_sample_need_not_hold_the_learner_but_somebody() -> None:
    bread, other, _ = verifications()
    for sampled, good in ((["L9"], True), (["L1"], True), ([], False)):
        found = verified(bread, other, verification("U3", "B1", sampled=sampled))
        assert (found == []) is good


@pytest.mark.parametrize(
    "field", ["brief_verified_by", "brief_verified_on", "verifier", "verified_on", "outcome"]
)
def test_a_record_is_whole(field: str) -> None:
    bread, other, _ = verifications()
    assert len(verified(bread, other, verification("U3", "B1", **{field: None}))) == 1


@pytest.mark.parametrize(("day", "good"), [("2026-11-21", True), ("2026-11-22", True), ("2026-11-23", False)])
def test_a_record_is_not_dated_ahead(day: str, good: bool) -> None:
    bread, other, _ = verifications()
    assert (verified(bread, other, verification("U3", "B1", verified_on=day)) == []) is good


def test_assignments_of_the_results_are_those_that_count() -> None:
    listed = (*results(), result("U3", "M", assignment="B7"))
    assert "U3, B7 and assessor a.one" in verified(*verifications(), results=listed)[0]
    assert verified(*verifications(), verification("U3", "B7"), results=listed) == []


def test_credit_from_elsewhere_has_no_record_here() -> None:
    credit = (*results()[:2], result("U3", "M", assessor=None, provenance="credit_transfer"))
    assert verified(*verifications()[:2], results=credit) == []


def test_an_external_unit_needs_no_verification() -> None:
    only = claim(kind="units", grade=None, results=BARE[:1])
    assert ask("CLAIM-VERIFIED", only, facts(verifications=())) == []


def test_the_grade_sheet_as_record() -> None:
    assert ask("CLAIM-VERIFIED", claim(), facts(verifications=()), basis="grade_sheet") == []
    found = ask("CLAIM-VERIFIED", claim(results=BARE), facts(), basis="grade_sheet")
    assert len(found) == 2
    nobody = ask("CLAIM-VERIFIED", claim(results=BARE), facts(results=()))
    assert all("nobody is named who assessed" in what for what in nobody)


def test_an_open_action_holds() -> None:
    for outcome, closed, good in (
        ("action", None, False),
        ("action", "2026-06-05", True),
        ("agreed", None, True),
    ):
        records = (*verifications()[:2], verification("U3", "B1", outcome=outcome, action_closed_on=closed))
        assert (ask("VERIFIED-ACTION", claim(), facts(verifications=records)) == []) is good


def test_nobody_verifies_their_own_assessment() -> None:
    own = [dict(case.RESULTS[0]), {**case.RESULTS[1], "verifier": "a.one"}, dict(case.RESULTS[2])]
    assert ask("CLAIM-FOUR-EYES", claim(results=own), facts()) == ["a.one assessed and verified this unit"]
    records = (*verifications()[:2], verification("U3", "B1", verifier="a.one"))
    assert len(ask("CLAIM-FOUR-EYES", claim(), facts(verifications=records))) == 1


COURSE = {
    "automatic": {"modules": "all", "exam": "U3"},
    "labels": {"course": "Certificate of Completion"},
}


@pytest.mark.parametrize(
    ("module", "exam", "faults"),
    [
        ("Completed", "Completed (achieved pass grade)", 0),
        ("Completed (achieved pass grade)", "Completed (achieved pass grade)", 0),
        ("Completed", "Completed", 1),
        ("Not completed", "Completed (achieved pass grade)", 1),
        ("Completed (did not achieve pass grade)", "Completed", 2),
    ],
)
def test_claim_complete(module: str, exam: str, faults: int) -> None:
    listed = [{"unit": "U2", "grade": module}, {"unit": "U3", "grade": exam}]
    asked = claim(kind="course", grade=None, results=listed)
    assert len(ask("CLAIM-COMPLETE", asked, facts(programme=case.programme(**COURSE)))) == faults


@pytest.mark.parametrize(
    ("attended", "sessions", "at_least", "good"),
    [
        (8, 10, 80, True),
        (81, 100, 80, True),
        (79, 100, 80, False),
        (799, 1000, 80, False),  # 79.9 is never rounded up
        (2, 3, 66, True),
        (2, 3, 67, False),
        (0, 1, 0, True),
        (1, 1, 100, True),
        (999, 1000, 100, False),
    ],
)
def test_claim_attendance(attended: int, sessions: int, at_least: int, good: bool) -> None:
    given = facts(attendance=case.attended(attended, sessions))
    assert (ask("CLAIM-ATTENDANCE", claim(), given, at_least=at_least) == []) is good
    assert ask("CLAIM-ATTENDANCE", claim(), given, at_least=None) == []
