"""A claim of another year's sheet, outside, on and inside half a year of the planned completion."""

from __future__ import annotations

import pytest

from generator.errors import Place
from generator.model.registration import RegistrationEvent
from generator.rules import other_year
from tests.rules.controls import case


def found(completed_on: str, planned: str, *events: RegistrationEvent) -> list[str]:
    claim = case.claim(completed_on=completed_on)
    return [one.code for one in other_year.problems(claim, planned, events, Place(subject="row 2"))]


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
    assert found(completed_on, "2026-07-31") == codes


def test_the_registration_says_it_too_and_an_extension_counts() -> None:
    registered = case.event("registered", starts_on="2025-09-01", ends_on="2026-07-31")
    extended = case.event("extended", "2026-07-01", ends_on="2027-07-31")
    assert found("2027-06-26", "", registered) == ["SHEET-YEAR"]
    assert found("2027-06-26", "", registered, extended) == []
    assert found("2027-06-26", "2026-07-31", extended) == []


def test_where_nobody_says_when_there_is_no_other_year() -> None:
    assert found("2016-06-26", "") == []
    assert found("2016-06-26", "", case.event("registered")) == []
