"""The tables of a certificate: units with grades or modules, and labels with their values.

Units get as many columns and as large a type as fit. Labels are beside their values, so that a reader, a
screen reader and a text search pair them alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from generator.errors import Malformed
from generator.model.certificate import UnitPrinted
from generator.model.template import Align, FactsItem, Style, UnitsItem
from generator.model.wording import VARYING
from generator.render.fitting import FittedText
from generator.render.marks import POINTS, Element, LineMark, Mark, Role, Slot
from generator.render.typesetting import ArrangementInput, Block, Typesetter
from generator.terms import UNIT

_COLUMN_GAP = 6.0 * POINTS
_LABEL_GAP = 2.0 * POINTS


def facts_block(
    typesetter: Typesetter, given: ArrangementInput, item: FactsItem, left: float, width: float, align: Align
) -> Block:
    """Those of the facts that this certificate has, row by row."""
    styles = typesetter.template.styles
    column = (width - _COLUMN_GAP * (item.columns - 1)) / item.columns
    label_width = item.label_width * POINTS
    grid = _Grid(
        typesetter,
        given,
        styles[item.style],
        styles[item.label_style],
        label_width,
        column,
        align if item.stacked else "left",
        item.stacked,
    )
    names = [name for name in item.facts if name in given.fields]
    rows = [names[start : start + item.columns] for start in range(0, len(names), item.columns)]
    heights = [max(grid.height(name) for name in row) for row in rows]

    def place(top: float) -> list[Element]:
        found = []
        for row, height in zip(rows, heights, strict=True):
            for rank, name in enumerate(row):
                found.append(grid.fact(name, left + rank * (column + _COLUMN_GAP), top))
            top += height
        return found

    return Block(sum(heights), place)


@dataclass
class _Grid:
    typesetter: Typesetter
    given: ArrangementInput
    style: Style
    label_style: Style
    label_width: float
    column: float
    align: Align
    stacked: bool

    def __post_init__(self) -> None:
        self.start = 0.0 if self.stacked else self.label_width + _LABEL_GAP
        self.value_width = self.column - self.start
        self.below = self.label_style.size * self.label_style.leading if self.stacked else 0.0

    def _value(self, name: str) -> FittedText | None:
        return self.typesetter.tried(name, self.given.fields[name], self.style, self.value_width)

    def height(self, name: str) -> float:
        """The height of a fact in points; one that varies has one line."""
        line = self.style.size * self.style.leading
        extra = self.below + (_LABEL_GAP / 2 if self.stacked else 0)
        value = None if name in VARYING else self._value(name)
        lines = value.size * self.style.leading * len(value.lines) if value else line
        return extra + max(line, lines)

    def fact(self, name: str, left: float, top: float) -> Element:
        """The fact at this place, as a paragraph of its own."""
        label = self._label(name, left, top)
        start, top = left + self.start, top + self.below
        if name not in VARYING:
            value = self._value(name)
            inks = (
                self.typesetter.inks(value, self.style, start, top, self.value_width, self.align)
                if value
                else []
            )
            return Element("P", marks=(*label, *inks), about=name)
        one = self.style.model_copy(update={"lines": 1})

        def draw(text: str) -> tuple[Mark, ...]:
            setting = self.typesetter.fit(text, one, self.value_width)
            spare = (one.size - setting.size) * one.leading / 2
            return (
                *label,
                *self.typesetter.inks(setting, one, start, top + spare, self.value_width, self.align),
            )

        slot = Slot(lambda filled: filled.fields[name], draw, repeats=name not in ("serial", "number"))
        return Element("P", slot=slot, about=name)

    def _label(self, name: str, left: float, top: float) -> list[Mark]:
        # The space keeps label and value apart for who listens to the page.
        text = getattr(self.typesetter.words, name) + ("" if self.stacked else " ")
        style = self.label_style
        width = self.column if self.stacked else self.label_width
        setting = self.typesetter.tried(f"the label of {name}", text, style, width)
        if setting is None:
            return []
        # Label and value share a baseline whatever their sizes.
        drop = self.typesetter.rise(self.style, self.style.size) - self.typesetter.rise(style, setting.size)
        drop = 0.0 if self.stacked else drop
        return [*self.typesetter.inks(setting, style, left, top + drop, width, self.align)]


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
        what = f"{len(units)} {UNIT}s do not fit into {room} at {least} points"
        typesetter.faults.append((f"the table of {UNIT}s", Malformed(what)))
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
    setting = typesetter.tried(f"the table of {UNIT}s", text, style, 10_000)
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
        return [*extra, Element("Table", tuple(rows), about=f"the table of {UNIT}s")]

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
            setting = self.typesetter.tried(f"the table of {UNIT}s", text, style, width)
            room = (self.pitch - style.size * style.leading) / 2
            inks = self.typesetter.inks(setting, style, start, top + room, width, "left") if setting else []
            found.append(Element(role, marks=tuple(inks), about=f"the table of {UNIT}s"))
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
            cells.append(Element("TD", slot=slot, about=f"the grade of {UNIT} {unit.code}"))
        return Element("TR", tuple(cells))
