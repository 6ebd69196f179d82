"""The data files of a publication as a value: path -> bytes (SPEC, chapters Bucket, Status, Head).

Pure: the same facts give the same bytes. What must be read from the register is passed in; what is
unchanged since the last publication need not be passed at all, except how each bucket is listed and
the exceptions, which the shards name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.formats import bucket, head, paths, status
from generator.formats.entry import Entry
from generator.model.keyring import Signer


@dataclass(frozen=True, slots=True)
class PublicationStamp:
    """What one publication row fixes: who, when, until when, under which manifest."""

    issuer_id: str
    sequence: int
    issued_at: str
    next_update: str
    manifest_version: int


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A year's buckets (prefix -> `bucket.listed`) and its exceptions (bucket prefix, exception)."""

    year: int
    bits: int
    closed: bool
    buckets: Mapping[int, bucket.Listed]
    exceptions: tuple[tuple[int, status.SealedException], ...] = ()


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
    secret: bytes, year: int, bits: int, prefix: int, version: int, entries: Iterable[Entry]
) -> tuple[str, bytes]:
    """One bucket with its decoys."""
    made = bucket.filled(secret, year, bits, prefix, version, entries)
    return paths.bucket(year, bits, prefix), bucket.encode(made)


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
    pages_sha256: str,
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
