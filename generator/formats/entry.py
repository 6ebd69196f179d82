"""A sealed record: padded, encrypted under its own number, named by its tag (SPEC, chapter Entry).

plaintext = u16 length, raw deflate of the frame, zeros to a multiple of 128
nonce     = first 12 bytes of HMAC-SHA256(nonce key, plaintext)
sealed    = AES-256-GCM(record key, nonce, plaintext, bound "certportal/entry/v1", 0x00, u16 year, tag)

The register keeps the sealed bytes and a rebuild copies them: zlib differs between machines.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from generator.crypto import cipher
from generator.errors import Malformed
from generator.formats.derivation import RecordKeys
from generator.formats.frame import unsigned
from generator.formats.record import FRAME_CAP

PAD = 128
OVERHEAD = cipher.TAG_BYTES
# The largest ciphertext that a bucket may hold, and the smallest that is possible.
SEALED_CAP = 20_480


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed record. `tag` 16 bytes, `nonce` 12, `sealed` a multiple of 128 plus 16."""

    tag: bytes
    nonce: bytes
    sealed: bytes

    def encode(self) -> bytes:
        """tag, nonce, u16 length, sealed."""
        return self.tag + self.nonce + unsigned(len(self.sealed), 2) + self.sealed


def seal(derived: RecordKeys, frame: bytes, *, size: int = 0) -> Entry:
    """Seal a frame; `size` is the least plaintext length, so that a tombstone keeps its record's."""
    if len(frame) > FRAME_CAP:
        raise Malformed(f"the record takes {len(frame)} bytes; {FRAME_CAP} are allowed")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(frame) + packer.flush()
    plaintext = unsigned(len(packed), 2) + packed
    length = max(size, -(-len(plaintext) // PAD) * PAD)
    plaintext = plaintext.ljust(length, b"\0")
    nonce = cipher.mac(derived.nonce_key(), plaintext)[: cipher.NONCE_BYTES]
    sealed = cipher.seal(derived.record_key(), nonce, plaintext, _bound(derived))
    return Entry(derived.tag, nonce, sealed)


def unseal(derived: RecordKeys, entry: Entry) -> bytes:
    """The frame in an entry. Raises `Malformed` for anything that `seal` would not have made."""
    plaintext = cipher.unseal(derived.record_key(), entry.nonce, entry.sealed, _bound(derived))
    length = int.from_bytes(plaintext[:2], "big")
    packed, padding = plaintext[2 : 2 + length], plaintext[2 + length :]
    if len(packed) != length or len(plaintext) % PAD or padding.strip(b"\0"):
        raise Malformed("the record's padding is not as the format says")
    unpack = zlib.decompressobj(-15)
    try:
        frame = unpack.decompress(packed, FRAME_CAP + 1)
    except zlib.error:
        raise Malformed("the record does not inflate") from None
    if len(frame) > FRAME_CAP or not unpack.eof or unpack.unused_data or unpack.unconsumed_tail:
        raise Malformed("the record inflates to too much, or has bytes left over")
    return frame


def _bound(derived: RecordKeys) -> bytes:
    return b"certportal/entry/v1\0" + unsigned(derived.year, 2) + derived.tag


def plaintext_size(entry: Entry) -> int:
    """Length of the padded plaintext in bytes: what a replacement must keep."""
    return len(entry.sealed) - OVERHEAD
