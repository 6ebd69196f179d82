"""A staff list against the roster: on the last day of a role, the day after, in other words."""

from __future__ import annotations

from typing import Any

import pytest

from generator.model.people import Person, Roster
from generator.rules import roster_changes
from generator.rules.roster_changes import Difference
from generator.sheets.office_sheets import StaffRow

TODAY = "2026-11-22"


def roster(**held: Any) -> Roster:
    role = {"role": "assessor", "start": "2025-09-01", **held}
    person = Person.of({"person": "k.osei", "name": "Kofi Osei", "roles": [role], "keys": []})
    return Roster(version=1, issuer_id="0" * 64, created_at="2026-01-01T00:00:00Z", people=(person,))


def differences(row: dict[str, Any], on: Roster) -> list[Difference]:
    whole = StaffRow.of({"person": "k.osei", "name": "Kofi Osei", "role": "assessor", **row})
    meant = roster_changes.role_listed(whole.role)
    assert meant is not None
    return list(roster_changes.compare_staff_list(whole, meant, on, TODAY))


@pytest.mark.parametrize(
    ("row", "held", "words"),
    [
        ({}, {}, ""),
        ({"start": "2025-09-01"}, {}, ""),
        ({"start": "2025-09-02"}, {}, "from 2025-09-01 on the roster, from 2025-09-02"),
        ({"name": "kofi  osei"}, {}, ""),
        ({"name": "K. Boateng"}, {}, "is Kofi Osei on the roster"),
        ({"role": "IV"}, {}, "is not internal verifier on the roster"),
        ({}, {"until": TODAY}, ""),
        ({}, {"until": "2026-11-21"}, "was assessor until 2026-11-21"),
        ({}, {"start": "2026-11-23"}, ""),
        ({"until": TODAY}, {}, "without an end on the roster, until 2026-11-22"),
        ({"until": "2026-11-21"}, {}, "was assessor until 2026-11-21, and is so without an end"),
        ({"until": "2026-11-21"}, {"until": "2026-11-20"}, ""),
        ({"until": TODAY}, {"until": TODAY}, ""),
        ({"programme": "L3IT"}, {"scope": ("L3IT", "L2IT")}, ""),
        ({"programme": "L3BU"}, {"scope": ("L3IT",)}, "for L3IT on the roster, for L3BU"),
    ],
)
def test_what_differs(row: dict[str, Any], held: dict[str, Any], words: str) -> None:
    found = differences(row, roster(**held))
    assert len(found) == bool(words)
    assert not words or words in found[0].what


def test_who_is_unknown_is_given_as_a_row_to_be_signed() -> None:
    row = {"person": "n.new", "name": "Nia New", "role": "Lead IV", "programme": "L3IT"}
    (one,) = differences(row, roster())
    assert one.row == {
        "person": "n.new",
        "name": "Nia New",
        "role": "lead_internal_verifier",
        "start": "",
        "until": "",
        "scope": "L3IT",
    }
    # Whoever left before today is not added any more.
    assert differences({**row, "until": "2026-11-21"}, roster()) == []
    assert len(differences({**row, "until": TODAY}, roster())) == 1


def test_who_does_not_stand_in_the_list() -> None:
    assert [one.person for one in roster_changes.not_listed(set(), roster(), TODAY)] == ["k.osei"]
    assert roster_changes.not_listed({"k.osei"}, roster(), TODAY) == []
    assert roster_changes.not_listed(set(), roster(until="2026-11-21"), TODAY) == []


@pytest.mark.parametrize("text", ["Tutor", "principal", "", "assessor / IV"])
def test_other_words_are_no_role(text: str) -> None:
    assert roster_changes.role_listed(text) is None
