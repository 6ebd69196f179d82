"""Workbooks (.xlsx, .xlsm) as grids, streamed cell by cell (ECMA-376 part 1, chapter 18).

Read here and not with openpyxl, which needs a minute and two passes for 100,000 rows to know both a
formula and its cached value, and parses before anybody has looked for bombs. Nothing is computed:
a formula is read as the value that the spreadsheet program stored, and said. The one list that must
be at hand, the workbook's distinct texts, is kept as bytes and has a cap of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from generator.errors import Place
from generator.sheets.codes import SHEET_DAMAGED, SHEET_KIND, SHEET_LINE, SHEET_SIZE
from generator.sheets.grid import (
    CELL_CAP,
    COLUMNS_CAP,
    ERROR,
    FORMULA,
    ROWS_CAP,
    UNCALCULATED,
    Grid,
    GridLine,
    Span,
    clean,
    refuse,
)
from generator.sheets.serial_date import written
from generator.sheets.workbook_parts import Book, Links, Styles, Texts
from generator.sheets.workbook_zip import Handlers, Package

_SPANS_CAP = 20_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BOOK = "xl/workbook.xml"


def read(file: BinaryIO, place: Place) -> tuple[Grid, ...]:
    """Every sheet of a workbook, hidden ones too. Raises `Refused` for what is no harmless workbook."""
    package = Package(file, place)
    book = Book()
    if _BOOK not in package.names:
        refuse(place, SHEET_KIND, "is not a workbook that can be read here", "save it as .xlsx or CSV")
    package.read(_BOOK, book)
    links = Links()
    package.read("xl/_rels/workbook.xml.rels", links)
    styles = Styles()
    package.read("xl/styles.xml", styles)
    texts = Texts(place)
    package.read(links.part("sharedStrings") or "xl/sharedStrings.xml", texts)
    shared = _Shared(texts, styles, book.epoch_1904)
    remarks = ["it carries macros, which were ignored"] if package.macros else []
    if book.epoch_1904:
        remarks.append("its dates are counted from 1904, and were read so")
    grids = [
        _grid(package, part, name, hidden, shared, place, remarks)
        for name, target, hidden in book.sheets
        if (part := links.targets.get(target)) in package.names and part is not None
    ]
    if not grids:
        refuse(place, SHEET_DAMAGED, "names no sheet that is in it", "save it again as .xlsx")
    return tuple(grids)


@dataclass(slots=True)
class _Shared:
    texts: Texts
    styles: Styles
    epoch_1904: bool


def _grid(
    package: Package, part: str, name: str, hidden: bool, shared: _Shared, place: Place, remarks: list[str]
) -> Grid:
    spans = _Spans(place, shared.styles)
    package.read(part, spans)

    def walk() -> Iterator[GridLine]:
        rows = _Rows(shared, place, spans.spans)
        for _ in package.parse(part, rows):
            yield from rows.ready
            rows.ready.clear()

    said = list(remarks)
    if spans.formulas:
        said.append(f"formulas in {spans.formulas:,} cells: their last calculated values were read")
    if spans.spans:
        said.append(f"merged cells: {len(spans.spans):,}")
    return Grid(place, name, walk, tuple(said), tuple(spans.spans), hidden, frozenset(spans.dated))


class _Spans(Handlers):
    """What is needed before the rows: merged cells, how many formulas, in which columns dates stand."""

    def __init__(self, place: Place, styles: Styles) -> None:
        self._place = place
        self._styles = styles
        self.dated: set[int] = set()
        self.spans: list[Span] = []
        self.formulas = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            if self._styles.date(attributes.get("s", "")):
                place = attributes.get("r")
                # Some writers leave the references out; then it may be any column.
                self.dated.update([_position(place)[1]] if place else range(COLUMNS_CAP))
        elif name == "f":
            self.formulas += 1
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            top, left = _position(first)
            bottom, right = _position(last or first)
            self.spans.append(Span(top, left + 1, bottom, right + 1))
            if len(self.spans) > _SPANS_CAP:
                refuse(self._place, SHEET_SIZE, f"has more than {_SPANS_CAP:,} merged cells", "unmerge them")


@dataclass(slots=True)
class _Cell:
    column: int
    kind: str
    date: bool
    formula: bool = False
    part: str = ""
    value: list[str] = field(default_factory=list)
    length: int = 0


class _Rows(Handlers):
    """The rows of a worksheet part; finished ones wait in `ready`."""

    def __init__(self, shared: _Shared, place: Place, spans: list[Span]) -> None:
        self.ready: list[GridLine] = []
        self._shared = shared
        self._place = place
        self._number = 0
        self._cells: dict[int, str] = {}
        self._notes: list[tuple[int, str]] = []
        self._dates: list[int] = []
        self._cell: _Cell | None = None
        self._column = -1
        # A value merged over several rows counts for each of them.
        self._falling = {(span.top, span.left - 1): span.bottom for span in spans if span.bottom > span.top}
        self._carried: dict[int, tuple[int, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        cell = self._cell
        if name == "c":
            reference = attributes.get("r")
            self._column = _position(reference)[1] if reference else self._column + 1
            if self._column >= COLUMNS_CAP:
                what = f"has more than {COLUMNS_CAP:,} columns"
                refuse(self._place.at(self._number), SHEET_SIZE, what, "delete the empty ones")
            date = self._shared.styles.date(attributes.get("s", ""))
            self._cell = _Cell(self._column, attributes.get("t", "n"), date)
        elif name == "row":
            number = int(attributes.get("r", self._number + 1))
            if not self._number < number <= ROWS_CAP:
                raise ValueError("rows out of order")
            self._number, self._column = number, -1
            self._cells, self._notes, self._dates = {}, [], []
        elif cell is not None:
            cell.formula = cell.formula or name == "f"
            cell.part = "" if name == "rPh" or cell.part == "rPh" else name

    def text(self, data: str) -> None:
        cell = self._cell
        if cell is not None and cell.part in ("v", "t"):
            cell.length += len(data)
            if cell.length > CELL_CAP * 2:
                what = f"has a cell of more than {CELL_CAP:,} characters"
                refuse(self._place.at(self._number), SHEET_LINE, what, "shorten it")
            cell.value.append(data)

    def end(self, name: str) -> None:
        cell = self._cell
        if name == "c" and cell is not None:
            self._finish(cell)
            self._cell = None
        elif name == "row":
            self._carry()
            width = max(self._cells, default=-1) + 1
            cells = tuple(self._cells.get(column, "") for column in range(width))
            self.ready.append(GridLine(self._number, cells, tuple(self._notes), tuple(self._dates)))
        elif cell is not None:
            cell.part = ""

    def _finish(self, cell: _Cell) -> None:
        value = "".join(cell.value)
        if cell.formula:
            self._notes.append((cell.column, FORMULA if value else UNCALCULATED))
        text = self._shown(cell, value)
        if text:
            self._cells[cell.column] = text

    def _shown(self, cell: _Cell, value: str) -> str:
        match cell.kind:
            case "s":
                return clean(self._shared.texts[int(value)]) if value else ""
            case "inlineStr" | "str":
                return clean(value)
            case "b":
                return "TRUE" if value.strip() == "1" else "FALSE"
            case "e":
                self._notes.append((cell.column, ERROR))
                return clean(value)
            case "d":
                return clean(value).replace("T", " ").removesuffix(" 00:00:00")
        if not value.strip():
            return ""
        number = float(value)
        if cell.date:
            shown = written(number, epoch_1904=self._shared.epoch_1904)
            if shown is not None and not cell.formula:
                self._dates.append(cell.column)
            return shown if shown is not None else _number(number)
        return _number(number)

    def _carry(self) -> None:
        for column, (last, text) in list(self._carried.items()):
            if self._number > last:
                del self._carried[column]
            else:
                self._cells.setdefault(column, text)
        for column, text in self._cells.items():
            last = self._falling.get((self._number, column), 0)
            if last:
                self._carried[column] = (last, text)


def _number(number: float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("not a number")
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def _position(reference: str) -> tuple[int, int]:
    """`C7` as line 7 and column 2."""
    match = _REFERENCE.fullmatch(reference.replace("$", "").upper())
    if match is None:
        raise ValueError("no cell reference")
    column = 0
    for char in match[1]:
        column = column * 26 + ord(char) - 64
    return int(match[2]), column - 1
