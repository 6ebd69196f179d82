"""CSV as people send it: rows with their line numbers, headings checked, nothing guessed.

Raises `Refused` with every problem of the file. Text is UTF-8 (a byte order mark is welcome);
cells are trimmed and in normal form C.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.errors import Place, Problem, Refused
from generator.model.value import hidden_in
from generator.sheets.codes import (
    SHEET_COLUMN,
    SHEET_CSV,
    SHEET_EMPTY,
    SHEET_ENCODING,
    SHEET_HIDDEN,
    SHEET_LINE,
    SHEET_ROW,
    SHEET_SIZE,
)
from generator.sheets.grid import refuse

CAP = 50_000_000
LINE_CAP = 65_536


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the line it starts on, its cells by heading, and what is wrong with them by themselves."""

    line: int
    cells: Mapping[str, str]
    faults: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: where it came from, its headings, its rows (empty ones left out).

    The rows can be walked again and again; those of a large sheet are read anew each time.
    """

    place: Place
    headings: tuple[str, ...]
    rows: Iterable[TableRow]

    def require(self, needed: Iterable[str], known: Iterable[str] | None = None) -> None:
        """Raise `Refused` for every needed heading that is missing and every unknown one."""
        needed = tuple(needed)
        allowed = None if known is None else {*needed, *known}
        problems = [
            SHEET_COLUMN.at(
                self.place.at(1),
                f"the column `{name}` is missing",
                f"add it; the columns found are: {', '.join(self.headings)}",
            )
            for name in needed
            if name not in self.headings
        ]
        problems += [
            SHEET_COLUMN.at(self.place.at(1), f"the column `{name}` is not known", "remove it")
            for name in self.headings
            if allowed is not None and name not in allowed
        ]
        if problems:
            raise Refused(problems)


def read_csv(data: bytes, place: Place) -> Table:
    """A comma-separated file with one line of headings. What is wrong with a row alone, the row says."""
    text = _text(data, place)
    longest = max(map(len, text.split("\n")), default=0)
    if longest > LINE_CAP:
        refuse(place, SHEET_LINE, f"has a line of {longest:,} characters", "check how it was exported")
    csv.field_size_limit(LINE_CAP)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        headings = _headings(next(reader, []), place)
        rows = []
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            row = {name: clean(cell) for name, cell in zip(headings, cells, strict=False)}
            problems = _hidden(row, place.at(line))
            if len(cells) != len(headings):
                what = f"has {len(cells)} cells where the headings name {len(headings)}"
                problems.append(SHEET_ROW.at(place.at(line), what, "complete the row"))
            rows.append(TableRow(line, row, tuple(problems)))
    except csv.Error as error:
        refuse(place.at(reader.line_num), SHEET_CSV, f"is not CSV: {error}", "export it again as CSV")
    if not rows:
        refuse(place, SHEET_EMPTY, "has no rows", "check that the right file was exported")
    return Table(place, headings, tuple(rows))


def clean(cell: str) -> str:
    """A cell's text in normal form C without the spaces around it."""
    return unicodedata.normalize("NFC", cell).strip()


def _text(data: bytes, place: Place) -> str:
    if len(data) > CAP:
        refuse(place, SHEET_SIZE, f"is larger than {CAP:,} bytes", "split the file")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        refuse(place, SHEET_ENCODING, "is UTF-16 text", "save it as `CSV UTF-8`")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        refuse(place, SHEET_ENCODING, "is a workbook, not CSV", "save it as `CSV UTF-8`")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse(place.at(line), SHEET_ENCODING, "is not UTF-8 text", "save it as `CSV UTF-8`")


def _headings(cells: list[str], place: Place) -> tuple[str, ...]:
    headings = tuple(clean(cell) for cell in cells)
    twice = sorted({name for name in headings if headings.count(name) > 1})
    if not any(headings):
        refuse(place.at(1), SHEET_COLUMN, "has no headings", "put the column names in the first line")
    if twice:
        names = ", ".join(f"`{name}`" for name in twice)
        refuse(place.at(1), SHEET_COLUMN, f"has columns twice: {names}", "remove or rename one of each")
    return headings


def _hidden(row: Mapping[str, str], place: Place) -> list[Problem]:
    """Characters that nobody sees: they make a cell look like something it is not."""
    found = []
    for name, cell in row.items():
        bad = hidden_in(cell)
        if bad:
            what = f"holds a hidden character (U+{ord(bad):04X})"
            found.append(SHEET_HIDDEN.at(place.within(name), what, "type the cell again"))
    return found
