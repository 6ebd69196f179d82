"""Reports of what comes early or late: drafted once, held by nobody, followed until they are closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.edge.register.event_log import EventLog
from generator.edge.register.records import OfficeRecords
from generator.flow.importing import import_claims
from generator.flow.night import night_run
from generator.flow.office import pending
from generator.flow.shared.session import Session
from generator.model.quality_records import Irregularity
from tests import workshop
from tests.flow import offices
from tests.flow.certifying.deeds import LATER
from tests.rules.controls import case

LATE = {"mode": "report", "late_days": 30}
HELD = {"mode": "hold", "late_days": 30}


def make(root: Path, **controls: Any) -> Path:
    """Two good claims that are late under these controls, nothing imported."""
    controls = {"REVIEW-CHECKED": {"mode": "off"}, **controls}
    portal = offices.settings("awarding_organisation", "awarding-organisation", controls)
    offices.make(root, portal, [offices.qualification()])
    offices.put_records(root, offices.records(["L1", "L2"]))
    offices.put_claims(root, offices.claims(["L1", "L2"]))
    return root


def reports(root: Path) -> list[Irregularity]:
    with workshop.opened(root) as session:
        return [
            one
            for one in OfficeRecords(session.register).of_kind("irregularities")
            if isinstance(one, Irregularity)
        ]


def waiting(root: Path) -> list[str]:
    with workshop.opened(root) as session:
        return [f"{one.what} - {one.who}" for one in pending.pending(session) if one.list == "reports"]


@pytest.mark.slow
def test_late_claims_are_drafted_once_and_issued_all_the_same(tmp_path: Path) -> None:
    root = make(tmp_path, **{"CLAIM-WINDOW": LATE})
    first = offices.take(root)
    assert {problem.code for problem in first.reported} == {"CLAIM-WINDOW"}
    drafts = reports(root)
    assert drafts == list(first.drafts)
    assert [(one.learner_ref, one.finding, one.about, one.found_on) for one in drafts] == [
        ("L1", "late", "claim", "2026-11-22"),
        ("L2", "late", "claim", "2026-11-22"),
    ]
    tell = "tell the senior manager - quality nominee"
    assert sorted(waiting(root)) == [f"late claim of {learner} Q1: {tell}" for learner in ("L1", "L2")]
    before = workshop.register_content(root)
    assert offices.take(root, LATER).drafts == ()
    assert workshop.register_content(root) == before
    offices.sign_all(root)
    done = offices.issued(root)
    assert (done.issued, done.held) == (2, 0)
    assert offices.take(root, LATER).drafts == ()
    with workshop.opened(root) as session:
        assert OfficeRecords(session.register).about("C1/L1").fault == ""
        assert EventLog(session.register).check() == []


@pytest.mark.slow
def test_a_report_is_taken_further_by_people_and_then_left_alone(tmp_path: Path) -> None:
    root = make(tmp_path, **{"CLAIM-WINDOW": LATE})
    offices.take(root)
    told = {"senior_manager": "s.marsh", "manager_told_on": "2026-11-22"}
    offices.put_records(root, [Irregularity.of({**one.plain(), **told}) for one in reports(root)])
    assert not offices.take(root, LATER).problems
    told_next = "tell the awarding organisation and keep its reference - s.marsh"
    assert sorted(waiting(root)) == [f"late claim of {learner} Q1: {told_next}" for learner in ("L1", "L2")]
    awarding = {"awarding_told_on": "2026-11-22", "awarding_reference": "AO-7"}
    closed = {"closed_on": "2026-11-22", "outcome": "accepted"}
    offices.put_records(
        root, [Irregularity.of({**one.plain(), **awarding, **closed}) for one in reports(root)]
    )
    offices.take(root, LATER)
    assert waiting(root) == []
    assert len(reports(root)) == 2
    assert offices.take(root, LATER).drafts == ()


@pytest.mark.slow
def test_a_claim_that_is_held_for_being_late_is_reported_too(tmp_path: Path) -> None:
    root = make(tmp_path, **{"CLAIM-WINDOW": HELD})
    with workshop.opened(root) as session:
        found = import_claims.preview(session)
        assert (len(found.drafts), found.held) == (2, 2)
        import_claims.write(session, found)
        assert import_claims.preview(session).drafts == ()
    assert len(reports(root)) == 2


@pytest.mark.slow
def test_a_report_holds_where_the_policy_says_so(tmp_path: Path) -> None:
    root = make(tmp_path, **{"CLAIM-WINDOW": LATE, "HOLD-REPORT": {"mode": "hold", "findings": ["late"]}})
    offices.take(root)
    offices.sign_all(root)
    assert offices.codes(offices.issued(root)) == {"HOLD-REPORT"}


@pytest.mark.slow
def test_claims_in_time_stay_in_time_while_they_wait(tmp_path: Path) -> None:
    root = make(tmp_path)
    assert offices.take(root).drafts == ()
    assert offices.take(root, "2028-11-22T09:00:00Z").drafts == ()  # late by then, claimed in time


@pytest.mark.slow
@pytest.mark.parametrize(("on", "late"), [("2025-11-30", 0), ("2025-12-01", 1)])
def test_a_late_registration_is_drafted_with_or_without_a_claim(tmp_path: Path, on: str, late: int) -> None:
    root = make(tmp_path)  # 90 days after 1 September are 30 November
    (root / "certificates/claims/claims.csv").unlink()
    registered = case.event("registered", on, starts_on="2025-09-01", ends_on="2026-07-31")
    offices.put_records(root, [*offices.records(["L1"])[:1], case.learner(), registered])
    assert len(offices.take(root).drafts) == late
    assert [(one.about, one.learner_ref) for one in reports(root)] == [("registration", "L1")] * late
    assert offices.take(root).drafts == ()


@pytest.mark.slow
def test_a_control_that_is_switched_on_later_reports_the_registrations_of_claims_that_wait(
    tmp_path: Path,
) -> None:
    root = make(tmp_path, **{"REGISTRATION-DEADLINE": {"mode": "off"}})
    assert offices.take(root).drafts == ()
    portal = root / "portal.yaml"
    strict = '"REGISTRATION-DEADLINE": {"mode": "report", "days": 1}'
    portal.write_text(
        portal.read_text("utf-8").replace('"REGISTRATION-DEADLINE": {"mode": "off"}', strict), "utf-8"
    )
    assert len(offices.take(root).drafts) == 2


def import_step(session: Session) -> night_run.Step:
    """A night of which only the import runs: how it went."""
    others = [name for name in night_run.STEP_NAMES if name != "import"]
    return next(step for step in night_run.nightly(session, others).steps if step.name == "import")


@pytest.mark.slow
def test_the_night_drafts_and_keeps_what_stands_in_records_alone(tmp_path: Path) -> None:
    root = make(tmp_path)
    offices.take(root)
    with workshop.opened(root) as session:
        import_step(session)
    registered = case.event("registered", "2025-12-01", learner_ref="L9", starts_on="2025-09-01")
    learner = case.learner(learner_ref="L9", uln=None)
    offices.put(
        root,
        "records/registrations-late.csv",
        offices.layouts.write(type(registered), "registrations", [registered], "csv"),
    )
    offices.put(
        root, "records/learners-late.csv", offices.layouts.write(type(learner), "learners", [learner], "csv")
    )
    with workshop.opened(root, LATER) as session:
        step = import_step(session)
        assert "1 report drafted" in step.words
        assert OfficeRecords(session.register).find(learner) == learner
        assert import_step(session).words == "nothing new in the drop folder"
    assert [one.learner_ref for one in reports(root)] == ["L9"]
