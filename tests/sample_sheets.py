"""Sheets to import: the samples as rows, written as CSV or as workbooks, clean or as people leave them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from generator.errors import Place
from generator.flow.importing import open_sheet
from generator.sheets import delimited, worksheet
from generator.sheets.grid import Grid
from generator.sheets.headings import find
from generator.sheets.shapes import BY_NAME, ShapeName
from generator.sheets.sheet_rows import read_rows
from generator.sheets.table import TableRow

SAMPLES = Path(__file__).resolve().parents[1] / "certificates"
GRADES = SAMPLES / "claims" / "unit-grades-L3IT-2026.csv"
COMPLETION = SAMPLES / "claims" / "moodle-completion-care101.csv"
REGISTRATIONS = SAMPLES / "registrations" / "registrations-L3IT-2025.csv"
Rows = list[list[str]]


def rows_of(path: Path) -> Rows:
    """The rows of a sample, headings first."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def progress_rows() -> Rows:
    """The completion report as Moodle's activity progress report shows the same learners."""
    made: Rows = []
    for row in rows_of(COMPLETION):
        first = not made
        dates = ["" if first else _moodle(cell) for cell in row[4:11:2]]
        activities = [cell for pair in zip(row[3:10:2], dates, strict=True) for cell in pair]
        made.append(["" if first else row[1], row[2], *activities])
    return made


def _moodle(cell: str) -> str:
    return str(datetime.strptime(cell, "%d/%m/%y, %H:%M")) if cell else ""  # noqa: DTZ007 - as the report has it


def as_csv(rows: Iterable[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Text as an export gives it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_workbook(rows: Iterable[Sequence[object]], title: str = "Sheet1") -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def day(text: str) -> date:
    """A sample's day as a workbook's date."""
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone


def grids(data: bytes, where: str = "sheet") -> tuple[Grid, ...]:
    return (
        open_sheet.grids(_rewound(data), where)
        if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
        else (text(data),)
    )


def text(data: bytes, where: str = "sheet.csv", encoding: str | None = None) -> Grid:
    return delimited.read(io.BytesIO(data), Place(where), encoding)


def book(data: bytes, where: str = "sheet.xlsx") -> tuple[Grid, ...]:
    return worksheet.read(io.BytesIO(data), Place(where))


def _rewound(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


def cells(grid: Grid) -> Rows:
    """All cells, line by line."""
    return [list(line.cells) for line in grid.walk()]


def laid(data: bytes, shape: ShapeName | None = None) -> list[TableRow]:
    """The rows under the headings that were found."""
    return list(read_rows(find(grids(data), (BY_NAME[shape],) if shape else BY_NAME.values())).rows)


def zipped(parts: dict[str, bytes]) -> bytes:
    """A package of these parts."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    with ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def codes(refused: object) -> set[str]:
    """The codes of a refusal's problems."""
    problems = getattr(refused, "problems", ())
    return {problem.code for problem in problems}
