"""Controls that hold: the certification block, open reports, holds, the drawn sample."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import Malformed
from generator.model.quality_records import BlockStep, Irregularity, ReviewCheck
from generator.rules.controls.facts import ActiveHold, SampleState
from tests.rules.controls.case import (
    ask,
    claim,
    facts,
)


def step(name: str, on: str = "2026-10-01", **more: Any) -> BlockStep:
    roles = {
        "judged": "quality_reviewer",
        "recommended": "standards_verifier",
        "released": "quality_reviewer",
    }
    papers = {
        "judged": {"level": 2, "judgement": "unsafe"},
        "not_agreed": {"judgement": "safe"},
        "released": {"progress_report": "PR-1"},
    }
    base = {
        "centre": "C1",
        "case": "B1",
        "step": name,
        "by": "r.one",
        "on": on,
        "role": roles.get(name, "responsible_officer"),
        **papers.get(name, {}),
    }
    return BlockStep.of({**base, **more})


@pytest.mark.parametrize(
    ("names", "held"),
    [
        ("", ""),
        ("judged", ""),
        ("judged recommended", ""),
        ("judged recommended applied", "is under certification block"),
        ("judged recommended applied released", ""),
        ("judged recommended not_agreed", ""),
        ("judged not_agreed", ""),
        ("recommended", "does not follow"),
        ("applied", "does not follow"),
        ("judged applied", "does not follow"),
        ("judged recommended released", "does not follow"),
    ],
)
def test_a_block_holds_once_it_is_applied(names: str, held: str) -> None:
    steps = tuple(step(name, f"2026-10-0{rank}") for rank, name in enumerate(names.split(), 1))
    found = ask("HOLD-BLOCK", claim(), facts(block_steps=steps))
    assert [held in what for what in found] == [True] if held else not found


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ([step("judged", role="exams_officer")], "was decided as exams officer"),
        ([step("judged", level=None)], "no level or no reasons"),
        ([step("judged", judgement=None)], "no level or no reasons"),
        ([step("judged"), step("not_agreed", judgement=None)], "other judgement is not kept"),
        (
            [step("judged"), step("recommended"), step("applied"), step("released", progress_report=None)],
            "without a progress report",
        ),
    ],
)
def test_a_block_with_contradictory_papers_holds(steps: list[BlockStep], what: str) -> None:
    found = ask("HOLD-BLOCK", claim(), facts(block_steps=tuple(steps)))
    assert len(found) == 1
    assert what in found[0]


def test_a_block_holds_from_its_day_and_its_roles_are_the_policys() -> None:
    steps = tuple(step(name, "2026-11-23") for name in ("judged", "recommended", "applied"))
    assert ask("HOLD-BLOCK", claim(), facts(block_steps=steps)) == []
    today = tuple(step(name, "2026-11-22") for name in ("judged", "recommended", "applied"))
    assert len(ask("HOLD-BLOCK", claim(), facts(block_steps=today))) == 1
    other = (step("judged", role="senior_manager"),)
    assert ask("HOLD-BLOCK", claim(), facts(block_steps=other), judged="senior_manager") == []


def report(**more: Any) -> Irregularity:
    base = {
        "centre": "C1",
        "report": "R1",
        "about": "claim",
        "finding": "inaccurate",
        "found_on": "2026-10-01",
        "found_by": "e.o",
    }
    return Irregularity.of({**base, **more})


CLOSED = {
    "senior_manager": "s.m",
    "manager_told_on": "2026-10-02",
    "awarding_told_on": "2026-10-03",
    "awarding_reference": "AO-7",
    "closed_on": "2026-10-04",
    "outcome": "corrected",
}


def test_an_open_report_holds_what_it_is_about() -> None:
    for given in (report(), report(learner_ref="L1"), report(programme="Q1"), report(finding="suspect")):
        assert len(ask("HOLD-REPORT", claim(), facts(irregularities=(given,)))) == 1
    for given in (report(learner_ref="L2"), report(programme="Q2"), report(finding="late"), report(**CLOSED)):
        assert ask("HOLD-REPORT", claim(), facts(irregularities=(given,))) == []
    late = facts(irregularities=(report(finding="late"),))
    assert len(ask("HOLD-REPORT", claim(), late, findings=["late"])) == 1


def test_the_path_of_a_report_is_kept() -> None:
    steps = dict(CLOSED)
    told = [
        report(**{name: steps[name] for name in list(steps)[:count]}).next_step() for count in (0, 2, 4, 6)
    ]
    assert [todo.who() if todo else "" for todo in told] == ["e.o", "s.m", "s.m", ""]
    for wrong in (
        {"closed_on": "2026-10-04", "outcome": "x"},
        {**CLOSED, "awarding_reference": None},
        {**CLOSED, "outcome": None},
        {**CLOSED, "senior_manager": None},
        {**CLOSED, "manager_told_on": "2026-09-30"},
    ):
        with pytest.raises(Malformed):
            report(**wrong)


def test_a_hold_stays_beyond_its_end_until_it_is_lifted() -> None:
    for until in ("2026-11-23", "2026-11-22", "2026-11-21"):
        held = facts(holds=(ActiveHold(3, "data_query", "m.castell", until),))
        [said] = ask("HOLD-OPEN", claim(), held)
        assert f"until {until} by m.castell: data query" in said
    assert ask("HOLD-OPEN", claim(), facts(holds=())) == []


@pytest.mark.parametrize(
    ("drawn", "outcome", "good"),
    [(False, None, True), (True, None, False), (True, "agrees", True), (True, "differs", False)],
)
def test_review_checked(drawn: bool, outcome: str | None, good: bool) -> None:
    check = (
        ReviewCheck.of(
            {"centre": "C1", "claim_id": "0" * 20, "person": "q.n", "on": "2026-11-21", "outcome": outcome}
        )
        if outcome
        else None
    )
    assert (ask("REVIEW-CHECKED", claim(), facts(draw=SampleState(drawn, check))) == []) is good
