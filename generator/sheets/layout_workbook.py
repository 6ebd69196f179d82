"""Our own layouts as workbooks: one sheet to fill in, one that says what each column means.

Read through the grids that every workbook is read through, so a date cell is a day, a formula is its
last value, and what is no harmless workbook is refused (docs/import.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from generator.errors import Place
from generator.sheets import sheet_rows, workbook_writer, worksheet
from generator.sheets.grid import Grid, letter
from generator.sheets.layout_columns import LayoutColumn, safe
from generator.sheets.layout_words import explained
from generator.sheets.table import Table
from generator.sheets.workbook_writer import SheetToWrite

WORDS = "Columns"
_FIRST_WORD = 3  # the words allowed begin in this column of the second sheet
_FORMATS = {"day": "yyyy-mm-dd", "whole": "0"}
_WIDTHS = {"day": 13.0, "whole": 11.0, "flag": 11.0, "list": 28.0, "parts": 40.0}
_FLAG = ("yes", "no")


def write(kind: str, columns: Sequence[LayoutColumn], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of this layout: text cells only, closed sets as lists to choose from."""
    words = [column.choices or (_FLAG if column.shape == "flag" else ()) for column in columns]
    data = SheetToWrite(
        kind,
        tuple(column.name for column in columns),
        ([safe(cell) for cell in row] for row in rows),
        widths={
            rank: max(len(column.name) * 1.2 + 2, _WIDTHS.get(column.shape, 18.0))
            for rank, column in enumerate(columns)
        },
        hints={rank: _hint(kind, column) for rank, column in enumerate(columns)},
        choices={
            rank: _range(rank + 2, len(listed))
            for rank, listed in enumerate(words)
            if listed and columns[rank].shape != "list"
        },
        formats={rank: _FORMATS[one.shape] for rank, one in enumerate(columns) if one.shape in _FORMATS},
    )
    widest = max(map(len, words))
    explaining = SheetToWrite(
        WORDS,
        ("column", "needed", "what is there", *(["only these words"] + [""] * (widest - 1))[:widest]),
        [
            (column.name, "needed" if column.needed else "", explained(kind, column), *listed)
            for column, listed in zip(columns, words, strict=True)
        ],
        widths={0: 24.0, 1: 10.0, 2: 70.0} | {_FIRST_WORD + rank: 20.0 for rank in range(widest)},
    )
    return workbook_writer.of_pages((data, explaining), Place(subject=kind))


def _range(line: int, count: int) -> str:
    """Where the words allowed in a column are on the second sheet."""
    return f"{WORDS}!${letter(_FIRST_WORD)}${line}:${letter(_FIRST_WORD + count - 1)}${line}"


def _hint(kind: str, column: LayoutColumn) -> str:
    return f"{'Needed: ' if column.needed else ''}{explained(kind, column)}"


def read(kind: str, data: bytes, place: Place) -> Table:
    """The rows of a workbook of this layout. Raises `Refused` with every fault that is not the model's."""
    return sheet_rows.read_plain_rows(sheet(worksheet.read(io.BytesIO(data), place), kind))


def sheet(grids: Sequence[Grid], kind: str) -> Grid:
    """The sheet to read: the one with the layout's name, otherwise the first that is not hidden."""
    named = [grid for grid in grids if grid.sheet.casefold() == kind]
    visible = [grid for grid in grids if not grid.hidden]
    return (named or visible or list(grids))[0]
