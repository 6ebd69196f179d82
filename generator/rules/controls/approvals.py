"""Controls on those who sign: independent, without interest, accredited for the subject area.

They look at a set of people whose approvals would otherwise count; `approving` looks for a set about
which none of them complains. What no policy may switch off is in `approving` itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from generator.model.claim import Claim
from generator.model.people import RoleHeld
from generator.model.value import Day, Field, Handle
from generator.rules.controls.assessment import records_used
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, ProspectiveApproval, known

LEAD = "lead_internal_verifier"


class AcademicYear(Parameters):
    """`year_end`: month and day on which the year ends to which a leaver's area stays released."""

    year_end: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")] = "08-31"


def involved(claim: Claim, facts: ClaimFacts) -> set[str]:
    """Who assessed this learner, or verified a sample in which this learner was."""
    people = {result.assessor for result in claim.results} | {result.verifier for result in claim.results}
    people |= {item.assessor for item in known(facts.results)}
    for record in records_used(claim, facts):
        if claim.learner_ref in record.sampled:
            people |= {record.verifier}
    return {person for person in people if person}


@control(
    "APPROVAL-INDEPENDENT",
    ("results", "verifications", "programme"),
    Parameters,
    "approval",
    owner="quality_nominee",
    remedy="Somebody who neither assessed nor verified this learner approves as well.",
)
def independent(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """At least one signer neither assessed nor verified this learner."""
    taught = involved(claim, facts)
    signers = [item.person.person for item in facts.signers]
    if signers and all(person in taught for person in signers):
        what = f"everybody who signed assessed or verified this learner: {', '.join(sorted(signers))}"
        yield Complaint("approval", what, "have somebody sign who did neither")


@control(
    "APPROVAL-INTEREST",
    ("interests",),
    Parameters,
    "approval",
    owner="quality_nominee",
    remedy="Somebody else in the same role approves.",
)
def interest(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Nobody signs for a learner with whom they declared an interest, least of all for themselves."""
    for signing in facts.signers:
        for item in known(facts.interests):
            about = item.person == signing.person.person and item.learner_ref in (None, claim.learner_ref)
            live = item.until is None or signing.received_on <= item.until
            if about and live:
                own = (
                    "is the learner" if item.interest == "self" else f"declared an interest ({item.interest})"
                )
                yield Complaint("approval", f"{item.person} {own}", "another must sign", signing.role)


@control(
    "APPROVAL-SUBJECT-AREA",
    ("programme",),
    AcademicYear,
    "approval",
    owner="quality_nominee",
    remedy="An accredited lead internal verifier approves, or the roster names the replacement.",
)
def subject_area(claim: Claim, facts: ClaimFacts, given: AcademicYear) -> Iterator[Complaint]:
    """The lead internal verifier is accredited for the principal subject area where that is required."""
    entry = known(facts.programme)
    if entry.released_by != LEAD or entry.subject_area is None:
        return
    for signing in facts.signers:
        if signing.role == LEAD and not _released(signing, entry.subject_area, claim, facts, given):
            what = f"{signing.person.person} is not accredited for {entry.subject_area}"
            fix = "have an accredited lead internal verifier sign, or name the replacement"
            yield Complaint("approval", what, fix)


def _released(
    signing: ProspectiveApproval, area: str, claim: Claim, facts: ClaimFacts, given: AcademicYear
) -> bool:
    for day in (signing.received_on, facts.today):
        if not any(
            held.role == LEAD and held.live(day, claim.programme, claim.centre) and area in (held.areas or ())
            for held in signing.person.roles
        ) and not _carried_on(signing.person.person, area, day, facts, given):
            return False
    return True


def _carried_on(person: Handle, area: str, day: Day, facts: ClaimFacts, given: AcademicYear) -> bool:
    """One who left keeps the area released until the year's end, for the replacement who is named."""
    return any(
        held.role == LEAD
        and held.replaced_by == person
        and area in (held.areas or ())
        and held.until is not None
        and held.until < day <= year_end(held, given)
        for member in facts.staff
        for held in member.roles
    )


def year_end(held: RoleHeld, given: AcademicYear) -> str:
    """The end of the year in which a role ended."""
    until = held.until or "9999-12-31"
    same = f"{until[:4]}-{given.year_end}"
    return same if until <= same else f"{int(until[:4]) + 1:04d}-{given.year_end}"


CONTROLS: tuple[Control[Any], ...] = (independent, interest, subject_area)
