"""Holds: before issue, before publication, with owner, reason and end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.errors import Malformed, Refused
from generator.flow.after_issue import holds, lifecycle
from generator.flow.certifying import issuing
from generator.flow.certifying.proposals import Proposals
from generator.flow.importing import import_claims
from generator.flow.office import due, pending
from generator.flow.shared import workspace as workspaces
from generator.model.hold import Hold
from tests.flow.after_issue.test_lifecycle import codes, evidence, verdict
from tests.flow.after_issue.test_replace import asked, request
from tests.refusal import named
from tests.small_office import LEARNERS, Office, claims_file

NEW = "NW-26-000007"


def one_more(office: Office) -> str:
    """Another learner's claim, approved and not issued; its id."""
    path = office.workspace.certificates / "claims" / "course.csv"
    path.write_text(claims_file((*LEARNERS, "Gwenllian Hughes")))
    found = import_claims.preview(office.session)
    assert not found.problems
    import_claims.write(office.session, found)
    return next(Claims(office.register).uncertified()).claim_id


def hold(scope: str, subject: str, **more: Any) -> Hold:
    fields: dict[str, Any] = {
        "scope": scope, "subject": subject, "kind": "data_query", "owner": "e.off",
        "reason": "the date is asked back", "until": "2026-12-01", **more,
    }  # fmt: skip
    return Hold.of(fields)


def place(office: Office, placed: Hold) -> tuple[int, list[str]]:
    return holds.place(office.session, placed)


@pytest.mark.slow
def test_a_held_claim_is_not_issued_until_it_is_released(office: Office) -> None:
    claim_id = one_more(office)
    hold_id, withheld = place(office, hold("claim", claim_id))
    assert withheld == []
    done = office.issue_all()
    assert (done.issued, done.held) == (0, 1)
    assert [problem.code for problem in done.problems] == ["HOLD-OPEN"]
    assert "e.off" in done.problems[0].what
    assert "the date is asked back" not in str(done.problems[0])
    assert Approvals(office.register).of_claim(claim_id) == ([], "")  # nobody signs what is held either
    holds.release(office.session, hold_id, "e.off")
    assert office.issue_all().issued == 1


@pytest.mark.slow
def test_a_hold_placed_after_the_approvals_holds_and_they_count_again_once_it_is_released(
    office: Office,
) -> None:
    claim_id = one_more(office)
    office.approve_all()
    hold_id, _ = place(office, hold("claim", claim_id))
    held = issuing.issue(office.session)
    assert (held.issued, [problem.code for problem in held.problems]) == (0, ["HOLD-OPEN"])
    holds.release(office.session, hold_id, "e.off")
    assert issuing.issue(office.session).issued == 1


@pytest.mark.parametrize("scope", ["claim", "centre"])
def test_whoever_asks_is_told_the_same_by_one_control(office: Office, scope: str) -> None:
    claim_id = one_more(office)
    place(office, hold(scope, claim_id if scope == "claim" else "NF041"))
    held = list(Claims(office.register).uncertified())
    [said] = Proposals(office.session).of(held[0])  # type: ignore[misc]  # a list of problems
    assert issuing.issue(office.session).problems == (said,)
    # Six claims of the centre are certified: nothing holds them any more, and nothing says so.
    [told] = import_claims.preview(office.session).reported
    assert (told.code, told.what, told.fix) == (said.code, said.what, said.fix)
    [waiting] = [item for item in pending.pending(office.session) if item.list == "holds"]
    assert (waiting.who, waiting.on) == ("e.off", "2026-12-01")
    assert "data query" in waiting.what
    assert "data query" in said.what


def test_the_correction_for_which_a_hold_waits_comes_in_while_it_stands(office: Office) -> None:
    claim_id = one_more(office)
    place(office, hold("claim", claim_id))
    path = office.workspace.certificates / "claims" / "course.csv"
    path.write_text(path.read_text().replace("Gwenllian Hughes", "Gwenllïan Hughes"))
    found = import_claims.preview(office.session)
    assert (found.amended, found.problems) == (1, ())
    import_claims.write(office.session, found)
    corrected = Claims(office.register).by_id(claim_id)
    assert corrected is not None
    assert corrected.claim.learner_name == "Gwenllïan Hughes"
    assert office.issue_all().issued == 0


@pytest.mark.slow
def test_a_hold_on_the_centre_holds_a_replacement_too(office: Office) -> None:
    asked(office, request("damage"))
    hold_id, _ = place(office, hold("centre", "NF041"))
    done = office.issue_all()
    assert (done.issued, [problem.code for problem in done.problems]) == (0, ["HOLD-OPEN"])
    holds.release(office.session, hold_id, "e.off")
    assert office.issue_all().issued == 1


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE holds SET released_at = '2026-11-22T03:00:00Z'", "was released by no event"),
        ("UPDATE holds SET subject = 'NF042'", "was placed by no event"),
        ("DELETE FROM holds", "1 that were placed are no longer in the register"),
    ],
)
def test_a_hold_that_was_lifted_by_editing_the_register_is_found(office: Office, sql: str, said: str) -> None:
    place(office, hold("claim", one_more(office)))
    assert evidence(office) == []
    with office.register.transaction():
        office.register.change(sql)
    assert any(said in fault for fault in evidence(office))


PERMISSION = {"reference": "NA-2026-118", "given_on": "2026-11-20"}


def test_a_centre_holds_for_fees_only_with_the_awarding_organisations_permission(office: Office) -> None:
    claim_id = one_more(office)
    settings = office.workspace.root / "portal.yaml"
    settings.write_text(settings.read_text().replace("kind: awarding_organisation", "kind: centre"))
    centre = replace(office, workspace=workspaces.load_workspace(office.workspace.root))
    with pytest.raises(Refused) as refused:
        place(centre, hold("claim", claim_id, kind="fees"))
    assert codes(refused) == {"HOLD-PERMISSION"}
    assert "exams officer: ask for it" in refused.value.problems[0].action
    with pytest.raises(Refused) as refused:
        place(
            centre, hold("claim", claim_id, kind="fees", permission={**PERMISSION, "given_on": "2026-11-23"})
        )
    assert codes(refused) == {"HOLD-PERMISSION"}
    place(centre, hold("claim", claim_id, kind="fees", permission=PERMISSION))
    [found] = Holds(centre.register).in_force()
    assert (found.permission_reference, found.permission_on) == tuple(PERMISSION.values())
    assert EventLog(centre.register).about(claim_id)[-1][3]["permission"] == PERMISSION


def test_who_awards_permits_itself_and_nobody_else(office: Office) -> None:
    claim_id = one_more(office)
    place(office, hold("claim", claim_id, kind="fees"))
    path = office.workspace.certificates / "catalogue" / "AID1-1.yaml"
    path.write_text(path.read_text() + "awarded_by: Another Awarding Body\n")
    other = replace(office, workspace=workspaces.load_workspace(office.workspace.root))
    for scope, subject in (("claim", claim_id), ("centre", "NF041")):
        with pytest.raises(Refused, match="permission of Another Awarding Body"):
            place(other, hold(scope, subject, kind="fees"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "identity", "permission": PERMISSION},
        {"kind": "fees", "permission": {"reference": "NA-2026-118"}},
        {"kind": "fees", "permission": {**PERMISSION, "given_on": "yesterday"}},
        {"kind": "fees", "permission": {**PERMISSION, "reference": " "}},
    ],
)
def test_a_permission_is_a_reference_and_a_day_and_belongs_to_fees(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        hold("claim", "0" * 20, **wrong)


@pytest.mark.slow
def test_a_withheld_certificate_is_neither_published_nor_sent_until_it_is_released(office: Office) -> None:
    one_more(office)
    assert office.issue_all().issued == 1
    hold_id, withheld = place(office, hold("certificate", NEW))
    assert withheld == [NEW]
    with pytest.raises(Refused, match=f"certportal hold release {hold_id}") as refused:
        lifecycle.plan_resend(office.session, NEW)
    assert named(refused) == [("HOLD", NEW, "exams_officer")]
    office.publish()
    assert verdict(office, NEW).kind == "not_found"
    holds.release(office.session, hold_id, "q.nom")
    office.publish()
    assert verdict(office, NEW).kind == "valid"


@pytest.mark.slow
def test_a_hold_on_a_centre_holds_claims_and_what_is_not_published_and_nothing_else(office: Office) -> None:
    one_more(office)
    assert office.issue_all().issued == 1
    hold_id, withheld = place(office, hold("centre", "NF041", kind="block", owner="s.man"))
    assert withheld == [NEW]
    office.publish()
    assert verdict(office, NEW).kind == "not_found"
    assert verdict(office, "NW-26-000001").kind == "valid"
    holds.release(office.session, hold_id, "s.man")


def test_a_hold_does_not_end_by_itself_and_is_overdue_until_released(office: Office) -> None:
    claim_id = one_more(office)
    place(office, hold("claim", claim_id))
    later = office.at("2027-01-01T00:00:00Z")
    assert later.issue_all().issued == 0
    listed = [item for item in due.due_items(later.session, 0) if item.kind == "hold"]
    assert [(item.on, item.subject) for item in listed] == [("2026-12-01", claim_id)]


@pytest.mark.parametrize(
    ("placed", "code"),
    [
        (hold("certificate", "NW-26-000001"), "HOLD-LATE"),
        (hold("certificate", "NW-26-999999"), "CERTIFICATE-UNKNOWN"),
        (hold("claim", "0" * 20), "CLAIM-UNKNOWN"),
        (hold("centre", "XX"), "CENTRE-UNKNOWN"),
        (hold("certificate", "NW-26-000001", owner="l.iv"), "AFTER-ROLE"),
        (hold("certificate", "NW-26-000001", owner="nobody"), "AFTER-ROLE"),
        (hold("certificate", "NW-26-000001", until="2026-11-22"), "HOLD-UNTIL"),
    ],
)
def test_holds_that_cannot_be_placed(office: Office, placed: Hold, code: str) -> None:
    with pytest.raises(Refused) as refused:
        place(office, placed)
    assert codes(refused) == {code}
    assert Holds(office.register).in_force() == []


def test_a_hold_is_released_once(office: Office) -> None:
    hold_id, _ = place(office, hold("claim", one_more(office)))
    holds.release(office.session, hold_id, "e.off")
    with pytest.raises(Refused) as refused:
        holds.release(office.session, hold_id, "e.off")
    assert codes(refused) == {"HOLD-UNKNOWN"}
