"""Approving away from the workspace: an approval file out, an answer file back (docs/policies.md)."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterable
from pathlib import Path

from generator.crypto.digest import sha256
from generator.edge import disk
from generator.edge.keystore import Passphrase, unlock_file
from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import RegisteredClaim
from generator.errors import Malformed, Place, Problem, Refused, UsageError
from generator.flow.certifying.approvals import Signed
from generator.flow.certifying.printing import proposed
from generator.flow.shared.session import Session
from generator.formats import approval
from generator.formats.approval import Approval, Decision
from generator.formats.statement import draft_bytes
from generator.model.keyring import Signer
from generator.model.people import Roster
from generator.model.value import ClaimId
from generator.rules.codes import APPROVAL_SIGNATURE
from generator.rules.received_approvals import open_approval
from generator.sheets import approval_file
from generator.sheets.approval_file import (
    AnswerFile,
    ApprovalFile,
    ClaimToApprove,
    EarlierDecision,
    SignedAnswer,
)
from generator.sheets.codes import APPROVAL_FILE
from generator.terms import CLAIM


def make(session: Session, claims: Iterable[RegisteredClaim]) -> tuple[ApprovalFile, list[Problem]]:
    """An approval file of every claim that passes its controls and can be printed; the others' problems."""
    pin = session.workspace.keystore.pin()
    proposals, problems = proposed(session, claims)
    if not proposals:
        what = f"no {CLAIM} is ready for approval"
        raise Refused(
            problems or [APPROVAL_FILE.at(Place(subject="approve --out"), what, "`certportal import` first")]
        )
    roster, held = session.workspace.keystore.roster(), Approvals(session.register)
    items = tuple(
        ClaimToApprove(
            claim_id=one.claim_id,
            salt=one.salt,
            draft=one.draft,
            evidence_sha256=one.evidence_sha256,
            catalogue_sha256=one.catalogue_sha256,
            template_sha256=one.template_sha256,
            decided=_decided(held, roster, one.claim_id),
        )
        for one in proposals
    )
    name = session.workspace.portal.organisation.name
    return ApprovalFile(issuer_id=pin.issuer_id, issuer=name, made_at=session.now, claims=items), problems


def _decided(held: Approvals, roster: Roster, claim_id: ClaimId) -> tuple[EarlierDecision, ...]:
    """What everybody decided on a claim so far, in order."""
    found = []
    for item in held.of_claim(claim_id)[0]:
        with contextlib.suppress(Malformed):
            opened = open_approval(item, roster)
            digest = sha256(item.data)
            found.append(EarlierDecision(person=opened.person, role=opened.role, approval_sha256=digest))
    return tuple(found)


def read(path: Path) -> ApprovalFile:
    """An approval file, read."""
    return approval_file.decode_approval_file(disk.read(path, approval_file.CAP, str(path)), Place(str(path)))


def write(path: Path, value: ApprovalFile | AnswerFile) -> None:
    """Write an approval or answer file; readable by its owner only."""
    disk.write(path, approval_file.encode(value), private=True)


def key(path: Path, passphrase: Passphrase, handle: str) -> Signer:
    """The person's key from a file of their own."""
    return unlock_file(path, passphrase, handle)


def answer(
    asked: ApprovalFile,
    signer: Signer,
    handle: str,
    role: str,
    decision: Decision,
    note: str | None,
    only: Iterable[str] = (),
) -> AnswerFile:
    """Decisions on the claims of an approval file, or on `only` some of them (partial approval)."""
    wanted = set(only)
    unknown = wanted - {item.claim_id for item in asked.claims}
    if unknown:
        raise UsageError(
            APPROVAL_FILE.at(
                Place(subject=min(unknown)), "is not in this approval file", "copy the id from it"
            )
        )
    items = []
    for item in asked.claims:
        if wanted and item.claim_id not in wanted:
            continue
        made = Approval.of(
            {
                "decision": decision,
                "role": role,
                "person": handle,
                "issuer_id": asked.issuer_id,
                "claim_id": item.claim_id,
                "salt": item.salt,
                "statement_sha256": approval.commitment(item.salt, item.draft),
                "evidence_sha256": item.evidence_sha256,
                "catalogue_sha256": item.catalogue_sha256,
                "template_sha256": item.template_sha256,
                "note": note,
                "replaces": item.replaces(handle, role),
            }
        )
        envelope = base64.b64encode(approval.sign(made, signer)).decode()
        items.append(SignedAnswer(envelope=envelope, draft=item.draft))
    return AnswerFile(issuer_id=asked.issuer_id, approvals=tuple(items))


def signed(path: Path) -> list[Signed]:
    """The decisions in an answer's file, ready to be received. Raises `Refused`."""
    found = approval_file.decode_answer_file(disk.read(path, approval_file.CAP, str(path)), Place(str(path)))
    listed = []
    for rank, item in enumerate(found.approvals, 1):
        try:
            opened = approval.decode(approval.split(item.data()))
        except Malformed as error:
            what = f"decision {rank} cannot be read: {error}"
            fix = "send the answer as it was made"
            raise Refused(APPROVAL_SIGNATURE.at(Place(str(path)), what, fix)) from None
        claim_id = opened.claim_id if isinstance(opened, Approval) else None
        listed.append(Signed(item.data(), claim_id, draft_bytes(item.draft) if item.draft else b""))
    return listed
