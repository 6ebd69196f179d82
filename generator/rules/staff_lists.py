"""A staff list compared with the roster: who is unknown, whose role differs (docs/import.md).

The roster is signed, so a list changes nothing: what it has beyond the roster is given as rows of the
layout `people`, for those who may sign them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from generator.model.people import Person, RoleHeld, RoleName, Roster
from generator.rules.name_matching import folded
from generator.sheets.office_sheets import StaffRow

# Other words for roles; one that is not plainly a role here is a fault, never a guess.
_SHORT: Mapping[str, RoleName] = {
    "lead iv": "lead_internal_verifier",
    "liv": "lead_internal_verifier",
    "lead iqa": "lead_internal_verifier",
    "iv": "internal_verifier",
    "iqa": "internal_verifier",
    "internal quality assurer": "internal_verifier",
    "qn": "quality_nominee",
    "examinations officer": "exams_officer",
    "exam officer": "exams_officer",
    "eo": "exams_officer",
    "sv": "standards_verifier",
    "course leader": "programme_leader",
    "programme manager": "programme_leader",
}
_ROLES: Mapping[str, RoleName] = {
    **{name.replace("_", " "): name for name in get_args(RoleName)},
    **_SHORT,
}
ROLES = tuple(name.replace("_", " ") for name in get_args(RoleName))


@dataclass(frozen=True, slots=True)
class Difference:
    """What one row of the list has otherwise than the roster. `row`: as the layout `people`, to be added."""

    person: str
    what: str
    row: Mapping[str, str] | None = None


def role(text: str) -> RoleName | None:
    """The role that a list means, or None."""
    return _ROLES.get(folded(text))


def compare(row: StaffRow, meant: RoleName, roster: Roster, today: str) -> Iterator[Difference]:
    """How one row differs from the roster. Nothing is given to add that ended before today."""
    known = roster.find(row.person)
    said = meant.replace("_", " ")
    over = row.until is not None and row.until < today
    if known is None:
        if not over:
            yield Difference(row.person, f"{row.name} is not on the roster ({said})", _added(row, meant))
        return
    if folded(known.name) != folded(row.name):
        yield Difference(row.person, f"is {known.name} on the roster, {row.name} in the list")
    held = [item for item in known.roles if item.role == meant]
    live = [item for item in held if item.start <= today and (item.until is None or item.until >= today)]
    ahead = [item for item in held if item.start > today]
    if over:
        if live:
            ends = f"until {live[0].until}" if live[0].until else "without an end"
            yield Difference(row.person, f"was {said} until {row.until}, and is so {ends} on the roster")
        return
    if not live and not ahead:
        ended = max((item.until for item in held if item.until), default=None)
        words = f"was {said} until {ended}" if ended else f"is not {said} on the roster"
        yield Difference(row.person, words, _added(row, meant))
        return
    yield from _details(row, (live or ahead)[0], said)


def _details(row: StaffRow, held: RoleHeld, said: str) -> Iterator[Difference]:
    if row.start and row.start != held.start:
        yield Difference(
            row.person, f"is {said} from {held.start} on the roster, from {row.start} in the list"
        )
    if row.until and row.until != held.until:
        ends = f"until {held.until}" if held.until else "without an end"
        yield Difference(row.person, f"is {said} {ends} on the roster, until {row.until} in the list")
    if row.programme and held.scope is not None and row.programme not in held.scope:
        which = ", ".join(held.scope)
        yield Difference(row.person, f"is {said} for {which} on the roster, for {row.programme} in the list")


def not_listed(listed: set[str], roster: Roster, today: str) -> list[Person]:
    """Who holds a role today and does not stand in the list."""
    return [
        person
        for person in roster.people
        if person.person not in listed
        and any(item.start <= today and (item.until is None or item.until >= today) for item in person.roles)
    ]


def _added(row: StaffRow, meant: RoleName) -> dict[str, str]:
    """A row of `people`. A day that the list does not say is left open for whoever signs it."""
    return {
        "person": row.person,
        "name": row.name,
        "role": meant,
        "start": row.start or "",
        "until": row.until or "",
        "scope": row.programme or "",
    }
