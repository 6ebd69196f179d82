"""Finding the headings: on which line they are, which shape they are of, which column is which.

Titles above, empty lines and group headings merged over several columns are looked past. A column
that is there twice, or that is missing, is a problem of the whole sheet; a column that nobody needs
is named in the remarks, so that a mistyped heading is not overlooked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.errors import Refused
from generator.sheets.codes import SHEET_COLUMN, SHEET_COLUMN_TWICE, SHEET_MISSING, SHEET_SHAPE, SHEET_TWO
from generator.sheets.grid import Grid, GridLine, letter
from generator.sheets.shapes import DATED, SHAPES, Shape, folded

_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class FoundHeadings:
    """The headings of a sheet. `columns` is our name -> place from 0; `written` is our name -> theirs."""

    grid: Grid
    shape: Shape
    line: int
    columns: Mapping[str, int]
    written: Mapping[str, str]
    width: int
    titles: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def cell(self, name: str) -> str:
        """A column as messages name it: their heading, and its letter."""
        return self.written.get(name) or name


@dataclass(frozen=True, slots=True)
class _Candidate:
    shape: Shape
    line: GridLine
    named: tuple[tuple[str, int], ...]

    @property
    def missing(self) -> list[str]:
        have = {name for name, _ in self.named}
        return [name for name in self.shape.needed if name not in have]

    @property
    def score(self) -> tuple[int, bool, int]:
        """The more of its columns the better, so that half a grade sheet is no registration sheet."""
        found = len({name for name, _ in self.named})
        return found - 2 * len(self.missing), not self.missing, len(self.shape.needed)


def find(
    grids: Iterable[Grid],
    shapes: Iterable[Shape] = SHAPES,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> FoundHeadings:
    """The best headings of all sheets, hidden sheets only where named. Raises `Refused` otherwise.

    `mapping` is our name -> their heading, for sheets whose headings are nobody's.
    """
    grids = tuple(grids)
    shapes = tuple(shapes)
    looked = [grid for grid in grids if grid.sheet == sheet] if sheet else [g for g in grids if not g.hidden]
    if not looked:
        names = ", ".join(grid.sheet for grid in grids)
        what = f"has no sheet `{sheet}`" if sheet else "has hidden sheets only"
        fix = f"name one of its sheets in sources.yaml: {names}"
        raise Refused(SHEET_MISSING.at(grids[0].place, what, fix))
    ranked = sorted(
        ((candidate, grid) for grid in looked for candidate in _candidates(grid, shapes, mapping or {})),
        key=lambda pair: pair[0].score,
        reverse=True,
    )
    if not ranked or not ranked[0][0].named:
        what = "has no line of headings that is known"
        fix = "put the column names above the rows; `certportal import --propose FILE` proposes a mapping"
        raise Refused(SHEET_COLUMN.at(grids[0].place, what, fix))
    best, grid = ranked[0]
    _alone(ranked, best, grid)
    return _checked(best, grid)


def _alone(ranked: list[tuple[_Candidate, Grid]], best: _Candidate, grid: Grid) -> None:
    """Two visible sheets that both could be it are a question, not a guess."""
    for candidate, other in ranked[1:]:
        same = candidate.shape is best.shape and not candidate.missing and not best.missing
        if same and other.sheet != grid.sheet and _has_rows(other, candidate.line.number):
            what = f"has two sheets of the same kind: {grid.sheet}, {other.sheet}"
            fix = "name the one to read in sources.yaml (`sheet:`), or hide or remove the other"
            raise Refused(SHEET_TWO.at(grid.place, what, fix))


def _has_rows(grid: Grid, after: int) -> bool:
    return any(line.number > after and not line.blank for line in grid.walk())


def _candidates(grid: Grid, shapes: tuple[Shape, ...], mapping: Mapping[str, str]) -> list[_Candidate]:
    theirs = {folded(heading): name for name, heading in mapping.items()}
    found = []
    above: GridLine | None = None
    for line in grid.walk():
        if line.number > _LOOKED_AT:
            break
        grouped = _grouped(above, line, grid)
        for shape in shapes:
            for cells in {line.cells, grouped}:
                # A workbook does not keep the empty heading that a last date column has.
                headings = (*cells, "") if shape.pairs == "blank" and grid.sheet else cells
                named = tuple(_named(shape, headings, theirs))
                if len(named) > 1:
                    found.append(_Candidate(shape, GridLine(line.number, headings), named))
        above = line
    return found


def _grouped(above: GridLine | None, line: GridLine, grid: Grid) -> tuple[str, ...]:
    """Headings with the merged group heading above each: `U3` over `Grade` as `U3 Grade`."""
    if above is None:
        return line.cells
    groups: dict[int, str] = {}
    for span in grid.spans:
        if span.top <= above.number <= span.bottom < line.number and span.right > span.left:
            text = above.cell(span.left - 1)
            groups |= dict.fromkeys(range(span.left - 1, span.right), text)
    cells = [f"{groups.get(column, '')} {cell}".strip() for column, cell in enumerate(line.cells)]
    # A heading merged downwards was carried into this line already.
    return tuple(cells)


def _named(shape: Shape, headings: tuple[str, ...], theirs: Mapping[str, str]) -> Iterable[tuple[str, int]]:
    last = ""
    for column, heading in enumerate(headings):
        name = theirs.get(folded(heading)) if heading else None
        if name is None and heading:
            name = shape.named(heading)
        if name is None and shape.pairs == "blank" and not heading:
            name = f"{last}{DATED}" if last else ("name" if column == 0 else None)
        if name is None and shape.pairs and heading:
            name = heading if _paired(shape, headings, column) else None
        last = heading if name == heading and shape.pairs == "blank" and heading else ""
        if name is not None:
            yield name, column


def _paired(shape: Shape, headings: tuple[str, ...], column: int) -> bool:
    """Whether an unknown heading is an activity, or an activity's date."""
    heading = headings[column]
    if shape.pairs == "blank":
        return column + 1 < len(headings) and not headings[column + 1]
    return heading.endswith(DATED) or f"{heading}{DATED}" in headings


def _checked(best: _Candidate, grid: Grid) -> FoundHeadings:
    place = grid.place.at(best.line.number)
    headings = best.line.cells
    missing = best.missing
    problems = [
        SHEET_COLUMN.at(place, f"the column `{name}` is missing", _listing(headings)) for name in missing
    ]
    columns: dict[str, int] = {}
    for name, column in best.named:
        first = columns.setdefault(name, column)
        if first != column:
            what = (
                f"the column `{name}` is there twice, as {_at(headings, first)} and {_at(headings, column)}"
            )
            problems.append(SHEET_COLUMN_TWICE.at(place, what, "remove or rename one of them"))
    names = {"First names", "Last names", "Name"}
    if best.shape.wants_names and not names & set(columns):
        problems.append(SHEET_COLUMN.at(place, "no column holds the names", _listing(headings)))
    if problems:
        if len(missing) > len(columns):
            what = "is no sheet of a known shape"
            fix = "`certportal import --propose FILE` proposes a mapping for it"
            raise Refused(SHEET_SHAPE.at(place, what, fix))
        raise Refused(problems)
    used = set(columns.values())
    unused = tuple(head for place, head in enumerate(headings) if head and place not in used)
    written = {name: headings[column] or name for name, column in columns.items()}
    width = max((place for place, head in enumerate(headings) if head), default=0) + 1
    width = max(width, max(used) + 1)
    titles = tuple(cell for line in _above(grid, best.line.number) for cell in line.cells if cell)
    return FoundHeadings(grid, best.shape, best.line.number, columns, written, width, titles, unused)


def _above(grid: Grid, number: int) -> Iterable[GridLine]:
    for line in grid.walk():
        if line.number >= number:
            return
        yield line


def _at(headings: tuple[str, ...], column: int) -> str:
    return f"`{headings[column]}` in {letter(column)}"


def _listing(headings: tuple[str, ...]) -> str:
    listed = ", ".join(heading for heading in headings if heading)
    return f"add it, or name it in sources.yaml (`columns:`); the columns found are: {listed}"
