"""Look for secrets in published bytes however they may be written: case, UTF-16, base64, hex, deflated."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator

_SHORTEST = 6  # shorter words meet by chance in a few hundred kilobytes
_INFLATED_CAP = 65_536


def spellings(secret: str) -> Iterator[bytes]:
    """The secret as it may be in a file, but for its case."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        data = secret.encode(encoding)
        yield data
        yield data.hex().encode()
        yield data.hex().upper().encode()
        yield from in_base64(data)
    yield secret.encode("unicode_escape")
    yield "".join(f"&#{ord(char)};" for char in secret).encode()


def in_base64(data: bytes) -> Iterator[bytes]:
    """The characters of base64 that depend on nothing but the data, at each of the three alignments."""
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + data)
        first, last = -(-shift * 8 // 6), (shift + len(data)) * 8 // 6
        yield text[first:last]
        yield text[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def inflated(data: bytes) -> Iterator[bytes]:
    """Everything that a zlib, gzip or raw deflate stream beginning at any offset holds."""
    for at in range(len(data)):
        # A raw stream cannot begin with a block of the reserved kind; that spares a quarter of the tries.
        windows = (-15,) if data[at] & 6 != 6 else ()
        if data[at] & 15 == 8:
            windows += (15,)
        if data[at : at + 2] == b"\x1f\x8b":
            windows += (31,)
        for window in windows:
            try:
                found = zlib.decompressobj(window).decompress(data[at : at + _INFLATED_CAP], _INFLATED_CAP)
            except zlib.error:
                continue
            if len(found) >= _SHORTEST:
                yield found


class Search:
    """Finds any of many secrets in bytes."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.secrets = sorted({secret for secret in secrets if len(secret) >= _SHORTEST})
        self._folded = [(secret, secret.casefold()) for secret in self.secrets]
        self._spelled = [(secret, set(spellings(secret))) for secret in self.secrets]

    def found(self, data: bytes) -> list[str]:
        """The secrets that are in these bytes, undeflated."""
        text = data.decode("utf-8", errors="ignore").casefold()
        hits = {secret for secret, folded in self._folded if folded in text}
        hits |= {secret for secret, forms in self._spelled if any(form in data for form in forms)}
        return sorted(hits)

    def found_deflated(self, data: bytes) -> list[str]:
        """The secrets that are in any deflated stream in these bytes."""
        return self.found(b"\0\0".join(inflated(data)))
