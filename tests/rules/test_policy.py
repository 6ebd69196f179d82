"""The policy in force: a rule set, what portal.yaml changes in it, and what it may not have."""

from __future__ import annotations

import pytest

from generator.errors import Malformed, Refused
from generator.flow.shared import workspace as workspaces
from generator.model.portal import Policy, RuleSet
from generator.rules.controls.registry import CONTROLS
from generator.rules.policy import resolve, rule_set_faults
from tests.flow import offices

RULES = RuleSet.of(
    {
        "schema": 1,
        "rule_set": "plain",
        "title": "Plain",
        "approvals": ["lead_internal_verifier"],
        "standing_approvals": ["programme_leader", "quality_nominee"],
        "controls": {name: {"mode": "hold" if item.always else "off"} for name, item in CONTROLS.items()},
    }
)


def test_what_portal_yaml_changes_counts_and_the_rest_is_the_rule_sets() -> None:
    changed = Policy.of(
        {"rule_set": "plain", "controls": {"CLAIM-WINDOW": {"mode": "report", "late_days": 30}}}
    )
    policy, faults = resolve(RULES, changed)
    assert faults == []
    assert policy.controls["CLAIM-WINDOW"].mode == "report"
    assert policy.controls["CLAIM-WINDOW"].parameters.model_dump()["late_days"] == 30
    assert policy.controls["CLAIM-DATES"].mode == "off"
    assert policy.approvals == ("lead_internal_verifier",)


@pytest.mark.parametrize(
    ("switch", "path"),
    [
        ({"CLAIM-WINDOWS": {}}, "policy.controls.CLAIM-WINDOWS"),
        ({"CLAIM-WINDOW": {"mode": "of"}}, "policy.controls.CLAIM-WINDOW.mode"),
        ({"CLAIM-WINDOW": {"late": 1}}, "policy.controls.CLAIM-WINDOW.late"),
        ({"CLAIM-WINDOW": {"late_days": "30"}}, "policy.controls.CLAIM-WINDOW.late_days"),
        ({"CLAIM-ATTENDANCE": {"at_least": 101}}, "policy.controls.CLAIM-ATTENDANCE.at_least"),
        ({"CLAIM-LABEL": {"mode": "report"}}, "policy.controls.CLAIM-LABEL.mode"),
        ({"CLAIM-UNITS": {"mode": "off"}}, "policy.controls.CLAIM-UNITS.mode"),
        ({"CLAIM-UNITS": {"kinds": ["course"]}}, "policy.controls.CLAIM-UNITS.kinds"),
    ],
)
def test_a_policy_that_cannot_mean_anything_is_named(switch: dict[str, dict[str, object]], path: str) -> None:
    _, faults = resolve(RULES, Policy.of({"rule_set": "plain", "controls": switch}))
    assert [found for found, _ in faults] == [path]


def test_a_rule_set_lacks_no_control() -> None:
    fewer = RULES.model_copy(update={"controls": {"CLAIM-DATES": {"mode": "hold"}, "X": {}}})
    assert len(rule_set_faults(fewer)) == len(CONTROLS)


def test_a_control_that_a_rule_set_does_not_name_is_off_and_one_that_may_not_be_is_a_fault() -> None:
    roles = ["registrar", "senior_manager"]
    given = {"schema": 1, "rule_set": "own", "title": "Own", "approvals": roles, "standing_approvals": roles}
    found, faults = resolve(RuleSet.of({**given, "controls": {}}), Policy.of({"rule_set": "own"}))
    always = {f"policy.controls.{name}.mode" for name, one in CONTROLS.items() if one.always}
    assert {path for path, _ in faults} == always
    on = [name for name, one in found.controls.items() if one.mode != "off" and not one.control.always]
    assert on == [], "a control is on that nobody asked for"


def test_faults_are_told_by_their_line(tmp_path: object) -> None:
    from pathlib import Path

    root = Path(str(tmp_path))
    text = offices.settings("centre", "btec-centre").replace(
        '"controls": {}', '"controls":\n  {"CLAIM-WINDOW":\n  {"mode": "of"}}'
    )
    (root / "portal.yaml").write_text(text, "utf-8")
    with pytest.raises(Refused) as refused:
        workspaces.load_workspace(root)
    assert str(refused.value.problems[0].place) == "portal.yaml:3 policy.controls.CLAIM-WINDOW.mode"
    (root / "portal.yaml").write_text(offices.settings("centre", "btec"), "utf-8")
    with pytest.raises(Refused) as refused:
        workspaces.load_workspace(root)
    assert "awarding-organisation, btec-centre, course-provider" in refused.value.problems[0].fix


def test_a_portal_yaml_from_before_the_word_changed_is_read() -> None:
    assert Policy.of({"pack": "plain"}) == Policy.of({"rule_set": "plain"})
    with pytest.raises(Malformed, match="pack"):
        Policy.of({"pack": "plain", "rule_set": "plain"})
