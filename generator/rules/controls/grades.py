"""Controls on grades: units of the programme, grades of the scale, the overall grade recomputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from generator.model.catalogue import GradeRule, Programme
from generator.model.claim import Claim
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known
from generator.rules.controls.results import short
from generator.terms import UNIT


class Overall(Parameters):
    """`grade`: computed by the catalogue's rule and compared, or taken as claimed."""

    grade: Literal["computed", "as_claimed"] = "computed"


@control(
    "CLAIM-UNITS",
    ("programme",),
    Parameters,
    always=True,
    owner="exams_officer",
    remedy="Correct the unit's code, add what is missing, or claim units only.",
)
def units(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The claimed units are the programme's; a full claim holds every mandatory one."""
    programme = known(facts.programme)
    claimed = {result.unit for result in claim.results}
    for code in sorted(code for code in claimed if programme.unit(code) is None):
        yield Complaint(code, f"{claim.programme} has no {UNIT} {code}", f"correct the {UNIT}'s code")
    if claim.kind == "units":
        if not claimed:
            yield Complaint(
                "results", f"a {UNIT} certificate needs at least one {UNIT}", f"add the {UNIT}s passed"
            )
        return
    for unit in programme.units:
        if unit.mandatory and unit.code not in claimed:
            what = f"no result for the mandatory {UNIT} {unit.code}"
            yield Complaint(unit.code, what, f"add it, or claim {UNIT}s only")


@control(
    "CLAIM-GRADE",
    ("programme",),
    Parameters,
    always=True,
    owner="exams_officer",
    remedy="Give a grade of the programme's scale, or none where the certificate has none.",
)
def grades(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Every grade is one of its scale; there is an overall grade where the certificate prints one."""
    programme = known(facts.programme)
    if claim.kind == "course":
        return
    for result in claim.results:
        if not _on_scale(result.grade, programme.scale):
            yield Complaint(
                f"{result.unit} grade", *_unknown_grade(result.grade, programme.scale), "assessor"
            )
    if claim.kind == "qualification" and programme.overall_grades:
        if not _on_scale(claim.grade, programme.overall_grades):
            yield Complaint("grade", *_unknown_grade(claim.grade, programme.overall_grades))
    elif claim.grade:
        what = f"has the overall grade `{claim.grade}`, but this certificate has none"
        yield Complaint("grade", what, "leave it empty")


@control(
    "GRADE-SIZE",
    ("programme",),
    Parameters,
    owner="exams_officer",
    remedy="Claim the units of this size, or the other size.",
)
def size(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The units of a full claim add up to the size of the qualification."""
    programme = known(facts.programme)
    rule = programme.grade_rule
    if claim.kind != "qualification" or rule is None or rule.hours is None:
        return
    hours = [_hours(programme, result.unit) for result in claim.results]
    total = sum(item or 0 for item in hours)
    if total != rule.hours:
        what = f"the {UNIT}s add up to {total} guided learning hours, the qualification has {rule.hours}"
        yield Complaint("results", what, f"claim the {UNIT}s of this size, or the other size")


@control(
    "GRADE-OVERALL",
    ("programme",),
    Overall,
    owner="exams_officer",
    remedy="Correct the overall grade or the units' grades.",
)
def overall(claim: Claim, facts: ClaimFacts, given: Overall) -> Iterator[Complaint]:
    """The overall grade is what the catalogue's rule gives; both are shown where they differ."""
    programme = known(facts.programme)
    if claim.kind != "qualification" or given.grade == "as_claimed" or not programme.overall_grades:
        return
    if programme.grade_rule is None:
        what = f"the catalogue has no rule for the overall grade of {claim.programme}"
        yield Complaint("grade", what, "add `grade_rule` to the catalogue entry", "quality_nominee")
        return
    computed, because = compute(claim, programme, programme.grade_rule)
    if computed is None:
        yield Complaint(
            "grade", f"no overall grade follows from the {UNIT}s: {because}", f"claim {UNIT}s only"
        )
    elif computed != short(claim.grade, programme.overall_grades):
        what = f"claimed {claim.grade or 'none'}, computed {computed} ({because})"
        yield Complaint("grade", what, f"correct the grade or the {UNIT}s' grades")


def compute(claim: Claim, programme: Programme, rule: GradeRule) -> tuple[str | None, str]:
    """The overall grade's short form and how it came about; None with the reason if there is none."""
    must = rule.must_pass
    if must is None:
        must = tuple(unit.code for unit in programme.units if unit.mandatory)
    total = 0
    for result in claim.results:
        grade = short(result.grade, programme.scale)
        if grade in rule.fails and result.unit in must:
            return None, f"{result.unit} is {result.grade}"
        hours = _hours(programme, result.unit)
        row = next((row for row in rule.points if row.hours == hours), None)
        if row is None or grade not in row.points:
            return None, f"the rule gives no points for {result.unit} ({hours or 'no'} hours, {result.grade})"
        total += row.points[grade]
    reached = [(least, name) for name, least in rule.thresholds.items() if total >= least]
    if not reached:
        return None, f"{total} points, below the lowest threshold"
    return max(reached)[1], f"{total} points"


def _hours(programme: Programme, code: str) -> int | None:
    unit = programme.unit(code)
    return unit.hours if unit else None


def _on_scale(grade: str | None, scale: Mapping[str, str]) -> bool:
    return grade is not None and (grade in scale or grade in scale.values())


def _unknown_grade(grade: str | None, scale: Mapping[str, str]) -> tuple[str, str]:
    allowed = ", ".join(scale) or "none"
    said = f"`{grade}` is not a grade of this scale" if grade else "has no grade"
    return said, f"give one of: {allowed}"


CONTROLS: tuple[Control[Any], ...] = (units, grades, size, overall)
