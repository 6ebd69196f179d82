"""Holds: before issue, before publication, with owner, reason and end."""

from __future__ import annotations

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.holds import Holds
from generator.errors import Refused
from generator.flow import due, holds, import_claims, issue
from generator.model.hold import Hold
from tests.flow.test_lifecycle import codes, verdict
from tests.small_office import LEARNERS, Office, claims_file

NEW = "NW-26-000007"


def one_more(office: Office) -> str:
    """Another learner's claim, approved and not issued; its id."""
    path = office.workspace.certificates / "claims" / "course.csv"
    path.write_text(claims_file((*LEARNERS, "Gwenllian Hughes")))
    found = import_claims.preview(office.workspace, office.register, office.door)
    assert not found.problems
    import_claims.write(office.register, found, office.door)
    return next(Claims(office.register).uncertified()).claim_id


def hold(scope: str, subject: str, **more: str) -> Hold:
    fields = {
        "scope": scope, "subject": subject, "kind": "data_query", "owner": "e.off",
        "reason": "the date is asked back", "until": "2026-12-01", **more,
    }  # fmt: skip
    return Hold.of(fields)


def place(office: Office, placed: Hold) -> tuple[int, list[str]]:
    return holds.place(office.workspace, office.register, office.door, placed)


def test_a_held_claim_is_not_issued_until_it_is_released(office: Office) -> None:
    claim_id = one_more(office)
    hold_id, withheld = place(office, hold("claim", claim_id))
    assert withheld == []
    done = office.issue_all()
    assert (done.issued, done.held) == (0, 1)
    assert [problem.code for problem in done.problems] == ["HOLD"]
    assert "e.off" in done.problems[0].what
    assert "the date is asked back" not in str(done.problems[0])
    holds.release(office.workspace, office.register, office.door, hold_id, "e.off")
    assert issue.issue(office.workspace, office.register, office.door).issued == 1


def test_a_withheld_certificate_is_not_published_until_it_is_released(office: Office) -> None:
    one_more(office)
    assert office.issue_all().issued == 1
    hold_id, withheld = place(office, hold("certificate", NEW))
    assert withheld == [NEW]
    office.publish()
    assert verdict(office, NEW).kind == "not_found"
    holds.release(office.workspace, office.register, office.door, hold_id, "q.nom")
    office.publish()
    assert verdict(office, NEW).kind == "valid"


def test_a_hold_on_a_centre_holds_claims_and_what_is_not_published_and_nothing_else(office: Office) -> None:
    one_more(office)
    assert office.issue_all().issued == 1
    hold_id, withheld = place(office, hold("centre", "NF041", kind="block", owner="s.man"))
    assert withheld == [NEW]
    office.publish()
    assert verdict(office, NEW).kind == "not_found"
    assert verdict(office, "NW-26-000001").kind == "valid"
    holds.release(office.workspace, office.register, office.door, hold_id, "s.man")


def test_a_hold_does_not_end_by_itself_and_is_overdue_until_released(office: Office) -> None:
    claim_id = one_more(office)
    place(office, hold("claim", claim_id))
    later = office.at("2027-01-01T00:00:00Z")
    assert later.issue_all().issued == 0
    listed = [
        item for item in due.coming(later.workspace, later.register, later.door, 0) if item.kind == "hold"
    ]
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
    assert Holds(office.register).standing() == []


def test_a_hold_is_released_once(office: Office) -> None:
    hold_id, _ = place(office, hold("claim", one_more(office)))
    holds.release(office.workspace, office.register, office.door, hold_id, "e.off")
    with pytest.raises(Refused) as refused:
        holds.release(office.workspace, office.register, office.door, hold_id, "e.off")
    assert codes(refused) == {"HOLD-UNKNOWN"}
