"""The life of an approval: given, asked about, refused, withdrawn, changed under, partial, answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.claims import Claims
from generator.flow.certifying import approval_files, approvals
from generator.model.people import RoleHeld
from generator.model.quality_records import CentreApproval, Interest
from tests import workshop
from tests.flow import offices
from tests.flow.certifying.deeds import LATER, claim_ids, found, staff, words
from tests.rules.controls import case

pytestmark = pytest.mark.slow


def test_both_roles_sign_and_it_is_issued(place: Path) -> None:
    assert found(place) == (0, {"APPROVAL-MISSING"})
    offices.sign(place, *offices.APPROVERS[0])
    assert "waits for quality nominee" in words(place)
    offices.sign(place, *offices.APPROVERS[1])
    assert found(place) == (2, set())


def test_signing_again_adds_nothing(place: Path) -> None:
    assert [offices.sign(place, *offices.APPROVERS[0]) for _ in range(2)] == [2, 0]


def test_one_letter_reopens_that_claim_only_and_is_named(place: Path) -> None:
    offices.sign_all(place)
    with workshop.opened(place) as session:
        held = next(iter(Claims(session.register).uncertified()))
        with session.register.transaction():
            Claims(session.register).amend(
                held.claim_id, held.claim.model_copy(update={"grade": "Merit"}), "edit"
            )
            changed = held.claim.model_copy(update={"completed_on": "2026-06-25"})
            Claims(session.register).amend(held.claim_id, changed, "edit")
    done = offices.issued(place, LATER)
    assert done.issued == 1
    assert "completed_on: `2026-06-26` -> `2026-06-25`" in str(done.problems[0])


def test_a_changed_result_reopens_and_a_changed_address_does_not(place: Path) -> None:
    offices.sign_all(place)
    moved = offices._of(case.learner(email="new@example.org"), "L1")
    offices.put(place, "records/learners.csv", b"")
    (place / "certificates/records/learners.csv").unlink()
    regraded = offices._of(case.result("U3", "M", source="moderated"), "L2")
    for path in (place / "certificates/records").iterdir():
        path.unlink()
    offices.put_records(place, [moved.model_copy(update={"name": "Zoë Ó Briain"}), regraded])
    assert not offices.take(place).problems
    done = offices.issued(place, LATER)
    assert done.issued == 1
    assert all("the evidence" in str(problem) for problem in done.problems)


def test_a_catalogue_or_template_edited_after_approval(place: Path) -> None:
    offices.sign_all(place)
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
    offices.sign_all(place)
    assert offices.sign(place, *offices.APPROVERS[0], decision="withdraw") == 2
    assert found(place) == (0, {"APPROVAL-MISSING"})
    assert offices.sign(place, *offices.APPROVERS[0], LATER) == 2
    assert found(place) == (2, set())


def test_a_query_with_its_note_and_a_refusal_hold_until_settled(place: Path) -> None:
    offices.sign_all(place)
    offices.sign(place, "m.castell", "quality_nominee", decision="query", note="is U2 moderated?")
    said = words(place)
    assert "m.castell (quality nominee) decided: query: is U2 moderated?" in said
    offices.sign(place, "m.castell", "quality_nominee", decision="refuse", note="no")
    assert "decided: refuse: no" in words(place)
    offices.sign(place, "m.castell", "quality_nominee", LATER)
    assert found(place) == (2, set())


def test_a_partial_approval_issues_what_it_covers(place: Path) -> None:
    first = claim_ids(place)[0]
    with workshop.opened(place) as session:
        held = Claims(session.register).by_id(first)
        assert held is not None
        for handle, role in offices.APPROVERS:
            signed, _ = approvals.sign_claims(session, handle, role, [held])
            approvals.receive(session, signed)
    assert found(place) == (1, {"APPROVAL-MISSING"})


def test_four_eyes_compares_persons_and_not_keys(place: Path) -> None:
    both = [RoleHeld.of({"role": "quality_nominee", "start": "2026-01-01"})]
    staff(place, "add_staff", "h.adeyemi", "h.adeyemi", both, at=workshop.NOW)
    offices.sign(place, "h.adeyemi", "lead_internal_verifier")
    offices.sign(place, "h.adeyemi", "quality_nominee")
    assert found(place) == (0, {"APPROVAL-FOUR-EYES"})
    offices.sign(place, "m.castell", "quality_nominee", LATER)
    assert found(place) == (2, set())


def test_nobody_approves_where_they_declared_an_interest(place: Path) -> None:
    offices.sign_all(place)
    own = Interest.of(
        {
            "centre": "C1",
            "person": "m.castell",
            "learner_ref": "L1",
            "interest": "self",
            "declared_on": "2026-11-22",
        }
    )
    offices.put_records(place, [own])
    assert not offices.take(place).problems
    assert found(place) == (1, {"APPROVAL-INTEREST"})


def test_without_direct_claims_a_standards_verifier_releases(place: Path) -> None:
    offices.put_records(place, [case.approval(direct_claims=False)])
    assert isinstance(case.approval(), CentreApproval)
    assert not offices.take(place).problems
    offices.sign_all(place)
    assert "waits for standards verifier" in words(place)
    held = [RoleHeld.of({"role": "standards_verifier", "start": "2026-01-01"})]
    staff(place, "add_staff", "v.sood", "v.sood", held, at=workshop.NOW)
    offices.sign(place, "v.sood", "standards_verifier")
    assert found(place) == (2, set())


def test_packs_go_out_and_answers_come_back(place: Path, tmp_path: Path) -> None:
    approval_file, answer_file = tmp_path / "approve.json", tmp_path / "answer.json"
    with workshop.opened(place) as session:
        asked, problems = approval_files.make(session, Claims(session.register).uncertified())
        approval_files.write(approval_file, asked)
    assert not problems
    for handle, role in offices.APPROVERS:
        key = approval_files.key(place / f"keys/private/person-{handle}.key", workshop.passphrase, handle)
        answer = approval_files.answer(approval_files.read(approval_file), key, handle, role, "approve", None)
        approval_files.write(answer_file, answer)
        with workshop.opened(place) as session:
            signed = approval_files.signed(answer_file)
            assert approvals.receive(session, signed).received == 2
            assert approvals.receive(session, signed).known == 2
    assert found(place) == (2, set())
