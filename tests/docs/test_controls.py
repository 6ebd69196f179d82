"""A control has one name: in the code, the documents, the threat model and a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rules.controls.control import Parameters
from generator.rules.controls.registry import CONTROLS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "site_src" / "docs"
TESTS = "\n".join(
    path.read_text("utf-8") for path in sorted((ROOT / "tests" / "rules" / "controls").glob("test_*.py"))
)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_has_one_name_everywhere(name: str) -> None:
    for document in ("controls.md", "threat-model.md"):
        assert f"`{name}`" in (DOCS / document).read_text("utf-8"), document
    assert f'"{name}"' in TESTS


@pytest.mark.parametrize("name", CONTROLS)
def test_every_parameter_is_described(name: str) -> None:
    text = (DOCS / "controls.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
    own = CONTROLS[name].parameters.model_fields.keys() - Parameters.model_fields.keys()
    assert all(f"`{parameter}`" in row for parameter in own)
