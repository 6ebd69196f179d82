"""What only the site knows after a restore: kept sealed, and found wherever it may be looked for."""

from __future__ import annotations

import sqlite3

import pytest

from generator.edge.register.database import Register
from generator.edge.register.messages import Messages
from generator.edge.register.publications import Publications
from generator.edge.register.site_only import LocatorRange, SiteOnly
from generator.edge.register.state_changes import StateChanges
from generator.formats.status import shard_bits
from tests.edge.register.rows import CHAIN, LATER, NOW, allotted, entry, exception, issued, published

QUARTER = 1 << 22  # places in a quarter of a year's


def kept(register: Register, name: str, bits: int, prefix: int, year: int = 2026) -> SiteOnly:
    with register.transaction():
        SiteOnly(register).keep_entry(LocatorRange(year, bits, prefix), entry(name))
    return SiteOnly(register)


def test_an_entry_is_found_in_every_bucket_where_it_may_lie(register: Register) -> None:
    site = kept(register, "a", 2, QUARTER)  # somewhere in the second quarter
    found = {
        (first, last): site.entries(2026, first, last) == [entry("a")]
        for first, last in (
            (0, QUARTER - 1),
            (QUARTER, QUARTER),
            (2 * QUARTER - 1, 3 * QUARTER),
            (2 * QUARTER, 3 * QUARTER),
        )
    }
    assert list(found.values()) == [False, True, True, False]
    assert site.entries(2025, 0, (1 << 24) - 1) == []
    assert site.places(2026, 1) == {0}
    assert site.places(2026, 2) == {QUARTER}
    assert site.places(2026, 3) == {QUARTER, QUARTER + QUARTER // 2}
    assert site.count() == 1


def test_its_bytes_count_at_both_ends_of_its_range(register: Register) -> None:
    site = kept(register, "a", 2, QUARTER)
    kept(register, "b", 24, 7)
    size = len(entry("a").encode())
    ends = [(7, size), (QUARTER, size), (2 * QUARTER - 1, size)]
    assert sorted(site.sizes(2026, 0, (1 << 24) - 1)) == ends
    assert site.sizes(2026, QUARTER, QUARTER) == [(QUARTER, size)]


def test_an_entry_is_kept_once(register: Register) -> None:
    kept(register, "a", 2, QUARTER)
    with pytest.raises(sqlite3.IntegrityError):
        kept(register, "a", 1, 0)


def test_an_exception_stands_in_every_shard_where_it_may_be_looked_for(register: Register) -> None:
    site = SiteOnly(register)
    with register.transaction():
        site.keep_exception(LocatorRange(2026, 0, 0), exception("a"))
    assert site.exceptions(2026) == [(0, exception("a"))]
    assert site.exceptions(2025) == []
    bits = next(bits for bits in range(25) if shard_bits(bits) == 1)
    with register.transaction():
        Publications(register).set_year(2026, bits)
    assert [place for place, _ in site.exceptions(2026)] == [0, 1 << 23]


def test_links_and_heads_that_another_register_made(register: Register) -> None:
    site = SiteOnly(register)
    assert site.last_head() is None
    with register.transaction():
        site.keep_link("l/ab/abc.bin")
        site.accept(4, CHAIN)
    assert site.links() == {"l/ab/abc.bin"}
    assert site.last_head() == 4
    assert site.accepts(4, CHAIN)
    assert not site.accepts(4, "cd" * 32), "a head with other events was accepted"
    assert not site.accepts(5, CHAIN)


def test_what_this_register_knows_of_a_bucket(register: Register) -> None:
    first = issued(register, "L1", prefix=QUARTER)
    published(register, 1)
    second = issued(register, "L2", prefix=2 * QUARTER - 1)
    issued(register, "L3", prefix=2 * QUARTER)
    allotted(register, "L4")
    site = SiteOnly(register)
    known = site.known(LocatorRange(2026, 2, QUARTER))
    assert [(one.serial, one.published, one.item) for one in known] == [
        (first, True, entry("L1")),
        (second, False, entry("L2")),
    ]
    assert site.published() == [first]
    assert site.counters() == {2026: 4}
    assert site.published_states() == set()


def test_serials_that_the_site_has_are_not_given_again(register: Register) -> None:
    site = SiteOnly(register)
    for year, last in ((2026, 40), (2026, 12), (2025, 3)):
        with register.transaction():
            site.count_on(year, last)
    assert site.counters() == {2025: 3, 2026: 40}
    assert allotted(register).serial == "NW-26-000041"


def test_a_certificate_that_is_out_stands_with_the_entry_that_is_out(register: Register) -> None:
    first, second = issued(register, "L1"), issued(register, "L2")
    site = SiteOnly(register)
    with register.transaction():
        site.mark_published(first, 3)
        site.mark_published(second, 3, entry("as it is out"))
    known = {one.serial: one.item for one in site.known(LocatorRange(2026, 0, 0))}
    assert known == {first: entry("L1"), second: entry("as it is out")}
    assert site.published() == [first, second]


def test_the_state_that_is_out_takes_the_place_of_what_waits(register: Register) -> None:
    serial, site = issued(register), SiteOnly(register)
    with register.transaction():
        StateChanges(register).publish_next(serial, 2026, 0, exception("here"))
        StateChanges(register).publish_next(serial, 2026, 0, exception("waiting here"))
        site.state(serial, 2026, 0, 3, exception("out"))
    assert StateChanges(register).sealed(serial) == exception("out")
    assert StateChanges(register).waiting() == set()
    assert site.published_states() == {serial}


def test_after_a_restore_a_person_decides_on_what_may_have_gone(register: Register) -> None:
    messages, serial = Messages(register), issued(register)
    with register.transaction():
        for key, of, to in (("l", serial, None), ("c", None, "C1"), ("o", None, None), ("s", None, "C1")):
            messages.enqueue(key, "issued", of, "nf.example", NOW, to)
        messages.moved("c", "handing", NOW)
        messages.moved("s", "sent", NOW, "250")
        assert SiteOnly(register).mark_messages_in_doubt(LATER) == 2
    states = dict(register.rows("SELECT key, state FROM messages"))
    assert states == {"l": "doubt", "c": "doubt", "o": "cancelled", "s": "sent"}
