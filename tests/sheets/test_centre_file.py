"""Centres from a file of each, or many from one: the same centres, every fault by its row."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import Place, Refused
from generator.model.portal import Centre
from generator.sheets import centre_file
from generator.sheets.layouts import Form

FULL: dict[str, Any] = {
    "number": "C2",
    "name": "Southfield College",
    "sites": [{"name": "Main; old: part", "address": "1 Fold Street"}, {"name": "Annexe"}],
    "contact": {"email": "exams@south.example", "language": "cy"},
}
CENTRES = [
    Centre.of({"number": "C1", "name": "Northfield College"}),
    Centre.of(FULL),
    Centre.of({**FULL, "number": "C3", "contact": {"email": "exams@south.example"}}),
]


@pytest.mark.parametrize("form", ["yaml", "csv", "jsonl", "xlsx"])
def test_many_in_one_file(form: Form) -> None:
    found = centre_file.read(centre_file.write(CENTRES, form), Place(f"centres.{form}"))
    assert [item.record for item in found] == CENTRES


def test_one_in_a_file_of_its_own() -> None:
    data = b"schema: 1\nnumber: C2\nname: Southfield College\ncontact: {email: exams@south.example}\n"
    (found,) = centre_file.read(data, Place("C2.yaml"))
    assert (str(found.place), found.record.number) == ("C2.yaml", "C2")
    assert found.record.contact is not None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("C1,North,,,\nC2,,,,\n", [("LAYOUT-FIELD", "centres.csv:3 name")]),
        ("C1,North,,,en\n", [("LAYOUT-FIELD", "centres.csv:2 value")]),
        ("C1,North,,nowhere,\n", [("LAYOUT-FIELD", "centres.csv:2 email")]),
        ("C1,North,a:b:c,,\n", [("LAYOUT-FIELD", "centres.csv:2 sites")]),
    ],
)
def test_every_fault_is_told_by_its_row(rows: str, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        centre_file.read(f"number,name,sites,email,language\n{rows}".encode(), Place("centres.csv"))
    assert [(one.code, str(one.place)) for one in refused.value.problems] == expected


def test_a_file_of_another_kind_is_named() -> None:
    with pytest.raises(Refused, match="LAYOUT-NAME"):
        centre_file.read(b"x", Place("centres.txt"))
