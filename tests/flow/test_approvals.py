"""The life of an approval: received through the chain, held against today, withdrawn, void, consumed."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims
from generator.edge.register.trail import CLOCK_SLACK_SECONDS
from generator.errors import Refused
from generator.flow import approval_packs, approve, keys
from generator.model.office import CentreApproval, Interest
from generator.model.people import RoleHeld
from generator.model.value import instant, seconds
from tests import workshop
from tests.flow import office
from tests.rules.controls import case

LATER = "2026-11-23T09:00:00Z"
pytestmark = pytest.mark.slow
FEW = ("L1", "L2")


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two claims of an awarding organisation, registered and not signed. Read only."""
    return office.awarding(tmp_path_factory.mktemp("claimed"), FEW, **{"REVIEW-CHECKED": {"mode": "off"}})


@pytest.fixture
def place(claimed: Path, tmp_path: Path) -> Path:
    root = tmp_path / "w"
    shutil.copytree(claimed, root)
    return root


def found(root: Path, at: str = LATER) -> tuple[int, set[str]]:
    """How many were issued, and what holds the others."""
    done = office.issued(root, at)
    return done.issued, office.codes(done)


def words(root: Path, at: str = LATER) -> str:
    return " / ".join(str(problem) for problem in office.issued(root, at).problems)


def tamper(root: Path, sql: str, *values: Any) -> None:
    """What somebody does with another SQLite tool."""
    with sqlite3.connect(root / "certificates" / "register.db") as connection:
        connection.execute(sql, values)


def claim_ids(root: Path) -> list[str]:
    with workshop.opened(root) as (_, register, _door):
        return [held.claim_id for held in Claims(register).uncertified()]


def staff(root: Path, change: str, *arguments: Any, at: str = LATER, **named: Any) -> None:
    with workshop.opened(root, at) as (workspace, _register, door):
        getattr(keys, change)(workspace, door, *arguments, **named)


def test_both_roles_sign_and_it_is_issued(place: Path) -> None:
    assert found(place) == (0, {"APPROVAL-MISSING"})
    office.sign(place, *office.APPROVERS[0])
    assert "waits for quality nominee" in words(place)
    office.sign(place, *office.APPROVERS[1])
    assert found(place) == (2, set())


def test_signing_again_adds_nothing(place: Path) -> None:
    assert [office.sign(place, *office.APPROVERS[0]) for _ in range(2)] == [2, 0]


def test_one_letter_reopens_that_claim_only_and_is_named(place: Path) -> None:
    office.sign_all(place)
    with workshop.opened(place) as (_, register, _door):
        held = next(iter(Claims(register).uncertified()))
        with register.transaction():
            Claims(register).amend(held.claim_id, held.claim.model_copy(update={"grade": "Merit"}), "edit")
            changed = held.claim.model_copy(update={"completed_on": "2026-06-25"})
            Claims(register).amend(held.claim_id, changed, "edit")
    done = office.issued(place, LATER)
    assert done.issued == 1
    assert "completed_on: `2026-06-26` -> `2026-06-25`" in str(done.problems[0])


def test_a_changed_result_reopens_and_a_changed_address_does_not(place: Path) -> None:
    office.sign_all(place)
    moved = office._of(case.learner(email="new@example.org"), "L1")
    office.put(place, "records/learners.csv", b"")
    (place / "certificates/records/learners.csv").unlink()
    regraded = office._of(case.result("U3", "M", source="moderated"), "L2")
    for path in (place / "certificates/records").iterdir():
        path.unlink()
    office.put_records(place, [moved.model_copy(update={"name": "Zoë Ó Briain"}), regraded])
    assert not office.take(place).problems
    done = office.issued(place, LATER)
    assert done.issued == 1
    assert all("the evidence" in str(problem) for problem in done.problems)


def test_a_catalogue_or_template_edited_after_approval(place: Path) -> None:
    office.sign_all(place)
    entry = place / "certificates/catalogue/Q1.yaml"
    before = entry.read_text("utf-8")
    entry.write_text(before.replace("Extended Certificate", "Extended Certificates"), "utf-8")
    assert "programme.title" in words(place)
    entry.write_text(before, "utf-8")
    template = place / "site_src/templates/completion/template.yaml"
    template.write_text(template.read_text("utf-8") + "\n# changed\n", "utf-8")
    codes = found(place)
    assert codes in ((2, set()), (0, {"APPROVAL-CHANGED"}))


def test_a_withdrawal_before_issue_and_approving_again(place: Path) -> None:
    office.sign_all(place)
    assert office.sign(place, *office.APPROVERS[0], decision="withdraw") == 2
    assert found(place) == (0, {"APPROVAL-MISSING"})
    assert office.sign(place, *office.APPROVERS[0], LATER) == 2
    assert found(place) == (2, set())


def test_a_withdrawal_cannot_be_deleted(place: Path) -> None:
    office.sign_all(place)
    office.sign(place, *office.APPROVERS[0], decision="withdraw")
    tamper(place, "DELETE FROM approvals WHERE decision = 'withdraw'")
    assert found(place) == (0, {"APPROVAL-CHAIN"})
    last = "SELECT max(seq) - 1 FROM events"
    tamper(place, f"DELETE FROM event_details WHERE seq IN ({last})")  # noqa: S608 - constants only
    tamper(place, f"DELETE FROM events WHERE seq IN ({last})")  # noqa: S608 - constants only
    with pytest.raises(Refused, match="EVENT-CHAIN"):
        office.issued(place, LATER)


def test_an_approval_cannot_be_slipped_in_or_edited(place: Path) -> None:
    office.sign_all(place)
    tamper(
        place,
        "UPDATE approvals SET envelope = CAST(envelope || x'20' AS BLOB) WHERE role = 'quality_nominee'",
    )
    assert found(place) == (0, {"APPROVAL-CHAIN"})
    tamper(
        place,
        "INSERT INTO approvals (claim_id, received_at, person, role, decision, envelope)"
        " SELECT claim_id, received_at, person, role, decision, CAST(envelope || x'20' AS BLOB) FROM approvals",
    )
    assert found(place) == (0, {"APPROVAL-CHAIN"})


def test_an_edited_event_is_located(place: Path) -> None:
    office.sign_all(place)
    tamper(place, "UPDATE events SET at = '2026-01-01T00:00:00Z' WHERE kind = 'approval_received'")
    with pytest.raises(Refused, match=r"EVENT-CHAIN: event \d+ was altered"):
        office.issued(place, LATER)


def test_what_was_signed_before_a_refusal_cannot_come_after_it(place: Path) -> None:
    with workshop.opened(place) as (workspace, register, door):
        waiting = list(Claims(register).uncertified())
        asked = (workspace, register, door, *office.APPROVERS[1], waiting)
        kept_back, _ = approve.sign_claims(*asked)
    office.sign_all(place)
    office.sign(place, *office.APPROVERS[1], decision="withdraw")
    with workshop.opened(place, LATER) as (workspace, register, door):
        assert approve.receive(workspace, register, door, kept_back).known == 2
    assert found(place) == (0, {"APPROVAL-MISSING"})
    office.sign(place, *office.APPROVERS[1], decision="refuse", note="no")
    with workshop.opened(place, LATER) as (workspace, register, door):
        first = approve.sign_claims(workspace, register, door, *office.APPROVERS[1], waiting)[0]
        office.sign(place, *office.APPROVERS[1], LATER, decision="query", note="why?")
        with pytest.raises(Refused, match="APPROVAL-ORDER"):
            approve.receive(workspace, register, door, first)


def test_a_query_with_its_note_and_a_refusal_hold_until_settled(place: Path) -> None:
    office.sign_all(place)
    office.sign(place, "m.castell", "quality_nominee", decision="query", note="is U2 moderated?")
    said = words(place)
    assert "m.castell (quality nominee) decided: query: is U2 moderated?" in said
    office.sign(place, "m.castell", "quality_nominee", decision="refuse", note="no")
    assert "decided: refuse: no" in words(place)
    office.sign(place, "m.castell", "quality_nominee", LATER)
    assert found(place) == (2, set())


def test_a_partial_approval_issues_what_it_covers(place: Path) -> None:
    first = claim_ids(place)[0]
    with workshop.opened(place) as (workspace, register, door):
        held = Claims(register).by_id(first)
        assert held is not None
        for handle, role in office.APPROVERS:
            signed, _ = approve.sign_claims(workspace, register, door, handle, role, [held])
            approve.receive(workspace, register, door, signed)
    assert found(place) == (1, {"APPROVAL-MISSING"})


def test_four_eyes_compares_persons_and_not_keys(place: Path) -> None:
    both = [RoleHeld.of({"role": "quality_nominee", "start": "2026-01-01"})]
    staff(place, "add_staff", "h.adeyemi", "h.adeyemi", both, at=workshop.NOW)
    office.sign(place, "h.adeyemi", "lead_internal_verifier")
    office.sign(place, "h.adeyemi", "quality_nominee")
    assert found(place) == (0, {"APPROVAL-FOUR-EYES"})
    office.sign(place, "m.castell", "quality_nominee", LATER)
    assert found(place) == (2, set())


def test_revoking_a_key_voids_what_no_certificate_has_used(place: Path) -> None:
    office.sign_all(place)
    staff(place, "revoke_staff", "m.castell")
    assert found(place) == (0, {"APPROVAL-KEY"})


def test_the_role_is_live_at_receipt_and_at_issue(place: Path) -> None:
    office.sign_all(place)
    staff(place, "end_role", "m.castell", "quality_nominee", "2026-11-23", None)
    assert found(place) == (2, set())


def test_a_role_that_has_ended_by_the_day_of_issue_does_not_count(place: Path) -> None:
    office.sign_all(place)
    staff(place, "end_role", "m.castell", "quality_nominee", "2026-11-22", None)
    assert found(place) == (0, {"APPROVAL-ROLE"})


def test_nobody_approves_where_they_declared_an_interest(place: Path) -> None:
    office.sign_all(place)
    own = Interest.of(
        {
            "centre": "C1",
            "person": "m.castell",
            "learner_ref": "L1",
            "interest": "self",
            "declared_on": "2026-11-22",
        }
    )
    office.put_records(place, [own])
    assert not office.take(place).problems
    assert found(place) == (1, {"APPROVAL-INTEREST"})


def test_without_direct_claims_a_standards_verifier_releases(place: Path) -> None:
    office.put_records(place, [case.approval(direct_claims=False)])
    assert isinstance(case.approval(), CentreApproval)
    assert not office.take(place).problems
    office.sign_all(place)
    assert "waits for standards verifier" in words(place)
    held = [RoleHeld.of({"role": "standards_verifier", "start": "2026-01-01"})]
    staff(place, "add_staff", "v.sood", "v.sood", held, at=workshop.NOW)
    office.sign(place, "v.sood", "standards_verifier")
    assert found(place) == (2, set())


def test_an_old_roster_cannot_come_back(place: Path) -> None:
    office.sign_all(place)
    old = (place / "keys/roster.json").read_bytes()
    staff(place, "revoke_staff", "s.marsh", at=workshop.NOW)
    office.sign(place, *office.APPROVERS[0], decision="withdraw")
    (place / "keys/roster.json").write_bytes(old)
    with pytest.raises(Refused, match="ROSTER-OLD"):
        office.issued(place, LATER)


@pytest.mark.parametrize(("back", "good"), [(-1, True), (0, True), (1, False)])
def test_a_clock_set_back_is_refused(place: Path, back: int, good: bool) -> None:
    office.sign(place, *office.APPROVERS[0], LATER)
    at = instant(seconds(LATER) - CLOCK_SLACK_SECONDS - back)
    if good:
        assert office.sign(place, *office.APPROVERS[1], at) == 2
        return
    with pytest.raises(Refused, match="CLOCK-BACK"):
        office.sign(place, *office.APPROVERS[1], at)
    with pytest.raises(Refused, match="CLOCK-BACK"):
        office.issued(place, at)


def test_an_approval_is_consumed_by_one_certificate(place: Path) -> None:
    office.sign_all(place)
    first = claim_ids(place)[0]
    assert found(place) == (2, set())
    with workshop.opened(place, LATER) as (_, register, _door):
        given, fault = Approvals(register).of_claim(first)
        assert fault == ""
        assert [Approvals(register).consumed_by(one.data) for one in given] == ["NW-26-000001"] * 2
        with pytest.raises(sqlite3.IntegrityError), register.transaction():
            Approvals(register).consume([given[0].data], "NW-26-000002")
    with workshop.opened(place, LATER) as (workspace, register, door), pytest.raises(Refused, match="LATE"):
        approve.receive(workspace, register, door, [approve.Signed(given[0].data, first, given[0].draft)])


def test_a_record_edited_in_the_register_holds(place: Path) -> None:
    office.sign_all(place)
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


def test_packs_go_out_and_answers_come_back(place: Path, tmp_path: Path) -> None:
    pack_file, answer_file = tmp_path / "pack.json", tmp_path / "answer.json"
    with workshop.opened(place) as (workspace, register, door):
        pack, problems = approval_packs.make(workspace, register, door, Claims(register).uncertified())
        approval_packs.write(pack_file, pack)
    assert not problems
    for handle, role in office.APPROVERS:
        key = approval_packs.key(place / f"keys/private/person-{handle}.key", workshop.passphrase, handle)
        answer = approval_packs.answer(approval_packs.read(pack_file), key, handle, role, "approve", None)
        approval_packs.write(answer_file, answer)
        with workshop.opened(place) as (workspace, register, door):
            signed = approval_packs.signed(answer_file)
            assert approve.receive(workspace, register, door, signed).received == 2
            assert approve.receive(workspace, register, door, signed).known == 2
    assert found(place) == (2, set())


def test_an_answer_edited_by_hand_or_from_elsewhere_is_refused_whole(place: Path, tmp_path: Path) -> None:
    with workshop.opened(place) as (workspace, register, door):
        pack, _ = approval_packs.make(workspace, register, door, Claims(register).uncertified())
    key = approval_packs.key(place / "keys/private/person-h.adeyemi.key", workshop.passphrase, "h.adeyemi")

    def answered(changed: Any) -> list[approve.Signed]:
        given = approval_packs.answer(changed, key, "h.adeyemi", "lead_internal_verifier", "approve", None)
        approval_packs.write(tmp_path / "a.json", given)
        return approval_packs.signed(tmp_path / "a.json")

    def refused(signed: list[approve.Signed], code: str) -> None:
        with workshop.opened(place) as (workspace, register, door), pytest.raises(Refused, match=code):
            approve.receive(workspace, register, door, signed)
        with workshop.opened(place) as (_, register, _door):
            assert register.rows("SELECT * FROM approvals") == []

    good = answered(pack)
    flipped = bytearray(good[1].data)
    at = flipped.index(b'"sig":"') + 9
    flipped[at] = ord("A") if flipped[at] != ord("A") else ord("B")
    refused([good[0], approve.Signed(bytes(flipped), good[1].claim_id, good[1].draft)], "APPROVAL-SIGNATURE")
    other_draft = approve.Signed(good[0].data, good[0].claim_id, good[1].draft)
    refused([other_draft], "APPROVAL-SIGNATURE: comes with another draft")
    refused(answered(pack.model_copy(update={"issuer_id": "0" * 64})), "APPROVAL-CLAIM")
    unknown = pack.claims[0].model_copy(update={"claim_id": "0" * 20})
    refused(answered(pack.model_copy(update={"claims": (unknown,)})), "APPROVAL-CLAIM")
