"""Approving away from the workspace: what is answered, what is sent back, and what cannot be read."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from generator.crypto.digest import sha256
from generator.crypto.ed25519 import SeedSigner
from generator.edge.register.claims import Claims
from generator.errors import Refused, UsageError
from generator.flow.certifying import approval_files
from generator.formats import approval
from generator.formats.approval import Approval
from generator.formats.statement import draft_bytes
from generator.sheets.approval_file import AnswerFile, ApprovalFile, ClaimToApprove, EarlierDecision
from tests import small_site
from tests.small_office import Office

SIGNER = SeedSigner.of(bytes(32), "person")
FIRST, SECOND = "1" * 20, "2" * 20
WHO = ("q.nom", "quality_nominee")


def asked(*decided: EarlierDecision) -> ApprovalFile:
    """An approval file of two claims; of the first, something was decided before."""
    draft = small_site.statement_of("valid", 1).draft()
    digests = {f"{name}_sha256": sha256(name.encode()) for name in ("evidence", "catalogue", "template")}

    def claim(claim_id: str, *before: EarlierDecision) -> ClaimToApprove:
        return ClaimToApprove(
            claim_id=claim_id, salt=claim_id[0] * 32, draft=draft, decided=before, **digests
        )

    claims = (claim(FIRST, *decided), claim(SECOND))
    return ApprovalFile(
        issuer_id="a" * 64, issuer="Northfield", made_at="2026-11-22T02:00:00Z", claims=claims
    )


def answered(
    file: ApprovalFile, *only: str, decision: str = "approve", note: str | None = None
) -> AnswerFile:
    return approval_files.answer(file, SIGNER, *WHO, decision, note, only)  # type: ignore[arg-type]  # the test's own words


def opened(answer: AnswerFile) -> list[Approval]:
    found = [approval.decode(approval.split(item.data())) for item in answer.approvals]
    single = [one for one in found if isinstance(one, Approval)]
    assert single == found, "a standing approval was signed"
    return single


def test_an_answer_decides_on_every_claim_by_this_person_in_this_role() -> None:
    answer = answered(asked(), decision="query", note="which unit?")
    assert answer.issuer_id == "a" * 64
    said = [(one.claim_id, one.person, one.role, one.decision, one.note) for one in opened(answer)]
    assert said == [(claim_id, *WHO, "query", "which unit?") for claim_id in (FIRST, SECOND)]


def test_what_is_signed_is_exactly_what_the_file_shows() -> None:
    file = asked()
    for shown, signed in zip(file.claims, opened(answered(file)), strict=True):
        assert signed.statement_sha256 == approval.commitment(shown.salt, shown.draft)
        assert signed.salt == shown.salt
        for name in ("evidence_sha256", "catalogue_sha256", "template_sha256"):
            assert getattr(signed, name) == getattr(shown, name), f"another {name} was signed"


def test_a_partial_answer_leaves_the_other_claims_alone() -> None:
    assert [one.claim_id for one in opened(answered(asked(), SECOND))] == [SECOND]


def test_a_claim_that_is_not_in_the_file_is_a_mistake_and_nothing_is_signed() -> None:
    with pytest.raises(UsageError, match=r"9999.*is not in this approval file"):
        answered(asked(), FIRST, "9" * 20)


def test_an_answer_names_what_the_same_person_decided_last_in_this_role() -> None:
    def before(person: str, role: str, digit: str) -> EarlierDecision:
        return EarlierDecision.of({"person": person, "role": role, "approval_sha256": digit * 64})

    earlier = (
        before(*WHO, "1"),
        before(*WHO, "2"),
        before("q.nom", "exams_officer", "3"),
        before("l.iv", WHO[1], "4"),
    )
    first, second = opened(answered(asked(*earlier)))
    assert first.replaces == "2" * 64, "not the last decision of this person in this role"
    assert second.replaces is None


def test_files_come_back_as_they_were_written_and_for_their_owner_only(tmp_path: Path) -> None:
    file = asked()
    path = tmp_path / "approve.json"
    approval_files.write(path, file)
    assert approval_files.read(path) == file
    assert path.stat().st_mode & 0o077 == 0, "others may read it"
    approval_files.write(path, answered(file))
    received = approval_files.signed(path)
    assert [(one.claim_id, one.draft) for one in received] == [
        (claim.claim_id, draft_bytes(claim.draft)) for claim in file.claims
    ]
    assert [approval.decode(approval.split(one.data)) for one in received] == opened(answered(file))


def test_a_decision_that_cannot_be_read_is_named_by_its_place(tmp_path: Path) -> None:
    answer = answered(asked())
    spoilt: dict[str, Any] = {"envelope": base64.b64encode(b"{}").decode()}
    items = (answer.approvals[0], answer.approvals[1].model_copy(update=spoilt))
    path = tmp_path / "answer.json"
    approval_files.write(path, answer.model_copy(update={"approvals": items}))
    with pytest.raises(Refused, match=r"answer\.json: APPROVAL-SIGNATURE: decision 2 cannot be read"):
        approval_files.signed(path)


def test_without_a_claim_that_is_ready_there_is_no_file(office: Office) -> None:
    assert list(Claims(office.register).uncertified()) == []
    with pytest.raises(Refused, match="APPROVAL-FILE: no claim is ready for approval"):
        approval_files.make(office.session, [])


def test_a_file_is_made_of_everything_that_will_be_printed_and_was_decided(office: Office) -> None:
    claim = next(iter(Claims(office.register).certified()))
    made, problems = approval_files.make(office.session, [claim])
    assert problems == []
    assert (made.issuer, made.made_at) == ("Northfield Awarding", office.session.now)
    assert made.issuer_id == office.workspace.keystore.pin().issuer_id
    (shown,) = made.claims
    assert (shown.claim_id, shown.salt) == (claim.claim_id, claim.salt)
    assert shown.draft.learner.name == claim.claim.learner_name
    assert [(one.person, one.role) for one in shown.decided] == [
        ("l.iv", "lead_internal_verifier"),
        ("q.nom", "quality_nominee"),
        ("e.off", "exams_officer"),
    ]
    kept = office.register.rows(
        "SELECT envelope FROM approvals WHERE claim_id = ? ORDER BY id", claim.claim_id
    )
    assert [one.approval_sha256 for one in shown.decided] == [sha256(data) for (data,) in kept]
