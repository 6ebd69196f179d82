"""What is true of every control: what it needs, what it does without it, its modes and kinds."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from generator.errors import Place
from generator.rules.controls.control import ConfiguredControl, evaluate
from generator.rules.controls.facts import ClaimFacts, Missing
from generator.rules.controls.registry import CONTROLS, FAMILIES
from tests.rules.controls.case import (
    ask,
    claim,
    facts,
)


def test_the_good_claim_pleases_every_control() -> None:
    for name in CONTROLS:
        assert ask(name, claim(), facts()) == [], name


def test_families_hold_each_control_once() -> None:
    names = [control.name for family in FAMILIES.values() for control in family]
    assert len(names) == len(set(names)) == len(CONTROLS)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_missing_fact_holds_and_says_who_must_act(name: str) -> None:
    for need in CONTROLS[name].needs:
        missing = Missing(f"{need} is recorded twice and differently", "put it right", "administrator")
        found = ask(name, claim(), replace(facts(), **{need: missing}))
        assert found == [missing.what], need


class _Watched:
    """Facts that note which of them are looked at."""

    def __init__(self, real: ClaimFacts) -> None:
        object.__setattr__(self, "_real", real)
        object.__setattr__(self, "seen", set())

    def __getattr__(self, name: str) -> Any:
        self.seen.add(name)
        return getattr(self._real, name)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_looks_at_no_fact_that_can_be_missing_without_declaring_it(name: str) -> None:
    control = CONTROLS[name]
    can_be_missing = {field.name for field in fields(ClaimFacts) if "Missing" in str(field.type)}
    for asked in (claim(), claim(kind="units", grade=None), claim(kind="course", grade=None)):
        watched = _Watched(facts())
        list(control.look(asked, watched, control.parameters()))
        undeclared = (watched.seen & can_be_missing) - set(control.needs)
        # Only where a parameter asks for them: `known` holds the claim all the same.
        assert undeclared <= {"CLAIM-ATTENDANCE": {"attendance"}, "CLAIM-WINDOW": {"registration"}}.get(
            name, set()
        )


def test_what_is_reported_does_not_hold_and_off_says_nothing() -> None:
    control = CONTROLS["CLAIM-DATES"]
    late = claim(completed_on="2026-11-23")
    for mode, held, reported in (("hold", 1, 0), ("report", 0, 1), ("off", 0, 0)):
        found = evaluate(
            [ConfiguredControl(control, mode, control.parameters())], late, facts(), Place(subject="row 2")
        )  # type: ignore[arg-type]  # the three modes
        assert (len(found.held), len(found.reported)) == (held, reported)


def test_a_control_applies_to_its_kinds_only() -> None:
    late = claim(completed_on="2026-11-23")
    assert ask("CLAIM-DATES", late, facts(), kinds=["units"]) == []
    assert len(ask("CLAIM-DATES", late, facts(), kinds=["units", "qualification"])) == 1
