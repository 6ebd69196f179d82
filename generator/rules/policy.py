"""The policy in force: a rule set, and what portal.yaml changes in it (docs/policies.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from generator.errors import Place, Problem
from generator.model.people import RoleName
from generator.model.portal import Policy, RuleSet, Switch
from generator.rules.codes import POLICY_CONTROL
from generator.rules.controls.control import ConfiguredControl, Control, Mode, Parameters
from generator.rules.controls.registry import CONTROLS


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """Which roles must approve, and every control with its mode and parameters."""

    rule_set: str
    approvals: tuple[RoleName, ...]
    standing_approvals: tuple[RoleName, ...]
    controls: Mapping[str, ConfiguredControl]

    def parameters(self, name: str) -> Parameters | None:
        """The parameters of a control, or None where it is switched off."""
        item = self.controls[name]
        return None if item.mode == "off" else item.parameters


def resolve(rule_set: RuleSet, policy: Policy) -> tuple[PolicyInForce, list[tuple[str, Problem]]]:
    """The policy in force, and every fault with its dotted path in portal.yaml."""
    faults: list[tuple[str, Problem]] = []
    for name in policy.controls:
        if name not in CONTROLS:
            fix = "see docs/controls.md for the names there are"
            faults.append(_fault(f"policy.controls.{name}", f"there is no control {name}", fix))
    controls = {}
    for name, control in CONTROLS.items():
        changes = policy.controls.get(name, {})
        controls[name] = _switched(
            control, {**rule_set.controls.get(name, {"mode": "off"}), **changes}, faults
        )
    approvals = policy.approvals or rule_set.approvals
    standing = policy.standing_approvals or rule_set.standing_approvals
    return PolicyInForce(rule_set.rule_set, approvals, standing, controls), faults


def rule_set_faults(rule_set: RuleSet) -> list[str]:
    """What is wrong with a rule set: it names every control there is, with parameters that it has."""
    found = [f"names no {name}" for name in CONTROLS if name not in rule_set.controls]
    found += [f"there is no control {name}" for name in rule_set.controls if name not in CONTROLS]
    faults: list[tuple[str, Problem]] = []
    for name, switch in rule_set.controls.items():
        if name in CONTROLS:
            _switched(CONTROLS[name], switch, faults)
    return found + [f"{path}: {problem.what}" for path, problem in faults]


def _switched(
    control: Control[Parameters], switch: Switch, faults: list[tuple[str, Problem]]
) -> ConfiguredControl:
    path = f"policy.controls.{control.name}"
    fields = dict(switch)
    mode = fields.pop("mode", "hold")
    if mode not in get_args(Mode):
        faults.append(_fault(f"{path}.mode", f"`{mode}` is no mode", "write hold, report or off"))
        mode = "hold"
    if control.always and mode != "hold":
        what = f"{control.name} cannot be switched off or only reported"
        faults.append(_fault(f"{path}.mode", what, "remove the line"))
    if control.always and "kinds" in fields:
        what = f"{control.name} applies to every kind of certificate"
        faults.append(_fault(f"{path}.kinds", what, "remove the line"))
    parameters, wrong = control.parameters.tried(fields)
    for field, what in wrong:
        known = ", ".join(control.parameters.model_fields)
        faults.append(_fault(f"{path}.{field}", what, f"its parameters are: {known}"))
    checked: Mode = "report" if mode == "report" else "off" if mode == "off" else "hold"
    return ConfiguredControl(control, checked, parameters or control.parameters())


def _fault(path: str, what: str, fix: str) -> tuple[str, Problem]:
    return path, POLICY_CONTROL.at(Place(subject=path), what, fix)
