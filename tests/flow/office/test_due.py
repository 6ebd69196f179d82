"""What comes due, reminders once each, renewal by a new claim, and the three dates of a qualification."""

from __future__ import annotations

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.requested_messages import RequestedMessages
from generator.errors import Malformed, Refused
from generator.flow.after_issue import renewal, revalidation
from generator.flow.importing import import_claims
from generator.flow.office import due
from generator.flow.shared import workspace as workspaces
from generator.model.catalogue import Programme
from generator.model.portal import RetentionRule
from tests.flow.after_issue.test_holds import one_more
from tests.flow.after_issue.test_lifecycle import SERIAL, codes, suspend, verdict
from tests.small_office import LEARNERS, Office, claims_file

DONE = {"M1": "Completed", "M2": "Completed"}


def listed(office: Office, days: int) -> list[tuple[str, str, str]]:
    found = due.due_items(office.session, days)
    return [(item.on, item.kind, item.subject) for item in found]


def test_everything_that_comes_due_by_day(office: Office) -> None:
    suspend(office, "2026-12-10")
    found = listed(office, 90)
    assert ("2026-12-01", "review", "Appeals policy") in found
    assert ("2026-12-10", "suspension", SERIAL) in found
    assert ("2027-01-22", "certificate", "NW-26-000002") in found
    assert ("2027-01-22", "certificate", SERIAL) not in found
    assert ("2027-02-14", "retention", "learner work") in found
    assert found == sorted(found)
    assert ("2027-01-22", "certificate", "NW-26-000002") not in listed(office, 60)
    assert ("2027-01-22", "certificate", "NW-26-000002") in listed(office, 61)


def test_what_is_overdue_stays_on_the_list(office: Office) -> None:
    suspend(office, "2026-12-10")
    found = listed(office.at("2027-06-01T00:00:00Z"), 0)
    assert ("2026-12-10", "suspension", SERIAL) in found
    assert ("2026-12-01", "review", "Appeals policy") in found


@pytest.mark.parametrize(
    ("fields", "issued_on", "until"),
    [
        ({"years": 3}, "2026-11-22", "2029-11-22"),
        ({"years": 3}, "2028-02-29", "2031-02-28"),
        ({"since": "end_of_year_of_issue", "years": 6}, "2026-01-01", "2032-12-31"),
        ({"days": 84}, "2026-11-22", "2027-02-14"),
    ],
)
def test_how_long_records_are_kept(fields: dict[str, object], issued_on: str, until: str) -> None:
    assert due.kept_until(RetentionRule.of({"records": "some", **fields}), issued_on) == until


def test_reminders_go_out_once_each_at_the_set_intervals(office: Office) -> None:
    def reminders(now: str) -> int:
        later = office.at(now)
        return due.request_reminders(later.session)

    assert reminders("2026-11-22T02:00:00Z") == 6  # 61 days before: the first interval began long ago
    assert reminders("2026-11-23T02:00:00Z") == 0
    assert reminders("2026-12-22T02:00:00Z") == 0  # 31 days before
    assert reminders("2026-12-23T02:00:00Z") == 6  # 30
    assert reminders("2027-01-22T02:00:00Z") == 6  # the last day; the seven days passed without a run
    assert reminders("2027-01-22T03:00:00Z") == 0
    waiting = RequestedMessages(office.register).waiting()
    assert len(waiting) == 3 * 6 * 2
    assert {item.recipient for item in waiting} == {"learner", "centre"}
    about = [(item.details["days"], item.recipient) for item in waiting if item.subject == SERIAL]
    assert about == [(d, who) for d in (90, 30, 7) for who in ("learner", "centre")]


def test_a_pause_of_many_months_gives_one_reminder_not_three(office: Office) -> None:
    late = office.at("2027-01-20T02:00:00Z")
    assert due.request_reminders(late.session) == 6
    assert len(RequestedMessages(office.register).about(SERIAL)) == 2


def test_nobody_is_reminded_of_a_suspended_certificate(office: Office) -> None:
    suspend(office)
    assert due.request_reminders(office.session) == 5
    assert RequestedMessages(office.register).about(SERIAL) == []


def renewed(office: Office, completed_on: str = "2027-01-10", results: dict[str, str] = DONE) -> str:
    claim = renewal.plan(office.session, SERIAL, None, completed_on, results)
    return renewal.ask(office.session, SERIAL, claim)


@pytest.mark.slow
def test_a_renewal_is_a_new_claim_that_links_to_the_old_certificate(office: Office) -> None:
    later = office.at("2027-01-12T02:00:00Z")
    claim_id = renewed(later)
    held = Claims(office.register).by_id(claim_id)
    assert held is not None
    assert held.claim.learner_name == LEARNERS[0]
    assert held.claim.renews is not None
    assert ("2027-01-22", "certificate", SERIAL) not in listed(later, 90)
    with pytest.raises(Refused) as refused:
        renewed(later)
    assert codes(refused) == {"CLAIM-DUPLICATE"}
    assert later.issue_all().issued == 1
    later.publish()
    assert verdict(later).kind == "valid"
    assert verdict(later, "NW-27-000001").kind == "valid"
    after = office.at("2027-01-23T02:00:00Z")
    after.publish()
    assert verdict(after).kind == "expired"


@pytest.mark.parametrize(
    ("completed_on", "results", "code"),
    [
        ("2026-11-20", DONE, "CLAIM-RENEWS"),
        ("2026-11-22", {"M1": "Completed"}, "CLAIM-UNITS"),
        ("2026-11-22", {"M1": "Completed", "M2": "Started"}, "CLAIM-COMPLETE"),
        ("2027-11-22", DONE, "CLAIM-DATES"),
    ],
)
def test_renewals_that_are_refused(
    office: Office, completed_on: str, results: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        renewed(office, completed_on, results)
    assert codes(refused) == {code}


def test_an_imported_renewal_must_be_of_the_same_learner(office: Office) -> None:
    own = {held.claim.learner_ref: held.claim_id for held in Claims(office.register).certified()}
    path = office.workspace.certificates / "claims" / "renewals.csv"
    head, *rows = claims_file(LEARNERS[:2], "2026-11-22").splitlines()
    lines = [head + ",renews", f"{rows[0]},{own['L001']}", f"{rows[1]},{own['L001']}"]
    path.write_text("\n".join(lines) + "\n")
    found = import_claims.preview(office.session)
    assert [problem.code for problem in found.problems] == ["CLAIM-RENEWS"]
    assert [item.claim.learner_ref for item in import_claims.new_claims(office.session, found)] == ["L001"]


def catalogue(office: Office, extra: str) -> Office:
    path = office.workspace.certificates / "catalogue" / "AID1-1.yaml"
    path.write_text(path.read_text() + extra)
    return Office(workspaces.load_workspace(office.workspace.root), office.register, office.environment)


DATES = "last_registration: 2026-12-01\nlast_claim: 2026-12-20\nreview: 2026-12-05\n"


@pytest.mark.slow
def test_the_three_dates_strand_nobody_and_touch_no_certificate(office: Office) -> None:
    claim_id = one_more(office)
    changed = catalogue(office, DATES)
    for day, what in (
        ("2026-12-01", "last registration"),
        ("2026-12-05", "review"),
        ("2026-12-20", "last claim"),
    ):
        found = due.due_items(changed.session, 60)
        assert (day, what) in [(item.on, item.what) for item in found if item.kind == "qualification"]
    whom = revalidation.concerned(changed.session, "AID1", "1")
    assert whom.claims == (claim_id,)
    assert len(whom.holders) == len(LEARNERS)
    after = changed.at("2026-12-21T02:00:00Z")
    done = after.issue_all()
    assert {problem.code for problem in done.problems} == {"CLAIM-LAST-DAY"}
    extended = catalogue(after, "extensions: [{learner_ref: L007, until: 2027-03-01}]\n").at(
        after.environment.now
    )
    assert extended.issue_all().issued == 1
    extended.publish()
    assert {verdict(extended, serial).kind for serial in whom.holders} == {"valid"}


@pytest.mark.parametrize(
    "dates",
    [
        {"last_registration": "2026-12-01", "last_claim": "2026-12-01"},
        {"extensions": [{"learner_ref": "L1", "until": "2027-01-01"}]},
        {"last_claim": "2026-12-01", "extensions": [{"learner_ref": "L1", "until": "2026-12-01"}]},
    ],
)
def test_dates_that_would_strand_learners_are_refused(office: Office, dates: dict[str, object]) -> None:
    entry = office.workspace.programmes[("AID1", "1")]
    with pytest.raises(Malformed):
        Programme.of({**entry.plain(), "schema": 1, **dates})
