"""Publications in the register: the row that is committed before a file is written (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.edge.register.database import Register
from generator.edge.register.site_files import SiteFiles
from generator.edge.register.site_only import SiteOnly
from generator.formats.bucket import DIGEST_BYTES, Listed
from generator.model.value import Digest, Instant
from generator.rules.publication import BucketPlace, bits_for

PAGE_SETS_KEPT = 10


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: `public/` is a function of the register and this row."""

    sequence: int
    issued_at: Instant
    next_update: Instant
    manifest_version: int
    events: int
    chain: Digest
    facts_sha256: Digest
    done: int


class Publications:
    """Rows of publications, the years and bucket versions that they fixed."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def last(self) -> Publication | None:
        """The newest publication, finished or not."""
        row = self._register.row("SELECT * FROM publications ORDER BY sequence DESC LIMIT 1")
        return Publication(*row) if row else None

    def find(self, sequence: int) -> Publication | None:
        """One publication."""
        row = self._register.row("SELECT * FROM publications WHERE sequence = ?", sequence)
        return Publication(*row) if row else None

    def live(self, targets: Iterable[str]) -> int:
        """The newest publication that the public sees whole, on every deploy target; 0 before the first.

        Where there are no targets, `public/` itself is what they see.
        """
        standing = SiteFiles(self._register).standing()
        shown = [standing.get(target, 0) for target in targets]
        if shown:
            return min(shown)
        last = self.last()
        return last.sequence - (0 if last.done else 1) if last else 0

    def add(self, publication: Publication) -> None:
        """Keep a new publication, not yet done."""
        self._register.change(
            "INSERT INTO publications VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            publication.sequence,
            publication.issued_at,
            publication.next_update,
            publication.manifest_version,
            publication.events,
            publication.chain,
            publication.facts_sha256,
        )

    def finish(self, sequence: int) -> None:
        """Mark a publication's files as switched in."""
        self._register.change("UPDATE publications SET done = 1 WHERE sequence = ?", sequence)

    def years(self) -> dict[int, tuple[int, bool]]:
        """Each published year's prefix bits, and whether it is closed."""
        rows = self._register.rows("SELECT year, bits, closed FROM years ORDER BY year")
        return {year: (bits, bool(closed)) for year, bits, closed in rows}

    def waits(self) -> bool:
        """Whether something issued or changed is in no publication yet."""
        row = self._register.row(
            "SELECT 1 FROM exceptions WHERE sequence IS NULL OR waiting IS NOT NULL LIMIT 1"
        )
        return row is not None or bool(self._unpublished())

    def take(self, sequence: int) -> None:
        """Make everything that waits, and is not withheld, part of this publication, its buckets too."""
        unpublished = self._unpublished()
        self._register.change(
            "UPDATE certificates SET sequence = ? WHERE sequence IS NULL AND entry IS NOT NULL"  # noqa: S608 - made of constants only
            + _NOT_WITHHELD,
            sequence,
        )
        self._register.change(
            "UPDATE exceptions SET sealed = coalesce(waiting, sealed), waiting = NULL, sequence = ?"
            " WHERE sequence IS NULL OR waiting IS NOT NULL",
            sequence,
        )
        for year, places in unpublished.items():
            self._mark_buckets(year, places, sequence)

    def _unpublished(self) -> dict[int, set[int]]:
        """Year -> prefixes (24 bits) of entries that wait to be published; withheld ones do not wait."""
        found: dict[int, set[int]] = {}
        for year, prefix in self._register.rows(
            "SELECT year, prefix FROM certificates"  # noqa: S608 - made of constants only
            f" WHERE sequence IS NULL AND entry IS NOT NULL{_NOT_WITHHELD}"
        ):
            found.setdefault(year, set()).add(prefix)
        return found

    def _mark_buckets(self, year: int, places: set[int], sequence: int) -> None:
        """Fix the year's prefix bits, and give its changed buckets this version; digests follow."""
        before = self.years().get(year, (0, False))[0]
        bits, width = before, 1 << (24 - before)
        touched: dict[int, int] = {}
        for first in {place // width * width for place in places}:
            touched |= self._sizes(year, first, first + width - 1)
        if bits_for(touched, before) > before:
            # More bits while a bucket would be too full: the whole year then moves to a new directory.
            every = self._sizes(year, 0, (1 << 24) - 1)
            bits = bits_for(every, before)
            places = every.keys() | SiteOnly(self._register).places(year, bits)
        self.set_year(year, bits)
        width = 1 << (24 - bits)
        unnamed = Listed(sequence, bytes(DIGEST_BYTES))
        self.list_buckets({(year, bits, place // width * width): unnamed for place in places})

    def _sizes(self, year: int, first: int, last: int) -> dict[int, int]:
        """Bytes of all entries by prefix (24 bits), between two prefixes, of issued certificates."""
        rows = self._register.rows(
            "SELECT prefix, sum(length(entry)) FROM certificates"
            " WHERE year = ? AND prefix BETWEEN ? AND ? AND entry IS NOT NULL GROUP BY prefix",
            year,
            first,
            last,
        )
        found: dict[int, int] = dict(rows)
        for place, size in SiteOnly(self._register).sizes(year, first, last):
            found[place] = found.get(place, 0) + size
        return found

    def set_year(self, year: int, bits: int) -> None:
        """Fix the prefix bits of a year."""
        self._register.change(
            "INSERT INTO years (year, bits) VALUES (?, ?)"
            " ON CONFLICT (year) DO UPDATE SET bits = excluded.bits",
            year,
            bits,
        )

    def list_buckets(self, listed: Mapping[BucketPlace, Listed]) -> None:
        """Keep how the status shards are to name these buckets."""
        self._register.change_many(
            "INSERT INTO buckets VALUES (?, ?, ?, ?, ?) ON CONFLICT (year, bits, prefix)"
            " DO UPDATE SET version = excluded.version, digest = excluded.digest",
            ((*place, item.version, item.digest) for place, item in sorted(listed.items())),
        )

    def buckets(self, year: int, bits: int) -> Mapping[int, Listed]:
        """How the status shards name every bucket of a year."""
        rows = self._register.rows(
            "SELECT prefix, version, digest FROM buckets WHERE year = ? AND bits = ?", year, bits
        )
        return {prefix: Listed(version, digest) for prefix, version, digest in rows}


class PageSets:
    """Pages of earlier publications, kept for a rollback: a few of the newest. Blanked pages and assets
    (path -> bytes) by `publications.facts_sha256`.
    """

    def __init__(self, register: Register) -> None:
        self._register = register

    def add(self, facts_sha256: Digest, site: Mapping[str, bytes]) -> None:
        """Keep the pages of a publication that is being planned; forget the oldest."""
        self._register.change_many(
            "INSERT INTO page_sets VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            ((facts_sha256, path, data) for path, data in sorted(site.items())),
        )
        self._register.change(
            "DELETE FROM page_sets WHERE facts_sha256 NOT IN (SELECT facts_sha256 FROM publications"
            " GROUP BY facts_sha256 ORDER BY max(sequence) DESC LIMIT ?) AND facts_sha256 <> ?",
            PAGE_SETS_KEPT,
            facts_sha256,
        )

    def read(self, facts_sha256: str) -> dict[str, bytes]:
        """The pages; empty if they are no longer kept."""
        rows = self._register.rows(
            "SELECT path, content FROM page_sets WHERE facts_sha256 = ? ORDER BY path", facts_sha256
        )
        return {path: bytes(content) for path, content in rows}

    def of(self, sequence: int) -> Digest | None:
        """The pages that a publication had, if they are kept."""
        return self._one("WHERE p.sequence = ?", sequence)

    def before(self, facts_sha256: str) -> Digest | None:
        """The newest other pages than these."""
        return self._one("WHERE p.facts_sha256 <> ? ORDER BY p.sequence DESC", facts_sha256)

    def sequences(self) -> list[int]:
        """The publications whose pages are kept."""
        rows = self._register.rows(
            "SELECT sequence FROM publications WHERE facts_sha256 IN (SELECT facts_sha256 FROM page_sets)"
            " ORDER BY sequence"
        )
        return [int(sequence) for (sequence,) in rows]

    def _one(self, condition: str, value: object) -> Digest | None:
        row = self._register.row(
            "SELECT p.facts_sha256 FROM publications p JOIN page_sets s USING (facts_sha256) "  # noqa: S608 - made of constants only
            + condition,
            value,
        )
        return Digest(row[0]) if row else None


# A hold keeps what is not published yet from being published; what is published it does not touch.
_NOT_WITHHELD = (
    " AND NOT EXISTS (SELECT 1 FROM withheld w JOIN holds h USING (hold_id)"
    " WHERE w.serial = certificates.serial AND h.released_at IS NULL)"
)
