"""A control has one name: in the code, the documents, the threat model and a test; its page is made."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.errors import Place
from generator.model.portal import RuleSet
from generator.rules.controls.control import Control, Parameters
from generator.rules.controls.registry import CONTROLS, FAMILIES
from generator.sheets import strict_yaml
from tests.docs.made_list import DOCS, check_list

ROOT = Path(__file__).resolve().parents[2]
IN_ORDER = ("btec-centre", "awarding-organisation", "course-provider")
RULE_SETS = {
    path.stem: strict_yaml.read(RuleSet, path.read_bytes(), Place(path.name))
    for path in (ROOT / "generator" / "rules" / "rule_sets").glob("*.yaml")
}
TESTS = "\n".join(
    path.read_text("utf-8") for path in sorted((ROOT / "tests" / "rules" / "controls").glob("test_*.py"))
)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_has_one_name_everywhere(name: str) -> None:
    for document in ("controls.md", "threat-model.md"):
        assert f"`{name}`" in (DOCS / document).read_text("utf-8"), document
    assert f'"{name}"' in TESTS


def tables() -> Iterator[str]:
    """Each family's controls, with what the three rule sets say of them, then what their parameters mean."""
    for title, controls in FAMILIES.items():
        yield from (f"## {title}", "")
        yield "| control | what must hold | needs | parameters | centre · awarding · provider |"
        yield "|---|---|---|---|---|"
        yield from map(_row, controls)
        yield ""
        for control in controls:
            if _own(control):
                meaning = " ".join((inspect.getdoc(control.parameters) or "").split())
                yield from (f"`{control.name}`: {meaning}", "")


def _row(control: Control[Any]) -> str:
    name = f"`{control.name}`{' *always*' if control.always else ''}"
    needs = ", ".join(fact.replace("_", " ") for fact in control.needs)
    parameters = ", ".join(f"`{parameter}`" for parameter in _own(control))
    modes = " · ".join(_switched(RULE_SETS[name].controls[control.name]) for name in IN_ORDER)
    return f"| {name} | {inspect.getdoc(control.look)} | {needs} | {parameters} | {modes} |"


def _own(control: Control[Any]) -> list[str]:
    return [name for name in control.parameters.model_fields if name not in Parameters.model_fields]


def _switched(switch: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name} {_said(value)}" for name, value in switch.items() if name != "mode")
    return f"{switch['mode']} ({given})" if given else str(switch["mode"])


def _said(value: Any) -> str:
    """A value as it is typed into portal.yaml."""
    return json.dumps(value).replace('"', "")


def test_the_page_lists_every_control_as_the_rule_sets_have_it() -> None:
    check_list("controls.md", "controls", list(tables())[:-1])
