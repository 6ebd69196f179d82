"""A cohort's reissue: one record of adverse effect, one decision, one message each."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.approvals import Approvals
from generator.edge.register.cases import Cases
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.replacements import Replacements
from generator.edge.register.state_changes import StateChanges
from generator.errors import Refused
from generator.flow.after_issue import cases, reissue
from generator.flow.certifying import issuing
from generator.model.case import AdverseEffect, Corrections
from tests.flow.after_issue.crashing import killed_at
from tests.flow.after_issue.test_lifecycle import SERIAL, codes, evidence, verdict
from tests.flow.after_issue.test_replace import announced, printed
from tests.small_office import Office, randomness


def cohort(office: Office, serials: tuple[str, ...], **corrections: object) -> reissue.Cohort:
    opening = cases.Opening(
        "reissue",
        serials,
        "the wrong day of completion was printed",
        "e.off",
        corrections=Corrections.of(corrections),
        effect=AdverseEffect(what="a day too early", mitigation="new certificates, no fee"),
    )
    return reissue.plan(office.session, opening)


def decided(office: Office, case_id: str, outcome: str = "reissue") -> None:
    for who in (("e.off", "exams_officer"), ("q.nom", "quality_nominee")):
        reissue.decide(office.session, case_id, (outcome, 0, None), who)  # type: ignore[arg-type]  # the test's own words
    reissue.close(office.session, case_id)


@pytest.mark.slow
def test_a_cohort_is_reissued_by_one_decision_with_one_message_each(office: Office) -> None:
    serials = (SERIAL, "NW-26-000002", "NW-26-000003")
    found = cohort(office, serials, completed_on="2026-11-21")
    assert [item.differences()[-1] for item in found.planned] == [
        ("completed_on", "2026-11-20", "2026-11-21")
    ] * 3
    reissue.open_cohort(office.session, found)
    case_id = found.case.case_id
    decided(office, case_id)
    held = issuing.issue(office.session)
    assert (held.issued, {problem.code for problem in held.problems}) == (0, {"CASE-OPEN"})
    shown = reissue.plan_release(office.session, case_id)
    reissue.release(office.session, case_id, shown)
    assert issuing.issue(office.session).issued == 3
    made = [item.new_serial for item in Replacements(office.register).of_case(case_id)]
    assert {printed(office, serial or "")["completed_on"] for serial in made} == {"2026-11-21"}
    assert reissue.progress(office.register, case_id) == (3, 3)
    office.publish()
    assert set(made) <= set(announced(office))
    assert not set(serials) & set(announced(office))
    assert {verdict(office, serial).kind for serial in serials} == {"superseded"}
    assert evidence(office) == []


@pytest.mark.slow
def test_a_decision_comes_in_with_its_approvals_or_not_at_all(office: Office, tmp_path: Path) -> None:
    found = cohort(office, (SERIAL, "NW-26-000002"), completed_on="2026-11-21")
    reissue.open_cohort(office.session, found)
    case_id, root = found.case.case_id, office.workspace.root
    seen = []
    for write in range(1, 60):
        picture = tmp_path / f"picture-{write}"
        with killed_at(root, picture, write) as kill:
            made = ("reissue", 0, None)
            who = ("e.off", "exams_officer")
            reissue.decide(office.session, case_id, made, who)
        assert kill.happened
        with Register(picture / "certificates/register.db", randomness) as register:
            decisions = len(Cases(register).decisions(case_id))
            waiting = [held.claim_id for held in Claims(register).uncertified()]
            approvals = sum(len(Approvals(register).of_claim(claim_id)[0]) for claim_id in waiting)
        seen.append((decisions, approvals))
        if decisions:
            break
    assert set(seen[:-1]) == {(0, 0)}
    assert len(seen) > 10  # writes of either half, each of them killed once
    assert seen[-1] == (1, 2)


def test_a_dismissed_reissue_leaves_everything_as_it_is(office: Office) -> None:
    found = cohort(office, (SERIAL,), completed_on="2026-11-21")
    reissue.open_cohort(office.session, found)
    decided(office, found.case.case_id, "dismiss")
    assert list(Claims(office.register).uncertified()) == []
    assert StateChanges(office.register).state(SERIAL) == "valid"


def test_a_cohort_on_which_nothing_would_change_is_refused(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        cohort(office, (SERIAL, "NW-26-999999"), completed_on="2026-11-20")
    assert codes(refused) == {"CERTIFICATE-UNKNOWN"}
    with pytest.raises(Refused) as refused:
        cohort(office, (SERIAL,), completed_on="2026-11-20")
    assert codes(refused) == {"REISSUE-SAME"}
