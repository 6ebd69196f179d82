"""DSSE envelopes and the closed table of what each payload type is and who may sign it (SPEC, Envelope).

The type fixes the role of the key; both are checked, then the signature, and only then is the
payload parsed. Thresholds count distinct keys.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from generator.crypto import ed25519
from generator.errors import Malformed
from generator.formats import strict_json
from generator.model.keyring import Role, Signer
from generator.model.value import KeyId

_PREFIX: Final = "application/vnd.certportal."
MANIFEST: Final = _PREFIX + "manifest.v1+json"
ROSTER: Final = _PREFIX + "roster.v1+json"
OFFICE_ROSTER: Final = _PREFIX + "office-roster.v1+json"
STATEMENT: Final = _PREFIX + "statement.v1+json"
RECORD: Final = _PREFIX + "record.v1"
TOMBSTONE: Final = _PREFIX + "tombstone.v1+json"
STATUS: Final = _PREFIX + "status.v1"
HEAD: Final = _PREFIX + "head.v1+json"
APPROVAL: Final = _PREFIX + "approval.v1+json"
STANDING: Final = _PREFIX + "standing-approval.v1+json"
DECISION: Final = _PREFIX + "decision.v1+json"

ROLE_OF: Final[Mapping[str, Role]] = {
    MANIFEST: "root",
    ROSTER: "root",
    OFFICE_ROSTER: "person",
    STATEMENT: "certificate",
    RECORD: "certificate",
    TOMBSTONE: "certificate",
    STATUS: "online",
    HEAD: "online",
    APPROVAL: "person",
    STANDING: "person",
    DECISION: "person",
}
_SIGNATURES_CAP = 16


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the key's id as a hint, and the 64 bytes."""

    key_id: KeyId
    raw: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload with its type and signatures; nothing in it is trusted yet."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: the bytes that are signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign_bytes(payload_type: str, payload: bytes, signer: Signer) -> bytes:
    """A bare signature of this type. Raises `Malformed` if the key's role may not sign it."""
    if signer.role != ROLE_OF.get(payload_type):
        raise Malformed(f"a {signer.role} key may not sign {payload_type}")
    return signer.sign(pae(payload_type, payload))


def sign(payload_type: str, payload: bytes, signers: Iterable[Signer]) -> Envelope:
    """An envelope signed by each signer."""
    made = (Signature(signer.key_id, sign_bytes(payload_type, payload, signer)) for signer in signers)
    return Envelope(payload_type, payload, tuple(made))


def encode(envelope: Envelope) -> bytes:
    """The envelope's canonical JSON (DSSE's own field names)."""
    return strict_json.encode(
        {
            "payload": base64.b64encode(envelope.payload).decode(),
            "payloadType": envelope.payload_type,
            "signatures": [
                {"keyid": signature.key_id, "sig": base64.b64encode(signature.raw).decode()}
                for signature in envelope.signatures
            ],
        }
    )


def decode(data: bytes, payload_type: str, cap: int) -> Envelope:
    """An envelope of this type from its bytes. Raises `Malformed`; checks no signature."""
    outer = strict_json.decode(data, cap)
    if not isinstance(outer, dict) or outer.keys() != {"payload", "payloadType", "signatures"}:
        raise Malformed("not a DSSE envelope")
    if outer["payloadType"] != payload_type or payload_type not in ROLE_OF:
        raise Malformed(f"not an envelope of type {payload_type}")
    listed = outer["signatures"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= _SIGNATURES_CAP:
        raise Malformed("an envelope holds between 1 and 16 signatures")
    return Envelope(payload_type, _base64(outer["payload"]), tuple(_signature(item) for item in listed))


def verified(envelope: Envelope, keys: Iterable[bytes], threshold: int = 1) -> bytes:
    """The payload, signed by at least `threshold` distinct of these raw public keys.

    Raises `Malformed` otherwise. The caller has chosen `keys` by the role of the payload type.
    """
    message = pae(envelope.payload_type, envelope.payload)
    by_id = {ed25519.key_id(key): key for key in keys}
    good = {
        by_id[signature.key_id]
        for signature in envelope.signatures
        if signature.key_id in by_id and ed25519.verify(by_id[signature.key_id], message, signature.raw)
    }
    if threshold < 1 or len(good) < threshold:
        raise Malformed(f"{len(good)} of {threshold} required signatures are good")
    return envelope.payload


def _signature(item: Any) -> Signature:
    if not isinstance(item, dict) or item.keys() != {"keyid", "sig"} or not isinstance(item["keyid"], str):
        raise Malformed("a signature is keyid and sig")
    raw = _base64(item["sig"])
    if len(raw) != ed25519.SIGNATURE_BYTES:
        raise Malformed("an Ed25519 signature is 64 bytes")
    return Signature(KeyId(item["keyid"]), raw)


def _base64(text: Any) -> bytes:
    if not isinstance(text, str):
        raise Malformed("base64 is text")
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise Malformed("not the one base64 spelling")
    return raw
