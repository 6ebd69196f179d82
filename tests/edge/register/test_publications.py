"""Publications: what each took in, which buckets it changed, and what the public sees; earlier pages."""

from __future__ import annotations

import pytest

from generator.edge.register.certificates import Certificates
from generator.edge.register.database import Register
from generator.edge.register.publications import PAGE_SETS_KEPT, PageSets, Publication, Publications
from generator.edge.register.site_files import SiteFiles
from generator.edge.register.site_only import SiteOnly
from generator.edge.register.state_changes import StateChanges
from generator.formats.bucket import DIGEST_BYTES, Listed
from generator.model.value import Digest
from generator.rules.publication import BucketPlace
from tests.edge.register.rows import CHAIN, LATER, NOW, entry, exception, issued, published, statements

PAGES = {"index.html": b"<h1>Verify</h1>", "assets/a.js": b"1"}
# How often the register is asked for all that one publication is made of, its files and its secret.
READING_STATEMENTS = 11
HALF = 1 << 23  # the first place of the upper half of a year's places


def test_a_publication_comes_back_and_the_last_is_the_newest(register: Register) -> None:
    publications = Publications(register)
    assert publications.last() is None
    first, second = published(register, 1), published(register, 2, done=False)
    assert publications.find(1) == first
    assert publications.last() == second
    assert publications.find(3) is None


def test_what_is_live_is_what_every_target_shows(register: Register) -> None:
    publications = Publications(register)
    assert publications.live([]) == 0
    published(register, 1)
    assert publications.live([]) == 1
    published(register, 2, done=False)
    assert publications.live([]) == 1, "a publication that was killed is not seen"
    with register.transaction():
        SiteFiles(register).set_live("web", 2, NOW)
    assert publications.live(["web"]) == 2
    assert publications.live(["web", "mirror"]) == 0, "nothing was copied to the second target yet"


def test_a_new_certificate_and_a_new_state_wait_for_a_publication(register: Register) -> None:
    publications = Publications(register)
    assert not publications.waits()
    serial = issued(register)
    assert publications.waits()
    published(register, 1)
    assert not publications.waits()
    for sequence, name in ((2, "suspended"), (3, "revoked")):
        with register.transaction():
            StateChanges(register).publish_next(serial, 2026, 0, exception(name))
        assert publications.waits(), f"{name} is not published yet"
        published(register, sequence)
        assert not publications.waits()
        assert Certificates(register).exceptions(2026, sequence) == [(0, exception(name))]


def test_a_bucket_is_listed_anew_when_something_of_it_is(register: Register) -> None:
    publications = Publications(register)
    with register.transaction():
        publications.set_year(2026, 1)
    issued(register, "L1", prefix=5)
    issued(register, "L2", prefix=HALF + 5)
    published(register, 1)
    unnamed = bytes(DIGEST_BYTES)
    assert publications.buckets(2026, 1) == {0: Listed(1, unnamed), HALF: Listed(1, unnamed)}
    named = Listed(1, b"d" * DIGEST_BYTES)
    with register.transaction():
        publications.list_buckets({(2026, 1, 0): named})
    issued(register, "L3", prefix=HALF + 9)
    published(register, 2)
    assert publications.buckets(2026, 1) == {0: named, HALF: Listed(2, unnamed)}
    assert publications.years() == {2026: (1, False)}


def test_a_bucket_that_is_too_full_splits_its_whole_year(register: Register) -> None:
    for rank in range(4):
        serial = issued(register, f"L{rank}", prefix=rank * (1 << 22))
        with register.transaction():
            Certificates(register).made(
                serial, "f" * 64, rank * (1 << 22), entry(f"L{rank}", 60_000).encode()
            )
    published(register, 1)
    bits, _ = Publications(register).years()[2026]
    assert bits > 0, "four entries of 60,000 bytes lie in one bucket"
    assert sorted(Publications(register).buckets(2026, bits)) == sorted(
        {rank * (1 << 22) >> (24 - bits) << (24 - bits) for rank in range(4)}
    )


def test_years_stand_side_by_side(register: Register) -> None:
    issued(register, "L1", on="2025-12-31")
    issued(register, "L2", on="2026-01-01")
    published(register, 1)
    assert Publications(register).years() == {2025: (0, False), 2026: (0, False)}
    assert set(Publications(register).buckets(2025, 0)) == {0}


def planned(register: Register, sequence: int, name: str, pages: dict[str, bytes]) -> Digest:
    """A publication with pages of a name."""
    facts = Digest(name.zfill(64))
    with register.transaction():
        PageSets(register).add(facts, pages)
        Publications(register).add(Publication(sequence, NOW, LATER, 1, 1, CHAIN, facts, 1))
    return facts


def test_pages_come_back_by_their_publication(register: Register) -> None:
    sets = PageSets(register)
    first = planned(register, 1, "a", PAGES)
    second = planned(register, 2, "b", {"index.html": b"new"})
    planned(register, 3, "b", {"index.html": b"new"})
    assert sets.read(first) == PAGES
    assert sets.read(Digest("f" * 64)) == {}
    assert [sets.of(sequence) for sequence in (1, 2, 3, 4)] == [first, second, second, None]
    assert sets.before(second) == first, "the same pages again are no step back"
    assert sets.before(first) == second
    assert sets.sequences() == [1, 2, 3]


def test_the_newest_are_kept_and_what_is_being_planned(register: Register) -> None:
    facts = [
        planned(register, rank + 1, f"{rank:x}", {"p": bytes([rank])}) for rank in range(PAGE_SETS_KEPT + 2)
    ]
    sets = PageSets(register)
    kept = [bool(sets.read(one)) for one in facts]
    # The last was added beside the ten newest publications of that moment.
    assert kept == [False] + [True] * (PAGE_SETS_KEPT + 1)
    assert sets.of(1) is None
    assert sets.sequences()[0] == 2


@pytest.mark.parametrize("bits", [0, 8])
def test_a_publication_is_read_in_as_many_statements_however_many_buckets(
    register: Register, monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    publications, width = Publications(register), 1 << (24 - bits)
    with register.transaction():
        publications.set_year(2026, bits)
    for rank in range(1 << min(bits, 2)):
        issued(register, f"L{rank}", prefix=rank * width + 3)
    published(register, 1)
    unnamed = bytes(DIGEST_BYTES)
    with register.transaction():
        places = {(2026, bits, rank * width) for rank in range(1 << bits)}
        publications.list_buckets({place: Listed(1, unnamed) for place in places})
    asked = statements(monkeypatch)
    found = publications.rows(1, publications.files(), lambda _place, _version: False)
    assert len(asked) == READING_STATEMENTS, asked
    assert {module for module, _ in asked} == {Publications.__module__, SiteOnly.__module__}
    (year,) = found.years
    assert {item.prefix: len(item.entries) for item in year.changed} == {
        rank * width: int(rank < 4 and rank < 1 << bits) for rank in range(1 << bits)
    }


def test_entries_are_read_only_where_a_bucket_does_not_stand(register: Register) -> None:
    publications = Publications(register)
    with register.transaction():
        publications.set_year(2026, 1)
    issued(register, "L1", prefix=5)
    issued(register, "L2", prefix=HALF + 5)
    published(register, 1)
    issued(register, "L3", prefix=HALF + 7)
    stood: list[tuple[BucketPlace, int]] = []

    def stands(place: BucketPlace, version: int) -> bool:
        stood.append((place, version))
        return place[2] == 0

    (year,) = publications.rows(1, {}, stands).years
    assert stood == [((2026, 1, 0), 1), ((2026, 1, HALF), 1)]
    assert list(year.buckets) == [0]
    (changed,) = year.changed
    assert (changed.prefix, changed.version, len(changed.entries)) == (HALF, 1, 1), "L3 is of no publication"
