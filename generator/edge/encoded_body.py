"""A body as a host sends it, up to a cap: whole, or compressed on the way (RFC 9110, Content-Encoding)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from generator.errors import Malformed

_GZIP = 16 + zlib.MAX_WBITS


def unpacked(pieces: Iterable[bytes], encoding: str | None, cap: int) -> bytes:
    """At most `cap` + 1 bytes; no more is asked for than they need. Raises `Malformed`."""
    if encoding not in (None, "", "identity", "gzip"):
        raise Malformed(f"comes in an encoding that nobody asked for: {encoding}")
    unzip = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
    found = bytearray()
    for piece in pieces:
        try:
            found += unzip.decompress(bytes(piece), cap + 1 - len(found)) if unzip else piece
        except zlib.error:
            raise Malformed("is not compressed as it says") from None
        if len(found) > cap:
            return bytes(found[: cap + 1])
    if unzip and not unzip.eof:
        raise Malformed("breaks off")
    return bytes(found)
