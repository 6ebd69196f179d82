"""Opening a sheet of any kind: the file, its grids, its headings, its rows (docs/import.md)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from generator.edge import disk
from generator.errors import Place, Refused
from generator.sheets import delimited, headings, layout_workbook, sheet_rows, swapped_dates, worksheet
from generator.sheets.codes import SHEET_EMPTY
from generator.sheets.grid import Grid
from generator.sheets.headings import FoundHeadings
from generator.sheets.shapes import BY_NAME, SHAPES, Shape, ShapeName
from generator.sheets.sources_file import Source
from generator.sheets.table import Table

WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls")
SHEETS = (".csv", ".tsv", ".txt", *WORKBOOKS)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a sheet is to be read where the file alone does not say."""

    shape: ShapeName | None = None
    sheet: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] | None = None
    dates_right: bool = False


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """An open sheet. Its table can be walked while the file is open."""

    where: str
    found: FoundHeadings
    table: Table
    remarks: tuple[str, ...]

    @property
    def shape(self) -> Shape:
        """Which kind of sheet it is."""
        return self.found.shape

    @property
    def key(self) -> str:
        """The column by which a row is known, at which a fault of the whole row is marked."""
        columns = self.found.columns
        return next(
            (name for name in (self.shape.key, "learner_ref") if name in columns), next(iter(columns))
        )


def reading_of(source: Source) -> ReadingOptions:
    """How a source's file is to be read."""
    right = source.date_cells == "right"
    return ReadingOptions(source.layout, source.sheet, source.encoding, source.columns, right)


@contextlib.contextmanager
def opened(path: Path, where: str, how: ReadingOptions | None = None) -> Iterator[OpenSheet]:
    """A sheet whose shape and headings were found. Raises `Refused` where they cannot be."""
    how = how or ReadingOptions()
    with disk.opened(path, where) as file:
        all_grids = grids(file, where, how.encoding)
        shapes = (BY_NAME[how.shape],) if how.shape else SHAPES
        found = headings.find(all_grids, shapes, how.columns, how.sheet)
        swapped = {} if how.dates_right else swapped_dates.columns(found)
        yield OpenSheet(where, found, sheet_rows.read_rows(found, swapped), _remarks(all_grids, found))


@contextlib.contextmanager
def opened_layout(path: Path, where: str, layout: str) -> Iterator[OpenSheet]:
    """A sheet in our own layout, whose headings are the fields. Raises `Refused` where there are none."""
    with disk.opened(path, where) as file:
        found = sheet_rows.plain_headings(layout_workbook.sheet(grids(file, where), layout))
        yield OpenSheet(where, found, sheet_rows.read_rows(found), ())


def grids(file: BinaryIO, where: str, encoding: str | None = None) -> tuple[Grid, ...]:
    """Every sheet in a file, told by its first bytes and not by its name."""
    head = file.read(4)
    if head in (_ZIP, _OLE):
        return worksheet.read(file, Place(where))
    if not head:
        raise Refused(SHEET_EMPTY.at(Place(where), "is empty", "check that the right file was exported"))
    return (delimited.read(file, Place(where), encoding),)


def _remarks(all_grids: tuple[Grid, ...], found: FoundHeadings) -> tuple[str, ...]:
    said = list(found.grid.remarks)
    others = [grid.sheet for grid in all_grids if grid is not found.grid]
    if others:
        hidden = [grid.sheet for grid in all_grids if grid.hidden and grid is not found.grid]
        said.append(
            f"the sheet `{found.grid.sheet}` was read; not read: {', '.join(others)}"
            + (f" (hidden: {', '.join(hidden)})" if hidden else "")
        )
    if found.titles:
        said.append(f"above the headings: {' · '.join(found.titles[:3])}")
    if found.unused:
        said.append(f"columns not used: {', '.join(found.unused)}")
    renamed = [f"`{theirs}` as {ours}" for ours, theirs in found.written.items() if theirs.strip() != ours]
    if renamed and not found.shape.pairs:
        said.append(f"columns by other names: {', '.join(renamed)}")
    return tuple(said)
