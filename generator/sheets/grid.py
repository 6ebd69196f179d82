"""A sheet as it lies on the table: numbered lines of cells, walked one at a time (docs/import.md).

CSV, tab-separated text and workbooks all become a `Grid`, so what follows never asks which it was.
A grid can be walked again and again and holds no line in memory.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from generator.errors import Code, Place, Refused
from generator.terms import unmarkable

PACKED_CAP = 50_000_000
UNPACKED_CAP = 200_000_000
COLUMNS_CAP = 1_000
ROWS_CAP = 1_048_576  # what a spreadsheet program can hold
CELL_CAP = 32_767  # likewise
FORMULA, UNCALCULATED, ERROR = "formula", "uncalculated", "error"
# What starts with one of these is run by a spreadsheet program that opens it from CSV.
# The last four are the full-width forms, which some programs take for the plain ones.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line: the number that a spreadsheet program shows for it, its cells, and what is odd of which.

    `dates`: the columns that hold a real date that was typed or pasted, not computed.
    """

    number: int
    cells: tuple[str, ...]
    notes: tuple[tuple[int, str], ...] = ()
    dates: tuple[int, ...] = ()

    def cell(self, column: int) -> str:
        """The text in a column, counted from 0; empty beyond the last."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def blank(self) -> bool:
        """Whether it is empty."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells: first and last line, first and last column, both counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. `remarks` is what the person should know of how it was read; `dated` are the columns in
    which real dates may be, counted from 0.
    """

    place: Place
    sheet: str
    walk: Callable[[], Iterator[GridLine]]
    remarks: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    hidden: bool = False
    dated: frozenset[int] = frozenset()


def clean(cell: str) -> str:
    """A cell's text in normal form C without the spaces around it, hard spaces among them."""
    if cell.isascii():
        return cell.strip()
    return unmarkable(unicodedata.normalize("NFC", cell)).strip().strip("\ufeff").strip()


def is_hostile(text: str) -> bool:
    """Whether a spreadsheet program that opened this text from CSV would take it for a formula."""
    return len(text) > 1 and text.startswith(_STARTS_A_FORMULA)


def harmless(text: str) -> str:
    """The same text as a spreadsheet program shows it without running it."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def letter(column: int) -> str:
    """The letters of a column counted from 0: A, B, ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def refuse(place: Place, code: Code, what: str, fix: str) -> NoReturn:
    """Stop with one problem of the whole file."""
    raise Refused(code.at(place, what, fix))
