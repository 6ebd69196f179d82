"""The record: a statement, its signature and the digests of its files, in one frame (SPEC, Record).

frame     = 0x01, u16 length, statement, key id (8), signature (64),
            flags (1), PDF SHA-256 (32), [badge SHA-256 (32)], key id (8), signature (64)
tombstone = 0x02, u16 length, tombstone JSON, key id (8), signature (64)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from generator.errors import Malformed
from generator.formats import strict_json
from generator.formats.envelope import RECORD, STATEMENT, TOMBSTONE, Signature, pae, sign_bytes
from generator.formats.frame import FieldReader, unsigned
from generator.model.keyring import Signer
from generator.model.value import Day, Digest, KeyId, Value, VerificationCode

_KEY_ID, _SIGNATURE, _SHA256 = 8, 64, 32
_HAS_BADGE = 1
FRAME_CAP = 20_000


@dataclass(frozen=True, slots=True)
class Files:
    """SHA-256 (raw) of the PDF as issued, and of its Open Badge once there is one."""

    pdf: bytes
    badge: bytes | None = None

    def encode(self) -> bytes:
        """flags, PDF digest, badge digest."""
        flags = _HAS_BADGE if self.badge else 0
        return bytes([flags]) + self.pdf + (self.badge or b"")


@dataclass(frozen=True, slots=True)
class Record:
    """What a bucket entry opens to; signatures not yet checked."""

    statement: bytes
    statement_signature: Signature
    files: Files
    record_signature: Signature

    def signed(self) -> tuple[tuple[Signature, bytes], tuple[Signature, bytes]]:
        """Each signature with the exact bytes it must be over."""
        bound = hashlib.sha256(self.statement).digest() + self.files.encode()
        return (
            (self.statement_signature, pae(STATEMENT, self.statement)),
            (self.record_signature, pae(RECORD, bound)),
        )


class ErasedRecord(Value):
    """What remains of an erased record: no personal data."""

    v: Literal[1] = 1
    issuer_id: Digest
    number: VerificationCode
    erased_on: Day


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An erased record's signed remainder; signature not yet checked."""

    payload: bytes
    signature: Signature

    def signed(self) -> tuple[tuple[Signature, bytes]]:
        """The signature with the exact bytes it must be over."""
        return ((self.signature, pae(TOMBSTONE, self.payload)),)

    def erased(self) -> ErasedRecord:
        """The payload, parsed once its signature is verified. Raises `Malformed`."""
        erased = ErasedRecord.of(strict_json.decode(self.payload, 1024))
        if strict_json.encode(erased.plain()) != self.payload:
            raise Malformed("another spelling of the same tombstone")
        return erased


def sign(statement: bytes, files: Files, signer: Signer) -> Record:
    """A record of these statement bytes and files, signed twice by the certificate key."""
    bound = hashlib.sha256(statement).digest() + files.encode()
    return Record(
        statement,
        Signature(signer.key_id, sign_bytes(STATEMENT, statement, signer)),
        files,
        Signature(signer.key_id, sign_bytes(RECORD, bound, signer)),
    )


def sign_tombstone(erased: ErasedRecord, signer: Signer) -> Tombstone:
    """The signed tombstone that replaces an erased record."""
    payload = strict_json.encode(erased.plain())
    return Tombstone(payload, Signature(signer.key_id, sign_bytes(TOMBSTONE, payload, signer)))


def encode(item: Record | Tombstone) -> bytes:
    """The frame."""
    if isinstance(item, Tombstone):
        return b"\x02" + _sized(item.payload) + _encode_signature(item.signature)
    return b"".join(
        (
            b"\x01",
            _sized(item.statement),
            _encode_signature(item.statement_signature),
            item.files.encode(),
            _encode_signature(item.record_signature),
        )
    )


def decode(data: bytes) -> Record | Tombstone:
    """A frame taken apart. Raises `Malformed`; checks no signature and parses no JSON."""
    reader = FieldReader(data, "the record")
    kind = reader.number(1)
    if kind not in (1, 2):
        raise Malformed("the record is of a kind that is not known here")
    payload = reader.take(reader.number(2))
    signature = _signature(reader)
    if kind == 2:
        reader.end()
        return Tombstone(payload, signature)
    flags = reader.number(1)
    if flags & ~_HAS_BADGE:
        raise Malformed("the record has flags that are not known here")
    pdf = reader.take(_SHA256)
    badge = reader.take(_SHA256) if flags & _HAS_BADGE else None
    record = Record(payload, signature, Files(pdf, badge), _signature(reader))
    reader.end()
    return record


def _sized(payload: bytes) -> bytes:
    return unsigned(len(payload), 2) + payload


def _encode_signature(signature: Signature) -> bytes:
    return bytes.fromhex(signature.key_id) + signature.raw


def _signature(reader: FieldReader) -> Signature:
    return Signature(KeyId(reader.take(_KEY_ID).hex()), reader.take(_SIGNATURE))
