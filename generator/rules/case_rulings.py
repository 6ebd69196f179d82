"""Whether a case is decided: signed decisions compared with roles, parties and each other (SPEC, Decision).

Only this module makes a `Ruling`, and nothing after issue is done without one. A decision counts if it is
signed with a key that its person held, the person holds the role on that day, is no party, and names this
very case; the last word of a person in a role is the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from generator.errors import Malformed, Place, Problem
from generator.formats import decision, envelope
from generator.model.case import OUTCOMES, REASONS, Case, CaseKind, Decision, Outcome
from generator.model.people import Person, Roster
from generator.model.portal import AfterIssue
from generator.model.value import Digest, Instant
from generator.rules.codes import (
    DECISION_AGREE,
    DECISION_APPEAL,
    DECISION_CASE,
    DECISION_FOUR_EYES,
    DECISION_MISSING,
    DECISION_OUTCOME,
    DECISION_PARTY,
    DECISION_REASON,
    DECISION_ROLE,
    DECISION_SIGNATURE,
)
from generator.terms import spoken

_MADE_HERE: Final = object()
# A suspension is decided by one person in any of its roles; everything else by one in each.
ONE_IS_ENOUGH: frozenset[CaseKind] = frozenset({"suspension"})


@dataclass(frozen=True, slots=True)
class ReceivedDecision:
    """A decision as the register received it."""

    at: Instant
    data: bytes


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who may decide: the roster, the roles asked for, and who is barred beside the parties."""

    issuer_id: Digest
    roster: Roster
    roles: tuple[str, ...]
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided, and by whom, in a case."""

    case_id: str
    outcome: Outcome
    reason_code: int
    until: str | None
    people: tuple[str, ...]
    _proof: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._proof is not _MADE_HERE:
            raise TypeError("only rules.deciding decides cases")


def roles_for(kind: CaseKind, policy: AfterIssue) -> tuple[str, ...]:
    """The roles that the policy names for a kind of case."""
    return {
        "revocation": policy.revoke,
        "suspension": policy.suspend,
        "appeal": policy.reinstate,
        "reissue": policy.replace,
        "erasure": policy.erase,
    }[kind]


def open_decision(received: ReceivedDecision, roster: Roster) -> Decision:
    """The decision, verified as by the person it names. Raises `Malformed`."""
    outer = decision.split(received.data)
    for person in roster.people:
        try:
            envelope.verified(outer, _keys(person, received.at))
        except Malformed:
            continue
        opened = decision.decode(outer)
        if opened.person != person.person:
            raise Malformed(f"signed with a key of {person.person}, but in the name of {opened.person}")
        return opened
    raise Malformed("signed by nobody on the roster")


def faults(opened: Decision, case: Case, deciders: Deciders, salt: bytes) -> list[Problem]:
    """Why a decision cannot count in a case; nothing if it can."""
    where = f"case {case.case_id}"
    found = []
    content = decision.commitment(salt, decision.encode_case(case))
    if (opened.issuer_id, opened.case_id, opened.case_sha256) != (deciders.issuer_id, case.case_id, content):
        what = f"{opened.person} signed for another case, or for this one before it was changed"
        found.append(DECISION_CASE.at(Place(subject=where), what, "decide on the case as it is"))
    if opened.outcome not in OUTCOMES[case.kind]:
        what = f"`{opened.outcome}` cannot come of a case of {case.kind}"
        found.append(
            DECISION_OUTCOME.at(Place(subject=where), what, f"one of: {', '.join(OUTCOMES[case.kind])}")
        )
    elif opened.reason_code not in REASONS[opened.outcome]:
        codes = ", ".join(map(str, REASONS[opened.outcome]))
        what = f"the reason code {opened.reason_code} does not go with `{opened.outcome}`"
        found.append(DECISION_REASON.at(Place(subject=where), what, f"one of: {codes}"))
    if opened.person in case.parties:
        what = f"{opened.person} is a party in this case"
        found.append(DECISION_PARTY.at(Place(subject=where), what, "somebody who is no party must decide"))
    if opened.person in deciders.barred:
        what = f"{opened.person} decided the case that is appealed"
        found.append(DECISION_APPEAL.at(Place(subject=where), what, "somebody else must decide an appeal"))
    person = deciders.roster.find(opened.person)
    if opened.role not in deciders.roles or person is None or not _held(person, opened):
        what = f"{opened.person} cannot decide this as {spoken(opened.role)}"
        roles = ", ".join(spoken(role) for role in deciders.roles)
        found.append(DECISION_ROLE.at(Place(subject=where), what, f"the policy names: {roles}"))
    return found


def ruling_from(
    case: Case, salt: bytes, received: Iterable[ReceivedDecision], deciders: Deciders
) -> Ruling | list[Problem]:
    """The ruling in a case, or what is missing for it."""
    where = f"case {case.case_id}"
    problems: list[Problem] = []
    given: dict[str, Decision] = {}
    for item in received:
        try:
            opened = open_decision(item, deciders.roster)
        except Malformed as error:
            what = f"a decision is not genuine: {error}"
            problems.append(DECISION_SIGNATURE.at(Place(subject=where), what, "decide again"))
            continue
        wrong = faults(opened, case, deciders, salt)
        problems += wrong
        if not wrong:
            given[opened.role] = opened
    if not _enough(case.kind, deciders.roles, given):
        return problems or [_missing(case, deciders, given)]
    first = next(iter(given.values()))
    if any(item.ruling() != first.ruling() for item in given.values()):
        said = ", ".join(f"{item.person}: {item.outcome} ({item.reason_code})" for item in given.values())
        what = f"they do not agree: {said}"
        return [DECISION_AGREE.at(Place(subject=where), what, "settle it, and let one of them decide again")]
    people = tuple(sorted(item.person for item in given.values()))
    return Ruling(case.case_id, *first.ruling(), people, _MADE_HERE)


def _enough(kind: CaseKind, roles: tuple[str, ...], given: dict[str, Decision]) -> bool:
    if kind in ONE_IS_ENOUGH:
        return bool(given)
    people = [given[role].person for role in roles if role in given]
    return len(people) == len(roles) and len(set(people)) == len(people)


def _missing(case: Case, deciders: Deciders, given: dict[str, Decision]) -> Problem:
    where = f"case {case.case_id}"
    waits = [spoken(role) for role in deciders.roles if role not in given]
    if not waits:
        what = "the same person decided in two roles"
        return DECISION_FOUR_EYES.at(Place(subject=where), what, "another person must decide in one of them")
    what = f"waits for the decision of {' and '.join(waits)}"
    return DECISION_MISSING.at(
        Place(subject=where), what, f"`certportal case decide {case.case_id}` as that person"
    )


def _keys(person: Person, at: Instant) -> list[bytes]:
    return [
        bytes.fromhex(key.public)
        for key in person.keys
        if key.start <= at and (key.until is None or at < key.until)
    ]


def _held(person: Person, opened: Decision) -> bool:
    return any(held.role == opened.role and held.of_office(opened.decided_on) for held in person.roles)
