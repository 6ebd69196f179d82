"""A checksum of every page of the register, beside it in `register.db-sums` (docs/register.md).

SQLite notices damage to its own structure only: a byte that changes inside a name or a signature stays
unseen. The sums are of the database file alone. What was committed and is not yet in that file is in its
log, `register.db-wal`, whose frames carry checksums of SQLite's own. So the file and the sums may be killed
apart:

1. commits go to the log; the file, and so its sums, stay as they are;
2. the log is copied into the file, and stays;
3. the sums are written anew for the pages that are in the log;
4. the log is emptied.

Whatever is in the log is not compared, so that the sums are right before and after each of these steps.
"""

from __future__ import annotations

import os
import sys
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from generator.edge import disk

_HEAD = b"certportal-sums v1\n"
_CAP = 64_000_000
_WAL_HEAD, _FRAME_HEAD = 32, 24
_MAGIC = (0x377F0682, 0x377F0683)
# So much is compared whenever the register is opened (0.1 s); of a larger one a part in turn, and the whole
# of it by the night, the audit and a backup.
WHOLE = 256_000_000


@dataclass(slots=True)
class PageSums:
    """CRC-32 of each page, in their order."""

    page_size: int
    turn: int = 0
    sums: array[int] = field(default_factory=lambda: array("I"))

    def differing(self, file: BinaryIO, logged: set[int], *, whole: bool = True) -> str:
        """How the file differs from the sums, in words; empty where it does not. Pages count from 1."""
        size, pages = os.fstat(file.fileno()).st_size, len(self.sums)
        if size < pages * self.page_size and not logged:
            return f"is {size:,} bytes long and was {pages * self.page_size:,}"
        ranks = range(pages)
        if not whole and size > WHOLE:
            parts = -(-size // WHOLE)
            ranks = range(self.turn % parts, pages, parts)
        wrong = [
            rank + 1 for rank in ranks if rank + 1 not in logged and self.sums[rank] != self._sum(file, rank)
        ]
        if not wrong:
            return ""
        places = ", ".join(str(page) for page in wrong[:3]) + (" ..." if len(wrong) > 3 else "")
        noun = "page" if len(wrong) == 1 else f"{len(wrong)} pages"
        return f"{noun} of it ({places}) {'is' if len(wrong) == 1 else 'are'} not as certportal wrote"

    def renew(self, file: BinaryIO, logged: Iterable[int]) -> None:
        """Take the sums of these pages, and of all that the file has grown by, from the file."""
        pages = os.fstat(file.fileno()).st_size // self.page_size
        known = min(len(self.sums), pages)
        del self.sums[known:]
        self.sums.extend([0] * (pages - known))
        for rank in sorted({*range(known, pages), *(page - 1 for page in logged if page <= pages)}):
            self.sums[rank] = self._sum(file, rank)
        self.turn += 1

    def _sum(self, file: BinaryIO, rank: int) -> int:
        file.seek(rank * self.page_size)
        return zlib.crc32(file.read(self.page_size))

    def encode(self) -> bytes:
        """The file's content, its own checksum at its end."""
        numbers = array("I", [self.page_size, self.turn & 0xFFFFFFFF, len(self.sums), *self.sums])
        if numbers.itemsize != 4:
            raise RuntimeError("unsigned integers have four bytes on every platform that Python runs on")
        body = _HEAD + numbers.tobytes()
        return body + zlib.crc32(body).to_bytes(4, "little")


def decode(data: bytes) -> PageSums | None:
    """The sums in a file, or None where it is damaged itself."""
    body, own = data[:-4], data[-4:]
    if not body.startswith(_HEAD) or zlib.crc32(body).to_bytes(4, "little") != own:
        return None
    numbers = array("I")
    numbers.frombytes(body[len(_HEAD) :])
    return PageSums(numbers[0], numbers[1], numbers[3:])


def fresh(file: BinaryIO) -> PageSums:
    """The sums of a database file as it is now."""
    file.seek(16)
    stated = int.from_bytes(file.read(2), "big")
    made = PageSums(65_536 if stated == 1 else stated or 4096)
    made.renew(file, ())
    return made


def place(database: Path) -> Path:
    """Where the sums of a database are kept."""
    return database.with_name(f"{database.name}-sums")


def load(database: Path) -> PageSums | None:
    """The sums beside a database; None where they are not there, or are no sums."""
    path = place(database)
    return decode(disk.read(path, _CAP, str(path))) if path.exists() else None


def logged_pages(database: Path, *, checked: bool = False) -> set[int] | None:
    """The pages that are in the log of changes; None where its head, or what is `checked`, is damaged.

    The end of a log may be torn, where a run was killed before it had committed. More than one transaction
    behind a frame that does not fit was lost by damage.
    """
    try:
        file = disk.open_file(database.with_name(f"{database.name}-wal"))
    except FileNotFoundError:
        return set()
    with file:
        raw = file.read(_WAL_HEAD)
        if len(raw) < _WAL_HEAD or not any(raw):
            return set()
        head = _words(raw, "big")
        order = "big" if head[0] & 1 else "little"
        sums = _chained((0, 0), raw[:24], order)
        if head[0] not in _MAGIC or sums != (head[6], head[7]):
            return None
        pages: set[int] = set()
        whole, lost = True, 0
        while len(raw := file.read(_FRAME_HEAD)) == _FRAME_HEAD:
            frame = _words(raw, "big")
            if frame[2:4] != head[4:6]:
                break
            pages.add(frame[0])
            if checked and whole:
                sums = _chained(sums, raw[:8] + file.read(head[2]), order)
                whole = sums == (frame[4], frame[5])
            else:
                file.seek(head[2], os.SEEK_CUR)
            lost += bool(frame[1]) and not whole
    return pages if lost < 2 else None


def _chained(before: tuple[int, int], data: bytes, order: str) -> tuple[int, int]:
    """SQLite's checksum over words in pairs (its file format, section 4.2)."""
    words = iter(_words(data, order))
    first, second = before
    for one in words:
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + next(words) + first) & 0xFFFFFFFF
    return first, second


def _words(data: bytes, order: str) -> array[int]:
    words = array("I", data[: len(data) // 8 * 8])
    if sys.byteorder != order:
        words.byteswap()
    return words
