"""Publications in the register: the row that is committed before a file is written (DESIGN 4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from generator.edge.register.certificates import ISSUED_COLUMNS, Issued, decode_entry
from generator.edge.register.database import Register
from generator.edge.register.site_files import SiteFiles
from generator.edge.register.site_only import SiteOnly
from generator.formats.bucket import DIGEST_BYTES, Listed
from generator.formats.entry import Entry
from generator.formats.status import SealedException
from generator.model.value import Digest, Instant
from generator.rules.publication import BucketPlace, ChangedBucket, YearFacts, bits_for

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


# Whether a bucket (year, bits, prefix) with this version is there already and need not be made.
IsPublished = Callable[[BucketPlace, int], bool]


@dataclass(frozen=True, slots=True)
class PublicationRows:
    """Everything that the register holds of one publication, as it was at one instant.

    `links` are certificates with the secrets of their private links; `kept_links` are files of links whose
    secret is lost. `files` maps the paths of `public/` to since when nothing refers to them, None for what
    is in use. `erased`: a certificate was erased since the publication before.
    """

    secret: bytes = field(repr=False)
    years: tuple[YearFacts, ...]
    links: tuple[tuple[Issued, bytes], ...] = field(repr=False)
    kept_links: frozenset[str]
    files: Mapping[str, str | None] = field(repr=False)
    erased: bool


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
        live = SiteFiles(self._register).live_sequences()
        shown = [live.get(target, 0) for target in targets]
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
        return row is not None or bool(self._unpublished()) or self._links_differ()

    def _links_differ(self) -> bool:
        """Whether the site holds other private links than the register: one was withdrawn or lost."""
        row = self._register.row(
            "SELECT (SELECT count(*) FROM site_files WHERE path LIKE 'l/%' AND unreferenced_at IS NULL),"
            " (SELECT count(*) FROM links JOIN certificates USING (serial)"
            " WHERE entry IS NOT NULL AND statement IS NOT NULL)"
            " + (SELECT count(*) FROM carried_links JOIN site_files USING (path))"
        )
        return row is not None and row[0] != row[1]

    def has_links(self) -> bool:
        """Whether there is a private link that somebody may open."""
        row = self._register.row(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM links) OR EXISTS (SELECT 1 FROM carried_links)"
        )
        return row is not None

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

    def files(self) -> dict[str, str | None]:
        """The paths that `public/` holds, with since when nothing refers to them."""
        return dict(self._register.rows("SELECT path, unreferenced_at FROM site_files"))

    def rows(
        self, sequence: int, files: Mapping[str, str | None], is_published: IsPublished
    ) -> PublicationRows:
        """All that one publication is made of, in as many statements however much it is.

        Of buckets, entries are read only where the bucket is not. `files` is from `files()`.
        """
        links = self._register.rows(
            f"SELECT {ISSUED_COLUMNS}, secret FROM links JOIN certificates USING (serial)"  # noqa: S608 - made of constants only
            " WHERE entry IS NOT NULL AND statement IS NOT NULL ORDER BY serial"
        )
        erased = self._register.row(
            "SELECT 1 FROM erasures JOIN certificates USING (serial) WHERE sequence = ? LIMIT 1", sequence
        )
        return PublicationRows(
            secret=self._register.secret(),
            years=tuple(self._year_facts(sequence, is_published)),
            links=tuple((Issued(*row), bytes(secret)) for *row, secret in links),
            kept_links=frozenset(SiteOnly(self._register).links()),
            files=files,
            erased=erased is not None,
        )

    def _year_facts(self, sequence: int, is_published: IsPublished) -> list[YearFacts]:
        years = self.years()
        listed: dict[int, dict[int, Listed]] = {year: {} for year in years}
        changed: dict[BucketPlace, int] = {}
        for year, bits, prefix, version, digest in self._register.rows(
            "SELECT year, bits, prefix, version, digest FROM buckets JOIN years USING (year, bits)"
            " ORDER BY year, prefix"
        ):
            place = (year, bits, prefix)
            if is_published(place, version):
                listed[year][prefix] = Listed(version, digest)
            else:
                changed[place] = version
        entries = self._entries(list(changed), sequence)
        exceptions: dict[int, list[tuple[int, SealedException]]] = {year: [] for year in years}
        for year, prefix, data in self._register.rows(
            "SELECT year, prefix, sealed FROM exceptions WHERE sequence <= ?", sequence
        ):
            exceptions[year].append((prefix, SealedException(data[:16], data[16:28], data[28:])))
        shard_of = {year: bits for year, (bits, _) in years.items()}
        for year, prefix, item in SiteOnly(self._register).every_exception(shard_of):
            exceptions[year].append((prefix, item))
        return [
            YearFacts(
                year,
                bits,
                closed,
                listed[year],
                tuple(exceptions[year]),
                tuple(
                    ChangedBucket(place[2], version, tuple(entries[place]))
                    for place, version in changed.items()
                    if place[0] == year
                ),
            )
            for year, (bits, closed) in years.items()
        ]

    def _entries(self, places: list[BucketPlace], sequence: int) -> dict[BucketPlace, list[Entry]]:
        """The sealed entries of these buckets, published up to a sequence, and those only the site knows."""
        found: dict[BucketPlace, list[Entry]] = {place: [] for place in places}
        ranges = json.dumps(
            [(year, prefix, prefix + (1 << (24 - bits)) - 1) for year, bits, prefix in places]
        )
        for key, data in self._register.rows(f"{_RANGES} {_ENTRIES_WITHIN}", ranges, sequence):
            found[places[key]].append(decode_entry(data))
        for key, data in self._register.rows(f"{_RANGES} {_SITE_ONLY_WITHIN}", ranges):
            found[places[key]].append(decode_entry(data))
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


# Ranges of places, [year, first, last], as one value, however many: key is the rank of each.
_RANGES = (
    "WITH ranges AS MATERIALIZED (SELECT key, json_extract(value, '$[0]') AS year,"
    " json_extract(value, '$[1]') AS first, json_extract(value, '$[2]') AS last FROM json_each(?))"
)
_ENTRIES_WITHIN = (
    "SELECT key, entry FROM ranges r CROSS JOIN certificates c"
    " WHERE c.year = r.year AND c.prefix BETWEEN r.first AND r.last AND c.sequence <= ?"
)
# Where a bucket was split, one is in both of its halves.
_SITE_ONLY_WITHIN = (
    "SELECT key, entry FROM ranges r CROSS JOIN carried_entries c WHERE c.year = r.year"
    " AND c.prefix <= r.last AND c.prefix + (1 << (24 - c.bits)) > r.first ORDER BY c.tag"
)
# A hold keeps what is not published yet from being published; what is published it does not touch.
_NOT_WITHHELD = (
    " AND NOT EXISTS (SELECT 1 FROM withheld w JOIN holds h USING (hold_id)"
    " WHERE w.serial = certificates.serial AND h.released_at IS NULL)"
)
