"""Early and late: registrations and claims drafted as reports, and a sheet of another year.

A draft says what was found and when; whom to tell, and what came of it, people add (docs/policies.md).
Its reference follows from what it is about, so that the same thing is reported once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from generator.errors import Place, Problem
from generator.formats import strict_json
from generator.model.catalogue import Programme
from generator.model.claim import Claim
from generator.model.quality_records import CERTPORTAL, Finding, Irregularity
from generator.model.registration import RegistrationEvent
from generator.model.value import Day, later
from generator.rules.controls.claims import Window, untimely
from generator.rules.controls.facts import ClaimFacts, Missing
from generator.rules.controls.registration import Deadline, ends_on, events, lateness
from generator.rules.policy import PolicyInForce
from generator.sheets.codes import SHEET_YEAR

_DIGITS = 12
_HALF_A_YEAR_DAYS = 183


def reports_of_claim(claim: Claim, facts: ClaimFacts, policy: PolicyInForce) -> Iterator[Irregularity]:
    """Reports of a claim that is made today, by the controls that are switched on."""
    if isinstance(facts.programme, Missing) or isinstance(facts.centre, Missing):
        return
    found: dict[Finding, None] = {}
    window = policy.parameters("CLAIM-WINDOW")
    if isinstance(window, Window) and claim.kind in window.kinds:
        listed = () if isinstance(facts.registration, Missing) else events(claim, facts)
        found |= dict.fromkeys(
            finding for finding, _ in untimely(claim, facts.today, ends_on(listed), window)
        )
    last_day = policy.parameters("CLAIM-LAST-DAY")
    last = facts.programme.claimable_until(claim.learner_ref)
    if last_day and claim.kind in last_day.kinds and last and facts.today > last:
        found["late"] = None
    for finding in found:
        yield _draft(claim, "claim", finding, facts.today, ["claim", *claim.identity()])


def reports_of_registration(
    event: RegistrationEvent, programme: Programme, policy: PolicyInForce, today: Day
) -> Iterator[Irregularity]:
    """The report of a registration that came late, by the control on deadlines."""
    given = policy.parameters("REGISTRATION-DEADLINE")
    if not isinstance(given, Deadline) or event.event != "registered":
        return
    asked = any(programme.label(kind) is not None for kind in given.kinds)
    if asked and any(lateness(event, programme.last_registration, given)):
        yield _draft(event, "registration", "late", today, ["registration", *event.key()])


def _draft(
    about: Claim | RegistrationEvent, what: str, finding: Finding, today: Day, identity: list[str]
) -> Irregularity:
    digest = hashlib.sha256(strict_json.encode(identity)).hexdigest()[:_DIGITS]
    return Irregularity.of(
        {
            "centre": about.centre,
            "report": f"{finding}-{what}-{digest}",
            "about": what,
            "finding": finding,
            "programme": about.programme,
            "learner_ref": about.learner_ref,
            "found_on": today,
            "found_by": CERTPORTAL,
        }
    )


def other_year(
    claim: Claim, planned: str, events: Iterable[RegistrationEvent], place: Place
) -> Iterator[Problem]:
    """The problem of a claim completed nearer to another year's end than to its learner's own.

    `planned` is what the registration sheet says, empty where it says nothing; `events` are those of the
    claim's programme, of which an extension counts.
    """
    ends = [Day(day) for day in (planned, ends_on(tuple(events))) if day]
    if not ends:
        return
    first, last = later(min(ends), days=-_HALF_A_YEAR_DAYS), later(max(ends), days=_HALF_A_YEAR_DAYS)
    if not first <= claim.completed_on <= last:
        what = f"{claim.completed_on} is nearer to another year than to {max(ends)}, the planned completion"
        fix = (
            "check that it is this year's sheet; for a late learner record the extension, or write"
            " `completed_from` and `completed_until` in sources.yaml"
        )
        yield SHEET_YEAR.at(place.within("completed_on"), what, fix)
