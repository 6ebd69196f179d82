"""Labels with values side by side, so that a reader, a screen reader and a text search pair them alike."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.template import Align, FactsItem, Style
from generator.model.wording import VARYING
from generator.render.fitting import FittedText
from generator.render.marks import POINTS, Element, Mark, Slot
from generator.render.typesetting import ArrangementInput, Block, Typesetter

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
