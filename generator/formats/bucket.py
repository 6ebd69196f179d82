"""A bucket: all sealed records of one year whose locators begin alike (SPEC, chapter Bucket).

bucket = "CPB1", u16 year, u8 bits, prefix (3), u32 version, u16 count,
         count * (tag (16), nonce (12), u16 length, sealed), u16 length, log proof (none yet)

Entries are in the order of their tags. Decoys fill a bucket to eight, so that a look-up does
not show how many certificates there are. The status shard names the version and the digest of
everything before the proof, so that a host cannot leave out an entry or bring back an old one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from generator.crypto import cipher
from generator.errors import Malformed
from generator.formats.derivation import PREFIX_BITS_MAX, TAG_BYTES
from generator.formats.entry import OVERHEAD, PAD, SEALED_CAP, Entry
from generator.formats.frame import FieldReader, in_order, unsigned, with_tag

_MAGIC = b"CPB1"
CAP = 32_768
FULL_ENOUGH = 8
_HEADER_BYTES = len(_MAGIC) + 2 + 1 + 3 + 4 + 2
PROOF_CAP = 8_192
DIGEST_BYTES = 16
# A decoy's length is drawn from those that ordinary records have (plaintext bytes).
_DECOY_SIZES = (896, 1024, 1024, 1024, 1152, 1152, 1152, 1280)


@dataclass(frozen=True, slots=True)
class Bucket:
    """`prefix` is left-aligned in 24 bits; `version` grows with every change of content."""

    year: int
    bits: int
    prefix: int
    version: int
    entries: tuple[Entry, ...]
    proof: bytes = b""

    def find(self, tag: bytes) -> Entry | None:
        """The entry of this tag."""
        return with_tag(self.entries, tag)


@dataclass(frozen=True, slots=True)
class Listed:
    """A bucket as its status shard names it: version and digest of its content."""

    version: int
    digest: bytes


ABSENT = Listed(0, bytes(DIGEST_BYTES))


def listed(bucket: Bucket) -> Listed:
    """How the status shard must name this bucket: SHA-256 of all but the proof, first 16 bytes."""
    return encoded(bucket)[1]


def encode(bucket: Bucket) -> bytes:
    """The file's bytes."""
    return encoded(bucket)[0]


def encoded(bucket: Bucket) -> tuple[bytes, Listed]:
    """The file's bytes, and how the status shard must name them."""
    content = _content(bucket)
    named = Listed(bucket.version, hashlib.sha256(content).digest()[:DIGEST_BYTES])
    return content + unsigned(len(bucket.proof), 2) + bucket.proof, named


def _content(bucket: Bucket) -> bytes:
    return b"".join(
        (
            _MAGIC,
            unsigned(bucket.year, 2),
            unsigned(bucket.bits, 1),
            unsigned(bucket.prefix, 3),
            unsigned(bucket.version, 4),
            unsigned(len(bucket.entries), 2),
            *(entry.encode() for entry in bucket.entries),
        )
    )


def decode(data: bytes) -> Bucket:
    """A bucket from its bytes. Raises `Malformed`."""
    if len(data) > CAP + PROOF_CAP:
        raise Malformed("the bucket is larger than any bucket may be")
    reader = FieldReader(data, "a bucket")
    reader.expect(_MAGIC)
    year, bits, prefix = reader.number(2), reader.number(1), reader.number(3)
    version, count = reader.number(4), reader.number(2)
    if bits > PREFIX_BITS_MAX or prefix & ((1 << (24 - bits)) - 1) or not version:
        raise Malformed("the bucket's prefix or version is impossible")
    entries = tuple(_entry(reader) for _ in range(count))
    if not in_order(entries):
        raise Malformed("the bucket's entries are not in order")
    proof = reader.take(reader.number(2))
    reader.end()
    return Bucket(year, bits, prefix, version, entries, proof)


def filled(secret: bytes, year: int, bits: int, prefix: int, version: int, real: Iterable[Entry]) -> Bucket:
    """A bucket of real entries, with decoys from the register's secret up to eight."""
    entries = list(real)
    place = b"certportal/decoy/v1\0" + unsigned(year, 2) + unsigned(bits, 1) + unsigned(prefix, 3)
    entries += [_decoy(secret, place, rank) for rank in range(FULL_ENOUGH - len(entries))]
    return Bucket(year, bits, prefix, version, tuple(sorted(entries, key=lambda entry: entry.tag)))


def size(entries: Iterable[int]) -> int:
    """Bytes of a bucket whose entries take these many bytes each, without a proof."""
    return _HEADER_BYTES + 2 + sum(entries)


def _entry(reader: FieldReader) -> Entry:
    tag, nonce, length = reader.take(TAG_BYTES), reader.take(cipher.NONCE_BYTES), reader.number(2)
    if length > SEALED_CAP or length < PAD + OVERHEAD or (length - OVERHEAD) % PAD:
        raise Malformed("an entry's length is not one that the format allows")
    return Entry(tag, nonce, reader.take(length))


def _decoy(secret: bytes, place: bytes, rank: int) -> Entry:
    # A keyed stream of the right length: nobody without the secret can tell it from ciphertext.
    seed = cipher.mac(secret, place + bytes([rank]))
    length = _DECOY_SIZES[seed[0] % len(_DECOY_SIZES)] + OVERHEAD
    total = TAG_BYTES + cipher.NONCE_BYTES + length
    blocks = (cipher.mac(seed, unsigned(block, 2)) for block in range(-(-total // 32)))
    stream = b"".join(blocks)[:total]
    return Entry(stream[:TAG_BYTES], stream[TAG_BYTES:][: cipher.NONCE_BYTES], stream[-length:])
