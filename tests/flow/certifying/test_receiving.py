"""Receiving approvals: what counts as the same decision, what came last, and what is refused whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.crypto.digest import sha256
from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.event_log import EventLog
from generator.errors import Refused
from generator.flow.certifying import approvals
from generator.flow.certifying.approvals import Signed, is_already_decided, latest_decision
from generator.formats import approval
from generator.rules.received_approvals import ReceivedApproval
from tests.edge.register.approving import approval as decided
from tests.edge.register.approving import standing
from tests.small_office import NOW, Office

CLAIM = "1" * 20


@pytest.mark.parametrize(
    ("made", "last", "same"),
    [
        (decided(CLAIM), None, False),
        (decided(CLAIM), decided(CLAIM), True),
        (decided(CLAIM), decided(CLAIM, replaces="2" * 64), True),
        (decided(CLAIM), decided(CLAIM, "refuse"), False),
        (decided(CLAIM), decided(CLAIM, note="seen"), False),
        (decided(CLAIM), decided(CLAIM, evidence_sha256="5" * 64), False),
        (standing(), decided(CLAIM), False),
        (decided(CLAIM), standing(), False),
        (standing(), standing(), True),
        (standing(start="2027-11-22", until="2028-11-22"), standing(), True),
        (standing(start="2027-11-23", until="2028-11-22"), standing(), False),
        (standing(), standing(decision="withdraw"), False),
        (standing(template_sha256="5" * 64), standing(), False),
    ],
)
def test_a_decision_is_made_again_only_where_something_differs(made: Any, last: Any, same: bool) -> None:
    assert is_already_decided(made, last) is same


def signed(
    office: Office, claim: RegisteredClaim, decision: str = "approve", who: str = "q.nom"
) -> list[Signed]:
    role = {"q.nom": "quality_nominee", "l.iv": "lead_internal_verifier"}[who]
    note = None if decision == "approve" else "because"
    found, problems = approvals.sign_claims(office.session, who, role, [claim], decision, note)  # type: ignore[arg-type]  # the test's own words
    assert problems == []
    return found


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_what_is_received_and_what_was_here_are_counted(office: Office, waiting: RegisteredClaim) -> None:
    both = [*signed(office, waiting), *signed(office, waiting, who="l.iv")]
    first = approvals.receive(office.session, both[:1])
    assert (first.received, first.known, first.problems) == (1, 0, ())
    again = approvals.receive(office.session, both)
    assert (again.received, again.known) == (1, 1)


def test_signing_again_what_was_decided_gives_nothing_and_asks_for_no_key(
    office: Office, waiting: RegisteredClaim
) -> None:
    approvals.receive(office.session, signed(office, waiting))

    def nobody(_box: str) -> str:
        raise AssertionError("a passphrase was asked for")

    keyless = replace(office, environment=replace(office.environment, passphrase=nobody))
    assert signed(keyless, waiting) == []


def test_each_decision_names_the_one_before(office: Office, waiting: RegisteredClaim) -> None:
    (first,) = signed(office, waiting)
    approvals.receive(office.session, [first])
    (second,) = signed(office, waiting, "refuse")
    opened = approval.decode(approval.split(second.data))
    assert opened.replaces == sha256(first.data)
    approvals.receive(office.session, [second])
    roster = office.workspace.keystore.roster()
    received = Approvals(office.register).of_claim(waiting.claim_id)[0]
    digest, last = latest_decision(opened, received, roster)
    assert (digest, last) == (sha256(second.data), opened)
    unreadable = ReceivedApproval(NOW, b"not an approval")
    assert latest_decision(opened, [*received, unreadable], roster) == (digest, last)
    other = opened.model_copy(update={"claim_id": CLAIM})
    assert latest_decision(other, received, roster) == (None, None)


def test_a_withdrawal_withdraws_what_this_person_decided_last(
    office: Office, waiting: RegisteredClaim
) -> None:
    assert signed(office, waiting, "withdraw") == [], "nothing was decided"
    (first,) = signed(office, waiting)
    approvals.receive(office.session, [first])
    assert signed(office, waiting, "withdraw", "l.iv") == [], "another person's decision was withdrawn"
    (taken_back,) = signed(office, waiting, "withdraw")
    opened = approval.decode(approval.split(taken_back.data))
    assert (opened.decision, opened.note, opened.replaces) == ("withdraw", None, sha256(first.data))
    approvals.receive(office.session, [taken_back])
    assert signed(office, waiting, "withdraw") == [], "it was withdrawn already"


def test_an_older_decision_that_comes_late_is_refused_with_who_decides_again(
    office: Office, waiting: RegisteredClaim
) -> None:
    late, _ = signed(office, waiting, "query"), approvals.receive(office.session, signed(office, waiting))
    with pytest.raises(Refused) as refused:
        approvals.receive(office.session, late)
    (problem,) = refused.value.problems
    assert (problem.code, problem.owner, problem.place.subject) == (
        "APPROVAL-ORDER",
        "quality_nominee",
        "approval 1",
    )


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda one: replace(one, data=one.data[:-3] + b"x" + one.data[-2:]), "APPROVAL-SIGNATURE"),
        (lambda one: replace(one, draft=one.draft + b" "), "APPROVAL-SIGNATURE"),
    ],
)
def test_one_that_was_spoilt_on_its_way_lets_none_of_them_in(
    office: Office, waiting: RegisteredClaim, spoil: Any, code: str
) -> None:
    good, second = signed(office, waiting)[0], signed(office, waiting, who="l.iv")[0]
    before = EventLog(office.register).state()
    with pytest.raises(Refused) as refused:
        approvals.receive(office.session, [good, spoil(second)])
    assert codes(refused) == [code]
    assert refused.value.problems[0].place.subject == "approval 2"
    assert EventLog(office.register).state() == before, "the good one was taken in"


def test_a_claim_that_is_not_here_or_certified_is_not_decided_on(
    office: Office, waiting: RegisteredClaim
) -> None:
    certified = next(iter(Claims(office.register).certified()))
    with pytest.raises(Refused) as refused:
        approvals.receive(office.session, signed(office, certified, "query"))
    assert codes(refused) == ["APPROVAL-LATE"]
    one = signed(office, waiting)
    with office.register.transaction():
        office.register.change("DELETE FROM claim_subjects WHERE claim_id = ?", waiting.claim_id)
        office.register.change("DELETE FROM claims WHERE claim_id = ?", waiting.claim_id)
    with pytest.raises(Refused) as refused:
        approvals.receive(office.session, one)
    assert codes(refused) == ["APPROVAL-CLAIM"]


def test_a_clock_that_was_set_back_receives_nothing(office: Office, waiting: RegisteredClaim) -> None:
    one = signed(office, waiting)
    with pytest.raises(Refused, match="CLOCK-BACK"):
        approvals.receive(office.at("2026-11-20T02:00:00Z").session, one)


def test_a_course_that_is_not_issued_automatically_has_no_standing_approval(office: Office) -> None:
    with pytest.raises(Refused, match="APPROVAL-STANDING: AID1 is not issued automatically"):
        approvals.sign_standing(office.session, "q.nom", "quality_nominee", "AID1", "2027-11-22")


@pytest.mark.parametrize(
    ("who", "role", "said"),
    [
        ("n.obody", "quality_nominee", r"STAFF-UNKNOWN: n\.obody is not on the roster.*l\.iv, q\.nom"),
        (
            "q.nom",
            "exams_officer",
            r"APPROVAL-ROLE: q\.nom does not hold the role exams_officer.*quality_nominee",
        ),
    ],
)
def test_only_who_is_on_the_roster_in_this_role_may_sign(
    office: Office, who: str, role: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        approvals.sign_claims(office.session, who, role, [])
