"""What the site shows and an older register no longer knows (docs/restoring.md).

Without its number nothing can be read of a certificate, so it is kept as the site has it: sealed. It goes
into every later publication, and so does what was published of it being revoked or suspended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.edge.register.database import Register
from generator.formats.entry import Entry
from generator.formats.status import SealedException, shard_bits
from generator.model.value import Instant, Serial, VerificationCode


@dataclass(frozen=True, slots=True)
class LocatorRange:
    """Where something sealed was: the leading `bits` of its place are those of `prefix` (24 bits)."""

    year: int
    bits: int
    prefix: int


@dataclass(frozen=True, slots=True)
class KnownCertificate:
    """A certificate as this register has it; `published`: it is in one of its own publications."""

    serial: Serial
    number: VerificationCode
    published: bool
    item: Entry


class SiteOnly:
    """Keeps sealed entries and exceptions, and hands them to every publication."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def keep_entry(self, place: LocatorRange, item: Entry) -> None:
        """Keep an entry, inside a transaction."""
        row = (item.tag, place.year, place.bits, place.prefix, item.encode())
        self._register.change("INSERT INTO carried_entries VALUES (?, ?, ?, ?, ?)", *row)

    def keep_exception(self, place: LocatorRange, item: SealedException) -> None:
        """Keep an exception; its place is that of its status shard."""
        row = (item.tag, place.year, place.bits, place.prefix, item.tag + item.nonce + item.sealed)
        self._register.change("INSERT INTO carried_exceptions VALUES (?, ?, ?, ?, ?)", *row)

    def keep_link(self, path: str) -> None:
        """Keep the file of a private link whose secret is lost."""
        self._register.change("INSERT INTO carried_links VALUES (?)", path)

    def accept(self, sequence: int, chain: str) -> None:
        """Take a head that another register made for the one to go on from."""
        self._register.change("INSERT INTO carried_heads VALUES (?, ?)", sequence, chain)

    def accepts(self, sequence: int, chain: str) -> bool:
        """Whether this very head was accepted."""
        row = self._register.row("SELECT chain FROM carried_heads WHERE sequence = ?", sequence)
        return row == (chain,)

    def last_head(self) -> int | None:
        """The newest publication that was accepted."""
        row = self._register.row("SELECT max(sequence) FROM carried_heads")
        return row[0] if row else None

    def entries(self, year: int, first: int, last: int) -> list[Entry]:
        """Entries that may be between two places: where a bucket was split, in both of its halves."""
        rows = self._register.rows(
            "SELECT entry FROM carried_entries"
            " WHERE year = ? AND prefix <= ? AND prefix + (1 << (24 - bits)) > ? ORDER BY tag",
            year,
            last,
            first,
        )
        return [Entry(data[:16], data[16:28], data[30:]) for (data,) in rows]

    def sizes(self, year: int, first: int, last: int) -> list[tuple[int, int]]:
        """Bytes of these entries, at the first and at the last place where each may be."""
        rows = self._register.rows(
            "SELECT prefix, prefix + (1 << (24 - bits)) - 1, length(entry) FROM carried_entries"
            " WHERE year = ?",
            year,
        )
        ends = [(place, size) for start, end, size in rows for place in dict.fromkeys((start, end))]
        return [(place, size) for place, size in ends if first <= place <= last]

    def places(self, year: int, bits: int) -> set[int]:
        """The prefix of every bucket of so many bits in which one of these entries may be looked for."""
        rows = self._register.rows("SELECT bits, prefix FROM carried_entries WHERE year = ?", year)
        step = 1 << (24 - bits)
        return {
            place // step * step
            for known, prefix in rows
            for place in range(prefix, prefix + (1 << (24 - known)), step)
        }

    def exceptions(self, year: int) -> list[tuple[int, SealedException]]:
        """Exceptions with the place of every status shard in which they may be looked for now."""
        row = self._register.row("SELECT bits FROM years WHERE year = ?", year)
        return [(place, item) for _, place, item in self.every_exception({year: int(row[0]) if row else 0})]

    def every_exception(self, bits: Mapping[int, int]) -> Iterator[tuple[int, int, SealedException]]:
        """The same of several years, with their prefix bits: year, place, exception."""
        rows = self._register.rows("SELECT year, bits, prefix, sealed FROM carried_exceptions ORDER BY tag")
        for year, known, prefix, data in rows:
            if year in bits:
                step = 1 << (24 - shard_bits(bits[year]))
                for place in range(prefix, prefix + (1 << (24 - known)), step):
                    yield year, place, SealedException(data[:16], data[16:28], data[28:])

    def links(self) -> set[str]:
        """Files of private links that stay as they are."""
        return {str(path) for (path,) in self._register.rows("SELECT path FROM carried_links")}

    def count(self) -> int:
        """How many certificates only the site knows."""
        row = self._register.row("SELECT count(*) FROM carried_entries")
        return int(row[0]) if row else 0

    # ------------------------------------------------------------ what recovering asks of the other tables

    def known(self, place: LocatorRange) -> list[KnownCertificate]:
        """Every certificate whose PDF is made and whose entry belongs in a bucket."""
        last = place.prefix + (1 << (24 - place.bits)) - 1
        rows = self._register.rows(
            "SELECT serial, number, sequence, entry FROM certificates"
            " WHERE year = ? AND prefix BETWEEN ? AND ? AND entry IS NOT NULL ORDER BY serial",
            *(place.year, place.prefix, last),
        )
        return [
            KnownCertificate(serial, number, sequence is not None, Entry(data[:16], data[16:28], data[30:]))
            for serial, number, sequence, data in rows
        ]

    def published(self) -> list[Serial]:
        """Serials in this register's own publications."""
        rows = self._register.rows("SELECT serial FROM certificates WHERE sequence IS NOT NULL")
        return [Serial(serial) for (serial,) in rows]

    def published_states(self) -> set[str]:
        """Serials of which this register published that something was done to them."""
        rows = self._register.rows("SELECT serial FROM exceptions WHERE sequence IS NOT NULL")
        return {str(serial) for (serial,) in rows}

    def counters(self) -> dict[int, int]:
        """The last serial of each year."""
        return {int(year): int(last) for year, last in self._register.rows("SELECT * FROM counters")}

    # ------------------------------------------------------------ what recovering changes in them

    def count_on(self, year: int, last: int) -> None:
        """Give no serial of a year up to this one any more."""
        self._register.change(
            "INSERT INTO counters VALUES (?, ?)"
            " ON CONFLICT (year) DO UPDATE SET last = max(last, excluded.last)",
            year,
            last,
        )

    def mark_published(self, serial: str, sequence: int, item: Entry | None = None) -> None:
        """Note that a certificate is out, as it is here or with another entry."""
        self._register.change(
            "UPDATE certificates SET sequence = ?, entry = coalesce(?, entry) WHERE serial = ?",
            sequence,
            item.encode() if item else None,
            serial,
        )

    def state(self, serial: Serial, year: int, prefix: int, sequence: int, item: SealedException) -> None:
        """Note what is out of a certificate's state, in place of what waits here."""
        self._register.change(
            "INSERT INTO exceptions (serial, year, prefix, sealed, sequence) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (serial) DO UPDATE SET sealed = excluded.sealed, sequence = excluded.sequence,"
            " waiting = NULL",
            *(serial, year, prefix, item.tag + item.nonce + item.sealed, sequence),
        )

    def mark_messages_in_doubt(self, at: Instant) -> int:
        """Nobody knows which of the messages that wait have gone since: a person decides on each."""
        self._register.change(
            "UPDATE messages SET state = 'cancelled', changed_at = ?"
            " WHERE serial IS NULL AND recipient IS NULL AND state IN ('waiting', 'handing')",
            at,
        )
        return self._register.change(
            "UPDATE messages SET state = 'doubt', changed_at = ?, reply = 'recovered'"
            " WHERE state IN ('waiting', 'handing')",
            at,
        )
