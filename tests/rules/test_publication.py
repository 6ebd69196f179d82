"""A publication's plan, which follows from its snapshot alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.formats import bucket, entry, head, pages, paths, private_link, status
from generator.formats.derivation import derive
from generator.rules.publication import (
    ChangedBucket,
    NewLink,
    PublicationPlan,
    PublicationSnapshot,
    YearFacts,
    bits_for,
    plan,
    shard_paths,
)
from generator.rules.published_files import Unreadable
from generator.rules.verifying import verify
from tests import small_site as small
from tests.formats import values

SITE = {"index.html": b"<p>" + pages.HEAD_OPEN + pages.HEAD_CLOSE, "app.js": b"x"}
KEYS = private_link.derive(bytes(16), small.ISSUER_ID)
LONG_AGO, BEFORE = "2026-01-01T00:00:00Z", "2026-11-20T00:00:00Z"


def snapshot() -> PublicationSnapshot:
    """One certificate in a bucket to be made, beside another bucket that stands."""
    number = small.number_of("valid")
    derived = derive(number, small.ISSUER_ID)
    certified = small.statement_of("valid", 1)
    sealed = entry.seal(derived, small.frame_of("valid", certified))
    changed = ChangedBucket(derived.prefix(1), 7, (sealed,))
    stands = (1 << 23) - changed.prefix
    return PublicationSnapshot(
        stamp=small.stamp_of(7, small.NOW, small.NEXT),
        events=head.EventsState(chain="ab" * 32),
        secret=small.SECRET,
        years=(YearFacts(2026, 1, False, {stands: bucket.Listed(6, bytes(16))}, (), (changed,)),),
        site=SITE,
        manifests={paths.MANIFEST: small.MANIFEST_FILE, paths.manifest_version(1): small.MANIFEST_FILE},
        links=(NewLink(KEYS, number, "NW-26-000001.pdf", b"%PDF"),),
        live_links=frozenset({f"l/ab/ab{'0' * 30}.bin"}),
        published={paths.bucket(2026, 1, stands): None, f"l/ab/ab{'0' * 30}.bin": None},
        grace_from=BEFORE,
        erased=False,
    )


def planned(**changes: object) -> PublicationPlan:
    return plan(replace(snapshot(), **changes), small.ONLINE)  # type: ignore[arg-type]  # fields by name


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert plan(snapshot(), small.ONLINE) == plan(snapshot(), small.ONLINE)


def test_what_is_planned_verifies() -> None:
    files = plan(snapshot(), small.ONLINE).files

    class Planned:
        def read(self, path: str, cap: int, *, again: bool) -> bytes:
            if path not in files:
                raise Unreadable("missing")
            return files[path]

    assert verify(small.number_of("valid"), Planned(), small.PIN, small.NOW).kind == "valid"


def test_a_changed_bucket_is_made_once_and_named_as_it_is() -> None:
    made = plan(snapshot(), small.ONLINE)
    ((place, listed),) = made.listed.items()
    data = made.files[paths.bucket(*place)]
    assert bucket.listed(bucket.decode(data)) == listed
    (path,) = shard_paths(2026, 1)
    shard = status.decode(status.split(made.files[path]).body)
    assert shard.bucket(place[2]) == listed
    assert {item.version for item in shard.buckets} == {6, 7}


def test_what_stands_is_not_written_again() -> None:
    made = plan(snapshot(), small.ONLINE)
    assert made.unchanged == snapshot().published.keys()
    assert not made.unchanged & made.files.keys()
    assert made.in_grace == frozenset()


def test_the_head_names_the_pages_without_itself() -> None:
    made = plan(snapshot(), small.ONLINE)
    listing = made.files[paths.PAGES]
    assert [page.path for page in pages.decode(listing).pages] == ["app.js", "index.html"]
    top = head.decode(head.split(made.files[paths.HEAD]).payload)
    assert top.pages_sha256 == hashlib.sha256(listing).hexdigest()
    assert made.files["index.html"] == pages.inlined(SITE["index.html"], made.files[paths.HEAD])


def test_a_new_private_link_opens_to_its_file() -> None:
    data = plan(snapshot(), small.ONLINE).files[KEYS.path]
    assert private_link.decode(KEYS, data)[1] == b"%PDF"


@pytest.mark.parametrize(
    ("path", "since", "erased", "stays"),
    [
        ("old.css", None, False, True),  # in use until now
        ("old.css", small.NOW, False, True),
        ("old.css", BEFORE, False, False),  # on the day it is due
        ("old.css", LONG_AGO, False, False),
        ("r/2026/old.bin", None, False, True),
        ("r/2026/old.bin", None, True, False),  # may still hold what was erased
        ("old.css", None, True, True),
        (f"l/cd/cd{'0' * 30}.bin", None, False, False),  # whoever deletes a link means it
    ],
)
def test_what_nothing_refers_to_stays_for_its_grace(
    path: str, since: str | None, erased: bool, stays: bool
) -> None:
    made = planned(published={path: since}, erased=erased)
    assert made.in_grace == (frozenset({path}) if stays else frozenset())


def test_without_grace_what_is_left_out_goes_at_once() -> None:
    assert planned(published={"old.css": None}, grace_from=small.NOW).in_grace == frozenset()


@given(values.numbers, st.integers(0, 12))
def test_a_shard_of_a_number_is_one_of_its_year(number: str, bits: int) -> None:
    prefix = derive(number, small.ISSUER_ID).prefix(bits)
    assert paths.shard(2026, bits, prefix) in shard_paths(2026, bits)


@given(st.dictionaries(st.integers(0, 2**24 - 1), st.integers(900, 9000), max_size=80), st.integers(0, 6))
def test_growth(sizes: dict[int, int], bits: int) -> None:
    """The fewest bits, never fewer than before, at which no bucket is too large."""

    def fits(candidate: int) -> bool:
        totals: dict[int, int] = {}
        for prefix, size in sizes.items():
            totals[prefix >> (24 - candidate)] = totals.get(prefix >> (24 - candidate), 0) + size
        return all(bucket.size([total]) <= bucket.CAP for total in totals.values())

    found = bits_for(sizes, bits)
    assert found >= bits
    assert fits(found)
    assert found == bits or not fits(found - 1)
