"""Decisions on cases: what a person signed, without a word of the case (SPEC, chapter Decision).

case_sha256 = SHA-256 over the case's salt (16 bytes) and its canonical JSON. Salt and case are rows
that can be deleted; the signed decision stays and tells nothing.
"""

from __future__ import annotations

from generator.crypto.digest import sha256
from generator.errors import Malformed
from generator.formats import envelope, strict_json
from generator.model.case import Case, Decision, Request
from generator.model.keyring import Signer
from generator.model.value import Digest

CAP = 8_192
CASE_CAP = 262_144
SALT_BYTES = 16


def encode_case(case: Case) -> bytes:
    """The canonical bytes of a case."""
    return strict_json.encode(case.plain())


def decode_case(data: bytes) -> Case:
    """A case from its canonical bytes. Raises `Malformed`."""
    case = Case.of(strict_json.decode(data, CASE_CAP))
    if encode_case(case) != data:
        raise Malformed("another spelling of the same case")
    return case


def encode_request(request: Request) -> bytes:
    """The canonical bytes of a request for a replacement."""
    return strict_json.encode(request.plain())


def decode_request(data: bytes) -> Request:
    """A request from its canonical bytes. Raises `Malformed`."""
    request = Request.of(strict_json.decode(data, CAP))
    if encode_request(request) != data:
        raise Malformed("another spelling of the same request")
    return request


def commitment(salt: bytes, content: bytes) -> Digest:
    """What a decision holds of its case, and an approval of the request it was given for."""
    return sha256(salt + content)


def sign(decision: Decision, signer: Signer) -> bytes:
    """The envelope's bytes, signed by the person's key."""
    return envelope.encode(envelope.sign(envelope.DECISION, strict_json.encode(decision.plain()), [signer]))


def split(data: bytes) -> envelope.Envelope:
    """The envelope of a decision, nothing verified. Raises `Malformed`."""
    return envelope.decode(data, envelope.DECISION, CAP)


def decode(outer: envelope.Envelope) -> Decision:
    """The decision in an envelope whose signature is verified. Raises `Malformed`."""
    decision = Decision.of(strict_json.decode(outer.payload, CAP))
    if strict_json.encode(decision.plain()) != outer.payload:
        raise Malformed("another spelling of the same decision")
    return decision
