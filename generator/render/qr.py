"""The door to segno: the QR code of a link, and its outline as PDF path operators."""

from __future__ import annotations

from functools import lru_cache

import segno

SIDE = 33  # modules of version 4, the usual size; the next one has 37
QUIET = 4  # modules of white on each side (ISO/IEC 18004)


def matrix(payload: str) -> tuple[bytes, ...]:
    """Rows of 0 and 1: byte mode, level M, the smallest version that holds it, segno's own mask."""
    code = segno.make(payload, mode="byte", error="m", micro=False, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)


def path(rows: tuple[bytes, ...]) -> bytes:
    """One rectangle for each horizontal run of dark modules; one unit is a module, y runs down."""
    return b"".join(_row(y, row) for y, row in enumerate(rows))


@lru_cache(maxsize=50_000)
def _row(y: int, row: bytes) -> bytes:
    out = []
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        out.append(b"%d %d %d 1 re\n" % (start, y, end - start))
        start = row.find(1, end)
    return b"".join(out)
