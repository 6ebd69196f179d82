"""Who must act is the owner of a problem and who holds that role today; no sentence is read for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.errors import Owner, Place, Problem
from generator.flow.night.morning_report import who_acts
from generator.model.people import Roster
from generator.rules.controls.registry import CONTROLS
from tests.rules.controls.case import person

TODAY, ADDRESS = "2026-11-22", "office@northfield.example"
PLACE = Place(subject="claim 1")


def roster(*people: tuple[str, dict[str, str]]) -> Roster:
    """A roster of these people, each with one role."""
    return Roster.model_construct(people=tuple(person(handle, role) for handle, role in people))


@pytest.mark.parametrize(
    ("owner", "who"),
    [
        ("administrator", f"the administrator ({ADDRESS})"),
        ("quality_nominee", "the quality nominee"),
        ("sender", "the sender"),
    ],
)
def test_where_nobody_holds_the_role_it_is_named(owner: Owner, who: str) -> None:
    problem = Problem("CLAIM-DATES", PLACE, owner, "late", "correct it")
    assert who_acts(problem, None, TODAY, ADDRESS) == who


def test_the_holders_of_today_are_named() -> None:
    role = {"role": "quality_nominee", "start": "2026-01-01"}
    people = roster(
        ("now", role), ("gone", {**role, "until": "2026-11-21"}), ("later", {**role, "start": "2026-11-23"})
    )
    problem = Problem("CLAIM-WINDOW", PLACE, "quality_nominee", "late", "report it")
    assert who_acts(problem, people, TODAY, ADDRESS) == f"{people.people[0].name} (quality nominee)"


def test_rewording_a_fix_does_not_move_the_work() -> None:
    code = CONTROLS["CLAIM-WINDOW"].code
    for fix in ("report it", "ask the quality nominee to correct it", "administrator: restore it"):
        problem = code.at(PLACE, "waits for exams officer", fix)
        assert who_acts(problem, None, TODAY, ADDRESS) == "the quality nominee", fix
        moved = replace(problem, owner="assessor")
        assert who_acts(moved, None, TODAY, ADDRESS) == "the assessor", fix


@pytest.mark.parametrize("owner", ["learner", "sender"])
def test_who_is_not_of_the_office_is_asked_by_the_exams_officer(owner: Owner) -> None:
    role = {"role": "exams_officer", "start": "2026-01-01"}
    people = roster(("e.officer", role))
    problem = Problem("SHEET-CSV", PLACE, owner, "is not a table", "export it again")
    assert who_acts(problem, people, TODAY, ADDRESS) == f"{people.people[0].name} (exams officer)"


def test_a_sender_knows_that_the_fix_is_theirs() -> None:
    assert Problem("SHEET-CSV", PLACE, "sender", "is not a table", "export it").action == "export it"


@pytest.mark.parametrize("code", ["CLAIM-DATES", "LEARNER-ULN", "SHEET-CSV", "NO-CODE"])
def test_no_code_makes_somebody_act(code: str) -> None:
    problem = Problem(code, PLACE, "assessor", "late", "correct it")
    assert who_acts(problem, None, TODAY, ADDRESS) == "the assessor"
