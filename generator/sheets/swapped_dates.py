"""Dates that a spreadsheet program swapped as it opened an export (docs/import.md).

A program that puts months first takes 04/07/2026 for 7 April and stores a real date; of 26/06/2026 it can
make none and leaves the text. The mixture gives it away: real dates whose days are all 12 or less, beside
text whose first number is greater. Nobody can tell from the real date alone, so it is a question.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.errors import Place, Problem
from generator.sheets import written_day
from generator.sheets.codes import SHEET_SWAPPED
from generator.sheets.headings import FoundHeadings
from generator.sheets.shapes import DATED, Shape

_FIX = (
    "compare with the system that exported it, and import its own file, unopened; if the dates are right,"
    " say so: `date_cells: right` in sources.yaml, or --date-cells-right"
)


def columns(found: FoundHeadings) -> Mapping[str, str]:
    """The columns with such a mixture, by our name, each with a text date and its row.

    Reads on only as long as some column of dates may still be one: a real date after the 12th clears it.
    """
    dated = found.grid.dated  # none in CSV, which knows no real dates
    watched = {name: at for name, at in found.columns.items() if at in dated and _is_dated(found.shape, name)}
    if not watched:
        return {}
    real: set[str] = set()
    texts: dict[str, str] = {}
    for line in found.grid.walk():
        if line.number <= found.line:
            continue
        for name, at in tuple(watched.items()):
            cell = line.cell(at)
            if at in line.dates:
                real.add(name)
                if int(cell[8:10]) > 12:
                    del watched[name]
            elif name not in texts and written_day.tells_its_order(cell):
                texts[name] = f"`{cell}` in row {line.number}"
        if not watched:
            break
    return {name: texts[name] for name in watched if name in real and name in texts}


def problem(place: Place, name: str, cell: str, text: str) -> Problem | None:
    """What is said of a real date in such a column; nothing where swapping changes nothing."""
    year, month, day = cell[:4], cell[5:7], cell[8:10]
    if month == day:
        return None
    what = (
        f"is {cell[:10]} as a real date, beside text such as {text}:"
        f" day and month may have been swapped, and {year}-{day}-{month} meant"
    )
    return SHEET_SWAPPED.at(place.within(name), what, _FIX)


def _is_dated(shape: Shape, name: str) -> bool:
    column = shape.column(name)
    return (column is not None and column.dated) or name.endswith((DATED, " verified on"))
