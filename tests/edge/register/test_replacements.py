"""Replacements: which certificate follows which, from the request until its content is erased."""

from __future__ import annotations

from typing import Any

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.replacements import Replacement, Replacements
from generator.formats import strict_json
from generator.model.case import Request
from generator.model.value import ClaimId, Day, Digest, Serial
from tests.edge.register.rows import DAY, LATER, NOW, claim, entry, issued

SEEN = {"what": "the old certificate", "seen_by": "e.off", "seen_on": DAY}


def asked(register: Register, serial: str, **more: Any) -> ClaimId:
    fields = {"old_serial": serial, "because": "damage", "evidence": SEEN, "fee_paid": "R/1", **more}
    body = strict_json.encode(claim().plain())
    with register.transaction():
        return Replacements(register).add(Request.of(fields), b"draft", "completion", body, "replace", NOW)


def certified(register: Register, claim_id: ClaimId) -> Serial:
    certificates = Certificates(register)
    with register.transaction():
        made = certificates.allot("NW", Day(DAY), claim_id)
        certificates.add(made, claim_id, b"{}", "completion", "r", "a")
        certificates.made(made.serial, Digest("f" * 64), 0, entry("new").encode())
    return made.serial


def one(found: Replacement | None) -> Replacement:
    assert found is not None
    return found


def test_a_request_is_a_claim_that_prints_the_old_certificate(register: Register) -> None:
    serial = issued(register)
    claim_id = asked(register, serial)
    held = Claims(register).by_id(claim_id)
    assert held is not None
    assert held.replacement is not None
    assert (held.replacement.draft, held.replacement.template, held.source) == (
        b"draft",
        "completion",
        "replace",
    )
    assert Claims(register).subjects() == ["C1/L1"], "the learner's records could be forgotten too early"
    found = one(Replacements(register).of_claim(claim_id))
    assert found.request is not None
    assert (found.old_serial, found.request.because, found.new_serial, found.withdrawn_at) == (
        serial,
        "damage",
        None,
        None,
    )


def test_a_replacement_is_found_from_both_ends(register: Register) -> None:
    serial, replacements = issued(register), Replacements(register)
    claim_id = asked(register, serial)
    assert replacements.of_new(serial) is None
    new = certified(register, claim_id)
    assert one(replacements.of_new(new)).old_serial == serial
    assert [found.new_serial for found in replacements.of_old(serial)] == [new]
    assert replacements.of_old(new) == []
    assert replacements.of_case("C-26-000001") == []


def test_a_withdrawn_request_may_be_made_again(register: Register) -> None:
    serial, replacements = issued(register), Replacements(register)
    first = asked(register, serial)
    with register.transaction():
        replacements.withdraw(first, LATER)
    assert list(Claims(register).uncertified()) == []
    assert one(replacements.of_claim(first)).withdrawn_at == LATER
    second = asked(register, serial, because="loss")
    assert second != first
    assert [found.claim_id for found in replacements.of_old(serial)] == [first, second]


def test_erasure_empties_what_was_asked_of_and_for_a_certificate(register: Register) -> None:
    replacements = Replacements(register)
    old, other = issued(register, "L1"), issued(register, "L2")
    first = asked(register, old)
    new = certified(register, first)
    second, kept = asked(register, new), asked(register, other)
    with register.transaction():
        replacements.erase(new, first)
    for claim_id in (first, second):
        found = one(replacements.of_claim(claim_id))
        assert (found.request, found.draft) == (None, None), "what was asked for can still be read"
        assert found.old_serial in (old, new), "that there was one is no longer known"
    assert one(replacements.of_claim(kept)).draft == b"draft"
