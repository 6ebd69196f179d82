"""Spellings of one name, and names that are two people's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Place
from generator.rules.name_matching import Likeness, folded, likeness, registered_as
from generator.sheets.registration_sheet import Registration, Registrations


def registered(first: str, last: str, number: str = "8802212715", reference: str = "NF04100") -> Registration:
    return Registration(reference, f"{first} {last}".strip(), number, Place("sheet", 2), first, last)


@pytest.mark.parametrize(
    ("first", "last", "known", "expected"),
    [
        ("Zo\u00eb", "\u00d3 Briain", ("Zo\u00eb", "\u00d3 Briain"), "same"),
        ("ZOE", "O  BRIAIN", ("Zo\u00eb", "\u00d3 Briain"), "spelling"),
        ("Sean", "O'Neill", ("Se\u00e1n", "O\u2019Neill"), "spelling"),
        ("Sean", "ONeill", ("Se\u00e1n", "O\u2019Neill"), "spelling"),
        ("Soren", "Lodz-Aesop", ("S\u00f8ren", "\u0141\u00f3d\u017a \u00c6sop"), "spelling"),
        ("ibrahim", "lloyd", ("\u0130brahim", "Lloyd"), "spelling"),
        ("\u5c0f\u660e", "\u738b", ("\u738b", "\u5c0f\u660e"), "swapped"),
        ("Kov\u00e1cs", "Anna", ("Anna", "Kov\u00e1cs"), "swapped"),
        ("Anna Maria", "Kov\u00e1cs", ("Maria Anna", "Kov\u00e1cs"), "order"),
        ("Sukarno", "", ("Sukarno", ""), "same"),
        ("", "Sukarno", ("Sukarno", ""), "same"),
        ("Anna", "Kov\u00e1cs", ("Anne", "Kov\u00e1cs"), "different"),
        ("Ali", "", ("Ali", "Hassan"), "different"),
        ("\u0645\u062d\u0645\u062f", "", ("\u0645\u062d\u0645\u0648\u062f", ""), "different"),
    ],
)
def test_how_two_names_relate(first: str, last: str, known: tuple[str, str], expected: Likeness) -> None:
    assert likeness(f"{first} {last}".strip(), first, last, registered(*known)) == expected


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)


def test_a_stranger_is_known_by_a_good_uln_or_a_reference_and_never_by_name() -> None:
    one = registered("Reza", "Taylor")
    known = Registrations({"NF04100": one}, {one.uln: one}, ())
    spelt = {"nf04100": one}
    assert registered_as("XX1", one.uln, known, spelt) is one
    assert registered_as("nf 04100", "", known, spelt) is one
    assert registered_as("XX1", "8802212716", known, spelt) is None
    assert registered_as("Reza Taylor", "", known, spelt) is None
