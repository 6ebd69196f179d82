"""Approvals that were edited, slipped in, replayed, revived or outlived by key, role or clock."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims
from generator.edge.register.event_log import CLOCK_SLACK_SECONDS
from generator.errors import Refused
from generator.flow.certifying import approval_files, approvals
from generator.model.value import instant, seconds
from tests import workshop
from tests.flow import offices
from tests.flow.certifying.deeds import LATER, claim_ids, found, staff, tamper, words

pytestmark = pytest.mark.slow


def test_a_withdrawal_cannot_be_deleted(place: Path) -> None:
    offices.sign_all(place)
    offices.sign(place, *offices.APPROVERS[0], decision="withdraw")
    tamper(place, "DELETE FROM approvals WHERE decision = 'withdraw'")
    assert found(place) == (0, {"APPROVAL-CHAIN"})
    last = "SELECT max(seq) - 1 FROM events"
    tamper(place, f"DELETE FROM event_details WHERE seq IN ({last})")  # noqa: S608 - constants only
    tamper(place, f"DELETE FROM events WHERE seq IN ({last})")  # noqa: S608 - constants only
    with pytest.raises(Refused, match="EVENT-CHAIN"):
        offices.issued(place, LATER)


def test_an_approval_cannot_be_slipped_in_or_edited(place: Path) -> None:
    offices.sign_all(place)
    tamper(
        place,
        "UPDATE approvals SET envelope = CAST(envelope || x'20' AS BLOB) WHERE role = 'quality_nominee'",
    )
    assert found(place) == (0, {"APPROVAL-CHAIN"})
    tamper(
        place,
        "INSERT INTO approvals (claim_id, received_at, person, role, decision, envelope)"
        " SELECT claim_id, received_at, person, role, decision, CAST(envelope || x'2020' AS BLOB)"
        " FROM approvals",
    )
    assert found(place) == (0, {"APPROVAL-CHAIN"})


def test_an_edited_event_is_located(place: Path) -> None:
    offices.sign_all(place)
    tamper(place, "UPDATE events SET at = '2026-01-01T00:00:00Z' WHERE kind = 'approval_received'")
    with pytest.raises(Refused, match=r"EVENT-CHAIN: event \d+ was altered"):
        offices.issued(place, LATER)


def test_what_was_signed_before_a_refusal_cannot_come_after_it(place: Path) -> None:
    with workshop.opened(place) as session:
        waiting = list(Claims(session.register).uncertified())
        asked = (session, *offices.APPROVERS[1], waiting)
        kept_back, _ = approvals.sign_claims(*asked)
    offices.sign_all(place)
    offices.sign(place, *offices.APPROVERS[1], decision="withdraw")
    with workshop.opened(place, LATER) as session:
        assert approvals.receive(session, kept_back).known == 2
    assert found(place) == (0, {"APPROVAL-MISSING"})
    offices.sign(place, *offices.APPROVERS[1], decision="refuse", note="no")
    with workshop.opened(place, LATER) as session:
        first = approvals.sign_claims(session, *offices.APPROVERS[1], waiting)[0]
        offices.sign(place, *offices.APPROVERS[1], LATER, decision="query", note="why?")
        with pytest.raises(Refused, match="APPROVAL-ORDER"):
            approvals.receive(session, first)


def test_revoking_a_key_voids_what_no_certificate_has_used(place: Path) -> None:
    offices.sign_all(place)
    staff(place, "revoke_staff", "m.castell")
    assert found(place) == (0, {"APPROVAL-KEY"})


def test_the_role_is_live_at_receipt_and_at_issue(place: Path) -> None:
    offices.sign_all(place)
    staff(place, "end_role", "m.castell", "quality_nominee", "2026-11-23", None)
    assert found(place) == (2, set())


def test_a_role_that_has_ended_by_the_day_of_issue_does_not_count(place: Path) -> None:
    offices.sign_all(place)
    staff(place, "end_role", "m.castell", "quality_nominee", "2026-11-22", None)
    assert found(place) == (0, {"APPROVAL-ROLE"})


def test_an_old_roster_cannot_come_back(place: Path) -> None:
    offices.sign_all(place)
    old = (place / "keys/roster.json").read_bytes()
    staff(place, "revoke_staff", "s.marsh", at=workshop.NOW)
    offices.sign(place, *offices.APPROVERS[0], decision="withdraw")
    (place / "keys/roster.json").write_bytes(old)
    with pytest.raises(Refused, match="ROSTER-OLD"):
        offices.issued(place, LATER)


@pytest.mark.parametrize(("back", "good"), [(-1, True), (0, True), (1, False)])
def test_a_clock_set_back_is_refused(place: Path, back: int, good: bool) -> None:
    offices.sign(place, *offices.APPROVERS[0], LATER)
    at = instant(seconds(LATER) - CLOCK_SLACK_SECONDS - back)
    if good:
        assert offices.sign(place, *offices.APPROVERS[1], at) == 2
        return
    with pytest.raises(Refused, match="CLOCK-BACK"):
        offices.sign(place, *offices.APPROVERS[1], at)
    with pytest.raises(Refused, match="CLOCK-BACK"):
        offices.issued(place, at)


def test_an_approval_is_consumed_by_one_certificate(place: Path) -> None:
    offices.sign_all(place)
    first = claim_ids(place)[0]
    assert found(place) == (2, set())
    with workshop.opened(place, LATER) as session:
        given, fault = Approvals(session.register).of_claim(first)
        assert fault == ""
        assert [Approvals(session.register).consumed_by(one.data) for one in given] == ["NW-26-000001"] * 2
        with pytest.raises(sqlite3.IntegrityError), session.register.transaction():
            Approvals(session.register).consume([given[0].data], "NW-26-000002")
    with workshop.opened(place, LATER) as session, pytest.raises(Refused, match="LATE"):
        approvals.receive(session, [approvals.Signed(given[0].data, first, given[0].draft)])


def test_a_record_edited_in_the_register_holds(place: Path) -> None:
    offices.sign_all(place)
    tamper(
        place,
        "UPDATE records SET body = CAST(replace(CAST(body AS TEXT), 'a.one', 'b.two') AS BLOB)"
        " WHERE kind = 'results'",
    )
    said = words(place)
    assert "was edited in the register" in said
    assert "restore the register" in said
    tamper(place, "DELETE FROM records WHERE kind = 'results'")
    assert "are not those that the event chain names" in words(place)


def test_an_answer_edited_by_hand_or_from_elsewhere_is_refused_whole(place: Path, tmp_path: Path) -> None:
    with workshop.opened(place) as session:
        asked, _ = approval_files.make(session, Claims(session.register).uncertified())
    key = approval_files.key(place / "keys/private/person-h.adeyemi.key", workshop.passphrase, "h.adeyemi")

    def answered(changed: Any) -> list[approvals.Signed]:
        given = approval_files.answer(changed, key, "h.adeyemi", "lead_internal_verifier", "approve", None)
        approval_files.write(tmp_path / "a.json", given)
        return approval_files.signed(tmp_path / "a.json")

    def refused(signed: list[approvals.Signed], code: str) -> None:
        with workshop.opened(place) as session, pytest.raises(Refused, match=code):
            approvals.receive(session, signed)
        with workshop.opened(place) as session:
            assert session.register.rows("SELECT * FROM approvals") == []

    good = answered(asked)
    flipped = bytearray(good[1].data)
    at = flipped.index(b'"sig":"') + 9
    flipped[at] = ord("A") if flipped[at] != ord("A") else ord("B")
    refused(
        [good[0], approvals.Signed(bytes(flipped), good[1].claim_id, good[1].draft)], "APPROVAL-SIGNATURE"
    )
    other_draft = approvals.Signed(good[0].data, good[0].claim_id, good[1].draft)
    refused([other_draft], "APPROVAL-SIGNATURE: comes with another draft")
    refused(answered(asked.model_copy(update={"issuer_id": "0" * 64})), "APPROVAL-CLAIM")
    unknown = asked.claims[0].model_copy(update={"claim_id": "0" * 20})
    refused(answered(asked.model_copy(update={"claims": (unknown,)})), "APPROVAL-CLAIM")
