"""Controls on registrations: the right programme, in time, seen, confirmed, told, signed off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model.claim import Claim
from generator.model.office_record import is_about
from generator.model.registration import RegistrationEvent, standing
from generator.model.value import Count, later
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known

# Who must have signed an event, each by another person, and whether a document must have been seen.
SIGN_OFFS: dict[str, tuple[tuple[str, ...], bool]] = {
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


def ends_on(listed: tuple[RegistrationEvent, ...]) -> str | None:
    """The last planned end: of the registration, or of its latest extension."""
    days = [item.ends_on for item in listed if item.event in ("registered", "extended") and item.ends_on]
    return max(days, default=None)


@control("REGISTRATION-KNOWN", ("registration",), Parameters)
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
    yield "learner_ref", what, "exams officer: register the learner, or correct reference or programme"


@control("REGISTRATION-ACTIVE", ("registration",), Parameters)
def active(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A registration that was withdrawn, transferred, resized or is on a break gives no certificate."""
    now = standing(events(claim, facts))
    if now in (None, "active"):
        return
    fix = "exams officer: record how it went on, or take the claim back"
    yield "registration", f"the registration is {str(now).replace('_', ' ')}", fix


@control("REGISTRATION-DEADLINE", ("registration", "programme"), Deadline)
def deadline(claim: Claim, facts: ClaimFacts, given: Deadline) -> Iterator[Complaint]:
    """Registered within the time after the start, and before the programme's last registration."""
    last = known(facts.programme).last_registration
    for item in events(claim, facts):
        if item.event != "registered":
            continue
        if item.on is None and (last or given.days is not None):
            yield "registration", "the day of registration is not recorded", "exams officer: complete it"
            continue
        for what, fix in lateness(item, last, given):
            yield "registration", what, fix
        if given.days is not None and item.on and item.starts_on is None:
            yield "registration", "the start of the programme is not recorded", "exams officer: complete it"


def lateness(event: RegistrationEvent, last: str | None, given: Deadline) -> Iterator[tuple[str, str]]:
    """In which ways a registration came late, each with what to do; `last`: the programme's last day."""
    if event.on is None:
        return
    if last and event.on > last:
        what = f"registered on {event.on}; {event.programme} took registrations until {last}"
        yield what, "quality nominee: report it, and ask the awarding organisation"
    if given.days is not None and event.starts_on and event.on > later(event.starts_on, days=given.days):
        what = f"registered on {event.on}, later than {given.days} days after {event.starts_on}"
        yield what, "quality nominee: report the late registration"


@control("REGISTRATION-PERIOD", ("registration",), Parameters)
def period(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Completed while registered: not before the start, not after the planned or extended end."""
    listed = events(claim, facts)
    starts = [item.starts_on for item in listed if item.event == "registered" and item.starts_on]
    end = ends_on(listed)
    if not starts or end is None:
        yield "registration", "start and end of the registration are not recorded", "exams officer: add them"
        return
    if claim.completed_on < min(starts):
        what = f"{claim.completed_on} is before the programme began, {min(starts)}"
        yield "completed_on", what, "exams officer: correct the date"
    if claim.completed_on > end:
        what = f"{claim.completed_on} is after the registration ended, {end}"
        yield "completed_on", what, "exams officer: record the extension, or correct the date"


@control("REGISTRATION-IDENTITY", ("registration",), Parameters)
def identity(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Somebody saw a document of identity: its kind, by whom, when."""
    seen = [item for item in known(facts.registration) if item.event == "identity_seen"]
    if not any(item.detail and item.by and item.on and item.on <= facts.today for item in seen):
        what = "no record that an identity document was seen (kind, by whom, when)"
        yield "learner_ref", what, "exams officer: see the document and record it"


@control("REGISTRATION-CONFIRMED", ("registration",), Parameters)
def confirmed(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The list on which the learner stands was confirmed by the lead internal verifier."""
    found = [item for item in events(claim, facts) if item.event == "confirmed"]
    if not any("lead_internal_verifier" in item.roles() and item.on for item in found):
        what = "the lead internal verifier has not confirmed this registration"
        yield (
            "registration",
            what,
            "lead internal verifier: confirm the list (`certportal pending --confirm`)",
        )


@control("REGISTRATION-TOLD", ("registration",), Parameters)
def told(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The learner was told of the registration."""
    if not any(item.event == "told" and item.on for item in events(claim, facts)):
        what = "no record that the learner was told of the registration"
        yield "registration", what, "exams officer: send the message and record it"


@control("REGISTRATION-SIGNED-OFF", ("registration",), Parameters)
def signed_off(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """Every event carries its sign-offs by distinct people, none from the future, and its evidence."""
    for item in events(claim, facts):
        roles, document = SIGN_OFFS.get(item.event, ((), False))
        said = item.event.replace("_", " ")
        lacking = [role.replace("_", " ") for role in roles if role not in item.roles()]
        if lacking:
            yield "registration", f"`{said}` is not signed off", f"{' and '.join(lacking)}: sign it off"
        people = {sign.role: sign.person for sign in item.signed_off if sign.role in roles}
        if len(set(people.values())) != len(people):
            fix = f"{roles[-1].replace('_', ' ')}: have another person sign it off"
            yield "registration", f"`{said}` was signed off twice by one person", fix
        if any(sign.on > facts.today for sign in item.signed_off):
            fix = "exams officer: correct the date"
            yield "registration", f"`{said}` is signed off on a day to come", fix
        if document and not item.evidence:
            yield "registration", f"`{said}` names no document", "exams officer: name the evidence seen"


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
