"""Hypothesis strategies for the values of binary formats."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from generator.formats import bucket, record, status
from generator.formats.entry import Entry
from generator.model.value import instant
from tests.formats.values import numbers, signatures

files = st.builds(
    record.Files,
    st.binary(min_size=32, max_size=32),
    st.none() | st.binary(min_size=32, max_size=32),
)
records = st.builds(record.Record, st.binary(max_size=300), signatures, files, signatures) | st.builds(
    record.Tombstone, st.binary(max_size=300), signatures
)
entries = st.builds(
    lambda tag, nonce, blocks, fill: Entry(tag, nonce, bytes([fill]) * (blocks * 128 + 16)),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=12, max_size=12),
    st.integers(1, 9),
    st.integers(0, 255),
)


@st.composite
def buckets(draw: st.DrawFn) -> bucket.Bucket:
    """A bucket of up to six entries."""
    bits = draw(st.integers(0, 24))
    held = draw(st.lists(entries, max_size=6, unique_by=lambda item: item.tag))
    return bucket.Bucket(
        draw(st.integers(0, 65535)),
        bits,
        draw(st.integers(0, (1 << bits) - 1)) << (24 - bits),
        draw(st.integers(1, 2**32 - 1)),
        tuple(sorted(held, key=lambda item: item.tag)),
        draw(st.binary(max_size=40)),
    )


@st.composite
def shards(draw: st.DrawFn) -> status.Shard:
    """A shard above up to 16 buckets, or 256."""
    bits = draw(st.integers(0, 4) | st.sampled_from([8, 9, 24]))
    own = status.shard_bits(bits)
    listed = st.just(bucket.ABSENT) | st.builds(
        bucket.Listed, st.integers(1, 2**32 - 1), st.binary(min_size=16, max_size=16)
    )
    few = draw(st.lists(listed, min_size=1, max_size=5))
    below = 1 << (bits - own)
    sealed = st.builds(
        status.SealedException,
        st.binary(min_size=16, max_size=16),
        st.binary(min_size=12, max_size=12),
        st.binary(min_size=64, max_size=64),
    )
    exceptions = draw(st.lists(sealed, max_size=4, unique_by=lambda item: item.tag))
    moments = st.integers(0, status.INSTANT_CAP).map(instant)
    return status.Shard(
        draw(st.integers(0, 65535)),
        bits,
        draw(st.integers(0, (1 << own) - 1)) << (24 - own),
        draw(st.integers(0, 2**32 - 1)),
        draw(moments),
        draw(moments),
        draw(st.integers(0, 2**32 - 1)),
        tuple(few[rank % len(few)] for rank in range(below)),
        tuple(sorted(exceptions, key=lambda item: item.tag)),
    )


late_days = st.dates(date(1970, 1, 2), date(9999, 12, 31)).map(date.isoformat)
exceptions = st.builds(
    status.StatusException,
    st.sampled_from(["reinstated", "revoked", "suspended", "superseded"]),
    late_days,
    st.integers(0, 255),
    st.none() | late_days,
    st.none() | numbers,
)
