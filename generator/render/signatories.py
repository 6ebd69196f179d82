"""The signatories side by side: written signature, line, name and title."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.certificate import Signatory
from generator.model.template import Align, SignaturesItem, Style
from generator.render.fitting import FittedText
from generator.render.marks import POINTS, Element, LineMark, PictureMark
from generator.render.typesetting import ArrangementInput, Block, Typesetter

_GAP = 8.0 * POINTS
_BELOW = 1.2 * POINTS


@dataclass(frozen=True)
class _Person:
    signatory: Signatory
    name: FittedText | None
    title: FittedText | None


def signatories_block(
    typesetter: Typesetter,
    given: ArrangementInput,
    item: SignaturesItem,
    left: float,
    width: float,
    align: Align,
) -> Block:
    """All signatories of the statement, of equal width."""
    people = given.statement.signatories
    each = min(item.width * POINTS, (width - _GAP * (len(people) - 1)) / len(people))
    whole = each * len(people) + _GAP * (len(people) - 1)
    start = left + (width - whole) * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
    row = _Row(typesetter, given, item, each)
    set_people = [row.person(person) for person in people]
    rise = item.height * POINTS
    height = rise + _BELOW + max(row.depth(person) for person in set_people)

    def place(top: float) -> list[Element]:
        found: list[Element] = []
        for rank, person in enumerate(set_people):
            found += row.place(person, start + rank * (each + _GAP), top, rise)
        return found

    return Block(height, place)


@dataclass
class _Row:
    typesetter: Typesetter
    given: ArrangementInput
    item: SignaturesItem
    width: float

    def __post_init__(self) -> None:
        styles = self.typesetter.template.styles
        self.name_style, self.title_style = styles[self.item.style], styles[self.item.title_style]

    def person(self, signatory: Signatory) -> _Person:
        """The signatory with name and title set to the width."""
        name = self.typesetter.tried("a signatory's name", signatory.name, self.name_style, self.width)
        title = self.typesetter.tried("a signatory's title", signatory.title, self.title_style, self.width)
        return _Person(signatory, name, title)

    def depth(self, person: _Person) -> float:
        """The height of name and title in points."""
        return _depth(person.name, self.name_style) + _depth(person.title, self.title_style)

    def place(self, person: _Person, left: float, top: float, rise: float) -> list[Element]:
        """One signatory; the line is `rise` points below `top`."""
        level = self.typesetter.top - top - rise
        stroke = LineMark(left, level, left + self.width, level, 0.5, self.typesetter.colour("quiet"))
        found = [*self._written(person, left, level, rise), Element("Artifact", marks=(stroke,))]
        down = top + rise + _BELOW
        for setting, style, about in (
            (person.name, self.name_style, "a signatory's name"),
            (person.title, self.title_style, "a signatory's title"),
        ):
            if setting:
                inks = self.typesetter.inks(setting, style, left, down, self.width, "left")
                found.append(Element("P", marks=tuple(inks), about=about))
                down += _depth(setting, style)
        return found

    def _written(self, person: _Person, left: float, level: float, rise: float) -> list[Element]:
        """The written signature, a little into the line as hands do."""
        file = self.given.signatures.get(person.signatory.name)
        drawn_picture = file and self.typesetter.drawn_picture(
            f"the signature {file}", file, self.width * 0.9, rise * 1.12
        )
        if not drawn_picture:
            return []
        form, bottom = drawn_picture.form, level - rise * 0.14
        box = (left, bottom, left + form.width, bottom + form.height)
        alt = self.typesetter.words.signature_of.format(name=person.signatory.name)
        return [Element("Figure", marks=(PictureMark(drawn_picture.name, left, bottom),), alt=alt, box=box)]


def _depth(setting: FittedText | None, style: Style) -> float:
    return setting.size * style.leading * len(setting.lines) if setting else 0.0
