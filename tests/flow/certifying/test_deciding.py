"""Whether a claim may be certified: who approved it, who is waited for, whose word is the last."""

from __future__ import annotations

from typing import Any

import pytest

from generator.crypto.digest import sha256
from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.errors import Problem, Refused
from generator.flow.certifying import approvals, issuing, sample_review
from generator.flow.certifying.proposals import Proposals
from generator.rules.approving import ApprovedClaim, Proposal, decide
from tests.small_office import Office

IV, QN = ("l.iv", "lead_internal_verifier"), ("q.nom", "quality_nominee")


def given(office: Office, claim: RegisteredClaim, who: tuple[str, str], decision: str = "approve") -> bytes:
    """One person's decision, received."""
    note = None if decision == "approve" else "which day?"
    (signed,), problems = approvals.sign_claims(office.session, *who, [claim], decision, note)  # type: ignore[arg-type]  # the test's own words
    assert problems == []
    approvals.receive(office.session, [signed])
    return signed.data


def found(office: Office, claim: RegisteredClaim) -> ApprovedClaim | list[Problem]:
    proposal = Proposals(office.session).of(claim)
    assert isinstance(proposal, Proposal), proposal
    received, fault = Approvals(office.register).of_claim(claim.claim_id)
    assert fault == ""
    authority = issuing.office(office.session, office.workspace.keystore.pin().issuer_id)
    return decide(proposal, received, (), authority)


def said(office: Office, claim: RegisteredClaim) -> list[tuple[str, str, str]]:
    problems = found(office, claim)
    assert isinstance(problems, list), problems
    return [(problem.code, problem.owner, problem.what) for problem in problems]


def test_each_role_that_has_not_approved_is_waited_for(office: Office, waiting: RegisteredClaim) -> None:
    missing = [
        ("APPROVAL-MISSING", "lead_internal_verifier", "waits for lead internal verifier"),
        ("APPROVAL-MISSING", "quality_nominee", "waits for quality nominee"),
    ]
    assert said(office, waiting) == missing
    given(office, waiting, QN)
    assert said(office, waiting) == missing[:1]


def test_a_claim_approved_in_every_role_names_its_approvals_in_the_policys_order(
    office: Office,
    waiting: RegisteredClaim,
) -> None:
    second, first = given(office, waiting, QN), given(office, waiting, IV)
    made = found(office, waiting)
    assert isinstance(made, ApprovedClaim), made
    assert [sha256(one) for one in made.approvals] == [sha256(first), sha256(second)]
    assert not made.standing
    assert made.proposal.claim_id == waiting.claim_id


@pytest.mark.parametrize("decision", ["refuse", "query"])
def test_a_refusal_or_query_holds_the_claim_until_the_same_person_settles_it(
    office: Office,
    waiting: RegisteredClaim,
    decision: str,
) -> None:
    given(office, waiting, IV)
    given(office, waiting, QN, decision)
    ((code, _, what),) = said(office, waiting)
    assert (code, what) == ("APPROVAL-DECISION", f"q.nom (quality nominee) decided: {decision}: which day?")
    given(office, waiting, ("q.two", "quality_nominee"))
    assert [code for code, _, _ in said(office, waiting)] == ["APPROVAL-DECISION"], (
        "another's word settled it"
    )
    given(office, waiting, QN)
    assert isinstance(found(office, waiting), ApprovedClaim)


def test_a_withdrawal_leaves_the_role_waiting(office: Office, waiting: RegisteredClaim) -> None:
    given(office, waiting, IV)
    given(office, waiting, QN)
    given(office, waiting, IV, "withdraw")
    assert [what for _, _, what in said(office, waiting)] == ["waits for lead internal verifier"]


def test_somebody_elses_approval_in_the_same_role_will_do(office: Office, waiting: RegisteredClaim) -> None:
    given(office, waiting, QN)
    given(office, waiting, ("q.two", "quality_nominee"))
    given(office, waiting, IV)
    given(office, waiting, QN, "withdraw")
    assert isinstance(found(office, waiting), ApprovedClaim)


def test_what_was_approved_before_a_change_is_named_to_whom_approved_it(
    office: Office,
    waiting: RegisteredClaim,
) -> None:
    given(office, waiting, IV)
    given(office, waiting, QN)
    with office.register.transaction():
        changed = waiting.claim.model_copy(update={"completed_on": "2026-11-19"})
        Claims(office.register).amend(waiting.claim_id, changed, waiting.source)
    (held,) = Claims(office.register).uncertified()
    assert said(office, held) == [
        ("APPROVAL-CHANGED", role, f"since {who} approved: completed_on: `2026-11-20` -> `2026-11-19`")
        for who, role in (IV, QN)
    ]


def test_only_this_rule_approves_a_claim(office: Office, waiting: RegisteredClaim) -> None:
    proposal = Proposals(office.session).of(waiting)
    assert isinstance(proposal, Proposal)
    with pytest.raises(TypeError, match="approves claims"):
        ApprovedClaim(proposal, ())


def checked(office: Office, claim: RegisteredClaim, who: str, **more: Any) -> None:
    sample_review.check(office.session, claim.claim_id, who, **{"outcome": "agrees", "note": None, **more})


def test_a_claim_that_was_not_drawn_is_not_checked(office: Office, waiting: RegisteredClaim) -> None:
    with pytest.raises(Refused, match="REVIEW-CLAIM: is not in the sample"):
        checked(office, waiting, "s.man")


def test_the_sample_is_checked_by_somebody_in_office_who_has_no_part_in_it(
    office: Office,
    waiting: RegisteredClaim,
) -> None:
    grade = {"unit": "M1", "grade": "Completed", "assessor": "t.ass"}
    with office.register.transaction():
        changed = type(waiting.claim).of({**waiting.claim.plain(), "results": [grade]})
        Claims(office.register).amend(waiting.claim_id, changed, waiting.source)
        office.register.change("INSERT INTO draws (at, digest, claims) VALUES ('', '', 1)")
        office.register.change("INSERT INTO drawn VALUES (?, 1, 1)", waiting.claim_id)
    with pytest.raises(Refused, match=r"STAFF-UNKNOWN: n\.obody holds no role today"):
        checked(office, waiting, "n.obody")
    with pytest.raises(Refused, match=r"STAFF-UNKNOWN: s\.man holds no role today"):
        checked(office.at("2025-12-31T02:00:00Z"), waiting, "s.man")
    with pytest.raises(Refused, match=r"REVIEW-PARTY: t\.ass assessed or verified this learner"):
        checked(office, waiting, "t.ass")
    checked(office, waiting, "s.man", outcome="differs", note="another day")
    (kept,) = office.register.rows(
        "SELECT CAST(body AS TEXT), source FROM records WHERE kind = 'review-checks'"
    )
    assert '"note":"another day"' in kept[0]
    assert '"outcome":"differs"' in kept[0]
    assert kept[1] == "review by s.man"
