"""Approvals: what a person signed, over everything that will be printed (SPEC, chapter Approval)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from generator.crypto.digest import sha256
from generator.errors import Malformed
from generator.formats import envelope, strict_json
from generator.formats.statement import draft_bytes
from generator.model.catalogue import Programme
from generator.model.certificate import Draft, Kind
from generator.model.keyring import Signer
from generator.model.people import RoleName
from generator.model.value import ClaimId, Code, Day, Digest, Field, Handle, Text, Value, model_validator

CAP = 8_192
NO_EVIDENCE = sha256(b"[]")
Salt = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Decision = Literal["approve", "refuse", "query", "withdraw"]


class Approval(Value):
    """One person's decision on one claim. The digests fix statement, evidence, catalogue, wording.

    `replaces`: SHA-256 of the envelope of this person's decision before, in this role on this claim.
    """

    v: Literal[1] = 1
    decision: Decision
    role: RoleName
    person: Handle
    issuer_id: Digest
    claim_id: ClaimId
    salt: Salt
    statement_sha256: Digest
    evidence_sha256: Digest
    catalogue_sha256: Digest
    template_sha256: Digest
    note: Text | None = None
    replaces: Digest | None = None

    @model_validator(mode="after")
    def _noted(self) -> Approval:
        if self.decision == "query" and self.note is None:
            raise ValueError("a query says what is asked")
        return self


class StandingApproval(Value):
    """One person's consent to automatic issue: this rule (in the catalogue entry), these days."""

    v: Literal[1] = 1
    decision: Literal["approve", "withdraw"]
    role: RoleName
    person: Handle
    issuer_id: Digest
    programme: Code
    programme_version: Code
    kind: Kind
    catalogue_sha256: Digest
    template_sha256: Digest
    start: Day
    until: Day
    replaces: Digest | None = None

    @model_validator(mode="after")
    def _window(self) -> StandingApproval:
        if self.until < self.start:
            raise ValueError("until is before start")
        return self


def commitment(salt: str, draft: Draft) -> Digest:
    """SHA-256 over the claim's salt (raw) and the statement-to-be: `statement_sha256`."""
    return sha256(bytes.fromhex(salt) + draft_bytes(draft))


def catalogue_digest(programme: Programme) -> Digest:
    """`catalogue_sha256`: over the entry's meaning; comments, order of fields and spelling do not count."""
    plain = programme.plain()
    for scale in ("scale", "overall_grades"):
        # In the order of the file: a scale is written from the lowest grade to the highest.
        plain[scale] = [[short, printed] for short, printed in plain[scale].items()]
    rule = plain.get("grade_rule")
    if rule:
        rule["thresholds"] = _pairs(rule["thresholds"])
        rule["points"] = [{**row, "points": _pairs(row["points"])} for row in rule["points"]]
    return sha256(strict_json.encode(plain))


def _pairs(scale: Mapping[str, Any]) -> list[list[Any]]:
    """Grades such as P and M are no names of the canonical form, so they are written as pairs."""
    return sorted([short, meaning] for short, meaning in scale.items())


def sign(approval: Approval | StandingApproval, signer: Signer) -> bytes:
    """The envelope's bytes, signed by the person's key."""
    kind = envelope.APPROVAL if isinstance(approval, Approval) else envelope.STANDING
    return envelope.encode(envelope.sign(kind, strict_json.encode(approval.plain()), [signer]))


def split(data: bytes) -> envelope.Envelope:
    """The envelope of an approval or standing approval, nothing verified. Raises `Malformed`."""
    for kind in (envelope.APPROVAL, envelope.STANDING):
        try:
            return envelope.decode(data, kind, CAP)
        except Malformed:
            continue
    raise Malformed("this is not a signed approval")


def decode(outer: envelope.Envelope) -> Approval | StandingApproval:
    """The approval in an envelope whose signature is verified. Raises `Malformed`."""
    fields = strict_json.decode(outer.payload, CAP)
    kind = Approval if outer.payload_type == envelope.APPROVAL else StandingApproval
    approval = kind.of(fields)
    if strict_json.encode(approval.plain()) != outer.payload:
        raise Malformed("another spelling of the same approval")
    return approval
