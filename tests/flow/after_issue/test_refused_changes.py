"""Changes after issue that are refused: code, place and who acts."""

from __future__ import annotations

import pytest

from generator.edge.register.contacts import Contacts
from generator.errors import Refused, UsageError
from generator.flow.after_issue import cases, lifecycle, replacement
from generator.flow.shared import certificate_states
from tests.flow.after_issue.test_lifecycle import SERIAL, WHO, revoke
from tests.refusal import named
from tests.small_office import Office


def test_a_reinstatement_needs_an_appeal_of_the_case_that_revoked(office: Office) -> None:
    first = office.closed_case("revocation", SERIAL, "revoke", WHO)
    revoke(office, first)
    second = office.closed_case("revocation", SERIAL, "dismiss", WHO)
    with pytest.raises(Refused, match=f"open an appeal of {first}") as act:
        lifecycle.plan_reinstate(office.session, SERIAL, second)
    assert ("CASE-APPEAL", f"case {second}", "responsible_officer") in named(act)


def test_a_case_of_no_known_kind(office: Office) -> None:
    with pytest.raises(UsageError) as act:
        cases.draw_up(office.session, cases.Opening("gossip", (SERIAL,), "what happened", "e.off"))  # type: ignore[arg-type]  # what is refused
    assert named(act) == [("CASE-FIELD", "case kind", "administrator")]


def test_nothing_is_sent_again_to_nobody(office: Office) -> None:
    claim_id = certificate_states.certificate(office.register, SERIAL).claim_id
    with office.register.transaction():
        Contacts(office.register).forget(claim_id)
    with pytest.raises(Refused, match="give the learner's address") as act:
        lifecycle.plan_resend(office.session, SERIAL)
    assert named(act) == [("RESEND-ADDRESS", SERIAL, "exams_officer")]


def test_a_replacement_that_nobody_asked_for_is_not_withdrawn(office: Office) -> None:
    with pytest.raises(Refused, match="no request for a replacement waits") as act:
        replacement.withdraw(office.session, "c-0000", "e.off")
    assert named(act) == [("REPLACE-UNKNOWN", "c-0000", "exams_officer")]


@pytest.mark.parametrize("until", ["2026-11-21", "2026-11-22"])
def test_a_suspension_ends_on_a_day_to_come(office: Office, until: str) -> None:
    with pytest.raises(Refused, match="is not after today, 2026-11-22") as act:
        lifecycle.plan_suspend(office.session, SERIAL, until, "why", ("q.nom", "quality_nominee"))
    assert named(act) == [("SUSPEND-UNTIL", "--until", "responsible_officer")]
