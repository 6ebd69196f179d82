"""One zlib stream from parts, some of them deflated long before (RFC 1950, RFC 1951).

Every part ends on a byte boundary and looks back at nothing before it, so parts can be joined;
the stream's Adler-32 follows from theirs.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

_HEADER = b"\x78\xda"
_LAST_BLOCK = b"\x03\x00"
_BASE = 65521


@dataclass(frozen=True, slots=True)
class Part:
    """Raw deflate blocks with the checksum and length of what they hold."""

    blocks: bytes
    adler: int
    length: int


def part(data: bytes, level: int) -> Part:
    """The data deflated by itself."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9)
    blocks = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
    return Part(blocks, zlib.adler32(data), len(data))


def joined(parts: Iterable[Part | bytes], level: int) -> bytes:
    """The zlib stream of all parts together; bytes are deflated on the way."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    low, high = 1, 0
    out = [_HEADER]
    for one in parts:
        if isinstance(one, Part):
            blocks, adler, length = one.blocks, one.adler, one.length
        else:
            blocks = packer.compress(one) + packer.flush(zlib.Z_FULL_FLUSH)
            adler, length = zlib.adler32(one), len(one)
        out.append(blocks)
        # Each byte of the new part adds the low sum before it once more to the high sum.
        high = (high + (adler >> 16) + length * (low - 1)) % _BASE
        low = (low + (adler & 0xFFFF) - 1) % _BASE
    out += [_LAST_BLOCK, (high << 16 | low).to_bytes(4, "big")]
    return b"".join(out)
