"""Writing workbooks: the adapter for openpyxl (docs/import.md, docs/layouts.md).

What is answered in the sender's own workbook is a copy that keeps values, formats, widths, merged
cells, formulas and hidden sheets; the bad cells are coloured and carry a comment. Macros and links to
other files are left out, and formulas that reach outside the workbook become text. Whatever we write
ourselves is text, never a formula.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from generator.errors import Malformed, Place
from generator.sheets.codes import SHEET_SIZE
from generator.sheets.grid import CELL_CAP, ROWS_CAP, is_hostile, refuse

# openpyxl has no error of its own for a workbook that it cannot read: what it does with the damage raises.
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,  # the XML readers' errors are kinds of it
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_FILL = PatternFill("solid", fgColor="FFE0A3")
_AUTHOR = "certportal"
_TEXT = "@"
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# DDE (`cmd|'/c calc'!A1`), other files, and functions that fetch, send or run.
_REACHES_OUT = re.compile(
    r"\|.*!|\[[^\]]*\.[a-z]{3,4}\]|\[\d+\]|\b(?:WEBSERVICE|HYPERLINK|IMAGE|RTD|CALL|EXEC|DDE|DDEAUTO"
    r"|REGISTER(?:\.ID)?|IMPORT(?:XML|DATA|HTML|FEED|RANGE)|FOPEN|SQL\.REQUEST)\s*\(",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What to say at a cell; line from 1, column from 0."""

    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class SheetToWrite:
    """A sheet of text to write: headings, rows, and what helps those who fill it in.

    By column from 0: `widths` in characters, `hints` shown beside a chosen cell, `choices` the range
    that lists the only words allowed (`Columns!$E$2:$G$2`), `formats` for what is typed in later.
    """

    title: str
    headings: tuple[str, ...]
    rows: Iterable[Sequence[str]]
    widths: Mapping[int, float] = field(default_factory=dict)
    hints: Mapping[int, str] = field(default_factory=dict)
    choices: Mapping[int, str] = field(default_factory=dict)
    formats: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marked:
    """The copy's bytes, and how many formulas became text."""

    data: bytes
    defused: int = 0


def marked(file: BinaryIO, sheet: str, marks: Iterable[Mark]) -> Marked:
    """A copy of a workbook with marks on one of its sheets. The package must have been looked at before.

    Raises `Malformed` where openpyxl cannot read what the row reader could.
    """
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it cannot keep; the report says so in our words
        try:
            book = load_workbook(file, keep_vba=False, keep_links=False, rich_text=True)
            defused = sum(
                _defuse(cell) for page in book.worksheets for row in page.iter_rows() for cell in row
            )
            for mark in marks:
                _mark(book[sheet], mark)
            return Marked(_saved(book), defused)
        except _UNREADABLE as error:
            raise Malformed(f"cannot be copied: {type(error).__name__}") from None


def from_lines(lines: Iterable[tuple[int, tuple[str, ...]]], marks: Iterable[Mark]) -> Marked:
    """A workbook of text cells for a sheet that came as CSV, with its marks; lines keep their numbers."""
    book = Workbook()
    page: Any = book.active
    page.title = "Sheet"
    for number, cells in lines:
        for column, text in enumerate(cells, 1):
            if text:
                _plain(page.cell(number, column), text)
    for mark in marks:
        _mark(page, mark)
    for name, dimension in _widths(page):
        page.column_dimensions[name].width = dimension
    return Marked(_saved(book))


def of_faults(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """A workbook that lists faults, streamed: for sheets too large to copy."""
    book = Workbook(write_only=True)
    page: Any = book.create_sheet("Faults")
    for column, width in zip("ABCDEFGHIJ", (10, 24, 24, 20, 60, 60, 40, 30, 30, 30), strict=True):
        page.column_dimensions[column].width = width
    page.freeze_panes = "A2"
    page.append([_text_cell(page, heading, bold=True) for heading in headings])
    for row in rows:
        page.append([_text_cell(page, text) for text in row])
    return _saved(book)


def of_pages(pages: Iterable[SheetToWrite], place: Place) -> bytes:
    """A workbook of text cells, one sheet for each page, headings bold and kept in view; streamed.

    The same pages give the same bytes. Raises `Refused` for what no workbook can hold.
    """
    book = Workbook(write_only=True)
    for page in pages:
        sheet: Any = book.create_sheet(page.title)
        sheet.freeze_panes = "A2"
        for column, heading in enumerate(page.headings):
            dimension = sheet.column_dimensions[get_column_letter(column + 1)]
            dimension.width = page.widths.get(column, max(12.0, len(heading) * 1.2 + 2))
            dimension.number_format = page.formats.get(column, _TEXT)
            for validation in _validations(page, column):
                sheet.data_validations.append(validation)
        sheet.append([_text_cell(sheet, heading, bold=True) for heading in page.headings])
        styles = [_style(sheet, page.formats.get(column, _TEXT)) for column in range(len(page.headings))]
        for number, row in enumerate(page.rows, 2):
            if number > ROWS_CAP or any(len(text) > CELL_CAP for text in row):
                what = f"row {number} of `{page.title}` is more than a workbook can hold"
                refuse(place, SHEET_SIZE, what, "write it as .csv or .jsonl")
            cells = zip(row, styles, strict=False)  # a row may end before its headings do
            sheet.append([_styled(sheet, text, style) if text else None for text, style in cells])
    return _settled(_saved(book))


def _validations(page: SheetToWrite, column: int) -> Iterator[Any]:
    letter = get_column_letter(column + 1)
    cells = f"{letter}2:{letter}{ROWS_CAP}"
    chosen = page.choices.get(column)
    hint = page.hints.get(column)
    if chosen is None and hint is None:
        return
    rule = DataValidation(sqref=cells, allow_blank=True)
    if chosen is not None:
        rule.type, rule.formula1 = "list", chosen
        rule.showErrorMessage, rule.errorTitle = True, page.headings[column][:32]
        rule.error = "Choose one of the listed words."
    if hint is not None:
        rule.showInputMessage, rule.promptTitle, rule.prompt = True, page.headings[column][:32], hint[:255]
    yield rule


def _settled(data: bytes) -> bytes:
    """The same workbook without the moment at which it was written: same content, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MOMENT.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            made = zipfile.ZipInfo(entry.filename)
            made.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(made, content)
    return out.getvalue()


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(page: Any, mark: Mark) -> None:
    cell = page.cell(mark.line, mark.column + 1)
    for merged in page.merged_cells.ranges:
        if cell.coordinate in merged:  # only the first of merged cells can carry anything
            cell = page.cell(merged.min_row, merged.min_col)
            break
    text = _CONTROLS.sub("", mark.text)
    if cell.comment is not None:
        text = f"{cell.comment.text}\n\n{text}"
    comment = Comment(text[:CELL_CAP], _AUTHOR)
    comment.width, comment.height = 360, min(400, 60 + 18 * (len(text) // 44 + text.count("\n")))
    cell.comment = comment
    cell.fill = _FILL


def _defuse(cell: Any) -> int:
    """Turn a formula that reaches out of the workbook into its text; 1 if it was one."""
    if cell.data_type == "f":
        formula = cell.value if isinstance(cell.value, str) else str(getattr(cell.value, "text", ""))
        if _REACHES_OUT.search(formula):
            _plain(cell, formula)
            return 1
    elif cell.data_type == "s" and is_hostile(str(cell.value)):
        cell.quotePrefix = True  # text that looks like a formula stays text when the cell is edited
    return 0


def _plain(cell: Any, text: str) -> None:
    cell.value = None
    cell._value = _CONTROLS.sub("", text)[:CELL_CAP]
    cell.data_type = "s"
    if is_hostile(text):
        cell.quotePrefix = True


def _text_cell(page: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(page)
    _plain(cell, text)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _style(page: Any, number_format: str) -> Any:
    cell = _text_cell(page, "")
    cell.number_format = number_format  # so that `00123` stays what it is when somebody edits the cell
    return cell._style


def _styled(page: Any, text: str, style: Any) -> Any:
    """A text cell in a style that was made once: making it for each cell takes most of the time."""
    cell: Any = WriteOnlyCell(page)
    cell._style = copy(style)
    _plain(cell, text)
    return cell


def _widths(page: Any) -> Iterator[tuple[str, float]]:
    for column in page.iter_cols(max_row=min(page.max_row, 60)):
        longest = max(len(str(cell.value or "")) for cell in column)
        yield column[0].column_letter, min(42.0, max(9.0, longest * 1.1 + 2))
