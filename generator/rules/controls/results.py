"""Controls on recorded results: there, counting, attempts authorised, credit decided, best taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from generator.model.claim import Claim
from generator.model.result import ELSEWHERE, Result
from generator.model.value import Field
from generator.rules.controls.assessment import EXTERNAL, results_of, unit_results
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known
from generator.terms import CENTRE, CLAIM


class Attempts(Parameters):
    """`resubmissions` and `resits`: how many of each a unit or assignment may have."""

    resubmissions: Annotated[int, Field(ge=0, le=20)] = 1
    resits: Annotated[int, Field(ge=0, le=20)] = 1


class Take(Parameters):
    """`take`: whether the best or the latest counting attempt is certified."""

    take: Literal["best", "latest"] = "best"


@control("RESULT-KNOWN", ("results",), Parameters, owner="exams_officer", remedy="Record the result first.")
def known_result(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Every claimed unit has a recorded result of the whole unit."""
    for item in claim.results:
        if not unit_results(results_of(claim, facts, item.unit)):
            yield Complaint(item.unit, f"no result is recorded for {item.unit}", "record it first")


@control("RESULT-STATE", ("results",), Parameters, owner="exams_officer", remedy="Have the result confirmed.")
def state(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A result that is provisional, under review or void certifies nothing."""
    for item in claim.results:
        found = unit_results(results_of(claim, facts, item.unit))
        review = any(one.state == "under_review" for one in found)
        if found and (review or not any(one.counts for one in found)):
            states = "under review" if review else " and ".join(sorted({one.state for one in found}))
            yield Complaint(item.unit, f"the result of {item.unit} is {states}", "have it confirmed")


@control(
    "RESULT-ATTEMPT",
    ("results",),
    Attempts,
    owner="lead_internal_verifier",
    remedy="Authorise the attempt, or void those that do not count.",
)
def attempt(claim: Claim, facts: ClaimFacts, given: Attempts) -> Iterator[Complaint]:
    """A resubmission is authorised by a lead internal verifier; there are no more attempts than allowed."""
    for item in claim.results:
        groups: dict[str | None, list[Result]] = {}
        for one in results_of(claim, facts, item.unit):
            groups.setdefault(one.assignment, []).append(one)
        for found in groups.values():
            for one in found:
                if one.attempt == "resubmission" and not (one.authorised_by and one.authorised_on):
                    what = f"attempt {one.attempt_number} is a resubmission that nobody authorised"
                    yield Complaint(item.unit, what, "authorise it, or void the attempt")
            for kind, most in (("resubmission", given.resubmissions), ("resit", given.resits)):
                made = sum(1 for one in found if one.attempt == kind and one.state != "void")
                if made > most:
                    what = f"{made} attempts of the kind `{kind}`, {most} allowed"
                    yield Complaint(item.unit, what, "decide which counts, void the others")


@control(
    "RESULT-PROVENANCE",
    ("results", "programme"),
    Parameters,
    owner="exams_officer",
    remedy="Record who decided what and where it comes from.",
)
def provenance(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Credit from elsewhere has a source and a decision; an external unit rests on the external result."""
    for item in claim.results:
        unit = known(facts.programme).unit(item.unit)
        found = unit_results(results_of(claim, facts, item.unit))
        for one in found:
            if one.provenance in ELSEWHERE and not (one.source and one.decided_by and one.decided_on):
                said = one.provenance.replace("_", " ")
                yield Complaint(
                    item.unit,
                    f"{said} without source or decision",
                    "record who decided what",
                    "quality_nominee",
                )
        inside = [one for one in found if one.provenance == "assessed"]
        if unit and unit.external and (inside or item.assessor not in (None, EXTERNAL)):
            what = f"{item.unit} is assessed externally, but the result is the {CENTRE}'s own"
            yield Complaint(item.unit, what, "record the awarding organisation's result")


@control(
    "RESULT-BEST",
    ("results", "programme"),
    Take,
    owner="exams_officer",
    remedy="Correct the claim, or have the result amended.",
)
def best(claim: Claim, facts: ClaimFacts, given: Take) -> Iterator[Complaint]:
    """The claimed grade is that of the attempt that counts."""
    scale = known(facts.programme).scale
    for item in claim.results:
        counting = [one for one in unit_results(results_of(claim, facts, item.unit)) if one.counts]
        if not counting:
            continue
        if given.take == "best":
            taken = max(counting, key=lambda one: _rank(one.grade, scale))
        else:
            taken = max(counting, key=lambda one: one.attempt_number)
        if short(taken.grade, scale) != short(item.grade, scale):
            what = f"claimed {item.grade}, recorded {taken.grade} (attempt {taken.attempt_number})"
            yield Complaint(item.unit, what, f"correct the {CLAIM}, or have the result amended")


def short(grade: str | None, scale: Mapping[str, str]) -> str | None:
    """A grade's short form, whichever of the two was written."""
    printed = {long: brief for brief, long in scale.items()}
    return grade if grade is None or grade in scale else printed.get(grade, grade)


def _rank(grade: str | None, scale: Mapping[str, str]) -> int:
    """A scale is written from the lowest grade to the highest; what is not on it is below."""
    order = list(scale)
    found = short(grade, scale)
    return order.index(found) if found in order else -1


CONTROLS: tuple[Control[Any], ...] = (known_result, state, attempt, provenance, best)
