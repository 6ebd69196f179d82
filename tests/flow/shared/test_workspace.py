"""Settings that contradict the workspace: code, place and who acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.shared.workspace import load_workspace
from tests import workshop
from tests.refusal import named


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workshop.small(tmp_path / "workspace")


def test_one_version_of_a_programme_in_two_files(root: Path) -> None:
    catalogue = root / "certificates/catalogue"
    (catalogue / "zz.yaml").write_bytes((catalogue / "KNIFE-1.yaml").read_bytes())
    with pytest.raises(Refused, match="KNIFE version 1") as act:
        load_workspace(root)
    assert named(act) == [("CATALOGUE-TWICE", "certificates/catalogue/zz.yaml", "programme_leader")]


def test_a_rule_set_that_nobody_wrote(root: Path) -> None:
    portal = root / "portal.yaml"
    lines = portal.read_text("utf-8").splitlines()
    (at,) = [rank for rank, line in enumerate(lines) if line.strip().startswith(("rule_set:", "pack:"))]
    lines[at] = lines[at].partition(":")[0] + ": no_such_rules"
    portal.write_text("\n".join(lines), "utf-8")
    with pytest.raises(Refused, match="no_such_rules") as act:
        load_workspace(root)
    (code, place, owner) = named(act)[0]
    assert (code, owner) == ("POLICY-RULE-SET", "administrator")
    assert place.startswith(f"portal.yaml:{at + 1} policy.")


def test_a_parameter_that_a_control_does_not_have(root: Path) -> None:
    portal = root / "portal.yaml"
    text = portal.read_text("utf-8")
    switched = text.replace("  controls:\n", "  controls:\n    CLAIM-FOUR-EYES: {no_such_parameter: 1}\n", 1)
    portal.write_text(switched, "utf-8")
    with pytest.raises(Refused, match="its parameters are") as act:
        load_workspace(root)
    assert [(code, owner) for code, _, owner in named(act)] == [("POLICY-CONTROL", "administrator")]


def test_a_template_that_is_not_there(root: Path) -> None:
    with pytest.raises(Refused, match="name one of: ") as act:
        load_workspace(root).template("parchment")
    assert named(act) == [("TEMPLATE-MISSING", "site_src/templates/parchment", "administrator")]
