"""Controls on the claim itself: programme, centre, dates, window, label, accreditation, end date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from generator.model.claim import Claim
from generator.model.quality_records import Finding
from generator.model.value import Count, Day, later
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known
from generator.rules.controls.registration import ends_on, events
from generator.sheets.codes import CLAIM_DATES
from generator.terms import CLAIM, REGISTRATION

_EARLIEST = "1950-01-01"


class Window(Parameters):
    """`early_days` before the registration's end and `late_days` after completion; null: open."""

    early_days: Count | None = None
    late_days: Count | None = None


class Accredited(Parameters):
    """`on`: on which day the accreditation must be current."""

    on: Literal["completion", "today", "both"] = "both"


@control(
    "CLAIM-PROGRAMME",
    ("programme",),
    Parameters,
    always=True,
    owner="quality_nominee",
    remedy="Add the version or its label to the catalogue, or correct the claim.",
)
def programme(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The programme's version is in the catalogue and gives this kind of certificate."""
    entry = known(facts.programme)
    if entry.label(claim.kind) is None:
        what = f"{claim.programme} gives no certificate of the kind `{claim.kind}`"
        yield Complaint("kind", what, f"name its label in the catalogue, or correct the {CLAIM}")


@control(
    "CLAIM-CENTRE",
    ("centre",),
    Parameters,
    always=True,
    owner="quality_nominee",
    remedy="Add the centre to certificates/centres/, or correct the claim.",
)
def centre(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The centre is known."""
    del claim
    known(facts.centre)
    yield from ()


@control(
    "CENTRE-APPROVED",
    ("centre_approvals",),
    Parameters,
    owner="quality_nominee",
    remedy="Record the centre's approval, or ask the awarding organisation for it.",
)
def centre_approved(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The centre's approval for the programme covered the day of completion."""
    listed = known(facts.centre_approvals)
    if not any(item.live(claim.programme, claim.completed_on) for item in listed):
        what = f"{claim.centre} had no approval for {claim.programme} on {claim.completed_on}"
        yield Complaint("centre", what, "record the approval, or ask the awarding organisation")


@control(CLAIM_DATES, (), Parameters)
def dates(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """No date lies in the future or before 1950."""
    dated = [("completed_on", claim.completed_on)]
    dated += [(f"{item.unit} verified on", item.verified_on) for item in claim.results if item.verified_on]
    for field, day in dated:
        if day > facts.today:
            what = f"{day} is after today, {facts.today}"
            yield Complaint(field, what, "correct the date, or wait for that day")
        elif day < _EARLIEST:
            yield Complaint(field, f"{day} is before 1950", "correct the date")


@control("CLAIM-WINDOW", (), Window, owner="quality_nominee", remedy="Report the early or late claim.")
def window(claim: Claim, facts: ClaimFacts, given: Window) -> Iterator[Complaint]:
    """Not claimed long before the registration's end, nor long after completion."""
    end = None if given.early_days is None else ends_on(events(claim, facts))
    for finding, what in untimely(claim, facts.today, end, given):
        yield Complaint("completed_on", what, f"report the {finding} {CLAIM}")
    if given.early_days is not None and end is None:
        yield Complaint(
            "completed_on", f"the end of the {REGISTRATION} is not recorded", "complete it", "exams_officer"
        )


def untimely(claim: Claim, today: Day, end: Day | None, given: Window) -> Iterator[tuple[Finding, str]]:
    """Whether a claim made today is late or early; `end` is that of the registration, where it is known."""
    if given.late_days is not None and today > later(claim.completed_on, days=given.late_days):
        yield "late", f"late: completed on {claim.completed_on}, more than {given.late_days} days ago"
    if given.early_days is not None and end and claim.completed_on < later(end, days=-given.early_days):
        yield "early", f"early: completed on {claim.completed_on}, planned for {end}"


@control(
    "CLAIM-LAST-DAY",
    ("programme",),
    Parameters,
    owner="quality_nominee",
    remedy="With permission, extend the last day for this learner in the catalogue (`extensions`).",
)
def last_day(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The programme still takes claims."""
    last = known(facts.programme).claimable_until(claim.learner_ref)
    if last and facts.today > last:
        what = f"{claim.programme} could be claimed until {last}"
        fix = "with permission, extend it for this learner in the catalogue (`extensions`)"
        yield Complaint("programme", what, fix)


@control(
    "CLAIM-LABEL",
    ("programme",),
    Parameters,
    always=True,
    owner="quality_nominee",
    remedy="Label it Statement of Results or Unit Transcript in the catalogue.",
)
def label(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A centre certifies nothing that an awarding organisation awards: it states results."""
    entry = known(facts.programme)
    printed = (entry.label(claim.kind) or "").casefold()
    foreign = entry.awarded_by not in (None, facts.organisation.name)
    if foreign and facts.organisation.kind == "centre" and "certificate" in printed:
        what = f"`{entry.label(claim.kind)}` of a qualification that {entry.awarded_by} awards"
        yield Complaint("kind", what, "label it Statement of Results or Unit Transcript")


@control(
    "CLAIM-ACCREDITED",
    ("programme",),
    Accredited,
    owner="quality_nominee",
    remedy="Renew the accreditation, or use the plain label.",
)
def accredited(claim: Claim, facts: ClaimFacts, given: Accredited) -> Iterator[Complaint]:
    """The word Accredited is printed only while the accreditation is current."""
    entry = known(facts.programme)
    if "accredited" not in (entry.label(claim.kind) or "").casefold():
        return
    days = {
        "completion": (claim.completed_on,),
        "today": (facts.today,),
        "both": (claim.completed_on, facts.today),
    }
    for day in days[given.on]:
        if entry.accreditation is None or entry.accreditation.printed(day) is None:
            what = f"`{entry.label(claim.kind)}` needs an accreditation current on {day}"
            yield Complaint("programme", what, "renew the accreditation, or use the plain label")
            return


@control(
    "CLAIM-END-DATE",
    ("programme",),
    Parameters,
    owner="quality_nominee",
    remedy="Correct `validity` in the catalogue.",
)
def end_date(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A certificate does not end before it begins."""
    end = known(facts.programme).validity.end(facts.today)
    if end is not None and end < facts.today:
        what = f"the certificate would end on {end}, before it is issued"
        yield Complaint("programme", what, "correct `validity` in the catalogue")


CONTROLS: tuple[Control[Any], ...] = (
    programme,
    centre,
    centre_approved,
    dates,
    window,
    last_day,
    label,
    accredited,
    end_date,
)
