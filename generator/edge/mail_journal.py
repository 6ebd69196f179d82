"""The mail journal: what left, kept beside the outbox and outside the register (docs/delivery.md).

A register that comes back from a backup does not know which letters went since. The journal does: it stays
where it is. A line holds an instant, a name that is nobody's to guess, the attempt, and what came of it; it
is on the disk before the first byte of a letter leaves. A line that was cut off says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.model.value import Instant

HANDING = "handing"
_CAP = 2_000_000_000
_LINE = re.compile(rb"(\S{20}) ([0-9a-f]{32}) ([0-9]{1,4}) ([a-z]+) ([^\n]*)\.\n")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The last that is known of a letter; `outcome` is `handing` where no answer was heard."""

    at: Instant
    attempt: int
    outcome: str
    reply: str


class MailJournal:
    """The journal of a workspace, read when it is first asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[str, JournalEntry] | None = None
        self._begun = False

    def exists(self) -> bool:
        """Whether it is there."""
        return self.path.is_file()

    def begin(self) -> None:
        """Have it there, empty if it was not."""
        disk.append(self.path, b"")

    def find(self, name: str) -> JournalEntry | None:
        """The last entry of a letter."""
        return self._read().get(name)

    def note(self, name: str, entry: JournalEntry) -> None:
        """Add an entry, and have it on the disk before returning."""
        line = f"{entry.at} {name} {entry.attempt} {entry.outcome} {entry.reply}.\n"
        # What a killed run left of a line is ended first.
        disk.append(self.path, line.encode() if self._begun else f"\n{line}".encode())
        self._begun = True
        if self._entries is not None:
            self._entries[name] = entry

    def _read(self) -> Mapping[str, JournalEntry]:
        if self._entries is None:
            data = disk.read(self.path, _CAP, self.path.name) if self.exists() else b""
            self._entries = {}
            for at, name, attempt, outcome, reply in _LINE.findall(data):
                self._entries[name.decode()] = JournalEntry(
                    Instant(at.decode()), int(attempt), outcome.decode(), reply.decode("utf-8", "replace")
                )
        return self._entries
