"""The status shard: which buckets are current, and every exception (SPEC, chapter Status).

shard     = body, key id (8), signature (64) by the online key over PAE(status type, body)
body      = "CPS1", u16 year, u8 bits, sp (3), u32 sequence, u64 issued_at, u64 next_update,
            u32 manifest version,
            u16 count, count * (u32 bucket version, digest (16)); all zero = no such bucket
            u32 count, count * (status tag (16), nonce (12), ciphertext (64))
exception = u8 kind, u8 reason code, u32 changed_on, u32 until, successor (24), zeros to 48

Days are counted from 1970-01-01, 0 = none; instants are seconds from then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from generator.crypto import cipher
from generator.errors import Malformed
from generator.formats.bucket import ABSENT, DIGEST_BYTES, Listed
from generator.formats.derivation import PREFIX_BITS_MAX, TAG_BYTES, RecordKeys
from generator.formats.envelope import STATUS, Signature, pae, sign_bytes
from generator.formats.frame import FieldReader, in_order, unsigned, with_tag
from generator.formats.verification_code import LENGTH
from generator.formats.verification_code import decode as decode_number
from generator.model.keyring import Signer
from generator.model.value import Day, Instant, KeyId, VerificationCode, instant, seconds

_MAGIC = b"CPS1"
_SHARD_BITS = 8
_PLAIN_BYTES = 48
_SEALED_BYTES = _PLAIN_BYTES + cipher.TAG_BYTES
EXCEPTIONS_CAP = 40_000
CAP = 4_194_304
INSTANT_CAP = 253_402_300_799  # the last second of the year 9999

ExceptionKind = Literal["reinstated", "revoked", "suspended", "superseded"]
_KINDS: tuple[ExceptionKind, ...] = get_args(ExceptionKind)


@dataclass(frozen=True, slots=True)
class StatusException:
    """What changed after issue. `reason_code` is of the SPEC's public list; never the case."""

    kind: ExceptionKind
    changed_on: Day
    reason_code: int = 0
    until: Day | None = None
    successor: VerificationCode | None = None


@dataclass(frozen=True, slots=True)
class SealedException:
    """An exception that only the holder of the number can find and open."""

    tag: bytes
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Shard:
    """`prefix` is sp left-aligned in 24 bits; `buckets` are in the order of their prefixes."""

    year: int
    bits: int
    prefix: int
    sequence: int
    issued_at: Instant
    next_update: Instant
    manifest_version: int
    buckets: tuple[Listed, ...]
    exceptions: tuple[SealedException, ...]

    def bucket(self, bucket_prefix: int) -> Listed:
        """What is current of the bucket with this prefix (left-aligned in 24 bits), or `ABSENT`."""
        return self.buckets[(bucket_prefix - self.prefix) >> (24 - self.bits)]

    def find(self, tag: bytes) -> SealedException | None:
        """The exception of this status tag."""
        return with_tag(self.exceptions, tag)


@dataclass(frozen=True, slots=True)
class SignedShard:
    """A shard as published: parsed only after its signature over `body` is verified."""

    body: bytes
    signature: Signature

    def signed(self) -> bytes:
        """The exact bytes that the signature must be over."""
        return pae(STATUS, self.body)


def shard_bits(bits: int) -> int:
    """How many leading bits of the locator name the shard: it tells the host nothing more."""
    return max(0, bits - _SHARD_BITS)


def shard_prefix(prefix: int, bits: int) -> int:
    """The shard above a bucket, left-aligned in 24 bits."""
    shift = 24 - shard_bits(bits)
    return prefix >> shift << shift


def sign(shard: Shard, signer: Signer) -> bytes:
    """The file's bytes, signed by the online key."""
    body = encode(shard)
    return body + bytes.fromhex(signer.key_id) + sign_bytes(STATUS, body, signer)


def split(data: bytes) -> SignedShard:
    """Body and signature of a file. Raises `Malformed`; checks nothing."""
    if not 72 < len(data) <= CAP:
        raise Malformed("the status shard is cut short or too large")
    return SignedShard(data[:-72], Signature(KeyId(data[-72:-64].hex()), data[-64:]))


def encode(shard: Shard) -> bytes:
    """The body."""
    return b"".join(
        (
            _MAGIC,
            unsigned(shard.year, 2),
            unsigned(shard.bits, 1),
            unsigned(shard.prefix, 3),
            unsigned(shard.sequence, 4),
            unsigned(seconds(shard.issued_at), 8),
            unsigned(seconds(shard.next_update), 8),
            unsigned(shard.manifest_version, 4),
            unsigned(len(shard.buckets), 2),
            *(unsigned(item.version, 4) + item.digest for item in shard.buckets),
            unsigned(len(shard.exceptions), 4),
            *(item.tag + item.nonce + item.sealed for item in shard.exceptions),
        )
    )


def decode(body: bytes) -> Shard:
    """A shard from its verified body. Raises `Malformed`."""
    reader = FieldReader(body, "a status shard")
    reader.expect(_MAGIC)
    year, bits, prefix, sequence = (reader.number(size) for size in (2, 1, 3, 4))
    issued_at, next_update = _instant(reader.number(8)), _instant(reader.number(8))
    manifest_version, count = reader.number(4), reader.number(2)
    if bits > PREFIX_BITS_MAX or prefix & ((1 << (24 - shard_bits(bits))) - 1):
        raise Malformed("the shard's prefix is impossible")
    if count != 1 << (bits - shard_bits(bits)):
        raise Malformed("the shard does not name every bucket below it")
    buckets = tuple(Listed(reader.number(4), reader.take(DIGEST_BYTES)) for _ in range(count))
    if any(not item.version and item != ABSENT for item in buckets):
        raise Malformed("the shard names the digest of a bucket that is not there")
    many = reader.number(4)
    if many > EXCEPTIONS_CAP:
        raise Malformed("the shard has more exceptions than allowed")
    exceptions = tuple(
        SealedException(reader.take(TAG_BYTES), reader.take(cipher.NONCE_BYTES), reader.take(_SEALED_BYTES))
        for _ in range(many)
    )
    reader.end()
    if not in_order(exceptions):
        raise Malformed("the shard's exceptions are not in order")
    return Shard(year, bits, prefix, sequence, issued_at, next_update, manifest_version, buckets, exceptions)


def seal(derived: RecordKeys, item: StatusException) -> SealedException:
    """Seal an exception under the keys of its number."""
    plain = b"".join(
        (
            unsigned(_KINDS.index(item.kind), 1),
            unsigned(item.reason_code, 1),
            unsigned(_days(item.changed_on), 4),
            unsigned(_days(item.until), 4),
            (item.successor or "").encode("ascii").ljust(LENGTH, b"\0"),
        )
    ).ljust(_PLAIN_BYTES, b"\0")
    # One input per use of the nonce key: the prefix keeps exceptions and records apart.
    nonce = cipher.mac(derived.nonce_key(), b"status\0" + plain)[: cipher.NONCE_BYTES]
    tag = derived.status_tag()
    return SealedException(tag, nonce, cipher.seal(derived.status_key(), nonce, plain, _bound(derived, tag)))


def unseal(derived: RecordKeys, sealed: SealedException) -> StatusException:
    """The exception. Raises `Malformed` for anything that `seal` would not have made."""
    plain = cipher.unseal(derived.status_key(), sealed.nonce, sealed.sealed, _bound(derived, sealed.tag))
    reader = FieldReader(plain, "an exception")
    kind, reason = reader.number(1), reader.number(1)
    changed_on, until = _day(reader.number(4)), _day(reader.number(4))
    successor = reader.take(LENGTH)
    if kind >= len(_KINDS) or changed_on is None or reader.take(_PLAIN_BYTES - 34).strip(b"\0"):
        raise Malformed("the exception is of a kind that is not known here")
    return StatusException(_KINDS[kind], changed_on, reason, until, _successor(successor))


def _bound(derived: RecordKeys, tag: bytes) -> bytes:
    return b"certportal/status/v1\0" + unsigned(derived.year, 2) + tag


def _successor(raw: bytes) -> VerificationCode | None:
    if not raw.strip(b"\0"):
        return None
    try:
        return decode_number(raw.decode("ascii"))
    except UnicodeDecodeError:
        raise Malformed("the successor is not a number") from None


def _instant(value: int) -> Instant:
    if value > INSTANT_CAP:
        raise Malformed("an instant after the year 9999")
    return instant(value)


def _days(day: Day | None) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days if day else 0


def _day(days: int) -> Day | None:
    if days > 2_932_896:  # 9999-12-31
        raise Malformed("a day after the year 9999")
    return Day(date.fromordinal(date(1970, 1, 1).toordinal() + days).isoformat()) if days else None
