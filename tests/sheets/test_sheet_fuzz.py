"""Broken and hostile bytes: whatever is read, only a refusal with a named problem may come out."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import Refused
from generator.flow.importing import open_sheet as opening
from generator.sheets import headings, office_sheets, reading_proposal, registration_sheet, sheet_rows
from generator.sheets.shapes import SHAPES
from tests import sample_sheets
from tests.examples import examples

SEEDS = (
    sample_sheets.as_csv(sample_sheets.rows_of(sample_sheets.GRADES)[:6]),
    sample_sheets.as_csv(sample_sheets.rows_of(sample_sheets.COMPLETION)[:6], "utf-16", "\t"),
    sample_sheets.as_csv(sample_sheets.progress_rows()[:6], "utf-8-sig", ";"),
)
BOOK = sample_sheets.as_workbook(
    [["Title"], *sample_sheets.rows_of(sample_sheets.REGISTRATIONS)[:6], ["=1+1"]]
)
PARTS = sample_sheets.parts_of(BOOK)
XML = sorted(name for name in PARTS if name.endswith((".xml", ".rels")))
TOKENS = (
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"=cmd|'",
    b"<",
    b"&",
    b"]]>",
    b"1e999",
    b"-1",
    b"99999999999",
)


def read_all(data: bytes) -> None:
    """Everything that an import does with a file's bytes before it knows what it is for."""
    grids = opening.grids(io.BytesIO(data), "fuzzed")
    for grid in grids:
        for line in grid.walk():
            assert len(line.cells) <= 1000
    reading_proposal.learn(grids, ())
    found = headings.find(grids)
    table = sheet_rows.read_rows(found)
    if found.shape.name == "registrations":
        registration_sheet.read(table)
    elif found.shape.name in (
        "results_list",
        "verification_records",
        "attendance",
        "staff_list",
        "despatch_list",
    ):
        list(office_sheets.read(table, found.shape, None))
    else:
        list(table.rows)


def only_refused(data: bytes) -> None:
    problems = None
    try:
        read_all(data)
    except Refused as refused:
        problems = refused.problems
    assert problems is None or problems
    assert all(problem.code and problem.fix for problem in problems or ())


def mutated(seed: bytes, randomness: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(randomness.randint(1, 12)):
        place = randomness.randrange(len(data) + 1)
        match randomness.randrange(5):
            case 0:
                data[place : place + 1] = bytes([randomness.randrange(256)])
            case 1:
                del data[place : place + randomness.randint(1, 40)]
            case 2:
                data[place:place] = randomness.choice(TOKENS) * randomness.choice((1, 1, 1, 50))
            case 3:
                data[place:place] = data[place : place + randomness.randint(1, 200)]
            case _:
                del data[max(1, place) :]
        if not data:
            return b""
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(6))
def test_text_sheets(turn: int) -> None:
    randomness = random.Random(turn)
    for _ in range(60):
        only_refused(mutated(randomness.choice(SEEDS), randomness))


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(6))
def test_workbooks_with_broken_parts(turn: int) -> None:
    randomness = random.Random(turn)
    for _ in range(25):
        name = randomness.choice(XML)
        only_refused(sample_sheets.zipped(PARTS | {name: mutated(PARTS[name], randomness)}))


@pytest.mark.parametrize("turn", range(3))
def test_broken_packages(turn: int) -> None:
    randomness = random.Random(turn)
    for _ in range(40):
        only_refused(mutated(BOOK, randomness))


@settings(max_examples=examples(60))
@given(st.binary(max_size=400))
def test_any_bytes_at_all(data: bytes) -> None:
    only_refused(data)


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8))
def test_any_cells_at_all(rows: list[list[str]]) -> None:
    only_refused(sample_sheets.as_csv(rows, "utf-8", ",") if _writable(rows) else b"")


def _writable(rows: list[list[str]]) -> bool:
    return not any("\ud800" <= char <= "\udfff" for row in rows for cell in row for char in cell)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_shape_survives_every_hostile_cell(shape: object) -> None:
    names = [column.name for column in shape.columns]  # type: ignore[attr-defined]  # a Shape, through parametrize
    hostile = [
        "",
        "x" * 40_000,
        "=1+1",
        "\u202e",
        "9" * 400,
        "31/31/31",
        "\U0001f393" * 50,
        "N/A",
        "1e5",
        "\x07",
    ]
    for cell in hostile:
        only_refused(sample_sheets.as_csv([names, [cell] * len(names), ["A1"] * len(names)]))
