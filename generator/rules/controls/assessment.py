"""Controls on verified assessment: records of a sample, results with attempts, attendance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from generator.model.catalogue import Programme, Unit
from generator.model.claim import Claim, UnitResult
from generator.model.office_record import is_about
from generator.model.result import Result, VerificationRecord
from generator.model.value import Field
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known
from generator.terms import UNIT

COMPLETED = ("Completed", "Completed (achieved pass grade)")
PASSED_EXAM = "Completed (achieved pass grade)"
EXTERNAL = "external"


class Basis(Parameters):
    """`basis`: verification records per unit, assignment and assessor, or the grade sheet's columns."""

    basis: Literal["records", "grade_sheet"] = "records"


class AtLeast(Parameters):
    """`at_least`: hundredths of the sessions, compared as an exact fraction; null: not required."""

    at_least: Annotated[int, Field(ge=0, le=100)] | None = 80


def results_of(claim: Claim, facts: ClaimFacts, unit: str) -> tuple[Result, ...]:
    """The recorded attempts of a unit in the claim's programme."""
    listed = known(facts.results)
    return tuple(
        item for item in listed if item.unit == unit and is_about(item, claim.programme, claim.version)
    )


def unit_results(found: tuple[Result, ...]) -> tuple[Result, ...]:
    """Results of the whole unit; those of single assignments tell who assessed them."""
    return tuple(item for item in found if item.assignment is None)


def _internal(claim: Claim, programme: Programme) -> Iterator[tuple[UnitResult, Unit]]:
    for result in claim.results:
        unit = programme.unit(result.unit)
        if unit is not None and not unit.external:
            yield result, unit


def _assessed_here(claim: Claim, facts: ClaimFacts, result: UnitResult) -> bool:
    """Whether the unit was assessed at the centre; credit from elsewhere has no record here."""
    found = unit_results(results_of(claim, facts, result.unit))
    return not found or any(item.provenance == "assessed" for item in found)


def _to_verify(
    claim: Claim, facts: ClaimFacts, result: UnitResult, unit: Unit
) -> list[tuple[str | None, str]]:
    """Each (assignment, assessor) behind a unit; assignment None: any of the unit."""
    found = results_of(claim, facts, result.unit)
    pairs = {(item.assignment, item.assessor) for item in found if item.assignment and item.assessor}
    assessors = {item.assessor for item in found if item.assessor} | {result.assessor or ""}
    listed: set[tuple[str | None, str]] = {(assignment, who) for assignment, who in pairs if who}
    named = {assignment for assignment, _ in listed}
    for assignment in unit.assignments:
        if assignment not in named:
            listed |= {(assignment, who) for who in assessors if who}
    if not listed:
        listed = {(None, who) for who in assessors if who}
    return sorted(listed, key=lambda pair: (pair[0] or "", pair[1]))


def _records(
    claim: Claim, facts: ClaimFacts, unit: str, assignment: str | None, assessor: str
) -> list[VerificationRecord]:
    return [
        item
        for item in known(facts.verifications)
        if (item.programme, item.version, item.unit) == (claim.programme, claim.version, unit)
        and item.assessor == assessor
        and assignment in (None, item.assignment)
    ]


def records_used(claim: Claim, facts: ClaimFacts) -> list[VerificationRecord]:
    """The verification records on which a claim rests."""
    programme = known(facts.programme)
    found = [
        item
        for result, unit in _internal(claim, programme)
        for assignment, assessor in _to_verify(claim, facts, result, unit)
        for item in _records(claim, facts, result.unit, assignment, assessor)
    ]
    return list(dict.fromkeys(found))


@control(
    "CLAIM-VERIFIED",
    ("programme", "results", "verifications"),
    Basis,
    owner="internal_verifier",
    remedy="The internal verifier of the unit gives the record; until then the claim waits.",
)
def verified(claim: Claim, facts: ClaimFacts, given: Basis) -> Iterator[Complaint]:
    """Each unit, assignment and assessor has a verification record; the sample need not hold the learner."""
    if claim.kind == "course":
        return
    for result, unit in _internal(claim, known(facts.programme)):
        if given.basis == "grade_sheet":
            if not result.verifier or not result.verified_on:
                who = f" and assessor {result.assessor}" if result.assessor else ""
                what = f"no internal verification record for {result.unit}{who}"
                yield Complaint(result.unit, what, f"give the verification record of {result.unit}; it waits")
            continue
        if not _assessed_here(claim, facts, result):
            continue
        wanted = _to_verify(claim, facts, result, unit)
        if not wanted:
            yield Complaint(
                result.unit, f"nobody is named who assessed {result.unit}", "record the result", "assessor"
            )
        for assignment, assessor in wanted:
            yield from _verified(claim, facts, result.unit, assignment, assessor)


def _verified(
    claim: Claim, facts: ClaimFacts, unit: str, assignment: str | None, assessor: str
) -> Iterator[Complaint]:
    which = f"{unit}{f', {assignment}' if assignment else ''} and assessor {assessor}"
    ask = f"give the verification record of {unit}; it waits"
    found = _records(claim, facts, unit, assignment, assessor)
    if not found:
        yield Complaint(unit, f"no internal verification record for {which}", ask)
    for item in found:
        if not (item.brief_verified_by and item.brief_verified_on):
            yield Complaint(unit, f"no record that the brief was verified for {which}", ask)
        if not (item.verifier and item.verified_on and item.outcome):
            yield Complaint(unit, f"the verification of {which} names no verifier, day or outcome", ask)
        if not item.sampled:
            yield Complaint(unit, f"the verification of {which} sampled no learner", ask)
        days = [day for day in (item.brief_verified_on, item.verified_on, item.action_closed_on) if day]
        if any(day > facts.today for day in days):
            yield Complaint(unit, f"the verification of {which} is dated on a day to come", ask)


@control(
    "VERIFIED-ACTION",
    ("programme", "results", "verifications"),
    Parameters,
    owner="assessor",
    remedy="The assessor acts, the verifier closes the action.",
)
def action(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """What a verifier asked for was done before anything is claimed on it."""
    for item in records_used(claim, facts):
        if item.outcome == "action" and not item.action_closed_on:
            what = f"the action on {item.assignment} ({item.assessor}) is still open"
            yield Complaint(item.unit, what, f"{item.assessor} acts, {item.verifier} closes it")


@control(
    "CLAIM-FOUR-EYES",
    ("results", "verifications", "programme"),
    Parameters,
    owner="internal_verifier",
    remedy="Another internal verifier verifies the unit.",
)
def four_eyes(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Nobody verified what they assessed."""
    ask = "have another internal verifier verify it"
    for result in claim.results:
        if result.verifier and result.verifier == result.assessor:
            yield Complaint(
                f"{result.unit} verifier", f"{result.assessor} assessed and verified this {UNIT}", ask
            )
    for item in records_used(claim, facts):
        if item.verifier and item.verifier == item.assessor:
            what = f"{item.assessor} assessed and verified {item.assignment}"
            yield Complaint(f"{item.unit} verifier", what, ask)


@control(
    "CLAIM-COMPLETE",
    ("programme",),
    Parameters,
    owner="instructor",
    remedy="The learner completes what is missing.",
)
def complete(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A course is certified once every module is complete and the final exam passed."""
    if claim.kind != "course":
        return
    automatic = known(facts.programme).automatic
    exam = automatic.exam if automatic else None
    for result in claim.results:
        if result.grade not in COMPLETED:
            yield Complaint(
                result.unit, f"`{result.grade}` is not complete", "complete the module first", "learner"
            )
        elif result.unit == exam and result.grade != PASSED_EXAM:
            yield Complaint(result.unit, "the final exam is not passed", "pass it first", "learner")


@control(
    "CLAIM-ATTENDANCE",
    ("programme",),
    AtLeast,
    owner="programme_leader",
    remedy="Correct the register of attendance, or take the claim back.",
)
def attendance(claim: Claim, facts: ClaimFacts, given: AtLeast) -> Iterator[Complaint]:
    """Enough sessions were attended."""
    if given.at_least is None:
        return
    found = known(facts.attendance)
    if not found.reaches(given.at_least):
        what = f"{found.attended} of {found.sessions} sessions attended, fewer than {given.at_least} in 100"
        yield Complaint("learner_ref", what, "correct the register of attendance, or take it back")


CONTROLS: tuple[Control[Any], ...] = (verified, action, four_eyes, complete, attendance)
