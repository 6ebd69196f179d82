"""A publication as a value: what was read from the register once, and the files that follow from it.

Pure: the same snapshot gives the same bytes (SPEC, chapters Bucket, Status, Pages and Head). `plan` goes in
these steps:

1. Buckets. Each that changed is made, with its decoys, and encoded once; the others are there already.
2. Shards. They name every bucket of a year by version and digest, with the exceptions; each is signed.
3. The list of pages and assets, with their digests.
4. The head, over all shards and the list of pages, signed.
5. Pages with the head inlined, key manifests, and private links that are new.
6. What nothing refers to any more stays for its days of grace, or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from generator.crypto.digest import sha256
from generator.formats import bucket, head, pages, paths, private_link, status
from generator.formats.entry import Entry
from generator.model.keyring import Signer
from generator.model.value import Digest, Instant, VerificationCode

BucketPlace = tuple[int, int, int]  # year, prefix bits, prefix left-aligned in 24 bits


@dataclass(frozen=True, slots=True)
class PublicationStamp:
    """What one publication row fixes: who, when, until when, under which manifest."""

    issuer_id: Digest
    sequence: int
    issued_at: Instant
    next_update: Instant
    manifest_version: int


@dataclass(frozen=True, slots=True)
class ChangedBucket:
    """A bucket that must be written: its prefix (24 bits), version and real entries."""

    prefix: int
    version: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A year's buckets (prefix -> `bucket.Listed`) and its exceptions (bucket prefix, exception).

    `changed` buckets are to be made, and are named in `buckets` only then.
    """

    year: int
    bits: int
    closed: bool
    buckets: Mapping[int, bucket.Listed]
    exceptions: tuple[tuple[int, status.SealedException], ...] = ()
    changed: tuple[ChangedBucket, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLink:
    """A private link whose file is to be made: its keys, and the certificate that it opens."""

    keys: private_link.LinkKeys
    number: VerificationCode = field(repr=False)
    file: str
    pdf: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PublicationSnapshot:
    """Everything that a publication is made of, as it was at one instant.

    `site` maps paths to pages and assets with an empty head; `live_links` are files of private links that
    never change; `published` maps the paths that `public/` holds to since when nothing refers to them, None
    for what is in use. What nothing refers to since `grace_from` or before is due to go; `erased` says that
    a certificate was erased since the publication before.
    """

    stamp: PublicationStamp
    events: head.EventsState
    secret: bytes = field(repr=False)
    years: tuple[YearFacts, ...]
    site: Mapping[str, bytes] = field(repr=False)
    manifests: Mapping[str, bytes] = field(repr=False)
    links: tuple[NewLink, ...]
    live_links: frozenset[str]
    published: Mapping[str, str | None] = field(repr=False)
    grace_from: str
    erased: bool


@dataclass(frozen=True, slots=True)
class PublicationPlan:
    """What `public/` will hold: files to write, files that stay as they are, and files only in their grace.

    Everything else goes. `listed` says how the shards name each bucket that was made.
    """

    stamp: PublicationStamp
    files: Mapping[str, bytes] = field(repr=False)
    unchanged: frozenset[str]
    in_grace: frozenset[str]
    listed: Mapping[BucketPlace, bucket.Listed]

    @property
    def referenced(self) -> Set[str]:
        """Every path that this publication refers to."""
        return self.files.keys() | self.unchanged


def plan(snapshot: PublicationSnapshot, signer: Signer) -> PublicationPlan:
    """The files of a publication; `signer` is the online key. No disk, no register, no clock."""
    stamp = snapshot.stamp
    # 1. Buckets.
    buckets: dict[str, bytes] = {}
    listed: dict[BucketPlace, bucket.Listed] = {}
    standing = set(snapshot.live_links)
    years = []
    for facts in snapshot.years:
        standing |= {paths.bucket(facts.year, facts.bits, prefix) for prefix in facts.buckets}
        made: dict[int, bucket.Listed] = {}
        for changed in facts.changed:
            path, buckets[path], made[changed.prefix] = bucket_file(
                snapshot.secret, facts.year, facts.bits, changed
            )
        listed |= {(facts.year, facts.bits, prefix): item for prefix, item in made.items()}
        years.append(replace(facts, buckets={**facts.buckets, **made}, changed=()))
    # 2. Shards.
    shards = {path: data for facts in years for path, data in shard_files(facts, stamp, signer)}
    # 3. The list of pages.
    listing = pages.encode(pages.of(snapshot.site))
    # 4. The head.
    top = head_file(stamp, years, shards, sha256(listing), snapshot.events, signer)
    # 5. Everything that is written.
    inlined = {path: pages.inlined(data, top) for path, data in snapshot.site.items()}
    links = {
        link.keys.path: private_link.encode(link.keys, link.number, link.file, link.pdf)
        for link in snapshot.links
    }
    files = {
        **snapshot.manifests,
        **buckets,
        **inlined,
        **shards,
        paths.PAGES: listing,
        paths.HEAD: top,
        **links,
    }
    # 6. What nothing refers to.
    in_grace = _in_grace(snapshot, files.keys() | standing)
    return PublicationPlan(stamp, files, frozenset(standing - files.keys()), in_grace, listed)


def _in_grace(snapshot: PublicationSnapshot, referenced: Set[str]) -> frozenset[str]:
    """Published files that are left out, for pages still open in browsers, and are not yet due to go.

    A private link's file goes at once: whoever deletes it means it. So do old buckets when a certificate was
    erased: one of them may still hold its record.
    """
    return frozenset(
        path
        for path, since in snapshot.published.items()
        if path not in referenced
        and (since or snapshot.stamp.issued_at) > snapshot.grace_from
        and not private_link.is_path(path)
        and not (snapshot.erased and path.startswith("r/"))
    )


def pages_digest(site: Mapping[str, bytes]) -> Digest:
    """SHA-256 of the list of these pages and assets: by it a publication knows its pages."""
    return sha256(pages.encode(pages.of(site)))


def bits_for(sizes: Mapping[int, int], bits: int) -> int:
    """The fewest prefix bits, at least `bits`, at which no bucket of these entries passes its cap.

    `sizes` maps the 24 leading bits of each entry's locator to the bytes of all entries there.
    """
    for candidate in range(bits, 25):
        totals: dict[int, int] = {}
        for prefix, size in sizes.items():
            place = prefix >> (24 - candidate)
            totals[place] = totals.get(place, 0) + size
        if all(bucket.size([total]) <= bucket.CAP for total in totals.values()):
            return candidate
    return 24


def bucket_file(
    secret: bytes, year: int, bits: int, content: ChangedBucket
) -> tuple[str, bytes, bucket.Listed]:
    """One bucket with its decoys: where it is published, its bytes, and how its shard names it."""
    made = bucket.filled(secret, year, bits, content.prefix, content.version, content.entries)
    return paths.bucket(year, bits, content.prefix), *bucket.encoded(made)


def shard_files(facts: YearFacts, stamp: PublicationStamp, signer: Signer) -> Iterator[tuple[str, bytes]]:
    """Every status shard of a year, signed, in the order of their paths."""
    shard_bits = status.shard_bits(facts.bits)
    below = 1 << (facts.bits - shard_bits)
    by_shard: dict[int, list[status.SealedException]] = {}
    for prefix, item in facts.exceptions:
        by_shard.setdefault(status.shard_prefix(prefix, facts.bits), []).append(item)
    for rank in range(1 << shard_bits):
        prefix = rank << (24 - shard_bits)
        step = 1 << (24 - facts.bits)
        shard = status.Shard(
            facts.year,
            facts.bits,
            prefix,
            stamp.sequence,
            stamp.issued_at,
            stamp.next_update,
            stamp.manifest_version,
            tuple(facts.buckets.get(prefix + place * step, bucket.ABSENT) for place in range(below)),
            tuple(sorted(by_shard.get(prefix, ()), key=lambda item: item.tag)),
        )
        yield paths.shard(facts.year, facts.bits, prefix), status.sign(shard, signer)


def head_file(
    stamp: PublicationStamp,
    years: Iterable[YearFacts],
    shards: Mapping[str, bytes],
    pages_sha256: Digest,
    events: head.EventsState,
    signer: Signer,
) -> bytes:
    """The signed head over these shards (path -> bytes) and pages."""
    in_order = sorted(years, key=lambda item: item.year)
    listed = [path for item in in_order for path in shard_paths(item.year, item.bits)]
    return head.sign(
        head.Head(
            issuer_id=stamp.issuer_id,
            sequence=stamp.sequence,
            issued_at=stamp.issued_at,
            next_update=stamp.next_update,
            manifest_version=stamp.manifest_version,
            years=tuple(
                head.PublishedYear(year=item.year, bits=item.bits, closed=item.closed) for item in in_order
            ),
            shards_sha256=head.shards_digest(shards[path] for path in listed),
            pages_sha256=pages_sha256,
            events=events,
        ),
        signer,
    )


def shard_paths(year: int, bits: int) -> list[str]:
    """The paths of a year's shards, in order."""
    shard_bits = status.shard_bits(bits)
    return [paths.shard(year, bits, rank << (24 - shard_bits)) for rank in range(1 << shard_bits)]
