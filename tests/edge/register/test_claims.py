"""Claims: one for each identity, changed until they are certified, erased without a trace of the person."""

from __future__ import annotations

import hashlib
import sqlite3

import pytest

from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.model.value import Serial
from tests.edge.register.approving import approval
from tests.edge.register.rows import NOW, claim, issued, registered


def test_a_claim_comes_back_as_it_was_registered(register: Register) -> None:
    claim_id = registered(register)
    held = Claims(register).by_id(claim_id)
    assert held is not None
    assert (held.claim, held.source, held.serial, held.replacement) == (claim(), "L1.csv:1", None, None)
    assert len(bytes.fromhex(claim_id)) == 10
    assert len(bytes.fromhex(held.salt)) == 16
    assert Claims(register).find(claim(grade="D")) == held, "the grade is no part of what a claim is"
    assert Claims(register).find(claim("L2")) is None


def test_the_same_claim_is_registered_once(register: Register) -> None:
    registered(register)
    with pytest.raises(sqlite3.IntegrityError):
        registered(register, grade="D")
    assert len(list(Claims(register).uncertified())) == 1


def test_a_claim_is_changed_in_place(register: Register) -> None:
    first, _ = registered(register), registered(register, "L2")
    with register.transaction():
        Claims(register).amend(first, claim(grade="D"), "corrected.csv:1")
    held = [(one.claim.learner_ref, one.claim.grade, one.source) for one in Claims(register).uncertified()]
    assert held == [("L1", "D", "corrected.csv:1"), ("L2", "M", "L2.csv:1")]


def test_claims_are_listed_in_order_of_arrival_until_they_are_certified(register: Register) -> None:
    registered(register, "L3")
    serial = issued(register, "L2")
    registered(register, "L1")
    assert [one.claim.learner_ref for one in Claims(register).uncertified()] == ["L3", "L1"]
    assert [(one.claim.learner_ref, one.serial) for one in Claims(register).certified()] == [("L2", serial)]


def test_a_learner_is_known_by_centre_and_reference_never_by_name(register: Register) -> None:
    registered(register, "L1")
    registered(register, "L11")
    registered(register, "L1", centre="C2")
    serial = issued(register, "L1X")
    claims = Claims(register)
    assert [one.source for one in claims.of_learner("C1", "L1")] == ["L1.csv:1"]
    assert [(one.claim.learner_ref, at) for one, at in claims.about("C1/L11")] == [("L11", NOW)]
    assert claims.subjects() == ["C1/L1", "C1/L11", "C1/L1X", "C2/L1"]
    assert claims.programmes_of("C2/L1") == [("Q1", "1")]
    found = claims.of_subject("C1/L1X", "Q1", "1", "qualification")
    assert [(source, certified) for _, source, certified in found] == [("L1X.csv:1", serial)]
    assert claims.of_subject("C1/L1X", "Q1", "2", "qualification") == []


def test_an_erased_claim_leaves_its_identity_and_nothing_that_can_be_read(register: Register) -> None:
    claim_id, claims = registered(register), Claims(register)
    envelope = b"an approval, longer than the digest that stays of it"
    with register.transaction():
        Approvals(register).receive(NOW, approval(claim_id), envelope, b"draft of Zo\xc3\xab")
        claims.erase(claim_id)
        claims.erase(claim_id)  # a second time changes nothing
    assert claims.by_id(claim_id) is None
    assert claims.is_erased(claim()), "the claim could come back"
    assert not claims.is_erased(claim("L2"))
    assert claims.subjects() == []
    kept = register.rows("SELECT envelope, draft FROM approvals")
    assert kept == [(hashlib.sha256(envelope).digest(), None)]
    assert register.rows("SELECT salt, body, source FROM claims") == [(None, None, "erased")]
    with pytest.raises(sqlite3.IntegrityError):
        registered(register)


def test_what_is_left_of_a_learner_beside_a_claim(register: Register) -> None:
    claims = Claims(register)
    first = registered(register)
    assert claims.last_of_learner(first) == "C1/L1"
    second = registered(register, programme="Q2")
    assert claims.last_of_learner(first) is None, "another claim of theirs is kept"
    assert not claims.only_erased("C1/L1")
    with register.transaction():
        register.change("UPDATE claims SET body = NULL WHERE claim_id = ?", second)
    assert claims.last_of_learner(first) == "C1/L1"
    assert not claims.only_erased("C1/L1")
    with register.transaction():
        register.change("UPDATE claims SET body = NULL WHERE claim_id = ?", first)
    assert claims.only_erased("C1/L1")
    assert not claims.only_erased("C1/L2"), "nothing was ever claimed for this learner"


def test_another_register_gives_the_same_claim_another_identity(register: Register) -> None:
    registered(register)
    with register.transaction():
        register.change("UPDATE meta SET value = x'00' WHERE name = 'secret'")
    assert Claims(register).find(claim()) is None


def test_the_certificate_of_a_claim_is_named_with_it(register: Register) -> None:
    serial = issued(register)
    held = Claims(register).find(claim())
    assert held is not None
    assert held.serial == serial == Serial("NW-26-000001")
