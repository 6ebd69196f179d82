"""Approving: a person signs over everything that will be printed (SPEC, chapter Approval).

A new decision names what the same person decided before, so none can be replayed or reordered.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from generator.crypto.digest import sha256
from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.event_log import EventLog
from generator.errors import Malformed, Place, Problem, Refused
from generator.flow.certifying.codes import APPROVAL_CLAIM, APPROVAL_LATE, APPROVAL_ORDER
from generator.flow.certifying.printing import proposed
from generator.flow.certifying.proposals import Proposals
from generator.flow.office.keys import unlock
from generator.flow.shared import rosters
from generator.flow.shared.session import Session
from generator.formats import approval
from generator.formats.approval import Approval, Decision, StandingApproval
from generator.formats.statement import draft_bytes
from generator.model.people import Person, Roster
from generator.model.value import ClaimId, Digest, Handle
from generator.rules.approving import Proposal
from generator.rules.codes import APPROVAL_ROLE, APPROVAL_SIGNATURE, APPROVAL_STANDING, STAFF_UNKNOWN
from generator.rules.received_approvals import ReceivedApproval, open_approval
from generator.terms import CLAIM


@dataclass(frozen=True, slots=True)
class Approved:
    """How many approvals were received, how many were here before, and what could not be approved."""

    received: int
    known: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """An approval as it was signed, with the draft it was given for (none for a standing one)."""

    data: bytes
    claim_id: ClaimId | None
    draft: bytes


def sign_claims(
    session: Session,
    handle: str,
    role: str,
    claims: Iterable[RegisteredClaim],
    decision: Decision = "approve",
    note: str | None = None,
) -> tuple[list[Signed], list[Problem]]:
    """One decision for each claim that passes its controls, signed with this person's key.

    Only what can be printed can be approved; anything may be refused or queried.
    Claims on which this person has decided the same as they are are left out.
    """
    pin = session.workspace.keystore.pin()
    person = _in_office(session.workspace.keystore.roster(), handle, role)
    if decision == "withdraw":
        return _withdrawn(session, person, role, claims), []
    proposals, problems = proposed(session, claims, printable=decision == "approve")
    wanted = [
        (proposal, _approval(proposal, pin.issuer_id, person.person, role, decision, note))
        for proposal in proposals
    ]
    held = Approvals(session.register)
    roster = session.workspace.keystore.roster()
    fresh = []
    for proposal, made in wanted:
        replaces, last = latest_decision(made, held.of_claim(proposal.claim_id)[0], roster)
        if not is_already_decided(made, last):
            fresh.append((proposal, made.model_copy(update={"replaces": replaces})))
    if not fresh:
        return [], problems
    signer = unlock(session.workspace, session.environment, f"person-{person.person}", person.person)
    signed = []
    for rank, (proposal, made) in enumerate(fresh, 1):
        data = approval.sign(made, signer)
        signed.append(Signed(data, proposal.claim_id, draft_bytes(proposal.draft)))
        session.environment.progress(f"approving as {handle}", rank, len(fresh))
    return signed, problems


def _withdrawn(
    session: Session, person: Person, role: str, claims: Iterable[RegisteredClaim]
) -> list[Signed]:
    """Withdrawals of what this person decided last in this role: possible whatever became of the claim."""
    roster, approvals = session.workspace.keystore.roster(), Approvals(session.register)
    wanted = []
    for item in claims:
        last: Approval | None = None
        digest = None
        for received in approvals.of_claim(item.claim_id)[0]:
            with contextlib.suppress(Malformed):
                opened = open_approval(received, roster)
                if isinstance(opened, Approval) and (opened.person, opened.role) == (person.person, role):
                    last, digest = opened, sha256(received.data)
        if last is not None and last.decision != "withdraw":
            changes = {"decision": "withdraw", "note": None, "replaces": digest}
            wanted.append(last.model_copy(update=changes))
    if not wanted:
        return []
    signer = unlock(session.workspace, session.environment, f"person-{person.person}", person.person)
    return [Signed(approval.sign(made, signer), made.claim_id, b"") for made in wanted]


def sign_standing(
    session: Session,
    handle: str,
    role: str,
    code: str,
    until: str,
    decision: Literal["approve", "withdraw"] = "approve",
) -> list[Signed]:
    """A standing approval of a course's automatic issue from today, unless there is one already."""
    pin = session.workspace.keystore.pin()
    roster = session.workspace.keystore.roster()
    person = _in_office(roster, handle, role)
    today = session.today
    entries = [
        item
        for item in session.workspace.programmes.values()
        if item.programme == code and item.automatic is not None
    ]
    if not entries:
        what = f"{code} is not issued automatically"
        fix = f"name `automatic:` in its catalogue entry, or approve its {CLAIM}s one by one"
        raise Refused(APPROVAL_STANDING.at(Place("certificates/catalogue"), what, fix))
    held, _ = Approvals(session.register).standing()
    proposals = Proposals(session)
    fresh = []
    for programme in entries:
        name = programme.template("course") or session.workspace.portal.certificate.template
        made = StandingApproval.of(
            {
                "decision": decision,
                "role": role,
                "person": handle,
                "issuer_id": pin.issuer_id,
                "programme": programme.programme,
                "programme_version": programme.version,
                "kind": "course",
                "catalogue_sha256": session.workspace.digests[(programme.programme, programme.version)],
                "template_sha256": proposals.template(name).digest,
                "start": today,
                "until": until,
            }
        )
        replaces, last = latest_decision(made, held, roster)
        if not is_already_decided(made, last):
            fresh.append(made.model_copy(update={"replaces": replaces}))
    if not fresh:
        return []
    signer = unlock(session.workspace, session.environment, f"person-{person.person}", person.person)
    return [Signed(approval.sign(made, signer), None, b"") for made in fresh]


def receive(session: Session, signed: Sequence[Signed]) -> Approved:
    """Take approvals into the register, in one transaction: they count from here on."""
    with session.register.transaction():
        return take_in(session, signed)


def take_in(session: Session, signed: Sequence[Signed]) -> Approved:
    """The same inside the caller's transaction. Raises `Refused` with what is wrong with any of them."""
    roster = rosters.current(session)
    claims, approvals = Claims(session.register), Approvals(session.register)
    EventLog(session.register).check_clock(session.now)
    problems: list[Problem] = []
    received = known = 0
    rosters.note(session, roster)
    for rank, item in enumerate(signed, 1):
        opened = _opened(session, claims, approvals, item, rank, roster)
        if isinstance(opened, Problem):
            problems.append(opened)
        elif approvals.receive(session.now, opened, item.data, item.draft):
            received += 1
        else:
            known += 1
    if problems:
        raise Refused(problems)
    return Approved(received, known, ())


def _opened(
    session: Session, claims: Claims, approvals: Approvals, item: Signed, rank: int, roster: Roster
) -> Approval | StandingApproval | Problem:
    """An approval that may be received, or what is wrong with it."""
    where = f"approval {rank}"
    try:
        opened = open_approval(ReceivedApproval(session.now, item.data), roster)
    except Malformed as error:
        return APPROVAL_SIGNATURE.at(Place(subject=where), f"is not genuine: {error}", "sign it again")
    if opened.issuer_id != session.workspace.keystore.pin().issuer_id:
        what = "was given in another organisation's workspace"
        return APPROVAL_CLAIM.at(
            Place(subject=where), what, "approve with an approval file of this workspace"
        )
    if isinstance(opened, Approval):
        held = claims.by_id(opened.claim_id)
        if held is None:
            what = f"{CLAIM} {opened.claim_id} is not in this register"
            return APPROVAL_CLAIM.at(
                Place(subject=where), what, "approve with an approval file of this workspace"
            )
        if held.serial is not None:
            what = f"{CLAIM} {opened.claim_id} is certified as {held.serial}"
            fix = "nothing is left to decide; revoking is another matter"
            return APPROVAL_LATE.at(Place(subject=where), what, fix)
        if item.draft and not _same_draft(opened, item.draft):
            what = "comes with another draft than the one that was signed"
            return APPROVAL_SIGNATURE.at(Place(subject=where), what, "send the answer as it was made")
    held_before, _ = (
        approvals.of_claim(opened.claim_id) if isinstance(opened, Approval) else approvals.standing()
    )
    known = any(before.data == item.data for before in held_before)
    replaces, _ = latest_decision(opened, held_before, roster)
    if not known and opened.replaces != replaces:
        what = f"was given before what {opened.person} decided since"
        return APPROVAL_ORDER.at(
            Place(subject=where),
            what,
            f"have {opened.person} decide again on a new approval file",
            owner=opened.role,
        )
    return opened


def _same_draft(opened: Approval, draft: bytes) -> bool:
    return hashlib.sha256(bytes.fromhex(opened.salt) + draft).hexdigest() == opened.statement_sha256


def _approval(
    proposal: Proposal, issuer_id: Digest, handle: Handle, role: str, decision: Decision, note: str | None
) -> Approval:
    return Approval.of(
        {
            "decision": decision,
            "role": role,
            "person": handle,
            "issuer_id": issuer_id,
            "claim_id": proposal.claim_id,
            "salt": proposal.salt,
            "statement_sha256": approval.commitment(proposal.salt, proposal.draft),
            "evidence_sha256": proposal.evidence_sha256,
            "catalogue_sha256": proposal.catalogue_sha256,
            "template_sha256": proposal.template_sha256,
            "note": note,
        }
    )


def _in_office(roster: Roster, handle: str, role: str) -> Person:
    person = roster.find(handle)
    if person is None:
        known = ", ".join(item.person for item in roster.people) or "nobody yet"
        fix = f"add them with `certportal staff add`; on the roster: {known}"
        raise Refused(STAFF_UNKNOWN.at(Place("keys/roster.json"), f"{handle} is not on the roster", fix))
    if role not in [held.role for held in person.roles]:
        roles = ", ".join(held.role for held in person.roles)
        what = f"{handle} does not hold the role {role}"
        raise Refused(APPROVAL_ROLE.at(Place("keys/roster.json"), what, f"use one of: {roles}"))
    return person


def latest_decision(
    about: Approval | StandingApproval, received: Iterable[ReceivedApproval], roster: Roster
) -> tuple[str | None, Approval | StandingApproval | None]:
    """What this person decided last in this role on the same: the envelope's digest, and the decision."""
    digest: str | None = None
    last: Approval | StandingApproval | None = None
    for item in received:
        try:
            opened = open_approval(item, roster)
        except Malformed:
            continue
        if _subject(opened) == _subject(about):
            digest, last = hashlib.sha256(item.data).hexdigest(), opened
    return digest, last


def _subject(opened: Approval | StandingApproval) -> tuple[str, ...]:
    if isinstance(opened, Approval):
        return "claim", opened.claim_id, opened.person, opened.role
    return "standing", opened.programme, opened.programme_version, opened.person, opened.role


def is_already_decided(made: Approval | StandingApproval, last: Approval | StandingApproval | None) -> bool:
    """Whether this person's last word in this role was the very same."""
    if last is None:
        return False
    last = last.model_copy(update={"replaces": None})
    if isinstance(made, StandingApproval) and isinstance(last, StandingApproval):
        # A later day of signing changes nothing while the earlier one still runs.
        return made.start <= last.until and made.model_copy(update=_dates(last)) == last
    return last == made


def _dates(last: StandingApproval) -> dict[str, str]:
    return {"start": last.start, "until": last.until}
