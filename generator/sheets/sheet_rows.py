"""The rows below the headings by our names for the columns, each with what is odd about its cells.

A faulty row does not stop the others. What no cell of ours may hold: hidden and text-direction
characters, text that a spreadsheet program would run, formulas that were never calculated, error
values, numbers that lost digits, letters that lost their encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.errors import Code, Place, Problem, Refused
from generator.model.value import hidden_in
from generator.sheets import swapped_dates
from generator.sheets.codes import (
    SHEET_COLUMN_TWICE,
    SHEET_EMPTY,
    SHEET_ENCODING,
    SHEET_FORMULA,
    SHEET_HIDDEN,
    SHEET_INJECTION,
    SHEET_ROW,
    SHEET_SCIENTIFIC,
)
from generator.sheets.grid import ERROR, FORMULA, UNCALCULATED, Grid, GridLine, is_hostile
from generator.sheets.headings import FoundHeadings
from generator.sheets.shapes import SHAPES
from generator.sheets.table import Table, TableRow

_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
# UTF-8 that was read as Windows-1252: each letter became two, the first of them one of these.
_SECOND = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
_QUOTES = "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
_MOJIBAKE = re.compile(f"[\u00c2-\u00c5\u00d8\u00d9][{_SECOND}{_QUOTES}]")
# A number, or a telephone number: without a letter nothing is called or fetched.
_UNFORMULA = re.compile(r"[-+]?[0-9.,() -]*[0-9][0-9.,() -]*%?")
# What a spreadsheet program makes of a long number; `1E2` may well be somebody's code.
_LOST = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{1,3}")


def read_rows(found: FoundHeadings, swapped: Mapping[str, str] | None = None) -> Table:
    """The rows of a sheet whose headings were found; walked anew each time they are asked for.

    `swapped`: the columns whose real dates are a question, as swapped_dates found them.
    """
    return Table(found.grid.place, tuple(found.columns), _Rows(found, swapped or {}))


def plain_headings(grid: Grid) -> FoundHeadings:
    """The headings of a sheet in our own layout: its first line, which names the fields."""
    first = next((line for line in grid.walk() if not line.blank), None)
    if first is None:
        raise Refused(SHEET_EMPTY.at(grid.place, "has no rows", "check that the right file was exported"))
    names = first.cells
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice or "" in names:
        what = f"has columns twice: {', '.join(twice)}" if twice else "has a column without a name"
        raise Refused(SHEET_COLUMN_TWICE.at(grid.place.at(first.number), what, "name each once"))
    columns = {name: column for column, name in enumerate(names)}
    return FoundHeadings(grid, SHAPES[0], first.number, columns, {name: name for name in names}, len(names))


def read_plain_rows(grid: Grid) -> Table:
    """A sheet in our own layout: every row below the line of headings is one thing, with its own faults."""
    lines = [line for line in grid.walk() if not line.blank]
    if len(lines) < 2:
        fix = "check that the right file was exported"
        raise Refused(SHEET_EMPTY.at(grid.place, "has no rows", fix))
    found = plain_headings(grid)
    names, columns = lines[0].cells, found.columns
    rows: list[TableRow] = []
    for line in lines[1:]:
        cells = {name: line.cell(column) for name, column in columns.items()}
        problems = [
            problem
            for problem in _faults(found, line, cells)
            if problem.code != SHEET_SCIENTIFIC.name or any(map(_LOST.fullmatch, cells.values()))
        ]
        if any(line.cells[len(names) :]):
            what = f"has {len(line.cells)} cells where the headings name {len(names)}"
            problems.append(SHEET_ROW.at(grid.place.at(line.number), what, "name the column, or empty it"))
        rows.append(TableRow(line.number, cells, tuple(problems)))
    return Table(grid.place, names, tuple(rows))


class _Rows:
    """Iterable again and again, so that nothing is kept."""

    def __init__(self, found: FoundHeadings, swapped: Mapping[str, str]) -> None:
        self._found = found
        self._swapped = swapped

    def __iter__(self) -> Iterator[TableRow]:
        found = self._found
        headings = tuple(found.columns)
        text = found.grid.sheet == ""
        for line in found.grid.walk():
            if line.number <= found.line or line.blank:
                continue
            cells = {name: line.cell(column) for name, column in found.columns.items()}
            if _is_note(found, line, cells) or all(cells[name] == found.written[name] for name in headings):
                continue
            faults = tuple(_faults(found, line, cells))
            if self._swapped and line.dates:
                faults += tuple(self._questions(line, cells))
            if text:
                faults += tuple(_width(found, line))
            yield TableRow(line.number, cells, faults)

    def _questions(self, line: GridLine, cells: dict[str, str]) -> Iterator[Problem]:
        for name, text in self._swapped.items():
            if self._found.columns[name] in line.dates:
                asked = swapped_dates.problem(self._found.grid.place.at(line.number), name, cells[name], text)
                if asked is not None:
                    yield asked


def _is_note(found: FoundHeadings, line: GridLine, cells: dict[str, str]) -> bool:
    """A line such as `Total` or `Signed: ...` below the rows: one cell, and no key."""
    return not cells[found.shape.key] and sum(1 for cell in line.cells if cell) == 1 < len(found.columns)


def _width(found: FoundHeadings, line: GridLine) -> Iterator[Problem]:
    if len(line.cells) < found.width:
        what = f"has {len(line.cells)} cells where the headings name {found.width}: half a row"
        yield SHEET_ROW.at(found.grid.place.at(line.number), what, "complete the row")
    elif any(line.cells[found.width :]):
        what = f"has {len(line.cells)} cells where the headings name {found.width}"
        fix = "look for a comma in a cell without quotation marks"
        yield SHEET_ROW.at(found.grid.place.at(line.number), what, fix)


def _faults(found: FoundHeadings, line: GridLine, cells: dict[str, str]) -> Iterator[Problem]:
    for name, text in cells.items():
        if not text.isascii() or not text.isprintable() or text[:1] in "=+-@" or "e" in text or "E" in text:
            complaint = _complaint(text)
            if complaint:
                code, what, fix = complaint
                yield code.at(found.grid.place.at(line.number).within(name), what, fix)
    if line.notes:
        ours = {column: name for name, column in found.columns.items()}
        for column, note in line.notes:
            if column in ours and note != FORMULA:
                place = found.grid.place.at(line.number).within(ours[column])
                yield _noted(note, cells[ours[column]], place)


def _noted(note: str, text: str, place: Place) -> Problem:
    if note == UNCALCULATED:
        what = "holds a formula whose value was never calculated"
        return SHEET_FORMULA.at(place, what, "open the workbook, let it calculate, and save it")
    assert note == ERROR  # noqa: S101 - the third note is left out by the caller
    return SHEET_FORMULA.at(place, f"holds the error {text}", "mend the formula, or type the value")


def _complaint(text: str) -> tuple[Code, str, str] | None:
    hidden = hidden_in(text)
    if hidden is not None:
        return SHEET_HIDDEN, f"holds a hidden character (U+{ord(hidden):04X})", "type the cell again"
    if is_hostile(text) and not _UNFORMULA.fullmatch(text):
        return (
            SHEET_INJECTION,
            "begins like a formula, which a spreadsheet would run",
            "type the plain value",
        )
    if _SCIENTIFIC.fullmatch(text):
        what = f"`{text}` is a number that lost its last digits"
        return SHEET_SCIENTIFIC, what, "format the column as text and enter the whole number"
    if "\ufffd" in text or _MOJIBAKE.search(text):
        fix = "export it again as `CSV UTF-8`, or as a workbook"
        return SHEET_ENCODING, f"`{text}` has letters that were damaged on the way", fix
    return None
