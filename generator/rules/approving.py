"""Which claims may be certified: approvals compared with what would be printed now (SPEC, Approval).

Only this module makes an `ApprovedClaim`, and `signing` takes nothing else. An approval counts if its
signature is by a key that its person held when it was received and holds now, the same is true of
the role, and every digest is that of the draft, evidence, catalogue entry and template of today;
otherwise the refusal says what changed. None of this can be switched off; what a policy may add
is in controls/approvals.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from generator.errors import Code, Malformed, Owner, Place, Problem
from generator.formats import approval
from generator.formats.approval import Approval, StandingApproval
from generator.model.certificate import Draft
from generator.model.claim import Claim
from generator.model.people import PersonKey, RoleName, Roster
from generator.model.value import ClaimId, Day, Digest, Handle, Instant
from generator.rules.codes import (
    APPROVAL_CHANGED,
    APPROVAL_DECISION,
    APPROVAL_FOUR_EYES,
    APPROVAL_KEY,
    APPROVAL_MISSING,
    APPROVAL_ROLE,
    APPROVAL_SIGNATURE,
    APPROVAL_STANDING,
)
from generator.rules.controls.control import ConfiguredControl, Findings, evaluate
from generator.rules.controls.facts import ClaimFacts, Missing, ProspectiveApproval
from generator.rules.controls.holds import OPEN
from generator.rules.drafting import changed
from generator.rules.policy import PolicyInForce
from generator.rules.received_approvals import OpenedStandingApproval, ReceivedApproval, opened_approvals
from generator.terms import CLAIM, spoken

_MADE_HERE: Final = object()
_RELEASER: Final = "standards_verifier"
_SETS_TRIED = 256


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim with everything that would be printed for it now, and the facts that it rests on."""

    claim_id: ClaimId
    salt: str
    claim: Claim
    draft: Draft
    catalogue_sha256: Digest
    template: str
    template_sha256: Digest
    automatic: bool
    facts: ClaimFacts
    evidence_sha256: Digest = approval.NO_EVIDENCE
    # Who must approve, where it is not whom the office names for claims: a replacement has its own.
    roles: tuple[RoleName, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovedClaim:
    """A proposal that the people whom the policy names have approved. `standing`: for the whole course."""

    proposal: Proposal
    approvals: tuple[bytes, ...]
    standing: bool = False
    reported: tuple[Problem, ...] = ()
    _proof: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._proof is not _MADE_HERE:
            raise TypeError("only rules.approving approves claims")


@dataclass(frozen=True, slots=True)
class ApprovalAuthority:
    """Who may approve, and which roles must have: for one claim, and for automatic issue.

    `today` and `now` are the moment of issue; `day_of` gives the organisation's day at an instant.
    """

    issuer_id: Digest
    roster: Roster
    roles: tuple[RoleName, ...]
    standing_roles: tuple[RoleName, ...]
    today: Day
    now: Instant
    day_of: Callable[[Instant], Day]
    policy: PolicyInForce


@dataclass(slots=True)
class _Tally:
    """What was decided so far: approvals by role and person, and whoever refused or asked."""

    place: Place
    given: dict[str, dict[str, tuple[Instant, bytes]]] = field(default_factory=dict)
    blocked: dict[tuple[str, str], Problem] = field(default_factory=dict)
    faults: dict[tuple[str, str], Problem] = field(default_factory=dict)

    def drop(self, role: str, person: Handle) -> None:
        """A person's next word in a role takes the place of the last."""
        self.given.get(role, {}).pop(person, None)
        self.blocked.pop((role, person), None)
        self.faults.pop((role, person), None)

    def fault(
        self, who: tuple[str, str], code: Code, what: str, fix: str, owner: Owner | None = None
    ) -> None:
        self.faults[who] = code.at(self.place, what, fix, owner=owner)


def decide(
    proposal: Proposal,
    received: Iterable[ReceivedApproval],
    standing: Iterable[OpenedStandingApproval],
    office: ApprovalAuthority,
) -> ApprovedClaim | list[Problem]:
    """The approved claim, or why it is not: what is missing, refused, withdrawn, or changed since."""
    place = _place(proposal)
    single = _Tally(place)
    for item in received:
        _single(item, proposal, office, single)
    if single.blocked:
        return list(single.blocked.values())
    if proposal.roles:
        # A replacement's claim was looked at when the old certificate was made; a hold counts all the same.
        held = evaluate([office.policy.controls[OPEN]], proposal.claim, proposal.facts, place).held
        if held:
            return list(held)
    more = () if proposal.roles else _releasers(proposal)
    consent = _Tally(place)
    if proposal.automatic:
        for each in standing:
            _standing(each, proposal, office, consent)
        found = _met(proposal, office, (*office.standing_roles, *more), consent)
        if isinstance(found, tuple):
            return ApprovedClaim(proposal, found[0], True, found[1], _MADE_HERE)
    roles = tuple(dict.fromkeys((*(proposal.roles or office.roles), *more)))
    met = _met(proposal, office, roles, single)
    if isinstance(met, tuple):
        return ApprovedClaim(proposal, met[0], False, met[1], _MADE_HERE)
    problems = [*consent.faults.values(), *single.faults.values(), *(met or [])]
    # A role whose approval is at fault is not also missing.
    faulty = {role for role, _ in (*consent.faults, *single.faults)}
    waiting = [role for role in roles if not single.given.get(role) and role not in faulty]
    if consent.faults and not single.given:
        waiting = []
    return problems + _missing(waiting, proposal)


def _met(
    proposal: Proposal, office: ApprovalAuthority, roles: tuple[RoleName, ...], tally: _Tally
) -> tuple[tuple[bytes, ...], tuple[Problem, ...]] | list[Problem] | None:
    """Approvals by distinct persons in every role about which no control complains; or its complaints.

    None where a role has nobody. Persons are compared, never keys (APPROVAL-FOUR-EYES).
    """
    listed = [sorted(tally.given.get(role, {}).items()) for role in roles]
    if not all(listed):
        return None
    complaints: list[Problem] | None = None
    for chosen in itertools.islice(itertools.product(*listed), _SETS_TRIED):
        people = [person for person, _ in chosen]
        if len(set(people)) != len(people):
            continue
        found = _controlled(proposal, office, roles, people, [at for _, (at, _) in chosen])
        if not found.held:
            return tuple(data for _, (_, data) in chosen), found.reported
        complaints = complaints or list(found.held)
    if complaints is not None:
        return complaints
    what = "the same person approved in two roles"
    return [APPROVAL_FOUR_EYES.at(tally.place, what, "have another person approve in one of them")]


def _controlled(
    proposal: Proposal,
    office: ApprovalAuthority,
    roles: Iterable[RoleName],
    people: list[str],
    received: list[Instant],
) -> Findings:
    signers = []
    for role, handle, at in zip(roles, people, received, strict=True):
        person = office.roster.find(handle)
        if person is not None:
            signers.append(ProspectiveApproval(role, person, office.day_of(at)))
    facts = replace(proposal.facts, signers=tuple(signers), staff=office.roster.people)
    switched: Iterable[ConfiguredControl] = office.policy.controls.values()
    if proposal.roles:
        # Who decides on a replacement decides on papers, not on an assessment; interests count all the same.
        switched = [item for item in switched if item.control.name == "APPROVAL-INTEREST"]
    return evaluate(switched, proposal.claim, facts, _place(proposal), "approval")


def _releasers(proposal: Proposal) -> tuple[RoleName, ...]:
    """A standards verifier releases where the qualification says so or the centre may not claim directly."""
    facts, claim = proposal.facts, proposal.claim
    entry, approvals = facts.programme, facts.centre_approvals
    required = not isinstance(entry, Missing) and entry.released_by == _RELEASER
    live = () if isinstance(approvals, Missing) else approvals
    indirect = any(one.live(claim.programme, claim.completed_on) and not one.direct_claims for one in live)
    return (_RELEASER,) if required or indirect else ()


def _single(item: ReceivedApproval, proposal: Proposal, office: ApprovalAuthority, tally: _Tally) -> None:
    try:
        opened, key = opened_approvals(item, office.roster)
        if not isinstance(opened, Approval) or opened.claim_id != proposal.claim_id:
            raise Malformed(f"given for another {CLAIM}")
    except Malformed as error:
        what = f"an approval is not genuine: {error}"
        tally.fault(("", hashlib.sha256(item.data).hexdigest()), APPROVAL_SIGNATURE, what, "approve again")
        return
    if opened.decision == "withdraw":
        tally.drop(opened.role, opened.person)
        return
    who = (opened.role, opened.person)
    tally.drop(*who)
    if opened.decision != "approve":
        note = f": {opened.note}" if opened.note else ""
        what = f"{opened.person} ({spoken(opened.role)}) decided: {opened.decision}{note}"
        fix = f"settle it with {opened.person}, who approves or withdraws the decision"
        tally.blocked[who] = APPROVAL_DECISION.at(tally.place, what, fix)
        return
    if not _in_office(opened, item.at, key, proposal, office, tally):
        return
    digests = (proposal.evidence_sha256, proposal.catalogue_sha256, proposal.template_sha256)
    found = changed(
        *(opened, item.draft, office.issuer_id, proposal.salt, proposal.draft),
        *(digests, proposal.claim.programme),
    )
    if found:
        what = f"since {opened.person} approved: {found}"
        tally.fault(
            who,
            APPROVAL_CHANGED,
            what,
            f"undo the change, or have {opened.person} approve again",
            opened.role,
        )
        return
    tally.given.setdefault(opened.role, {})[opened.person] = (item.at, item.data)


def _standing(
    item: OpenedStandingApproval, proposal: Proposal, office: ApprovalAuthority, tally: _Tally
) -> None:
    opened = item.opened
    if opened is None or item.at is None or item.key is None:
        what = f"a standing approval is not genuine: {item.fault}"
        tally.fault(("", hashlib.sha256(item.data).hexdigest()), APPROVAL_SIGNATURE, what, "give it again")
        return
    claim = proposal.claim
    about = (opened.programme, opened.programme_version, opened.kind)
    if about != (claim.programme, claim.version, claim.kind):
        return
    who = (opened.role, opened.person)
    tally.drop(*who)
    if opened.decision == "withdraw" or not _in_office(opened, item.at, item.key, proposal, office, tally):
        return
    same = (opened.issuer_id, opened.catalogue_sha256, opened.template_sha256) == (
        office.issuer_id,
        proposal.catalogue_sha256,
        proposal.template_sha256,
    )
    if not same:
        what = f"the catalogue entry or the template changed since {opened.person}'s standing approval"
        tally.fault(who, APPROVAL_CHANGED, what, "undo the change, or approve again", opened.role)
    elif not opened.start <= office.today <= opened.until:
        what = f"{opened.person}'s standing approval covers {opened.start} to {opened.until}"
        tally.fault(
            who, APPROVAL_STANDING, what, f"have {opened.person} renew the standing approval", opened.role
        )
    else:
        tally.given.setdefault(opened.role, {})[opened.person] = (item.at, item.data)


def _in_office(
    opened: Approval | StandingApproval,
    at: Instant,
    key: PersonKey,
    proposal: Proposal,
    office: ApprovalAuthority,
    tally: _Tally,
) -> bool:
    """Whether key and role are live at receipt (the key's by `open_signed`) and now."""
    person = office.roster.find(opened.person)
    who = (opened.role, opened.person)
    if key.until is not None and office.now >= key.until:
        what = f"the key with which {opened.person} signed was revoked on {key.until}"
        tally.fault(
            who, APPROVAL_KEY, what, f"have {opened.person} approve again with the new key", opened.role
        )
        return False
    claim = proposal.claim
    for day, said in ((office.day_of(at), "when it was received"), (office.today, "today")):
        if person is None or not person.holds(opened.role, day, claim.programme, claim.centre):
            role = spoken(opened.role)
            what = f"{opened.person} does not hold the role {role} {said}"
            if person and any(held.role == opened.role and held.on(day) for held in person.roles):
                what += f" for {claim.programme} at {claim.centre}"
            tally.fault(
                who, APPROVAL_ROLE, what, f"have somebody who is {role} approve, or correct the roster"
            )
            return False
    return True


def _missing(waiting: list[RoleName], proposal: Proposal) -> list[Problem]:
    """One for each role that has yet to approve: it is that role's business."""
    standing = " (or a standing approval)" if proposal.automatic else ""
    return [
        APPROVAL_MISSING.at(
            _place(proposal),
            f"waits for {spoken(role)}{standing}",
            "run `certportal approve`",
            owner=role,
        )
        for role in waiting
    ]


def _place(proposal: Proposal) -> Place:
    return Place(subject=f"{CLAIM} {proposal.claim_id}")
