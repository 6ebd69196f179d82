"""What a list of people would change on the roster, told row by row before anybody signs it.

A row is one role of one person. It takes the place of the roster's role with the same person, role
and first day; what the list does not name stays as it is, so nobody loses a role by being left out.

A staff list is compared with the roster: who is unknown, whose role differs (docs/import.md).

The roster is signed, so a list changes nothing: what it has beyond the roster is given as rows of the
layout `people`, for those who may sign them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from generator.errors import Code, Place, Problem
from generator.model.people import PeopleRow, Person, RoleHeld, RoleName, Roster
from generator.model.value import Day, Handle, Instant
from generator.rules.codes import (
    STAFF_CENTRE,
    STAFF_DATES,
    STAFF_DEPUTY,
    STAFF_PROGRAMME,
    STAFF_REVOKED,
    STAFF_ROLE,
    STAFF_SELF,
    STAFF_TWICE,
    STAFF_UNKNOWN,
)
from generator.rules.name_matching import folded
from generator.sheets.layouts import Placed
from generator.sheets.office_sheets import StaffRow
from generator.terms import CENTRE, sentence, spoken

_FIX = "correct the row; `certportal staff list` shows the roster"


@dataclass(frozen=True, slots=True)
class RosterChange:
    """One change to the roster, in words, and the row that asks for it."""

    place: Place
    person: str
    what: str


@dataclass(frozen=True, slots=True)
class ProposedRoster:
    """The people of the next roster. Those in `new` still need a key; `unnamed` roles are not in the list."""

    people: tuple[Person, ...]
    new: tuple[str, ...]
    changes: tuple[RosterChange, ...]
    same: int
    unnamed: int
    problems: tuple[Problem, ...]


def compare(
    roster: Roster,
    rows: Sequence[Placed[PeopleRow]],
    programmes: Collection[str],
    centres: Collection[str],
    now: Instant,
) -> ProposedRoster:
    """What these rows would change, and every fault by its row. `now`: the instant, for keys revoked."""
    by_person: dict[Handle, list[Placed[PeopleRow]]] = {}
    for row in rows:
        by_person.setdefault(row.record.person, []).append(row)
    listing = _Listing(roster, programmes, centres, now)
    for handle, rows in by_person.items():
        listing.person(handle, rows)
    listing.references()
    kept = {person.person: person for person in roster.people} | listing.people
    return ProposedRoster(
        tuple(kept[handle] for handle in sorted(kept)),
        tuple(handle for handle in sorted(listing.people) if roster.find(handle) is None),
        tuple(listing.changes),
        listing.same,
        sum(len(person.roles) for person in roster.people) - listing.named,
        tuple(listing.problems),
    )


class _Listing:
    """One list on its way through: what it says of each person in turn."""

    def __init__(
        self, roster: Roster, programmes: Collection[str], centres: Collection[str], now: Instant
    ) -> None:
        self.people: dict[str, Person] = {}
        self.changes: list[RosterChange] = []
        self.problems: list[Problem] = []
        self.same = self.named = 0
        self._roster, self._now = roster, now
        self._programmes, self._centres = programmes, centres
        self._changed: list[tuple[Place, str, RoleHeld]] = []  # person and role

    def person(self, handle: Handle, rows: Sequence[Placed[PeopleRow]]) -> None:
        """Compare one person's rows with what the roster has of them."""
        known = self._roster.find(handle)
        name = self._name(rows)
        roles = list(known.roles) if known else []
        if known and known.name != name:
            self.changes.append(RosterChange(rows[0].place, handle, f"is called {name}, before {known.name}"))
        for before, held, place in self._paired(roles, rows):
            if before == held:
                self.same += 1
                continue
            self._changed.append((place, handle, held))
            if before is None:
                roles.append(held)
                self.changes.append(RosterChange(place, handle, _added(held)))
                self._no_key(known, place)
            else:
                roles[roles.index(before)] = held
                self.changes.append(RosterChange(place, handle, _differs(before, held)))
        self.people[handle] = Person(
            person=handle, name=name, roles=tuple(roles), keys=known.keys if known else ()
        )

    def references(self) -> None:
        """Whom changed roles speak of, and for which programmes: known, and not the person again."""
        everybody = {person.person: person for person in self._roster.people} | self.people
        for place, handle, held in self._changed:
            for field in ("deputy_for", "replaced_by"):
                other = getattr(held, field)
                if other == handle:
                    self._fault(
                        STAFF_SELF, place.within(field), f"{handle} is named as a replacement for {handle}"
                    )
                elif other and other not in everybody:
                    self._fault(STAFF_UNKNOWN, place.within(field), f"{other} is not on the roster")
            absent = everybody.get(held.deputy_for or "")
            if absent and absent.person != handle and not any(_during(held, one) for one in absent.roles):
                what = f"{absent.person} is not {_words(held.role)} in that time"
                self._fault(STAFF_DEPUTY, place.within("deputy_for"), what)
            for code in held.scope or ():
                if code not in self._programmes:
                    self._fault(STAFF_PROGRAMME, place.within("scope"), f"{code} is not in the catalogue")
            for number in held.centres or ():
                if number not in self._centres:
                    self._fault(STAFF_CENTRE, place.within("centres"), f"the {CENTRE} {number} is not known")

    def _paired(
        self, known: Sequence[RoleHeld], rows: Sequence[Placed[PeopleRow]]
    ) -> list[tuple[RoleHeld | None, RoleHeld, Place]]:
        """Each row's role with the one it takes the place of, or None where it is a further one."""
        asked = [(held, row.place) for row in rows if (held := self._held(row)) is not None]
        left = list(known)
        pairs: list[tuple[RoleHeld | None, RoleHeld, Place]] = []
        for exact in (True, False):  # programmes and centres tell two roles of one name and day apart
            for item in list(asked):
                fits = [one for one in left if _same(one, item[0], exact)]
                if fits:
                    left.remove(fits[0])
                    asked.remove(item)
                    pairs.append((fits[0], *item))
        self.named += len(pairs)
        return pairs + [(None, *item) for item in asked]

    def _held(self, row: Placed[PeopleRow]) -> RoleHeld | None:
        fields = row.record.model_dump(exclude={"person", "name"})
        held, faults = RoleHeld.tried(fields)
        for field, what in faults:
            self._fault(STAFF_ROLE, row.place.within(field), what)
        if held and held.until and held.until < held.start:
            self._fault(STAFF_DATES, row.place.within("until"), f"{held.until} is before {held.start}")
        return held

    def _name(self, rows: Sequence[Placed[PeopleRow]]) -> str:
        first = rows[0]
        seen: dict[tuple[object, ...], Place] = {}
        for row in rows:
            record = row.record
            if record.name != first.record.name:
                what = (
                    f"{record.person} is called {record.name} here and {first.record.name} in {first.place}"
                )
                self._fault(STAFF_TWICE, row.place, what)
            key = (record.role, record.start, record.scope, record.centres)
            if key in seen:
                self._fault(STAFF_TWICE, row.place, f"says the same role as {seen[key]}")
            seen.setdefault(key, row.place)
        return first.record.name

    def _no_key(self, known: Person | None, place: Place) -> None:
        if known and not any(key.until is None or key.until > self._now for key in known.keys):
            what = f"the keys of {known.person} were revoked, so a further role could not be used"
            fix = "give the person a new handle, which gets a key of its own"
            self.problems.append(STAFF_REVOKED.at(place, what, fix))

    def _fault(self, code: Code, place: Place, what: str) -> None:
        self.problems.append(code.at(place, what, _FIX))


def _same(one: RoleHeld, other: RoleHeld, exact: bool) -> bool:
    alike = (one.role, one.start) == (other.role, other.start)
    return alike and (not exact or (one.scope, one.centres) == (other.scope, other.centres))


def _during(held: RoleHeld, other: RoleHeld) -> bool:
    """Whether two times in the same role have a day in common."""
    meet = held.start <= (other.until or held.start) and other.start <= (held.until or other.start)
    return held.role == other.role and other.deputy_for is None and meet


def _words(role: str) -> str:
    return spoken(role)


def _listed(items: Iterable[str] | None, otherwise: str) -> str:
    return ", ".join(items or ()) or otherwise


def _added(held: RoleHeld) -> str:
    said = f"becomes {_words(held.role)} from {held.start}"
    said += f" until {held.until}" if held.until else ""
    said += f", for {_listed(held.scope, '')}" if held.scope else ""
    said += f", at {_listed(held.centres, '')} only" if held.centres else ""
    said += f", areas {_listed(held.areas, '')}" if held.areas else ""
    said += f", as deputy for {held.deputy_for}" if held.deputy_for else ""
    return sentence(said + (f", replaced by {held.replaced_by}" if held.replaced_by else ""))


def _differs(before: RoleHeld, after: RoleHeld) -> str:
    """What changes in a role, in the words of the office."""
    said = []
    if before.until != after.until:
        instead = f" instead of {before.until}" if before.until else ""
        said.append(f"ends on {after.until}{instead}" if after.until else f"is open again{instead}")
    words: Mapping[str, str] = {"replaced_by": "replaced by", "deputy_for": "as deputy for"}
    for field, phrase in words.items():
        if getattr(before, field) != getattr(after, field):
            said.append(f"{phrase} {getattr(after, field) or 'nobody'}")
    if before.areas != after.areas:
        said.append(f"areas {_listed(after.areas, 'none')}, before {_listed(before.areas, 'none')}")
    if before.scope != after.scope:
        said.append(f"for {_listed(after.scope, 'all programmes')}, before {_listed(before.scope, 'all')}")
    if before.centres != after.centres:
        said.append(f"at {_listed(after.centres, 'all centres')}, before {_listed(before.centres, 'all')}")
    return sentence(f"{_words(before.role)} from {before.start}: {'; '.join(said)}")


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
    """What one row of the list has otherwise than the roster.

    `row`: as the layout `people`, to be added. `ends`: it is about the day on which a role ends.
    """

    person: str
    what: str
    row: Mapping[str, str] | None = None
    ends: bool = False


def role_listed(text: str) -> RoleName | None:
    """The role that a list means, or None."""
    return _ROLES.get(folded(text))


def compare_staff_list(row: StaffRow, meant: RoleName, roster: Roster, today: Day) -> Iterator[Difference]:
    """How one row differs from the roster. Nothing is given to add that ended before today."""
    known = roster.find(row.person)
    said = meant.replace("_", " ")
    over = row.until is not None and row.until < today
    if known is None:
        if not over:
            yield Difference(row.person, f"{row.name} is not on the roster ({said})", _row_to_add(row, meant))
        return
    if folded(known.name) != folded(row.name):
        yield Difference(row.person, f"is {known.name} on the roster, {row.name} in the list")
    held = [item for item in known.roles if item.role == meant]
    live = [item for item in held if item.on(today)]
    if not over:
        yield from _as_listed(row, held, live or [item for item in held if item.start > today], meant)
    elif live:
        ends = f"until {live[0].until}" if live[0].until else "without an end"
        what = f"was {said} until {row.until}, and is so {ends} on the roster"
        yield Difference(row.person, what, ends=True)


def _as_listed(
    row: StaffRow, held: list[RoleHeld], counting: list[RoleHeld], meant: RoleName
) -> Iterator[Difference]:
    """How a role that the list gives for today or later differs from the one held; `counting`: not ended."""
    said = meant.replace("_", " ")
    if counting:
        yield from _details(row, counting[0], said)
        return
    ended = max((item.until for item in held if item.until), default=None)
    words = f"was {said} until {ended}" if ended else f"is not {said} on the roster"
    yield Difference(row.person, words, _row_to_add(row, meant))


def _details(row: StaffRow, held: RoleHeld, said: str) -> Iterator[Difference]:
    if row.start and row.start != held.start:
        yield Difference(
            row.person, f"is {said} from {held.start} on the roster, from {row.start} in the list"
        )
    if row.until and row.until != held.until:
        ends = f"until {held.until}" if held.until else "without an end"
        what = f"is {said} {ends} on the roster, until {row.until} in the list"
        yield Difference(row.person, what, ends=True)
    if row.programme and held.scope is not None and row.programme not in held.scope:
        which = ", ".join(held.scope)
        yield Difference(row.person, f"is {said} for {which} on the roster, for {row.programme} in the list")


def not_listed(listed: set[str], roster: Roster, today: Day) -> list[Person]:
    """Who holds a role today and is not in the list."""
    return [
        person
        for person in roster.people
        if person.person not in listed and any(item.on(today) for item in person.roles)
    ]


def _row_to_add(row: StaffRow, meant: RoleName) -> dict[str, str]:
    """A row of `people`. A day that the list does not say is left open for whoever signs it."""
    return {
        "person": row.person,
        "name": row.name,
        "role": meant,
        "start": row.start or "",
        "until": row.until or "",
        "scope": row.programme or "",
    }
