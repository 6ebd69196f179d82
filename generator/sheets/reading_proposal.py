"""Proposing how an unknown sheet is to be read, and saying why (docs/import.md, `import --propose`).

Headings are matched by name, then by likeness, then by what is below them. It only ever proposes:
the proposal is an entry of sources.yaml for a person to read, correct and keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from generator.errors import Malformed, Place, Refused
from generator.model import uln
from generator.model.catalogue import Programme
from generator.sheets import written_day
from generator.sheets.claim_sheets import graded
from generator.sheets.codes import SHEET_COLUMN
from generator.sheets.grid import Grid, GridLine
from generator.sheets.row_faults import is_nothing
from generator.sheets.shapes import SHAPES, Shape, folded
from generator.sheets.written_day import DateStyle

_SAMPLE = 300
_ALIKE = 0.78
_MOST = 0.8
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{2,59}")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{2,4}\b.*")


@dataclass(frozen=True, slots=True)
class Guess:
    """One column: our name for it, their heading, and why we think so."""

    name: str
    heading: str
    why: str
    sure: bool


@dataclass(frozen=True, slots=True)
class ReadingProposal:
    """How a sheet could be read. `missing` are needed columns that nothing was found for."""

    shape: Shape
    sheet: str
    line: int
    guesses: tuple[Guess, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    dates: DateStyle
    dates_why: str
    programme: Programme | None

    @property
    def mapping(self) -> dict[str, str]:
        """The columns that a source must name: those that are not known by their own headings."""
        return {guess.name: guess.heading for guess in self.guesses if not guess.sure}


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    cells: tuple[str, ...]

    def mostly(self, test: Callable[[str], bool]) -> bool:
        return bool(self.cells) and sum(map(test, self.cells)) >= _MOST * len(self.cells)


def learn(grids: Iterable[Grid], programmes: Sequence[Programme]) -> ReadingProposal:
    """The likeliest reading. Raises `Refused` where no line looks like headings."""
    best: ReadingProposal | None = None
    place = Place()
    for grid in grids:
        place = grid.place
        lines = [line for line in islice(grid.walk(), _SAMPLE) if not line.blank]
        head = _heading_line(lines)
        if grid.hidden or head is None:
            continue
        columns = _columns(head, [line for line in lines if line.number > head.number])
        for shape in SHAPES:
            made = _propose(shape, grid, head, columns, programmes)
            if best is None or _score(made) > _score(best):
                best = made
    if best is None or not best.guesses:
        fix = "put the column names above the rows"
        raise Refused(SHEET_COLUMN.at(place, "has no line that looks like headings", fix))
    return best


def _score(proposal: ReadingProposal) -> tuple[int, int]:
    return len(proposal.guesses) - 2 * len(proposal.missing), sum(guess.sure for guess in proposal.guesses)


def _heading_line(lines: list[GridLine]) -> GridLine | None:
    """The first of the fullest lines near the top whose cells are words, not data."""
    near = [line for line in lines[:40] if sum(map(bool, line.cells)) > 1]
    if not near:
        return None
    widest = max(len({cell for cell in line.cells if cell}) for line in near)
    return next(line for line in near if len({cell for cell in line.cells if cell}) * 2 > widest)


def _columns(head: GridLine, lines: list[GridLine]) -> list[_Column]:
    return [
        _Column(heading, tuple(cell for line in lines if not is_nothing(cell := line.cell(place))))
        for place, heading in enumerate(head.cells)
    ]


def _propose(
    shape: Shape, grid: Grid, head: GridLine, columns: list[_Column], programmes: Sequence[Programme]
) -> ReadingProposal:
    guesses: dict[str, Guess] = {}
    left: list[_Column] = []
    for column in columns:
        name = shape.named(column.heading) if column.heading else None
        if name and name not in guesses:
            why = "by its name" if name == column.heading else "a usual name for it"
            guesses[name] = Guess(name, column.heading, why, sure=True)
        elif column.heading:
            left.append(column)
    programme = _programme(shape, columns, programmes)
    for find in (_by_contents, _by_likeness, _by_unit):
        for column in list(left):
            guess = find(shape, column, guesses, programme)
            if guess is not None:
                guesses[guess.name] = guess
                left.remove(column)
    names = {"First names", "Last names", "Name"}
    missing = [name for name in shape.needed if name not in guesses]
    if shape.wants_names and not names & set(guesses):
        missing.append("Name")
    dates, why = _dates(shape, guesses, columns)
    return ReadingProposal(
        shape,
        grid.sheet,
        head.number,
        tuple(guesses.values()),
        tuple(missing),
        tuple(column.heading for column in left),
        dates,
        why,
        programme,
    )


def _by_contents(
    shape: Shape, column: _Column, guesses: dict[str, Guess], programme: Programme | None
) -> Guess | None:
    total = len(column.cells)
    if "ULN" not in guesses and shape.column("ULN") and column.mostly(uln.is_good):
        good = sum(map(uln.is_good, column.cells))
        why = f"{good} of {total} cells are ten digits with a good check digit"
        return Guess("ULN", column.heading, why, sure=False)
    dated = [item.name for item in shape.columns if item.dated and item.needed and item.name not in guesses]
    if len(dated) == 1 and column.mostly(_is_day) and not _unit_of(column.heading, programme):
        return Guess(dated[0], column.heading, f"its {total} cells are dates", sure=False)
    kinds = ("full", "units", "unit", "qualification")
    if shape.units and "Claim" not in guesses and column.mostly(lambda cell: cell.casefold() in kinds):
        return Guess("Claim", column.heading, "its cells say full or units", sure=False)
    distinct = len(set(column.cells)) == total > 2 and any(char.isdigit() for char in column.cells[0])
    if shape.key not in guesses and distinct and column.mostly(_is_reference):
        why = f"its {total} cells are all different and look like references"
        return Guess(shape.key, column.heading, why, sure=False)
    return None


def _by_likeness(
    shape: Shape, column: _Column, guesses: dict[str, Guess], programme: Programme | None
) -> Guess | None:
    wanted = folded(column.heading)
    ranked = [
        (_likeness(wanted, folded(other)), item.name)
        for item in shape.columns
        if item.name not in guesses
        for other in (item.name, *item.others.split(","))
        if other
    ]
    ratio, name = max(ranked, default=(0.0, ""))
    item = shape.column(name)
    if ratio < _ALIKE or item is None or (item.dated and not column.mostly(_is_day)):
        return None
    return Guess(name, column.heading, f"its heading is like `{name}`", sure=False)


def _likeness(wanted: str, other: str) -> float:
    """How like two headings are, 0 to 1; 0 where a bound that costs less says that they are not alike."""
    if 2 * min(len(wanted), len(other)) < _ALIKE * (len(wanted) + len(other)):
        return 0.0
    matcher = SequenceMatcher(None, wanted, other)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _by_unit(
    shape: Shape, column: _Column, guesses: dict[str, Guess], programme: Programme | None
) -> Guess | None:
    if not shape.units or programme is None:
        return None
    unit = _unit_of(column.heading, programme)
    if unit is None:
        return None
    if column.mostly(lambda cell: graded(cell, programme.scale) in programme.scale):
        part = "grade"
    elif column.mostly(_is_day):
        part = "verified on"
    else:
        part = (
            "internal verifier"
            if re.search(r"\b(iv|iqa|verif)", column.heading, re.IGNORECASE)
            else "assessor"
        )
    name = f"{unit} {part}"
    if name in guesses:
        return None
    return Guess(name, column.heading, f"it names {unit} and holds what a {part} is", sure=False)


def _unit_of(heading: str, programme: Programme | None) -> str | None:
    words = folded(heading)
    for unit in programme.units if programme else ():
        if folded(unit.code) in words.split() or folded(unit.title) in words:
            return unit.code
    return None


def _programme(shape: Shape, columns: list[_Column], programmes: Sequence[Programme]) -> Programme | None:
    """The programme whose units the headings speak of most; None where two do as much."""
    if shape.name not in ("unit_grades", "completion_report", "progress_report"):
        return None
    counted = sorted(
        (
            (sum(bool(_unit_of(column.heading, one)) for column in columns), rank)
            for rank, one in enumerate(programmes)
        ),
        reverse=True,
    )
    if not counted or not counted[0][0] or (len(counted) > 1 and counted[0][0] == counted[1][0]):
        return None
    return programmes[counted[0][1]]


def _is_reference(cell: str) -> bool:
    return bool(_REFERENCE.fullmatch(cell)) and not _is_day(cell) and not uln.is_good(cell)


def _is_day(cell: str) -> bool:
    try:
        return bool(written_day.read(cell, None))
    except written_day.Ambiguous:
        return True
    except Malformed:
        return False


def _dates(shape: Shape, guesses: dict[str, Guess], columns: list[_Column]) -> tuple[DateStyle, str]:
    used = {guess.heading for guess in guesses.values()} | {""}
    firsts: list[int] = []
    seconds: list[int] = []
    for column in columns:
        if (column.heading in used or shape.pairs) and column.mostly(_is_day):
            for cell in column.cells:
                match = _NUMERIC_DATE.fullmatch(cell)
                if match:
                    firsts.append(int(match[1]))
                    seconds.append(int(match[2]))
    if not firsts:
        return "yyyy-mm-dd", "every date says by itself what it is"
    day, month = max(firsts) > 12, max(seconds) > 12
    if day and not month:
        return (
            "day_first",
            f"{sum(one > 12 for one in firsts)} dates can only have the day first, none the month",
        )
    if month and not day:
        return (
            "month_first",
            f"{sum(one > 12 for one in seconds)} dates can only have the month first, none the day",
        )
    said = "some have the day first and some the month" if day else "no date shows which comes first"
    return "unknown", f"{said}: ask whoever made the sheet, and write day_first or month_first"


def entry(proposal: ReadingProposal, file: str, centre: str) -> str:
    """The proposal as an entry of sources.yaml."""
    programme = proposal.programme
    lines = [
        f"  - file: {_quoted(file)}",
        f"    layout: {proposal.shape.name}",
        f"    programme: {programme.programme if programme else 'CODE'}",
        f"    version: {_quoted(programme.version) if programme else 'VERSION'}",
        f"    centre: {centre}",
        f"    dates: {proposal.dates}",
    ]
    if proposal.sheet:
        lines.append(f"    sheet: {_quoted(proposal.sheet)}")
    if proposal.mapping:
        lines.append("    columns:")
        lines += [f"      {_quoted(name)}: {_quoted(heading)}" for name, heading in proposal.mapping.items()]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(char if char.isprintable() else " " for char in escaped)}"'
