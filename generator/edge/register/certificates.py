"""Certificates in the register: allotted, made, published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.edge.register.database import Register
from generator.edge.register.site_only import SiteOnly
from generator.formats import verification_code
from generator.formats.entry import Entry
from generator.formats.status import SealedException
from generator.model.value import ClaimId, Day, Digest, Serial, VerificationCode
from generator.rules.signing import Allotted

_NUMBER_BYTES = 12


@dataclass(frozen=True, slots=True)
class UnfinishedCertificate:
    """A certificate whose number is allotted and whose PDF is still to be made."""

    serial: Serial
    statement: bytes
    template: str
    recipe_id: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as issued. After erasure `statement` is None and `pdf_sha256` empty."""

    serial: Serial
    number: VerificationCode
    issued_on: Day
    pdf_sha256: Digest
    statement: bytes | None
    claim_id: ClaimId
    recipe_id: str
    template: str


class Certificates:
    """Allots numbers and serials, keeps sealed entries, and says what is to be published."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def allot(self, code: str, issued_on: Day, claim_id: ClaimId) -> Allotted:
        """The next serial of the year and a fresh number, for one claim, inside a transaction."""
        year = int(issued_on[:4])
        self._register.change(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (year) DO UPDATE SET last = last + 1", year
        )
        found = self._register.row("SELECT last FROM counters WHERE year = ?", year)
        rank = int(found[0]) if found else 1
        drawn = int.from_bytes(self._register.randomness(f"number/{claim_id}", _NUMBER_BYTES), "big")
        made = verification_code.encode(year, drawn >> (8 * _NUMBER_BYTES - verification_code.RANDOM_BITS))
        return Allotted(made, Serial(f"{code}-{year % 100:02d}-{rank:06d}"), issued_on)

    def add(
        self,
        allotted: Allotted,
        claim_id: ClaimId,
        statement: bytes,
        template: str,
        recipe_id: str,
        approvals_sha256: str,
    ) -> None:
        """Keep what was allotted, with the statement that follows from it."""
        self._register.change(
            "INSERT INTO certificates (serial, number, claim_id, year, issued_on, template, recipe_id,"
            " approvals_sha256, statement) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            allotted.serial,
            allotted.number,
            claim_id,
            int(allotted.issued_on[:4]),
            allotted.issued_on,
            template,
            recipe_id,
            approvals_sha256,
            statement,
        )

    def unmade(self) -> list[UnfinishedCertificate]:
        """Certificates without a PDF yet, by serial."""
        rows = self._register.rows(
            "SELECT serial, statement, template, recipe_id FROM certificates"
            " WHERE entry IS NULL AND statement IS NOT NULL ORDER BY serial"
        )
        return [UnfinishedCertificate(*row) for row in rows]

    def made(self, serial: Serial, pdf_sha256: Digest, prefix: int, entry: bytes) -> None:
        """Keep the sealed entry (tag, nonce, length, ciphertext) and the PDF's digest."""
        self._register.change(
            "UPDATE certificates SET pdf_sha256 = ?, prefix = ?, entry = ? WHERE serial = ?",
            pdf_sha256,
            prefix,
            entry,
            serial,
        )

    def issued(self) -> Iterator[Issued]:
        """Every certificate whose PDF is made, by serial."""
        rows = self._register.each(f"{_ISSUED} WHERE entry IS NOT NULL ORDER BY serial")
        return (Issued(*row) for row in rows)

    def by_place(self) -> Iterator[tuple[Serial, VerificationCode]]:
        """Serial and number of every certificate whose PDF is made, in the order of the published buckets."""
        rows = self._register.each(
            "SELECT serial, number FROM certificates WHERE entry IS NOT NULL ORDER BY year, prefix, serial"
        )
        return ((Serial(serial), VerificationCode(code)) for serial, code in rows)

    def published_between(self, after: int, upto: int) -> list[Serial]:
        """Serials first published after one publication and up to another, without an exception."""
        rows = self._register.rows(
            "SELECT c.serial FROM certificates c LEFT JOIN exceptions e ON e.serial = c.serial"
            " WHERE c.sequence > ? AND c.sequence <= ? AND c.entry IS NOT NULL AND c.statement IS NOT NULL"
            " AND e.serial IS NULL ORDER BY c.serial",
            after,
            upto,
        )
        return [Serial(serial) for (serial,) in rows]

    def published_upto(self, sequence: int) -> list[Serial]:
        """Serials that are in a publication up to a sequence, whatever was done to them since."""
        rows = self._register.rows(
            "SELECT serial FROM certificates WHERE sequence <= ? AND entry IS NOT NULL"
            " AND statement IS NOT NULL ORDER BY serial",
            sequence,
        )
        return [Serial(serial) for (serial,) in rows]

    def published_after(self, sequence: int) -> set[str]:
        """Serials whose entry is of a later publication."""
        rows = self._register.rows("SELECT serial FROM certificates WHERE sequence > ?", sequence)
        return {str(serial) for (serial,) in rows}

    def serials(self) -> Iterator[str]:
        """Every serial whose PDF is made, in order."""
        rows = self._register.rows("SELECT serial FROM certificates WHERE entry IS NOT NULL ORDER BY serial")
        return (str(serial) for (serial,) in rows)

    def drawn(self, count: int, sequence: int) -> list[str]:
        """Serials to look at: the newest published and, evenly, older ones."""
        total = self.counts()[0]
        step = max(1, total // count)
        rows = self._register.rows(
            "SELECT serial FROM (SELECT serial, row_number() OVER (ORDER BY serial DESC) - 1 AS place"
            " FROM certificates WHERE entry IS NOT NULL AND sequence <= ?) WHERE place % ? = 0 LIMIT ?",
            sequence,
            step,
            count,
        )
        return [str(serial) for (serial,) in rows]

    def find(self, serial: str) -> Issued | None:
        """One issued certificate."""
        row = self._register.row(f"{_ISSUED} WHERE serial = ? AND entry IS NOT NULL", serial)
        return Issued(*row) if row else None

    def entry(self, serial: Serial) -> bytes:
        """The sealed entry of an issued certificate, as it is in its bucket."""
        row = self._register.row("SELECT entry FROM certificates WHERE serial = ?", serial)
        return bytes(row[0]) if row and row[0] else b""

    def approvals_digest(self, serial: Serial) -> str:
        """The digest over the approvals on which a certificate rests, as it was kept at allotment."""
        row = self._register.row("SELECT approvals_sha256 FROM certificates WHERE serial = ?", serial)
        return str(row[0]) if row else ""

    def never_published(self) -> list[tuple[str, str]]:
        """Serial and claim of everything that has a number and is in no publication, finished or not."""
        rows = self._register.rows(
            "SELECT serial, claim_id FROM certificates WHERE sequence IS NULL"
            " AND serial NOT IN (SELECT serial FROM erasures) ORDER BY serial"
        )
        return [(str(serial), str(claim_id)) for serial, claim_id in rows]

    def expiring(self, first: str, last: str) -> list[tuple[str, str, str]]:
        """Serial, claim and last day of certificates that expire between two days and are not renewed."""
        day = "json_extract(CAST(k.statement AS TEXT), '$.expires_on')"
        rows = self._register.rows(
            f"SELECT k.serial, k.claim_id, {day} FROM certificates k"  # noqa: S608 - made of constants only
            f" WHERE {day} BETWEEN ? AND ? AND {day} IS NOT NULL AND k.sequence IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM claims c"
            " WHERE json_extract(CAST(c.body AS TEXT), '$.renews') = k.claim_id)"
            f" ORDER BY {day}, k.serial",
            first,
            last,
        )
        return [(str(serial), str(claim_id), str(due)) for serial, claim_id, due in rows]

    def issued_by_day(self) -> list[tuple[Day, int]]:
        """How many certificates were issued on each day, erased ones too."""
        rows = self._register.rows(
            "SELECT issued_on, count(*) FROM certificates WHERE entry IS NOT NULL"
            " GROUP BY issued_on ORDER BY issued_on"
        )
        return [(Day(day), int(count)) for day, count in rows]

    def of_programme(self, programme: str, version: str) -> list[str]:
        """Serials of the certificates of one version of a programme."""
        rows = self._register.rows(
            "SELECT serial FROM certificates WHERE entry IS NOT NULL"
            " AND json_extract(CAST(statement AS TEXT), '$.programme.code') = ?"
            " AND json_extract(CAST(statement AS TEXT), '$.programme.version') = ? ORDER BY serial",
            programme,
            version,
        )
        return [str(serial) for (serial,) in rows]

    def waiting_tags(self, year: int) -> set[bytes]:
        """Tags of erased entries whose tombstone waits to be published: the site still has the old ones."""
        rows = self._register.rows(
            "SELECT substr(entry, 1, 16) FROM certificates JOIN erasures USING (serial)"
            " WHERE year = ? AND sequence IS NULL",
            year,
        )
        return {bytes(tag) for (tag,) in rows}

    def erase(self, serial: Serial, entry: bytes) -> None:
        """Replace an entry by its tombstone, and remove what the register holds beside it."""
        self._register.change(
            "UPDATE certificates SET statement = NULL, pdf_sha256 = NULL, entry = ?, sequence = NULL"
            " WHERE serial = ?",
            entry,
            serial,
        )

    def counts(self) -> tuple[int, int]:
        """How many certificates are issued, and how many of them are in no publication yet."""
        row = self._register.row(
            "SELECT count(entry), count(*) FILTER (WHERE entry IS NOT NULL AND sequence IS NULL)"
            " FROM certificates"
        )
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def entries(self, year: int, first: int, last: int, upto: int) -> list[Entry]:
        """Sealed entries with prefixes between these (24 bits, inclusive), published up to a sequence."""
        rows = self._register.rows(
            "SELECT entry FROM certificates WHERE year = ? AND prefix BETWEEN ? AND ? AND sequence <= ?",
            year,
            first,
            last,
            upto,
        )
        return [decode_entry(data) for (data,) in rows] + SiteOnly(self._register).entries(year, first, last)

    def exceptions(self, year: int, upto: int) -> list[tuple[int, SealedException]]:
        """Every exception of a year published up to a sequence: bucket prefix (24 bits), sealed bytes."""
        rows = self._register.rows(
            "SELECT prefix, sealed FROM exceptions WHERE year = ? AND sequence <= ?", year, upto
        )
        known = [(prefix, SealedException(data[:16], data[16:28], data[28:])) for prefix, data in rows]
        return known + SiteOnly(self._register).exceptions(year)


# As the fields of `Issued` follow each other.
ISSUED_COLUMNS = (
    "serial, number, issued_on, coalesce(pdf_sha256, ''), statement, claim_id, recipe_id, template"
)
_ISSUED = f"SELECT {ISSUED_COLUMNS} FROM certificates"  # noqa: S608 - made of constants only


def decode_entry(data: bytes) -> Entry:
    """An entry as the register keeps it: exactly as it is in its bucket."""
    return Entry(data[:16], data[16:28], data[30:])
