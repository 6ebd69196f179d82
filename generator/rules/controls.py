"""Named controls: what must hold before a claim may be put up for approval (docs/controls.md).

A control has one name, in the code, the message, the documents and the test. Each looks at a claim
and the facts it declares and yields problems; it never decides alone, and an unknown fact is a
problem, not a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.errors import Problem
from generator.model.catalogue import Programme
from generator.model.claim import Claim, UnitResult
from generator.model.portal import Centre
from generator.wire.claim_sheets import Registration

Complaint = tuple[str, str, str]  # field, what, fix
COMPLETED = ("Completed", "Completed (achieved pass grade)")
PASSED_EXAM = "Completed (achieved pass grade)"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the controls may look at: the day, the catalogue entry, the centre, the registration."""

    today: str
    programme: Programme | None
    centre: Centre | None
    registrations: Mapping[str, Registration] | None = None


def _programme(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    if facts.programme is None:
        what = f"{claim.programme} version {claim.version} is not in the catalogue"
        yield "programme", what, "add it to certificates/catalogue/, or correct the claim"
    elif facts.programme.label(claim.kind) is None:
        what = f"{claim.programme} gives no certificate of the kind `{claim.kind}`"
        yield "kind", what, "name its label in the catalogue, or correct the claim"


def _centre(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    if facts.centre is None:
        yield "centre", f"the centre {claim.centre} is not known", "add it to certificates/centres/"


def _dates(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    dated = [("completed_on", claim.completed_on)]
    dated += [(f"{item.unit} verified on", item.verified_on) for item in claim.results if item.verified_on]
    for field, day in dated:
        if day > facts.today:
            yield field, f"{day} is after today, {facts.today}", "correct the date, or claim later"
        elif day < "1950-01-01":
            yield field, f"{day} is before 1950", "correct the date"
    last = facts.programme.claimable_until(claim.learner_ref) if facts.programme else None
    if last and facts.today > last:
        what = f"{claim.programme} could be claimed until {last}"
        yield (
            "completed_on",
            what,
            "with permission, extend it for this learner in the catalogue (`extensions`)",
        )


def _units(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    if facts.programme is None:
        return
    claimed = {result.unit for result in claim.results}
    for code in sorted(code for code in claimed if facts.programme.unit(code) is None):
        yield code, f"{claim.programme} has no unit {code}", "correct the unit's code"
    if claim.kind == "units":
        if not claimed:
            yield "results", "a unit certificate needs at least one unit", "add the units passed"
        return
    for unit in facts.programme.units:
        if unit.mandatory and unit.code not in claimed:
            yield unit.code, f"no result for the mandatory unit {unit.code}", "add it, or claim units only"


def _grades(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    programme = facts.programme
    if programme is None or claim.kind == "course":
        return
    for result in claim.results:
        if not _known(result.grade, programme.scale):
            yield f"{result.unit} grade", *_unknown_grade(result.grade, programme.scale)
    if claim.kind == "qualification" and programme.overall_grades:
        if not _known(claim.grade, programme.overall_grades):
            yield "grade", *_unknown_grade(claim.grade, programme.overall_grades)
    elif claim.grade:
        what = f"has the overall grade `{claim.grade}`, but this certificate has none"
        yield "grade", what, "leave it empty"


def _known(grade: str | None, scale: Mapping[str, str]) -> bool:
    return grade is not None and (grade in scale or grade in scale.values())


def _unknown_grade(grade: str | None, scale: Mapping[str, str]) -> tuple[str, str]:
    allowed = ", ".join(scale) or "none"
    said = f"`{grade}` is not a grade of this scale" if grade else "has no grade"
    return said, f"give one of: {allowed}"


def _verified(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    if claim.kind == "course":
        return
    for result in claim.results:
        unit = facts.programme.unit(result.unit) if facts.programme else None
        if unit is None or unit.external:
            continue
        if not result.verifier or not result.verified_on:
            who = f" and assessor {result.assessor}" if result.assessor else ""
            what = f"no internal verification record for {result.unit}{who}"
            yield result.unit, what, "ask the internal verifier for the record; the claim waits until then"


def _four_eyes(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    for result in claim.results:
        if result.verifier and result.verifier == result.assessor:
            what = f"{result.assessor} assessed and verified this unit"
            yield f"{result.unit} verifier", what, "another internal verifier must verify it"


def _complete(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    if claim.kind != "course" or facts.programme is None:
        return
    exam = facts.programme.automatic.exam if facts.programme.automatic else None
    for result in claim.results:
        if result.grade not in COMPLETED:
            yield result.unit, f"`{result.grade}` is not complete", "certify once every module is complete"
        elif result.unit == exam and not _passed(result):
            yield result.unit, "the final exam is not passed", "certify once it is passed"


def _passed(result: UnitResult) -> bool:
    return result.grade == PASSED_EXAM


def _registration(claim: Claim, facts: Facts) -> Iterator[Complaint]:
    if facts.registrations is None:
        return
    registered = facts.registrations.get(claim.learner_ref)
    if registered is None:
        what = f"{claim.learner_ref} is not on the registration sheet"
        yield "learner_ref", what, "register the learner, or correct the reference"
    elif registered.name != claim.learner_name:
        what = f"the name differs from the registration in {registered.where}"
        yield "learner_name", what, "ask the learner how the name is to be printed, and correct one"


CONTROLS: Mapping[str, Callable[[Claim, Facts], Iterator[Complaint]]] = {
    "CLAIM-PROGRAMME": _programme,
    "CLAIM-CENTRE": _centre,
    "CLAIM-DATES": _dates,
    "CLAIM-UNITS": _units,
    "CLAIM-GRADE": _grades,
    "CLAIM-VERIFIED": _verified,
    "CLAIM-FOUR-EYES": _four_eyes,
    "CLAIM-COMPLETE": _complete,
    "REGISTRATION-MATCH": _registration,
}


def check(claim: Claim, facts: Facts, where: str) -> list[Problem]:
    """Every problem of a claim, in the order of the controls."""
    return [
        Problem(name, f"{where} {field}", what, fix)
        for name, control in CONTROLS.items()
        for field, what, fix in control(claim, facts)
    ]
