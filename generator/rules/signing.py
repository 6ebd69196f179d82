"""From an approved claim to a statement, and from its file to a sealed record (SPEC, Record).

Takes an `ApprovedClaim` and nothing else, so that nothing is certified that was not approved.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from generator.formats import entry, envelope, record
from generator.formats.derivation import derive
from generator.model.certificate import Statement
from generator.model.keyring import Signer
from generator.model.value import Day, Serial, VerificationCode
from generator.rules.approving import ApprovedClaim


@dataclass(frozen=True, slots=True)
class Allotted:
    """What the register allots in one transaction: number, serial and the day of issue."""

    number: VerificationCode
    serial: Serial
    issued_on: Day


def certify(approved: ApprovedClaim, allotted: Allotted) -> Statement:
    """The statement of an approved claim."""
    draft = approved.proposal.draft
    fields = {name: getattr(draft, name) for name in type(draft).model_fields}
    return Statement(
        **fields,
        number=allotted.number,
        serial=allotted.serial,
        issued_on=allotted.issued_on,
        expires_on=draft.validity.end(allotted.issued_on),
    )


def attachment(statement_bytes: bytes, signer: Signer) -> bytes:
    """`certificate.json`: the signed statement that the PDF carries."""
    return envelope.encode(envelope.sign(envelope.STATEMENT, statement_bytes, [signer]))


def seal_record(certified: Statement, statement_bytes: bytes, pdf: bytes, signer: Signer) -> entry.Entry:
    """The sealed record of a statement and its PDF: what the register keeps for good."""
    files = record.Files(hashlib.sha256(pdf).digest())
    frame = record.encode(record.sign(statement_bytes, files, signer))
    return entry.seal(derive(certified.number, certified.issuer_id), frame)
