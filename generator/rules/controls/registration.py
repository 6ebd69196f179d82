"""Controls on registrations: the right programme, in time, seen, confirmed, told, signed off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model.claim import Claim
from generator.model.office_record import is_about
from generator.model.people import RoleName
from generator.model.registration import RegistrationEvent, registration_state
from generator.model.value import Count, Day, later
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known
from generator.terms import CLAIM, REGISTRATION, spoken

# Who must have signed an event, each by another person, and whether a document must have been seen.
SIGN_OFFS: dict[str, tuple[tuple[RoleName, ...], bool]] = {
    "withdrawn": (("quality_nominee", "exams_officer"), False),
    "details_changed": (("exams_officer",), True),
    "name_confirmed": (("exams_officer",), True),
    "transferred": (("exams_officer",), False),
    "extended": (("exams_officer",), False),
    "resized": (("exams_officer",), False),
    "break_started": (("exams_officer",), False),
    "break_ended": (("exams_officer",), False),
    "confirmed": (("lead_internal_verifier",), False),
}


class Deadline(Parameters):
    """`days`: how long after the start of the programme a learner may be registered; null: open."""

    days: Count | None = 30


def events(claim: Claim, facts: ClaimFacts) -> tuple[RegistrationEvent, ...]:
    """The events of the claim's programme and version."""
    listed = known(facts.registration)
    return tuple(item for item in listed if is_about(item, claim.programme, claim.version))


def ends_on(listed: tuple[RegistrationEvent, ...]) -> Day | None:
    """The last planned end: of the registration, or of its latest extension."""
    days = [item.ends_on for item in listed if item.event in ("registered", "extended") and item.ends_on]
    return max(days, default=None)


@control(
    "REGISTRATION-KNOWN",
    ("registration",),
    Parameters,
    owner="exams_officer",
    remedy="Register the learner, or correct reference or programme.",
)
def known_registration(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The learner is registered for this very programme and version (so for this size)."""
    listed = known(facts.registration)
    if any(item.event == "registered" for item in events(claim, facts)):
        return
    moved = [item for item in listed if item.event == "resized" and item.to_programme == claim.programme]
    if any(item.to_version == claim.version for item in moved):
        return
    elsewhere = sorted({f"{item.programme} {item.version}" for item in listed if item.event == "registered"})
    if elsewhere:
        what = f"{claim.learner_ref} is registered for {', '.join(elsewhere)}, not {claim.programme}"
    else:
        what = f"{claim.learner_ref} is not registered at {claim.centre}"
    yield Complaint("learner_ref", what, "register the learner, or correct reference or programme")


@control(
    "REGISTRATION-ACTIVE",
    ("registration",),
    Parameters,
    owner="exams_officer",
    remedy="Record how the registration went on, or take the claim back.",
)
def active(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A registration that was withdrawn, transferred, resized or is on a break gives no certificate."""
    now = registration_state(events(claim, facts))
    if now in (None, "active"):
        return
    fix = f"record how it went on, or take the {CLAIM} back"
    yield Complaint("registration", f"the {REGISTRATION} is {str(now).replace('_', ' ')}", fix)


@control(
    "REGISTRATION-DEADLINE",
    ("registration", "programme"),
    Deadline,
    owner="exams_officer",
    remedy="Report the late registration, or complete its record.",
)
def deadline(claim: Claim, facts: ClaimFacts, given: Deadline) -> Iterator[Complaint]:
    """Registered within the time after the start, and before the programme's last registration."""
    last = known(facts.programme).last_registration
    for item in events(claim, facts):
        if item.event != "registered":
            continue
        if item.on is None and (last or given.days is not None):
            yield Complaint("registration", f"the day of {REGISTRATION} is not recorded", "complete it")
            continue
        for what, fix in lateness(item, last, given):
            yield Complaint("registration", what, fix, "quality_nominee")
        if given.days is not None and item.on and item.starts_on is None:
            yield Complaint("registration", "the start of the programme is not recorded", "complete it")


def lateness(event: RegistrationEvent, last: str | None, given: Deadline) -> Iterator[tuple[str, str]]:
    """In which ways a registration came late, each with what to do; `last`: the programme's last day."""
    if event.on is None:
        return
    if last and event.on > last:
        what = f"registered on {event.on}; {event.programme} took {REGISTRATION}s until {last}"
        yield what, "report it, and ask the awarding organisation"
    if given.days is not None and event.starts_on and event.on > later(event.starts_on, days=given.days):
        what = f"registered on {event.on}, later than {given.days} days after {event.starts_on}"
        yield what, f"report the late {REGISTRATION}"


@control(
    "REGISTRATION-PERIOD",
    ("registration",),
    Parameters,
    owner="exams_officer",
    remedy="Record the extension, or correct the date.",
)
def period(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Completed while registered: not before the start, not after the planned or extended end."""
    listed = events(claim, facts)
    starts = [item.starts_on for item in listed if item.event == "registered" and item.starts_on]
    end = ends_on(listed)
    if not starts or end is None:
        yield Complaint("registration", f"start and end of the {REGISTRATION} are not recorded", "add them")
        return
    if claim.completed_on < min(starts):
        what = f"{claim.completed_on} is before the programme began, {min(starts)}"
        yield Complaint("completed_on", what, "correct the date")
    if claim.completed_on > end:
        what = f"{claim.completed_on} is after the {REGISTRATION} ended, {end}"
        yield Complaint("completed_on", what, "record the extension, or correct the date")


@control(
    "REGISTRATION-IDENTITY",
    ("registration",),
    Parameters,
    owner="exams_officer",
    remedy="See the document and record it.",
)
def identity(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Somebody saw a document of identity: its kind, by whom, when."""
    seen = [item for item in known(facts.registration) if item.event == "identity_seen"]
    if not any(item.detail and item.by and item.on and item.on <= facts.today for item in seen):
        what = "no record that an identity document was seen (kind, by whom, when)"
        yield Complaint("learner_ref", what, "see the document and record it")


@control(
    "REGISTRATION-CONFIRMED",
    ("registration",),
    Parameters,
    owner="lead_internal_verifier",
    remedy="Confirm the list with `certportal pending --confirm`.",
)
def confirmed(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The list that names the learner was confirmed by the lead internal verifier."""
    found = [item for item in events(claim, facts) if item.event == "confirmed"]
    if not any("lead_internal_verifier" in item.roles() and item.on for item in found):
        what = f"the lead internal verifier has not confirmed this {REGISTRATION}"
        yield Complaint("registration", what, "confirm the list (`certportal pending --confirm`)")


@control(
    "REGISTRATION-TOLD",
    ("registration",),
    Parameters,
    owner="exams_officer",
    remedy="Send the message and record it.",
)
def told(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The learner was told of the registration."""
    if not any(item.event == "told" and item.on for item in events(claim, facts)):
        what = f"no record that the learner was told of the {REGISTRATION}"
        yield Complaint("registration", what, "send the message and record it")


@control(
    "REGISTRATION-SIGNED-OFF",
    ("registration",),
    Parameters,
    owner="exams_officer",
    remedy="Have the event signed off by those who must, and name the evidence seen.",
)
def signed_off(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Every event carries its sign-offs by distinct people, none from the future, and its evidence."""
    for item in events(claim, facts):
        roles, document = SIGN_OFFS.get(item.event, ((), False))
        said = item.event.replace("_", " ")
        for role in roles:
            if role not in item.roles():
                what = f"`{said}` is not signed off by the {spoken(role)}"
                yield Complaint("registration", what, "sign it off", role)
        people = {sign.role: sign.person for sign in item.signed_off if sign.role in roles}
        if len(set(people.values())) != len(people):
            fix = "have another person sign it off"
            yield Complaint("registration", f"`{said}` was signed off twice by one person", fix, roles[-1])
        if any(sign.on > facts.today for sign in item.signed_off):
            fix = "correct the date"
            yield Complaint("registration", f"`{said}` is signed off on a day to come", fix)
        if document and not item.evidence:
            yield Complaint("registration", f"`{said}` names no document", "name the evidence seen")


CONTROLS: tuple[Control[Any], ...] = (
    known_registration,
    active,
    deadline,
    period,
    identity,
    confirmed,
    told,
    signed_off,
)
