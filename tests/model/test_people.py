"""When, for which programme and at which centre a role is held: each bound outside, on and inside."""

from __future__ import annotations

from typing import Any

import pytest

from generator.model.people import RoleHeld


def held(**more: Any) -> RoleHeld:
    return RoleHeld.of({"role": "assessor", "start": "2026-01-01", **more})


@pytest.mark.parametrize(
    ("day", "live"),
    [
        *(("2025-12-31", False), ("2026-01-01", True), ("2026-01-02", True)),
        *(("2026-06-01", True), ("2026-06-02", False)),
    ],
)
def test_from_when_to_when(day: str, live: bool) -> None:
    role = held(until="2026-06-01")
    assert (role.on(day), role.live(day, "Q1", "C1"), role.of_office(day)) == (live, live, live)


@pytest.mark.parametrize(
    ("limits", "programme", "centre", "live", "office"),
    [
        ({}, "Q1", "C1", True, True),
        ({"centres": ["C1"]}, "Q1", "C1", True, False),
        ({"centres": ["C1", "C2"]}, "Q1", "C2", True, False),
        ({"centres": ["C1"]}, "Q1", "C2", False, False),
        ({"centres": []}, "Q1", "C1", False, False),
        ({"scope": ["Q1"]}, "Q1", "C1", True, True),
        ({"scope": ["Q1"], "centres": ["C1"]}, "Q2", "C1", False, False),
    ],
)
def test_for_what_and_where(
    limits: dict[str, Any], programme: str, centre: str, live: bool, office: bool
) -> None:
    role = held(**limits)
    assert role.live("2026-02-01", programme, centre) is live
    assert role.of_office("2026-02-01") is office


def test_a_role_without_centres_is_written_as_before() -> None:
    assert held().plain() == {"role": "assessor", "start": "2026-01-01"}
