"""Workbooks (.xlsx, .xlsm) as grids, streamed cell by cell (ECMA-376 part 1, chapter 18).

Read here and not with openpyxl, which needs a minute and two passes for 100,000 rows to know both a
formula and its cached value, and parses before anybody has looked for bombs. Nothing is computed:
a formula is read as the value that the spreadsheet program stored, and said. The one list that must
be at hand, the workbook's distinct texts, is kept as bytes back to back, which takes a fraction of what as
many Python strings would, and has a cap of its own.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
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
from generator.sheets.serial_date import is_date_format, written
from generator.sheets.workbook_zip import Handlers, Package

_SPANS_CAP = 20_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BOOK = "xl/workbook.xml"
_TEXTS_CAP = 64_000_000
_STYLES_CAP = 100_000
_SHEETS_CAP = 250


def read(file: BinaryIO, place: Place) -> tuple[Grid, ...]:
    """Every sheet of a workbook, hidden ones too. Raises `Refused` for what is no harmless workbook."""
    package = Package(file, place)
    book = _Book()
    if _BOOK not in package.names:
        refuse(place, SHEET_KIND, "is not a workbook that can be read here", "save it as .xlsx or CSV")
    package.read(_BOOK, book)
    links = _Links()
    package.read("xl/_rels/workbook.xml.rels", links)
    styles = _Styles()
    package.read("xl/styles.xml", styles)
    texts = _Texts(place)
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
    texts: _Texts
    styles: _Styles
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
    """What is needed before the rows: merged cells, how many formulas, which columns hold dates."""

    def __init__(self, place: Place, styles: _Styles) -> None:
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


class _Book(Handlers):
    """workbook.xml: the sheets in order, and how dates are counted."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.epoch_1904 = attributes.get("date1904") in ("1", "true", "on")
        elif name == "sheet" and len(self.sheets) < _SHEETS_CAP:
            target = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((clean(attributes.get("name", "")), target, hidden))


class _Links(Handlers):
    """workbook.xml.rels: relation id -> part."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self._kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            self.targets[attributes.get("Id", "")] = part
            self._kinds[attributes.get("Type", "").rpartition("/")[2]] = part

    def part(self, kind: str) -> str | None:
        """The part of a kind."""
        return self._kinds.get(kind)


class _Styles(Handlers):
    """styles.xml: which cell styles show dates."""

    def __init__(self) -> None:
        self.dates = bytearray()
        self._codes: dict[int, str] = {}
        self._within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._within = True
        elif name == "xf" and self._within and len(self.dates) < _STYLES_CAP:
            number = int(attributes.get("numFmtId", "0"))
            self.dates.append(is_date_format(number, self._codes.get(number)))

    def end(self, name: str) -> None:
        self._within = self._within and name != "cellXfs"

    def date(self, style: str) -> bool:
        """Whether a cell of this style shows a date."""
        number = int(style) if style else 0
        return number < len(self.dates) and bool(self.dates[number])


class _Texts(Handlers):
    """sharedStrings.xml: the distinct texts, back to back."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._bytes = bytearray()
        self._ends = array("Q")
        self._reading = self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":  # how a Japanese name is said, which is not part of the name
            self._phonetic = True
        self._reading = name == "t" and not self._phonetic

    def text(self, data: str) -> None:
        if self._reading:
            self._bytes += data.encode()
            if len(self._bytes) > _TEXTS_CAP:
                what = f"holds more than {_TEXTS_CAP:,} bytes of different texts"
                refuse(self._place, SHEET_SIZE, what, "split the workbook, or save the sheet as CSV")

    def end(self, name: str) -> None:
        self._reading = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        start = self._ends[number - 1] if number else 0
        return self._bytes[start : self._ends[number]].decode()
