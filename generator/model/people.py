"""People of the office, the roles they hold from when to when, and the roster (SPEC, Roster)."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model.keyring import PublicKey
from generator.model.value import (
    Code,
    Day,
    Digest,
    Field,
    Handle,
    Instant,
    KeyId,
    PersonName,
    Text,
    Value,
    model_validator,
)

RoleName = Literal[
    "lead_internal_verifier",
    "internal_verifier",
    "quality_nominee",
    "exams_officer",
    "standards_verifier",
    "senior_manager",
    "programme_leader",
    "registrar",
    "assessor",
    "quality_reviewer",
    "responsible_officer",
]


class RoleHeld(Value):
    """A role of a person; open-ended without `until`. `scope` limits it to programme codes.

    `centres` limits it to the claims of these centres; such a role decides nothing of the whole office.

    `areas` are the subject areas in which a lead internal verifier is accredited; `replaced_by`
    names who carries them on, once the holder has left, until the year's end. `deputy_for` makes
    it a delegation for an absence, which always ends.
    """

    role: RoleName
    start: Day
    until: Day | None = None
    scope: tuple[Text, ...] | None = None
    areas: tuple[Text, ...] | None = None
    deputy_for: Handle | None = None
    replaced_by: Handle | None = None
    centres: tuple[Code, ...] | None = None

    @model_validator(mode="after")
    def _ends(self) -> RoleHeld:
        if self.deputy_for and self.until is None:
            raise ValueError("a delegation names the day on which it ends")
        if self.replaced_by and self.until is None:
            raise ValueError("a replacement is named for somebody whose role has an end")
        return self

    def on(self, day: Day) -> bool:
        """Whether it is held on this day at all."""
        return self.start <= day and (self.until is None or day <= self.until)

    def live(self, day: Day, programme: str, centre: str) -> bool:
        """Whether it is held on this day for this programme and this centre."""
        there = self.centres is None or centre in self.centres
        return self.on(day) and there and (self.scope is None or programme in self.scope)

    def of_office(self, day: Day) -> bool:
        """Whether it is held on this day for whatever concerns the whole office: it names no centre."""
        return self.on(day) and self.centres is None


class PeopleRow(Value):
    """One role of one person, as the layout `people` has it."""

    person: Handle
    name: PersonName
    role: RoleName
    start: Day
    until: Day | None = None
    scope: tuple[Text, ...] | None = None
    areas: tuple[Text, ...] | None = None
    deputy_for: Handle | None = None
    replaced_by: Handle | None = None
    centres: tuple[Code, ...] | None = None


class PersonKey(Value):
    """A person's public key; `until` once it is retired or revoked."""

    id: KeyId
    public: PublicKey
    start: Instant
    until: Instant | None = None


class Person(Value):
    """A member of staff. `person` is the handle that approvals name."""

    person: Handle
    name: PersonName
    roles: tuple[RoleHeld, ...]
    keys: tuple[PersonKey, ...]

    def holds(self, role: str, day: Day, programme: str, centre: str) -> bool:
        """Whether the person may act in this role on this day for this programme and this centre."""
        return any(held.role == role and held.live(day, programme, centre) for held in self.roles)


class Roster(Value):
    """Everybody who may approve; never published. Signed by the root, or by two who hold office.

    `previous` is the digest of the roster before, which a roster signed by office holders must name.
    """

    v: Literal[1] = 1
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    issuer_id: Digest
    previous: Digest | None = None
    created_at: Instant
    people: tuple[Person, ...]

    @model_validator(mode="after")
    def _distinct(self) -> Roster:
        handles = [person.person for person in self.people]
        keys = [key.public for person in self.people for key in person.keys]
        if len(set(handles)) != len(handles):
            raise ValueError("a person is listed twice")
        if len(set(keys)) != len(keys):
            raise ValueError("a key belongs to two people or is listed twice")
        return self

    def in_role(self, role: str, day: Day) -> tuple[Person, ...]:
        """Those who hold a role on this day, whatever its scope."""
        return tuple(
            person
            for person in self.people
            if any(held.role == role and held.on(day) for held in person.roles)
        )

    def find(self, handle: str) -> Person | None:
        """The person of this handle."""
        return next((person for person in self.people if person.person == handle), None)
