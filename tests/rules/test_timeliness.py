"""Early, late and of another year: each bound outside, on and inside, and one reference for one thing."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import Place
from generator.model.quality_records import Irregularity, NextStep
from generator.model.registration import RegistrationEvent
from generator.rules import timeliness
from generator.rules.controls.control import ConfiguredControl
from generator.rules.controls.facts import Missing
from generator.rules.controls.registry import CONTROLS
from generator.rules.policy import PolicyInForce
from tests.rules.controls.case import claim, event, facts, programme


def policy(**changes: dict[str, Any]) -> PolicyInForce:
    """Every control off but these, by name with underscores; `mode` is report where it is not said."""
    given = {name.replace("_", "-"): fields for name, fields in changes.items()}
    controls = {
        name: ConfiguredControl(
            control,
            given.get(name, {"mode": "off"}).get("mode", "report"),
            control.parameters.of({key: one for key, one in given.get(name, {}).items() if key != "mode"}),
        )
        for name, control in CONTROLS.items()
    }
    return PolicyInForce("plain", (), (), controls)


def of_claim(in_force: PolicyInForce, about: Any = None, **changes: Any) -> list[str]:
    made = timeliness.reports_of_claim(about or claim(), facts(**changes), in_force)
    return [f"{one.finding} {one.about}" for one in made]


@pytest.mark.parametrize("mode", ["report", "hold"])
@pytest.mark.parametrize(("days", "drafted"), [(150, []), (149, []), (148, ["late claim"])])
def test_a_late_claim(days: int, drafted: list[str], mode: str) -> None:
    assert of_claim(policy(CLAIM_WINDOW={"late_days": days, "mode": mode})) == drafted


@pytest.mark.parametrize(("days", "drafted"), [(36, []), (35, []), (34, ["early claim"])])
def test_an_early_claim(days: int, drafted: list[str]) -> None:
    assert of_claim(policy(CLAIM_WINDOW={"early_days": days})) == drafted
    # Without the end of the registration nobody can say that it is early: the control asks for it.
    assert of_claim(policy(CLAIM_WINDOW={"early_days": days}), registration=(event("registered"),)) == []


@pytest.mark.parametrize(
    ("last", "drafted"), [("2026-11-23", []), ("2026-11-22", []), ("2026-11-21", ["late claim"])]
)
def test_a_claim_after_the_programmes_last_day(last: str, drafted: list[str]) -> None:
    assert of_claim(policy(CLAIM_LAST_DAY={}), programme=programme(last_claim=last)) == drafted


def test_what_is_late_twice_over_is_one_report() -> None:
    both = policy(CLAIM_WINDOW={"late_days": 1}, CLAIM_LAST_DAY={})
    assert of_claim(both, programme=programme(last_claim="2026-11-01")) == ["late claim"]


def test_what_is_switched_off_or_of_another_kind_or_unknown_is_not_reported() -> None:
    late = {"late_days": 1}
    assert of_claim(policy(CLAIM_WINDOW={**late, "mode": "off"})) == []
    assert of_claim(policy(CLAIM_WINDOW={**late, "kinds": ["course"]})) == []
    assert of_claim(policy(CLAIM_WINDOW=late), programme=Missing("no", "no", "administrator")) == []
    assert of_claim(policy(CLAIM_WINDOW=late), centre=Missing("no", "no", "administrator")) == []
    assert of_claim(policy(CLAIM_WINDOW=late), registration=Missing("no", "no", "administrator")) == [
        "late claim"
    ]


def of_registration(in_force: PolicyInForce, registered: Any, **changes: Any) -> list[Irregularity]:
    return list(timeliness.reports_of_registration(registered, programme(**changes), in_force, "2026-11-22"))


@pytest.mark.parametrize(
    ("on", "late"), [("2025-09-30", False), ("2025-10-01", False), ("2025-10-02", True), (None, False)]
)
def test_a_late_registration(on: str | None, late: bool) -> None:
    registered = event("registered", on, starts_on="2025-09-01")
    found = of_registration(policy(REGISTRATION_DEADLINE={"days": 30}), registered)
    assert [one.finding for one in found] == ["late"] * late
    assert of_registration(policy(), registered) == []
    other = policy(REGISTRATION_DEADLINE={"days": 30, "kinds": ["course"]})
    assert len(of_registration(other, registered)) == late  # this programme gives course certificates too
    assert of_registration(other, registered, labels={"qualification": "Certificate"}) == []


@pytest.mark.parametrize(
    ("last", "late"), [("2025-09-11", False), ("2025-09-10", False), ("2025-09-09", True)]
)
def test_a_registration_after_the_programmes_last_day(last: str, late: bool) -> None:
    found = of_registration(
        policy(REGISTRATION_DEADLINE={"days": None}), event("registered"), last_registration=last
    )
    assert len(found) == late


def test_a_reference_says_what_it_is_about_and_no_name() -> None:
    late = policy(CLAIM_WINDOW={"late_days": 1}, REGISTRATION_DEADLINE={"days": 1})
    (report,) = timeliness.reports_of_claim(claim(), facts(), late)
    (again,) = timeliness.reports_of_claim(claim(grade="P"), facts(today="2026-12-01"), late)
    (other,) = timeliness.reports_of_claim(claim(learner_ref="L2"), facts(), late)
    assert report.key() == again.key() != other.key()
    assert report.report.startswith("late-claim-")
    assert (report.found_on, report.found_by) == ("2026-11-22", "certportal")
    assert report.next_step() == NextStep("quality_nominee", None, "tell the senior manager")
    registered = event("registered", "2025-10-02", starts_on="2025-09-01")
    (about,) = of_registration(late, registered)
    assert about.report.startswith("late-registration-")
    assert of_registration(late, event("confirmed", "2025-10-02", starts_on="2025-09-01")) == []


def of_other_year(completed_on: str, planned: str, *events: RegistrationEvent) -> list[str]:
    about = claim(completed_on=completed_on)
    return [one.code for one in timeliness.other_year(about, planned, events, Place(subject="row 2"))]


@pytest.mark.parametrize(
    ("completed_on", "codes"),
    [
        ("2026-01-28", ["SHEET-YEAR"]),
        ("2026-01-29", []),
        ("2026-06-26", []),
        ("2027-01-30", []),
        ("2027-01-31", ["SHEET-YEAR"]),
        ("2025-06-26", ["SHEET-YEAR"]),
    ],
)
def test_half_a_year_either_side(completed_on: str, codes: list[str]) -> None:
    assert of_other_year(completed_on, "2026-07-31") == codes


def test_the_registration_says_it_too_and_an_extension_counts() -> None:
    registered = event("registered", starts_on="2025-09-01", ends_on="2026-07-31")
    extended = event("extended", "2026-07-01", ends_on="2027-07-31")
    assert of_other_year("2027-06-26", "", registered) == ["SHEET-YEAR"]
    assert of_other_year("2027-06-26", "", registered, extended) == []
    assert of_other_year("2027-06-26", "2026-07-31", extended) == []


def test_where_nobody_says_when_there_is_no_other_year() -> None:
    assert of_other_year("2016-06-26", "") == []
    assert of_other_year("2016-06-26", "", event("registered")) == []
