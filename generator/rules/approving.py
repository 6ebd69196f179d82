"""Which claims may be certified: approvals held against what would be printed now (SPEC, Approval).

Only this room makes an `ApprovedClaim`, and `signing` takes nothing else. An approval counts if its
signature is by a key that its person held, the person holds the role, and every digest is that of
the draft, evidence, catalogue entry and template of today; otherwise the refusal says what changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from generator.errors import Malformed, Problem
from generator.model.certificate import Draft
from generator.model.claim import Claim
from generator.model.people import Person, Roster
from generator.wire import approval, envelope
from generator.wire.approval import Approval, StandingApproval
from generator.wire.statement import draft_bytes

_MADE_HERE: Final = object()


@dataclass(frozen=True, slots=True)
class Received:
    """An approval as the register received it: when, its envelope, and the draft it was given for."""

    at: str
    data: bytes
    draft: bytes = b""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim with everything that would be printed for it now."""

    claim_id: str
    salt: str
    claim: Claim
    draft: Draft
    catalogue_sha256: str
    template: str
    template_sha256: str
    automatic: bool
    evidence_sha256: str = approval.NO_EVIDENCE
    # Who must approve, where it is not whom the office names for claims: a replacement has its own.
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovedClaim:
    """A proposal that the people whom the policy names have approved."""

    proposal: Proposal
    approvals: tuple[bytes, ...]
    _proof: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._proof is not _MADE_HERE:
            raise TypeError("only rules.approving approves claims")


@dataclass(frozen=True, slots=True)
class Office:
    """Who may approve, and which roles must have: for one claim, and for automatic issue."""

    issuer_id: str
    roster: Roster
    roles: tuple[str, ...]
    standing_roles: tuple[str, ...]
    today: str


def open_approval(received: Received, roster: Roster) -> Approval | StandingApproval:
    """The approval, verified as by the person it names. Raises `Malformed`."""
    outer = approval.split(received.data)
    for person in roster.people:
        keys = [
            bytes.fromhex(key.public)
            for key in person.keys
            if key.start <= received.at and (key.until is None or received.at < key.until)
        ]
        try:
            envelope.verified(outer, keys)
        except Malformed:
            continue
        opened = approval.decode(outer)
        if opened.person != person.person:
            raise Malformed(f"signed with a key of {person.person}, but in the name of {opened.person}")
        return opened
    raise Malformed("signed by nobody on the roster")


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing approval opened once for a whole run; `opened` is None where it is not genuine."""

    data: bytes
    opened: StandingApproval | None
    fault: str = ""


def open_standing(received: Iterable[Received], roster: Roster) -> tuple[Standing, ...]:
    """Every standing approval, verified as by the person it names, in the order of receipt."""
    found = []
    for item in received:
        try:
            opened = open_approval(item, roster)
        except Malformed as error:
            found.append(Standing(item.data, None, str(error)))
            continue
        if isinstance(opened, StandingApproval):
            found.append(Standing(item.data, opened))
    return tuple(found)


def decide(
    proposal: Proposal, received: Iterable[Received], standing: Iterable[Standing], office: Office
) -> ApprovedClaim | list[Problem]:
    """The approved claim, or why it is not: what is missing, withdrawn, or changed since."""
    where = f"claim {proposal.claim_id}"
    problems: list[Problem] = []
    given: dict[str, tuple[str, bytes]] = {}
    if proposal.automatic:
        for consent in standing:
            _standing(consent, proposal, office, given, problems, where)
        if roles_met(office.standing_roles, given):
            return _approved(proposal, office.standing_roles, given)
    for item in received:
        _single(item, proposal, office, given, problems, where)
    roles = proposal.roles or office.roles
    if roles_met(roles, given):
        return _approved(proposal, roles, given)
    return problems or [_missing(roles, given, proposal, where)]


def roles_met(roles: Iterable[str], given: Mapping[str, tuple[str, bytes]]) -> bool:
    """Whether every role approved, each by another person (APPROVAL-FOUR-EYES)."""
    people = [given[role][0] for role in roles if role in given]
    return len(people) == len(tuple(roles)) and len(set(people)) == len(people)


def _approved(
    proposal: Proposal, roles: Iterable[str], given: Mapping[str, tuple[str, bytes]]
) -> ApprovedClaim:
    return ApprovedClaim(proposal, tuple(given[role][1] for role in roles), _MADE_HERE)


def _single(
    item: Received,
    proposal: Proposal,
    office: Office,
    given: dict[str, tuple[str, bytes]],
    problems: list[Problem],
    where: str,
) -> None:
    try:
        opened = open_approval(item, office.roster)
    except Malformed as error:
        problems.append(_bad_signature(where, error))
        return
    if not isinstance(opened, Approval) or opened.claim_id != proposal.claim_id:
        problems.append(_bad_signature(where, Malformed("given for another claim")))
        return
    person = office.roster.find(opened.person)
    if opened.decision != "approve":
        given.pop(opened.role, None)
        what = f"{opened.person} ({opened.role}) decided: {opened.decision}"
        problems.append(Problem("APPROVAL-DECISION", where, what, "settle the question, then approve again"))
        return
    if not _live(person, opened.role, office.today, proposal):
        problems.append(_not_in_office(where, opened))
        return
    changed = _changed(opened, item, proposal, office)
    if changed:
        what = f"since {opened.person} approved: {changed}"
        problems.append(Problem("APPROVAL-CHANGED", where, what, "undo the change, or approve again"))
        return
    given[opened.role] = (opened.person, item.data)


def _standing(
    item: Standing,
    proposal: Proposal,
    office: Office,
    given: dict[str, tuple[str, bytes]],
    problems: list[Problem],
    where: str,
) -> None:
    opened = item.opened
    if opened is None:
        problems.append(_bad_signature(where, Malformed(item.fault)))
        return
    claim = proposal.claim
    if (opened.programme, opened.programme_version, opened.kind) != (
        claim.programme,
        claim.version,
        claim.kind,
    ):
        return
    if opened.decision == "withdraw":
        given.pop(opened.role, None)
        return
    if not _live(office.roster.find(opened.person), opened.role, office.today, proposal):
        problems.append(_not_in_office(where, opened))
        return
    same = (opened.issuer_id, opened.catalogue_sha256, opened.template_sha256) == (
        office.issuer_id,
        proposal.catalogue_sha256,
        proposal.template_sha256,
    )
    if not same:
        what = f"the catalogue entry or the template changed since {opened.person}'s standing approval"
        problems.append(Problem("APPROVAL-CHANGED", where, what, "undo the change, or approve again"))
        return
    if not opened.start <= office.today <= opened.until:
        what = f"{opened.person}'s standing approval covers {opened.start} to {opened.until}"
        problems.append(Problem("APPROVAL-STANDING", where, what, "renew the standing approval"))
        return
    given[opened.role] = (opened.person, item.data)


def _changed(opened: Approval, item: Received, proposal: Proposal, office: Office) -> str:
    """In words, what differs from what was approved; empty if nothing does."""
    found = []
    if opened.issuer_id != office.issuer_id:
        found.append("the organisation's keys (approved for another issuer)")
    if opened.salt != proposal.salt:
        found.append("the claim itself (imported anew)")
    if opened.statement_sha256 != approval.commitment(proposal.salt, proposal.draft):
        found.append(_fields(item.draft, proposal.draft) or "what will be printed")
    if opened.evidence_sha256 != proposal.evidence_sha256:
        found.append("the evidence")
    if opened.catalogue_sha256 != proposal.catalogue_sha256 and not found:
        found.append(f"the catalogue entry {proposal.claim.programme}")
    if opened.template_sha256 != proposal.template_sha256:
        found.append("the template or its wording")
    return "; ".join(found)


def _fields(before: bytes, after: Draft) -> str:
    """The printed fields that differ, as `field: old -> new`."""
    if not before:
        return ""
    old, new = _flat(json.loads(before)), _flat(json.loads(draft_bytes(after)))
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return ", ".join(f"{name}: `{old.get(name, '')}` -> `{new.get(name, '')}`" for name in names[:6])


def _flat(data: Any, path: str = "") -> dict[str, Any]:
    if isinstance(data, dict):
        items: Iterable[tuple[str, Any]] = data.items()
    elif isinstance(data, list):
        items = ((str(rank + 1), item) for rank, item in enumerate(data))
    else:
        return {path: data}
    return {
        name: leaf for key, item in items for name, leaf in _flat(item, f"{path}.{key}".strip(".")).items()
    }


def _live(person: Person | None, role: str, today: str, proposal: Proposal) -> bool:
    return person is not None and person.holds(role, today, proposal.claim.programme)


def _missing(
    asked: Iterable[str], given: Mapping[str, tuple[str, bytes]], proposal: Proposal, where: str
) -> Problem:
    roles = [role.replace("_", " ") for role in asked if role not in given]
    if not roles:
        what = "the same person approved in two roles"
        return Problem("APPROVAL-FOUR-EYES", where, what, "another person must approve in one of them")
    standing = " (or a standing approval)" if proposal.automatic else ""
    what = f"waits for {' and '.join(roles)}{standing}"
    return Problem("APPROVAL-MISSING", where, what, "`certportal approve` as that person")


def _not_in_office(where: str, opened: Approval | StandingApproval) -> Problem:
    what = f"{opened.person} does not hold the role {opened.role} today"
    return Problem("APPROVAL-ROLE", where, what, "have somebody approve who holds it, or correct the roster")


def _bad_signature(where: str, error: Malformed) -> Problem:
    return Problem("APPROVAL-SIGNATURE", where, f"an approval is not genuine: {error}", "approve again")
