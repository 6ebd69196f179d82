"""Controls on results and grades: attempts, states, provenance, and the overall grade recomputed."""

from __future__ import annotations

from typing import Any

import pytest

from generator.model.catalogue import GradeRule
from generator.rules.controls.grades import compute
from tests.rules.controls import case
from tests.rules.controls.case import ask, claim, facts, programme, result, results


def with_pastry(*attempts: Any) -> Any:
    return facts(results=(*results()[:2], *attempts))


def test_a_result_of_the_whole_unit_is_there() -> None:
    assert ask("RESULT-KNOWN", claim(), with_pastry()) == ["no result is recorded for U3"]
    assert len(ask("RESULT-KNOWN", claim(), with_pastry(result("U3", "M", assignment="B1")))) == 1


@pytest.mark.parametrize(
    ("states", "good"),
    [
        (["confirmed"], True),
        (["amended"], True),
        (["provisional"], False),
        (["void"], False),
        (["void", "confirmed"], True),
        (["confirmed", "provisional"], True),
        (["confirmed", "under_review"], False),
    ],
)
def test_result_state(states: list[str], good: bool) -> None:
    attempts = [result("U3", "M", state=state, attempt_number=rank) for rank, state in enumerate(states, 1)]
    assert (ask("RESULT-STATE", claim(), with_pastry(*attempts)) == []) is good


def again(number: int, kind: str = "resubmission", **more: Any) -> Any:
    given = {"authorised_by": "l.iv", "authorised_on": "2026-05-02", **more}
    return result("U3", "M", attempt=kind, attempt_number=number, **given)


def test_a_resubmission_is_authorised() -> None:
    first = result("U3", "P")
    assert ask("RESULT-ATTEMPT", claim(), with_pastry(first, again(2))) == []
    for lacking in ({"authorised_by": None}, {"authorised_on": None}):
        assert len(ask("RESULT-ATTEMPT", claim(), with_pastry(first, again(2, **lacking)))) == 1


@pytest.mark.parametrize("kind", ["resubmission", "resit"])
@pytest.mark.parametrize(("made", "most", "good"), [(1, 1, True), (2, 1, False), (2, 2, True), (3, 2, False)])
def test_no_more_attempts_than_allowed(kind: str, made: int, most: int, good: bool) -> None:
    given = with_pastry(result("U3", "P"), *(again(rank + 2, kind) for rank in range(made)))
    assert (ask("RESULT-ATTEMPT", claim(), given, **{f"{kind}s": most}) == []) is good
    voided = with_pastry(*(again(rank + 2, kind, state="void") for rank in range(made)))
    assert ask("RESULT-ATTEMPT", claim(), voided, **{f"{kind}s": 0}) == []


@pytest.mark.parametrize("provenance", ["credit_transfer", "prior_learning", "exemption"])
def test_credit_from_elsewhere_has_source_and_decision(provenance: str) -> None:
    whole = {"source": "transcript 7", "decided_by": "q.n", "decided_on": "2026-05-01"}
    given = with_pastry(result("U3", "M", provenance=provenance, **whole))
    assert ask("RESULT-PROVENANCE", claim(), given) == []
    for name in whole:
        lacking = with_pastry(result("U3", "M", provenance=provenance, **{**whole, name: None}))
        assert len(ask("RESULT-PROVENANCE", claim(), lacking)) == 1


def test_an_external_unit_rests_on_the_external_result() -> None:
    inside = facts(results=(result("U1", "M"), *results()[1:]))
    assert len(ask("RESULT-PROVENANCE", claim(), inside)) == 1
    named = [{**case.RESULTS[0], "assessor": "a.one"}, *case.RESULTS[1:]]
    assert len(ask("RESULT-PROVENANCE", claim(results=named), facts())) == 1


def test_the_attempt_that_counts() -> None:
    best = with_pastry(result("U3", "M"), again(2).model_copy(update={"grade": "P"}))
    assert ask("RESULT-BEST", claim(), best) == []
    assert ask("RESULT-BEST", claim(), best, take="latest") == ["claimed M, recorded P (attempt 2)"]
    lower = with_pastry(result("U3", "P"))
    assert ask("RESULT-BEST", claim(), lower) == ["claimed M, recorded P (attempt 1)"]
    provisional = with_pastry(
        result("U3", "M"), again(2, state="provisional").model_copy(update={"grade": "D"})
    )
    assert ask("RESULT-BEST", claim(), provisional) == []
    words = with_pastry(result("U3", "Merit"))
    assert ask("RESULT-BEST", claim(), words) == []


def test_units_and_grades_are_the_programmes() -> None:
    strange = [*case.RESULTS, {"unit": "U9", "grade": "P"}]
    assert "has no unit U9" in ask("CLAIM-UNITS", claim(results=strange), facts())[0]
    assert "mandatory unit U3" in ask("CLAIM-UNITS", claim(results=case.RESULTS[:2]), facts())[0]
    assert ask("CLAIM-UNITS", claim(kind="units", grade=None, results=case.RESULTS[:1]), facts()) == []
    assert len(ask("CLAIM-UNITS", claim(kind="units", grade=None, results=[]), facts())) == 1
    for grade, faults in (("P", 0), ("Pass", 0), ("Pas", 1), ("N/A", 1), (None, 1)):
        listed = [{**case.RESULTS[0], "grade": grade}, *case.RESULTS[1:]]
        assert len(ask("CLAIM-GRADE", claim(results=listed), facts())) == faults
    assert len(ask("CLAIM-GRADE", claim(grade=None), facts())) == 1
    assert len(ask("CLAIM-GRADE", claim(kind="units", grade="M"), facts())) == 1


@pytest.mark.parametrize(("hours", "good"), [(239, False), (240, True), (241, False), (None, True)])
def test_grade_size(hours: int | None, good: bool) -> None:
    entry = programme(grade_rule={**case.PROGRAMME["grade_rule"], "hours": hours})
    assert (ask("GRADE-SIZE", claim(), facts(programme=entry)) == []) is good


@pytest.mark.parametrize(("least", "overall"), [(35, "M"), (36, "M"), (37, "P")])
def test_a_threshold_is_reached_outside_on_and_inside(least: int, overall: str) -> None:
    # Merit at 120 hours is 20 points, Pass and Merit at 60 hours are 6 and 10: 36.
    rule = {**case.PROGRAMME["grade_rule"], "thresholds": {"P": 24, "M": least, "D": 54}}
    entry = programme(grade_rule=rule)
    assert entry.grade_rule is not None
    assert compute(claim(), entry, entry.grade_rule) == (overall, "36 points")
    found = ask("GRADE-OVERALL", claim(), facts(programme=entry))
    assert found == ([] if overall == "M" else ["claimed M, computed P (36 points)"])
    assert ask("GRADE-OVERALL", claim(), facts(programme=entry), grade="as_claimed") == []


def test_below_every_threshold_failed_or_without_points_there_is_no_grade() -> None:
    entry = programme()
    rule = entry.grade_rule
    assert rule is not None
    low = GradeRule.of({**case.PROGRAMME["grade_rule"], "thresholds": {"P": 37}})
    assert compute(claim(), entry, low)[0] is None
    failed = [*case.RESULTS[:2], {**case.RESULTS[2], "grade": "U"}]
    assert compute(claim(results=failed), entry, rule) == (None, "U3 is U")
    elsewhere = GradeRule.of({**case.PROGRAMME["grade_rule"], "must_pass": ["U1"]})
    assert compute(claim(results=failed), entry, elsewhere) == ("P", "26 points")
    unsized = programme(units=[{**unit, "hours": None} for unit in case.PROGRAMME["units"]])
    assert compute(claim(), unsized, rule)[0] is None
    assert "no overall grade follows" in ask("GRADE-OVERALL", claim(results=failed), facts())[0]


def test_without_a_rule_a_computed_grade_holds() -> None:
    assert "has no rule" in ask("GRADE-OVERALL", claim(), facts(programme=programme(grade_rule=None)))[0]
