"""A walk through each rule set, from our own layouts to issued certificates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import Place
from generator.flow.certifying import approvals
from generator.flow.certifying import certificate_trail as trails
from generator.formats import statement
from generator.model.portal import RuleSet
from generator.rules.controls.registry import CONTROLS
from generator.rules.policy import rule_set_faults
from generator.sheets import strict_yaml
from tests import workshop
from tests.flow import offices
from tests.rules.controls import case

RULE_SETS = workshop.CHECKOUT / "generator" / "rules" / "rule_sets"


def certified(root: Path) -> list[Any]:
    with workshop.opened(root) as session:
        rows = session.register.rows(
            "SELECT statement FROM certificates WHERE entry IS NOT NULL ORDER BY serial"
        )
    return [statement.decode(data) for (data,) in rows]


def trail_holds(root: Path, serial: str) -> list[str]:
    with workshop.opened(root) as session:
        lines = trails.trail(session, serial)
    assert [line.text for line in lines if line.good is False] == []
    return [line.section for line in lines]


@pytest.mark.parametrize("path", sorted(RULE_SETS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_rule_set_names_every_control_with_parameters_it_has(path: Path) -> None:
    rule_set = strict_yaml.read(RuleSet, path.read_bytes(), Place(path.name))
    assert rule_set_faults(rule_set) == []
    assert rule_set.rule_set == path.stem
    assert list(rule_set.controls) == [*CONTROLS]


@pytest.mark.slow
def test_a_centre_states_results_of_an_awarding_organisations_qualification(tmp_path: Path) -> None:
    entry = offices.qualification(
        awarded_by="Pearl Awarding",
        labels={"qualification": "Statement of Results", "units": "Unit Transcript"},
        subject_area="Bakery",
        released_by="lead_internal_verifier",
    )
    root = offices.make(tmp_path, offices.settings("centre", "btec-centre"), [entry])
    offices.put_records(root, offices.records())
    offices.put_claims(root, offices.claims(), "yaml")
    found = offices.take(root)
    assert [str(one) for one in found.problems] == []
    assert (found.new, len(found.records.records)) == (3, 4 + 3 * 8)
    # L3 has no ULN, which this rule set reports and does not hold.
    assert {one.code for one in found.reported} == {"LEARNER-ULN"}
    offices.sign_all(root)
    assert offices.codes(offices.issued(root)) == {"REVIEW-CHECKED"}
    assert offices.check_sample(root) == 1
    done = offices.issued(root)
    assert (done.issued, done.held) == (3, 0)
    made = certified(root)
    assert {item.label for item in made} == {"Statement of Results"}
    assert {item.grade for item in made} == {"Merit"}
    sections = trail_holds(root, made[0].serial)
    assert {
        "learners",
        "registrations",
        "results",
        "verifications",
        "claim",
        "approvals",
        "certificate",
    } <= set(sections)


@pytest.mark.slow
def test_a_centre_gives_no_certificate_of_another_bodys_qualification(tmp_path: Path) -> None:
    root = offices.make(
        tmp_path,
        offices.settings("centre", "btec-centre"),
        [offices.qualification(awarded_by="Pearl Awarding")],
    )
    offices.put_records(root, offices.records())
    offices.put_claims(root, offices.claims())
    assert {one.code for one in offices.take(root).problems} == {"CLAIM-LABEL"}


@pytest.mark.slow
def test_an_awarding_organisation_certifies_what_its_centres_claim(tmp_path: Path) -> None:
    root = offices.awarding(tmp_path)
    offices.sign_all(root)
    done = offices.issued(root)
    assert (done.issued, done.held) == (3, 0)
    made = certified(root)
    assert {item.label for item in made} == {"Certificate"}
    assert [item.learner.name for item in made] == list(offices.NAMES.values())
    trail_holds(root, made[2].serial)
    # Everything again: nothing doubles.
    assert not offices.take(root).new
    assert offices.issued(root).issued == 0


@pytest.mark.slow
def test_a_course_provider_issues_automatically_under_a_standing_approval(tmp_path: Path) -> None:
    root = offices.make(tmp_path, offices.settings("course_provider", "course-provider"), [offices.COURSE])
    on = {"programme": "KNIFE", "version": "1"}
    passed = "Completed (achieved pass grade)"
    listed = [
        case.claim(
            **on,
            kind="course",
            grade=None,
            learner_ref=learner,
            learner_name=offices.NAMES[learner],
            results=[{"unit": "M1", "grade": "Completed"}, {"unit": "EXAM", "grade": passed}],
        )
        for learner in offices.LEARNERS
    ]
    about = [offices._of(case.learner(), learner) for learner in offices.LEARNERS]
    attended = {"L1": 8, "L2": 8, "L3": 7}
    about += [
        case.attended(count).model_copy(update={**on, "learner_ref": learner})
        for learner, count in attended.items()
    ]
    offices.put_records(root, about)
    offices.put_claims(root, listed, "jsonl")
    assert {one.code for one in offices.take(root).problems} == {"CLAIM-ATTENDANCE"}
    about[-1] = about[-1].model_copy(update={"attended": 8})
    offices.put_records(root, about)
    assert not offices.take(root).problems
    assert offices.codes(offices.issued(root)) == {"APPROVAL-MISSING"}
    for handle, role in offices.STANDING:
        with workshop.opened(root) as session:
            given = approvals.sign_standing(session, handle, role, "KNIFE", "2027-11-22")
            approvals.receive(session, given)
    done = offices.issued(root)
    assert (done.issued, done.held) == (3, 0)
    made = certified(root)
    assert {item.label for item in made} == {"Accredited Certificate"}
    assert all(item.accreditation and item.expires_on for item in made)
    trail_holds(root, made[0].serial)
