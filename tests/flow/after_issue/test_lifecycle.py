"""Revoke, suspend, reinstate: only with evidence, shown first, done whole, published within one build."""

from __future__ import annotations

import pytest

from generator.edge.register.cases import Cases
from generator.edge.register.state_changes import StateChanges
from generator.edge.sites import FolderSite
from generator.errors import Refused
from generator.flow.after_issue import cases, lifecycle, reissue
from generator.flow.publishing import audit_after_issue, publish
from generator.flow.publishing.audit import Audit
from generator.flow.shared import certificate_states, rollback_guard
from generator.model.verdict import Verdict
from generator.rules.verifying import verify
from tests.small_office import Office

SERIAL = "NW-26-000001"
WHO = ("q.nom", "s.man")


def verdict(office: Office, serial: str = SERIAL) -> Verdict:
    number = certificate_states.certificate(office.register, serial).number
    pin = office.workspace.keystore.pin()
    return verify(number, FolderSite(office.workspace.public), pin, office.environment.now)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def revoke(office: Office, case_id: str, serial: str = SERIAL) -> None:
    plan = lifecycle.plan_revoke(office.session, serial, case_id)
    lifecycle.apply_planned(office.session, plan)


def reinstate(office: Office, case_id: str, serial: str = SERIAL) -> None:
    plan = lifecycle.plan_reinstate(office.session, serial, case_id)
    lifecycle.apply_planned(office.session, plan)


def suspend(
    office: Office,
    until: str = "2026-12-31",
    who: tuple[str, str] = ("q.nom", "quality_nominee"),
    serial: str = SERIAL,
) -> None:
    plan = lifecycle.plan_suspend(
        office.session,
        serial,
        until,
        "a question is open",
        who,
    )
    lifecycle.suspend(office.session, plan)


def evidence(office: Office) -> list[str]:
    found = Audit()
    audit_after_issue.audit_after_issue(office.session, found)
    return [str(problem) for problem in found.problems]


def test_a_revocation_reaches_the_portal_within_one_build(office: Office) -> None:
    assert verdict(office).kind == "valid"
    revoke(office, office.closed_case("revocation", SERIAL, "revoke", WHO))
    assert verdict(office).kind == "valid"
    office.publish()
    shown = verdict(office)
    assert (shown.kind, shown.changed_on, shown.reason_code) == ("revoked", "2026-11-22", 1)
    assert shown.statement is None
    assert verdict(office, "NW-26-000002").kind == "valid"
    assert evidence(office) == []


@pytest.mark.slow
def test_a_suspension_has_an_end_that_lifts_nothing_by_itself(office: Office) -> None:
    suspend(office)
    office.publish()
    shown = verdict(office)
    assert (shown.kind, shown.until, shown.reason_code) == ("suspended", "2026-12-31", 2)
    later = office.at("2027-01-15T02:00:00Z")
    later.publish()
    assert verdict(later).kind == "suspended"


def test_a_suspension_is_extended_to_a_later_day_only(office: Office) -> None:
    suspend(office)
    with pytest.raises(Refused) as refused:
        suspend(office, "2026-12-30")
    assert codes(refused) == {"AFTER-STATE"}
    suspend(office, "2027-01-31")
    assert StateChanges(office.register).last(SERIAL).until == "2027-01-31"
    assert evidence(office) == []


@pytest.mark.slow
def test_an_appeal_reinstates(office: Office) -> None:
    first = office.closed_case("revocation", SERIAL, "revoke", WHO)
    revoke(office, first)
    reinstate(office, office.closed_case("appeal", SERIAL, "reinstate", ("q.two", "s.two"), appeals=first))
    office.publish()
    shown = verdict(office)
    assert (shown.kind, shown.notices) == ("valid", ("reinstated",))
    again = office.closed_case("revocation", SERIAL, "revoke", WHO)
    revoke(office, again)
    assert [change.kind for change in StateChanges(office.register).of(SERIAL)] == [
        "revoked",
        "reinstated",
        "revoked",
    ]
    assert evidence(office) == []


def test_an_investigation_that_found_nothing_lifts_a_suspension(office: Office) -> None:
    suspend(office)
    reinstate(office, office.closed_case("revocation", SERIAL, "dismiss", WHO))
    assert StateChanges(office.register).state(SERIAL) == "reinstated"
    assert evidence(office) == []


def test_who_decided_a_case_decides_no_appeal_of_it(office: Office) -> None:
    first = office.closed_case("revocation", SERIAL, "revoke", WHO)
    revoke(office, first)
    with pytest.raises(Refused) as refused:
        office.closed_case("appeal", SERIAL, "reinstate", ("q.two", "s.man"), appeals=first)
    assert codes(refused) == {"DECISION-APPEAL"}


def test_nobody_decides_a_case_in_which_they_are_a_party(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        office.closed_case("revocation", SERIAL, "revoke", WHO, parties=("s.man",))
    assert codes(refused) == {"DECISION-PARTY"}


def test_a_case_waits_for_every_role_and_for_agreement(office: Office) -> None:
    opening = cases.Opening("revocation", (SERIAL,), "what happened", "e.off")
    case = cases.draw_up(office.session, opening)
    with office.register.transaction():
        cases.open_case(office.session, case)
    with pytest.raises(Refused) as refused:
        reissue.close(office.session, case.case_id)
    assert codes(refused) == {"DECISION-MISSING"}
    reissue.decide(
        office.session,
        case.case_id,
        ("revoke", 1, None),
        ("q.nom", "quality_nominee"),
    )
    with pytest.raises(Refused):
        lifecycle.plan_revoke(office.session, SERIAL, case.case_id)
    reissue.decide(
        office.session,
        case.case_id,
        ("revoke", 5, None),
        ("s.man", "senior_manager"),
    )
    with pytest.raises(Refused) as refused:
        reissue.close(office.session, case.case_id)
    assert codes(refused) == {"DECISION-AGREE"}
    reissue.decide(
        office.session,
        case.case_id,
        ("revoke", 1, None),
        ("s.man", "senior_manager"),
    )
    assert reissue.close(office.session, case.case_id).reason_code == 1
    with pytest.raises(Refused) as refused:
        reissue.decide(
            office.session,
            case.case_id,
            ("dismiss", 0, None),
            ("q.nom", "quality_nominee"),
        )
    assert codes(refused) == {"CASE-CLOSED"}


@pytest.mark.parametrize(
    ("made", "who", "code"),
    [
        (("revoke", 1, None), ("e.off", "exams_officer"), "DECISION-ROLE"),
        (("revoke", 1, None), ("e.off", "quality_nominee"), "DECISION-ROLE"),
        (("revoke", 2, None), ("q.nom", "quality_nominee"), "DECISION-REASON"),
        (("reinstate", 0, None), ("q.nom", "quality_nominee"), "DECISION-OUTCOME"),
        (("revoke", 1, "2027-01-01"), ("q.nom", "quality_nominee"), "DECISION-FIELD"),
    ],
)
def test_a_decision_that_cannot_count_is_refused(
    office: Office, made: tuple[str, int, str | None], who: tuple[str, str], code: str
) -> None:
    opening = cases.Opening("revocation", (SERIAL,), "what happened", "e.off")
    case = cases.draw_up(office.session, opening)
    with office.register.transaction():
        cases.open_case(office.session, case)
    with pytest.raises(Refused) as refused:
        reissue.decide(office.session, case.case_id, made, who)
    assert codes(refused) == {code}


def test_wrong_numbers_states_and_cases(office: Office) -> None:
    _workspace, _register, _environment = office.workspace, office.register, office.environment
    case_id = office.closed_case("revocation", SERIAL, "revoke", WHO)
    for serial, case, code in (
        ("NW-26-999999", case_id, "CERTIFICATE-UNKNOWN"),
        (SERIAL, "C-26-999999", "CASE-UNKNOWN"),
        ("NW-26-000002", case_id, "CASE-SUBJECT"),
    ):
        with pytest.raises(Refused) as refused:
            lifecycle.plan_revoke(office.session, serial, case)
        assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        lifecycle.plan_reinstate(office.session, SERIAL, case_id)
    assert "AFTER-STATE" in codes(refused)
    revoke(office, case_id)
    with pytest.raises(Refused) as refused:
        lifecycle.plan_revoke(office.session, SERIAL, case_id)
    assert codes(refused) == {"AFTER-STATE", "CASE-USED"}
    with pytest.raises(Refused) as refused:
        suspend(office)
    assert codes(refused) == {"AFTER-STATE"}


def test_two_administrators_at_once(office: Office) -> None:
    """The second one's plan was shown before the first one acted: nothing is done on it."""
    case_id = office.closed_case("revocation", SERIAL, "revoke", WHO)
    plan = lifecycle.plan_revoke(office.session, SERIAL, case_id)
    suspend(office)
    with pytest.raises(Refused) as refused:
        lifecycle.apply_planned(office.session, plan)
    assert codes(refused) == {"AFTER-CHANGED"}
    assert StateChanges(office.register).state(SERIAL) == "suspended"


@pytest.mark.slow
def test_a_suspension_while_a_publication_is_under_way_is_published_after_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspend(office)
    office.publish_interrupted(monkeypatch)
    reinstate(office, office.closed_case("revocation", SERIAL, "dismiss", WHO))
    with pytest.raises(Refused):
        rollback_guard.finished(office.session)
    publish.publish(office.session)
    assert verdict(office).kind == "valid"
    assert evidence(office) == []


def test_edited_evidence_is_found(office: Office) -> None:
    case_id = office.closed_case("revocation", SERIAL, "revoke", WHO)
    revoke(office, case_id)
    assert Cases(office.register).open_ones() == []
    with office.register.transaction():
        office.register.change("UPDATE cases SET outcome = 'dismiss' WHERE case_id = ?", case_id)
    assert any("CASE-ALTERED" in fault for fault in evidence(office))
    with office.register.transaction():
        office.register.change("DELETE FROM decisions WHERE case_id = ?", case_id)
    assert any("DECISION-MISSING" in fault for fault in evidence(office))
    with office.register.transaction():
        office.register.change(
            "INSERT INTO changes (serial, kind, changed_on, reason_code)"
            " VALUES ('NW-26-000002', 'revoked', '2026-11-22', 1)"
        )
    assert any("without a case" in fault for fault in evidence(office))
