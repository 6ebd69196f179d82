"""Certificates: a serial and a verification code once for each claim, made, published, erased."""

from __future__ import annotations

import sqlite3

import pytest

from generator.edge.register.certificates import Certificates, decode_entry
from generator.edge.register.database import Register
from generator.edge.register.erasures import Erasure, Erasures
from generator.edge.register.state_changes import StateChanges
from generator.formats import verification_code
from generator.model.value import Day, Serial
from tests.edge.register.rows import (
    DAY,
    allotted,
    entry,
    exception,
    issued,
    published,
    randomness,
    registered,
)


def test_serials_count_up_within_their_year(register: Register) -> None:
    serials = [
        allotted(register, f"L{rank}", on=day).serial
        for rank, day in enumerate((DAY, "2026-12-31", "2027-01-01", DAY))
    ]
    assert serials == ["NW-26-000001", "NW-26-000002", "NW-27-000001", "NW-26-000003"]


def test_a_number_that_was_not_committed_is_given_again(register: Register) -> None:
    claim_id = registered(register)
    register_rolled_back(register, claim_id)
    with register.transaction():
        assert Certificates(register).allot("NW", Day(DAY), claim_id).serial == "NW-26-000001"


def register_rolled_back(register: Register, claim_id: str) -> None:
    def step() -> None:
        with register.transaction():
            Certificates(register).allot("NW", Day(DAY), claim_id)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        step()


def test_a_verification_code_is_of_its_year_and_unlike_any_other(register: Register) -> None:
    codes = [allotted(register, f"L{rank}").number for rank in range(5)]
    assert len(set(codes)) == 5
    for code in codes:
        assert code.startswith("2026")
        assert verification_code.decode(code) == code


def test_a_claim_has_one_certificate(register: Register) -> None:
    first = allotted(register)
    claim_id = register.rows("SELECT claim_id FROM certificates")[0][0]

    def again() -> None:
        with register.transaction():
            certificates = Certificates(register)
            certificates.add(certificates.allot("NW", Day(DAY), claim_id), claim_id, b"{}", "t", "r", "a")

    with pytest.raises(sqlite3.IntegrityError):
        again()
    assert register.rows("SELECT serial FROM certificates") == [(first.serial,)]


def test_a_certificate_is_issued_from_its_pdf_on(register: Register) -> None:
    certificates = Certificates(register)
    waiting = allotted(register, "L1", statement=b'{"of":"L1"}')
    (unmade,) = certificates.unmade()
    assert (unmade.serial, unmade.statement, unmade.template, unmade.recipe_id) == (
        waiting.serial,
        b'{"of":"L1"}',
        "completion",
        "recipe of L1",
    )
    assert certificates.find(waiting.serial) is None
    assert certificates.entry(waiting.serial) == b""
    assert list(certificates.issued()) == []
    with register.transaction():
        certificates.made(waiting.serial, "f" * 64, 7, entry("L1").encode())
    assert certificates.unmade() == []
    found = certificates.find(waiting.serial)
    assert found is not None
    assert (found.number, found.issued_on, found.pdf_sha256, found.statement, found.template) == (
        waiting.number,
        DAY,
        "f" * 64,
        b'{"of":"L1"}',
        "completion",
    )
    assert decode_entry(certificates.entry(waiting.serial)) == entry("L1")
    assert certificates.approvals_digest(waiting.serial) == "a" * 64
    assert certificates.approvals_digest(Serial("NW-26-000009")) == ""


def test_lists_of_certificates_have_their_orders(register: Register) -> None:
    certificates = Certificates(register)
    issued(register, "L1", prefix=9)
    issued(register, "L2", prefix=5)
    allotted(register, "L3")
    assert list(certificates.serials()) == ["NW-26-000001", "NW-26-000002"]
    assert [serial for serial, _ in certificates.by_place()] == ["NW-26-000002", "NW-26-000001"]
    assert [one.serial for one in certificates.issued()] == ["NW-26-000001", "NW-26-000002"]
    assert certificates.issued_by_day() == [(DAY, 2)]


def test_publications_tell_new_from_old(register: Register) -> None:
    certificates = Certificates(register)
    first = issued(register, "L1")
    published(register, 1)
    second = issued(register, "L2")
    published(register, 2)
    third = issued(register, "L3")
    assert certificates.counts() == (3, 1)
    assert certificates.published_upto(1) == [first]
    assert certificates.published_upto(2) == [first, second]
    assert certificates.published_after(1) == {second}
    assert certificates.published_between(1, 2) == [second]
    assert certificates.published_between(0, 1) == [first]
    assert [serial for serial, _ in certificates.never_published()] == [third]
    with register.transaction():
        StateChanges(register).publish_next(second, 2026, 0, exception("L2"))
    assert certificates.published_between(0, 2) == [first], "what was revoked is no news"


def test_entries_are_those_between_two_prefixes_and_published(register: Register) -> None:
    for rank, prefix in enumerate((4, 5, 8, 9)):
        issued(register, f"L{rank}", prefix=prefix)
    published(register, 1)
    issued(register, "L9", prefix=6)
    found = Certificates(register).entries(2026, 5, 8, 1)
    assert sorted(found, key=repr) == sorted([entry("L1"), entry("L2")], key=repr)
    assert Certificates(register).entries(2025, 0, 9, 1) == []


def test_exceptions_are_published_with_their_place(register: Register) -> None:
    serial = issued(register, prefix=3)
    with register.transaction():
        StateChanges(register).publish_next(serial, 2026, 3, exception("L1"))
    assert Certificates(register).exceptions(2026, 1) == [], "it waits for the next publication"
    published(register, 1)
    assert Certificates(register).exceptions(2026, 1) == [(3, exception("L1"))]
    assert Certificates(register).exceptions(2025, 1) == []


def test_an_erased_certificate_is_a_tombstone_that_waits(register: Register) -> None:
    certificates = Certificates(register)
    serial = issued(register, statement=b'{"learner":"Zoe"}')
    published(register, 1)
    with register.transaction():
        register.change(
            "INSERT INTO cases (case_id, kind, case_sha256, opened_at) VALUES (?, 'erasure', '', '')",
            "C-26-000001",
        )
        certificates.erase(serial, entry("tombstone").encode())
        Erasures(register).add(Erasure(serial, Day(DAY), "C-26-000001", None))
    found = certificates.find(serial)
    assert found is not None
    assert (found.statement, found.pdf_sha256) == (None, "")
    assert certificates.waiting_tags(2026) == {randomness("tag/tombstone", 16)}
    assert certificates.waiting_tags(2025) == set()
    assert certificates.never_published() == [], "an erased certificate is not shown as new"
    assert certificates.counts() == (1, 1)
    assert certificates.issued_by_day() == [(DAY, 1)], "it still counts as issued"
    published(register, 2)
    assert certificates.published_upto(2) == []
    assert certificates.waiting_tags(2026) == set()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2027-01-01", "2027-01-31", ["L2", "L1"]),
        ("2027-01-15", "2027-01-15", ["L2"]),
        ("2027-01-31", "2027-01-31", ["L1"]),
        ("2027-02-01", "2027-12-31", []),
    ],
)
def test_certificates_that_expire_are_listed_by_their_day_until_renewed(
    register: Register, first: str, last: str, expected: list[str]
) -> None:
    issued(register, "L1", statement=b'{"expires_on":"2027-01-31"}')
    issued(register, "L2", statement=b'{"expires_on":"2027-01-15"}')
    issued(register, "L3")
    published(register, 1)
    issued(register, "L4", statement=b'{"expires_on":"2027-01-15"}')  # in no publication yet
    listed = Certificates(register).expiring(first, last)
    assert [f"L{int(serial[-6:])}" for serial, _, _ in listed] == expected
    if listed:
        registered(register, "L5", renews=listed[0][1])
        assert Certificates(register).expiring(first, last) == listed[1:], "a renewed one is still listed"


def test_a_draw_takes_the_newest_and_evenly_older_ones(register: Register) -> None:
    for rank in range(6):
        issued(register, f"L{rank}")
    published(register, 1)
    assert Certificates(register).drawn(3, 1) == ["NW-26-000006", "NW-26-000004", "NW-26-000002"]
    assert len(Certificates(register).drawn(50, 1)) == 6
    assert Certificates(register).drawn(3, 0) == []


def test_certificates_of_one_version_of_a_programme(register: Register) -> None:
    serial = issued(register, "L1", statement=b'{"programme":{"code":"Q1","version":"1"}}')
    issued(register, "L2", statement=b'{"programme":{"code":"Q1","version":"2"}}')
    assert Certificates(register).of_programme("Q1", "1") == [serial]
