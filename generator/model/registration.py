"""Learners, and every event of a registration with its sign-offs (docs/layouts.md)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.model import uln
from generator.model.office_record import OfLearner, OfProgramme, SignOff
from generator.model.personal import Personal
from generator.model.value import (
    Code,
    Day,
    Distinct,
    Field,
    Handle,
    PersonName,
    Text,
    model_validator,
    written,
)

Consent = Literal["certification", "public_profile", "sponsor", "guardian"]
EventName = Literal[
    "registered",
    "identity_seen",
    "confirmed",
    "told",
    "name_confirmed",
    "details_changed",
    "transferred",
    "withdrawn",
    "break_started",
    "break_ended",
    "extended",
    "resized",
]
RegistrationState = Literal["active", "on_break", "withdrawn", "transferred", "resized"]
_ENDS: dict[EventName, RegistrationState] = {
    "registered": "active",
    "break_started": "on_break",
    "break_ended": "active",
    "withdrawn": "withdrawn",
    "transferred": "transferred",
    "resized": "resized",
}
_ULN = r"^[1-9][0-9]{9}$"


class LearnerRecord(OfLearner):
    """A learner: the name as the certificate prints it, and how to reach them."""

    KIND: ClassVar[str] = "learners"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "learner_ref")

    name: Annotated[PersonName, Personal()]
    uln: Annotated[str, written(_ULN, "a unique learner number: ten digits"), Personal()] | None = None
    born_on: Annotated[Day, Personal(common=True)] | None = None
    minor: Annotated[bool, Personal(common=True)] = False
    email: Annotated[Text, Personal()] | None = None
    telephone: Annotated[Text, Personal()] | None = None
    contact_checked_on: Annotated[Day, Personal(common=True)] | None = None
    consents: Annotated[tuple[Consent, ...], Distinct, Personal(common=True)] = ()

    @model_validator(mode="after")
    def _number(self) -> LearnerRecord:
        fault = uln.fault(self.uln) if self.uln else ""
        if fault:
            raise ValueError(f"the uln {fault}; ask the learner, it is never guessed")
        return self


class RegistrationEvent(OfProgramme):
    """One event in the life of a registration. `on` is when it happened, `by` who did it.

    identity_seen says in `detail` what kind of document, never its number; details_changed,
    name_confirmed and transferred say what; `evidence` names the document that was seen.
    """

    KIND: ClassVar[str] = "registrations"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "learner_ref", "programme", "version", "event", "on")

    event: EventName
    on: Annotated[Day, Personal(common=True)] | None = None
    by: Annotated[Handle, Personal("staff")] | None = None
    signed_off: Annotated[tuple[SignOff, ...], Field(max_length=8)] = ()
    starts_on: Annotated[Day, Personal(common=True)] | None = None
    ends_on: Annotated[Day, Personal(common=True)] | None = None
    evidence: Annotated[Text, Personal(common=True)] | None = None
    detail: Annotated[Text, Personal(common=True)] | None = None
    to_programme: Code | None = None
    to_version: Code | None = None
    to_centre: Code | None = None

    @model_validator(mode="after")
    def _whole(self) -> RegistrationEvent:
        if self.event == "resized" and not (self.to_programme and self.to_version):
            raise ValueError("a move to another size names to_programme and to_version")
        if self.event == "extended" and not self.ends_on:
            raise ValueError("an extension names ends_on, the new end")
        if self.event == "identity_seen" and any(char.isdigit() for char in self.detail or ""):
            raise ValueError("say what kind of document was seen, never its number")
        return self

    def roles(self) -> set[str]:
        """The roles that signed it off."""
        return {item.role for item in self.signed_off}


def registration_state(events: tuple[RegistrationEvent, ...]) -> RegistrationState | None:
    """Where a registration is after its events, in the order of their days; None: never registered."""
    now: RegistrationState | None = None
    for event in sorted(events, key=lambda item: item.on or ""):
        if event.event in _ENDS and (now is not None or event.event == "registered"):
            now = _ENDS[event.event]
    return now
