"""The table of units with grades, or of modules: as many columns and as large a type as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from generator.errors import Malformed
from generator.model.certificate import UnitPrinted
from generator.model.template import Style, UnitsItem
from generator.render.marks import POINTS, Element, LineMark, Mark, Role, Slot
from generator.render.typesetting import ArrangementInput, Block, Typesetter

_PITCH = 1.55  # row height in type sizes
_STEP = 0.25
_GAP = 7.0 * POINTS
_ROOM = 2.5 * POINTS  # between a title and its grade


@dataclass(frozen=True)
class _Plan:
    """One way of setting the table that fits; widths in points."""

    columns: int
    size: float
    width: float
    code: float
    title: float
    grade: float


def units_block(
    typesetter: Typesetter, given: ArrangementInput, item: UnitsItem, left: float, width: float, height: float
) -> Block:
    """The table within `height` points. A table that cannot fit is a fault and an empty block."""
    units = given.statement.units or ()
    graded = any(unit.grade is not None for unit in units)
    plan = _plan(typesetter, item, units, graded, width, height)
    if plan is None:
        least = typesetter.template.styles[item.style].least
        room = f"{width / POINTS:.0f} x {height / POINTS:.0f} mm"
        what = f"{len(units)} units do not fit into {room} at {least} points"
        typesetter.faults.append(("the table of units", Malformed(what)))
        return Block(0, lambda top: [])
    table = _Table(typesetter, item, units, graded, given.statement.kind == "course", plan, left)
    return Block(table.height, table.place)


def _plan(
    typesetter: Typesetter,
    item: UnitsItem,
    units: Sequence[UnitPrinted],
    graded: bool,
    width: float,
    height: float,
) -> _Plan | None:
    style = typesetter.template.styles[item.style]
    size = style.size
    while size >= (style.least or style.size):
        one = style.model_copy(update={"size": size, "least": size, "lines": 1})
        for columns in range(1, item.columns + 1):
            rows = ceil(len(units) / columns)
            column = (width - _GAP * (columns - 1)) / columns
            if (rows + 1) * size * _PITCH > height:
                continue
            code = max(_natural(typesetter, unit.code, one) for unit in units) + 3 * POINTS
            code = max(code, _natural(typesetter, typesetter.words.module, one) + 2 * POINTS)
            grade = item.grade_width * POINTS * size / style.size if graded else 0.0
            title = column - code - grade
            if max(_natural(typesetter, unit.title, one) for unit in units) <= title - _ROOM:
                return _Plan(columns, size, column, code, title, grade)
        size -= _STEP
    return None


def _natural(typesetter: Typesetter, text: str, style: Style) -> float:
    """The width of a text at the style's size; one that no font can draw is a fault and has none."""
    setting = typesetter.tried("the table of units", text, style, 10_000)
    return setting.width(setting.lines[0]) if setting else 0.0


@dataclass
class _Table:
    typesetter: Typesetter
    item: UnitsItem
    units: Sequence[UnitPrinted]
    graded: bool
    course: bool
    plan: _Plan
    left: float

    def __post_init__(self) -> None:
        styles = self.typesetter.template.styles
        fixed = {"size": self.plan.size, "least": self.plan.size, "lines": 1}
        self.style = styles[self.item.style].model_copy(update=fixed)
        head = styles[self.item.head_style]
        size = min(head.size, self.plan.size)
        self.head = head.model_copy(update={"size": size, "least": 5.0, "lines": 1})
        self.pitch = self.plan.size * _PITCH
        self.rows = ceil(len(self.units) / self.plan.columns)
        self.height = (self.rows + 1) * self.pitch

    def place(self, top: float) -> list[Element]:
        """The table below `top` points from the top of the page."""
        rows = [self._headings(top)]
        extra: list[Element] = []
        for column in range(self.plan.columns):
            left = self.left + column * (self.plan.width + _GAP)
            units = self.units[column * self.rows : (column + 1) * self.rows]
            if not units:
                continue
            extra += self._lines(left, top, len(units))
            if column:
                marks = [
                    mark for cell in self._cells("TH", left, top, *self._titles()) for mark in cell.marks
                ]
                extra.append(Element("Artifact", marks=tuple(marks)))
            for row, unit in enumerate(units):
                rows.append(self._row(unit, column * self.rows + row, left, top + (row + 1) * self.pitch))
        return [*extra, Element("Table", tuple(rows), about="the table of units")]

    def _titles(self) -> tuple[str, str, str]:
        words = self.typesetter.words
        if self.course:
            return (words.module, words.module_title, words.module_grade if self.graded else "")
        return (words.unit, words.unit_title, words.unit_grade if self.graded else "")

    def _headings(self, top: float) -> Element:
        return Element("TR", tuple(self._cells("TH", self.left, top, *self._titles())))

    def _lines(self, left: float, top: float, rows: int) -> list[Element]:
        marks: list[Mark] = []
        for row in range(rows + 1):
            level = self.typesetter.top - top - (row + 1) * self.pitch
            weight, colour = (0.6, "quiet") if row == 0 else (0.25, "line")
            marks.append(
                LineMark(left, level, left + self.plan.width, level, weight, self.typesetter.colour(colour))
            )
        return [Element("Artifact", marks=tuple(marks))]

    def _cells(self, role: Role, left: float, top: float, code: str, title: str, grade: str) -> list[Element]:
        style = self.head if role == "TH" else self.style
        cells = [(code, left, self.plan.code), (title, left + self.plan.code, self.plan.title)]
        if self.graded and grade:
            cells.append((grade, left + self.plan.code + self.plan.title, self.plan.grade))
        found = []
        for text, start, width in cells:
            setting = self.typesetter.tried("the table of units", text, style, width)
            room = (self.pitch - style.size * style.leading) / 2
            inks = self.typesetter.inks(setting, style, start, top + room, width, "left") if setting else []
            found.append(Element(role, marks=tuple(inks), about="the table of units"))
        return found

    def _row(self, unit: UnitPrinted, index: int, left: float, top: float) -> Element:
        cells = self._cells("TD", left, top, unit.code, unit.title, "")
        if self.graded:
            start = left + self.plan.code + self.plan.title
            room = (self.pitch - self.style.size * self.style.leading) / 2
            style = self.style.model_copy(update={"least": 5.0, "face": "strong"})

            def draw(grade: str) -> tuple[Mark, ...]:
                if not grade:
                    return ()
                setting = self.typesetter.fit(grade, style, self.plan.grade)
                return tuple(self.typesetter.inks(setting, style, start, top + room, self.plan.grade, "left"))

            slot = Slot(lambda filled: filled.grades[index] or "", draw, repeats=True)
            cells.append(Element("TD", slot=slot, about=f"the grade of unit {unit.code}"))
        return Element("TR", tuple(cells))
