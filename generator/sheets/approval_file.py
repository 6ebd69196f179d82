"""Claims for somebody who approves on their own machine, and the answer file (docs/policies.md).

An approval file holds what would be printed, in full: who signs computes the digest of the statement-to-be
from the words that they were shown, never from a digest that came along.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal, TypeVar

from generator.errors import Malformed, Place, Refused
from generator.formats import strict_json
from generator.formats.approval import Salt
from generator.model.certificate import Draft
from generator.model.people import RoleName
from generator.model.value import ClaimId, Digest, Field, Handle, Instant, Text, Value
from generator.sheets.codes import APPROVAL_FILE

CAP = 50_000_000
Kind = TypeVar("Kind", bound=Value)


class EarlierDecision(Value):
    """What somebody decided on a claim before; a new decision names it."""

    person: Handle
    role: RoleName
    approval_sha256: Digest


class ClaimToApprove(Value):
    """One claim as it would be printed."""

    claim_id: ClaimId
    salt: Salt
    draft: Draft
    evidence_sha256: Digest
    catalogue_sha256: Digest
    template_sha256: Digest
    decided: Annotated[tuple[EarlierDecision, ...], Field(max_length=100)] = ()

    def replaces(self, person: str, role: str) -> str | None:
        """What this person decided last in this role."""
        decisions = [one for one in self.decided if (one.person, one.role) == (person, role)]
        return decisions[-1].approval_sha256 if decisions else None


class ApprovalFile(Value):
    """What somebody is asked to approve."""

    v: Literal[1] = 1
    kind: Literal["approval_pack"] = "approval_pack"
    issuer_id: Digest
    issuer: Text
    made_at: Instant
    claims: Annotated[tuple[ClaimToApprove, ...], Field(min_length=1, max_length=20_000)]


class SignedAnswer(Value):
    """One signed decision (base64 of its envelope), with the draft that was shown."""

    envelope: Annotated[str, Field(min_length=1, max_length=20_000)]
    draft: Draft | None = None

    def data(self) -> bytes:
        """The envelope's bytes. Raises `Malformed`."""
        try:
            return base64.b64decode(self.envelope, validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("not base64") from None


class AnswerFile(Value):
    """What came back."""

    v: Literal[1] = 1
    kind: Literal["approval_answer"] = "approval_answer"
    issuer_id: Digest
    approvals: Annotated[tuple[SignedAnswer, ...], Field(max_length=20_000)]


def encode(value: ApprovalFile | AnswerFile) -> bytes:
    """The bytes of an approval or answer file."""
    return strict_json.encode(value.plain()) + b"\n"


def decode_approval_file(data: bytes, place: Place) -> ApprovalFile:
    """The approval file in these bytes. Raises `Refused`."""
    return _decode(ApprovalFile, data, place, "make it again: `certportal approve --all --out FILE`")


def decode_answer_file(data: bytes, place: Place) -> AnswerFile:
    """The answer in a file; its signatures are still to be verified. Raises `Refused`."""
    return _decode(
        AnswerFile, data, place, "send the answer file as `certportal approve FILE --out ANSWER` made it"
    )


def _decode(kind: type[Kind], data: bytes, place: Place, fix: str) -> Kind:
    try:
        return kind.of(strict_json.decode(data.rstrip(b"\n"), CAP))
    except Malformed as error:
        raise Refused(APPROVAL_FILE.at(place, f"is not such a file: {error}", fix)) from None
