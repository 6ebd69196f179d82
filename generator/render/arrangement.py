"""A template's regions, filled with what does not vary, as elements in reading order.

What varies between certificates of one programme (name, grades, dates, numbers) gets a slot: a
place of fixed size that the certificate fills later, so that one arrangement serves them all.

The signatories are side by side: written signature, line, name and title.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.errors import Malformed
from generator.model.certificate import Signatory
from generator.model.template import (
    Align,
    AnyItem,
    FactsItem,
    LineItem,
    PictureItem,
    QrItem,
    Region,
    SignaturesItem,
    SpaceItem,
    Style,
    TextItem,
    UnitsItem,
)
from generator.model.wording import VARYING
from generator.render import qr
from generator.render.fitting import FittedText, reserved
from generator.render.marks import POINTS, Element, LineMark, Mark, PictureMark, QrMark, Role, Slot
from generator.render.tables import facts_block, units_block
from generator.render.typesetting import ArrangementInput, Block, Typesetter, expand, quoted_fields

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


def arrange(typesetter: Typesetter, given: ArrangementInput) -> list[Element]:
    """Every region's elements. Faults are in `typesetter.faults`."""
    found: list[Element] = []
    for number, region in enumerate(typesetter.template.layout):
        found += _Region(typesetter, given, region, number).elements()
    if given.sample:
        found += _sample_marks(typesetter)
    return found


def _sample_marks(typesetter: Typesetter) -> list[Element]:
    """Above and below the border: no crop of the page that shows a name loses both."""
    width, height = (side * POINTS for side in typesetter.template.page.size)
    loud = Style(face="strong", size=9, least=6, tracking=3, colour="accent")
    calm = Style(size=7, least=5, colour="quiet")
    found = []
    for text, style, top in (
        (typesetter.words.sample, loud, 3.8 * POINTS),
        (typesetter.words.sample_note, calm, height - 7.0 * POINTS),
    ):
        setting = typesetter.tried("the sample mark", text, style, width - 60 * POINTS)
        if setting:
            inks = typesetter.inks(setting, style, 30 * POINTS, top, width - 60 * POINTS, "centre")
            found.append(Element("P", marks=tuple(inks), about="the sample mark"))
    return found


class _Region:
    def __init__(self, typesetter: Typesetter, given: ArrangementInput, region: Region, number: int) -> None:
        self.typesetter, self.given, self.region, self.number = typesetter, given, region, number
        self.left, self.above, self.width, self.height = (side * POINTS for side in region.box)
        self.styles = typesetter.template.styles

    def elements(self) -> list[Element]:
        wanted = [item for item in self.region.stack if self._wanted(item)]
        rest = [item for item in wanted if not isinstance(item, UnitsItem)]
        blocks = {id(item): self._block(item) for item in rest}
        used = sum(item.above * POINTS for item in wanted) + sum(block.height for block in blocks.values())
        if used > self.height + 0.01:
            over = (used - self.height) / POINTS
            self._fault(f"what is in region {self.number} is {over:.1f} mm higher than its box")
        for item in wanted:
            if isinstance(item, UnitsItem):
                blocks[id(item)] = units_block(
                    self.typesetter, self.given, item, self.left, self.width, self.height - used
                )
                used += blocks[id(item)].height
        spare = max(0.0, self.height - used)
        springs = sum(isinstance(item, SpaceItem) for item in wanted)
        share = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[self.region.across]
        top = self.above + (0.0 if springs else spare * share)
        found: list[Element] = []
        for item in wanted:
            top += item.above * POINTS
            found += blocks[id(item)].place(top)
            top += spare / springs if isinstance(item, SpaceItem) else blocks[id(item)].height
        return found

    def _fault(self, what: str) -> None:
        self.typesetter.faults.append(("the page", Malformed(what)))

    def _wanted(self, item: AnyItem) -> bool:
        statement, fields = self.given.statement, self.given.fields
        there = set(fields) | ({"units"} if statement.units else set())
        there |= {"signatories"} if statement.signatories else set()
        if item.only and statement.kind not in item.only:
            return False
        if isinstance(item, TextItem):
            return set(item.needs) <= there and set(self._names(item.say)) <= there
        if isinstance(item, UnitsItem):
            return bool(statement.units)
        if isinstance(item, SignaturesItem):
            return bool(statement.signatories)
        if isinstance(item, FactsItem):
            return any(name in there for name in item.facts)
        return set(item.needs) <= there

    def _block(self, item: AnyItem) -> Block:
        if isinstance(item, TextItem):
            return self._say(item)
        if isinstance(item, FactsItem):
            return facts_block(self.typesetter, self.given, item, self.left, self.width, self.region.align)
        if isinstance(item, SignaturesItem):
            return signatories_block(
                self.typesetter, self.given, item, self.left, self.width, self.region.align
            )
        if isinstance(item, PictureItem):
            return self._picture(item)
        if isinstance(item, LineItem):
            return self._rule(item)
        if isinstance(item, SpaceItem):
            return Block(0, lambda top: [])
        if isinstance(item, QrItem):
            return self._code(item)
        raise TypeError(f"no block for {type(item).__name__}")

    # ------------------------------------------------------------ lines of text

    def _names(self, text: str) -> list[str]:
        return sorted(quoted_fields(text, self.typesetter.words))

    def _say(self, item: TextItem) -> Block:
        style = self.styles[item.style]
        role: Role = {"title": "H1", "heading": "H2", "line": "P"}[item.role]  # type: ignore[assignment]  # mypy widens the values to str
        names = self._names(item.say)
        about = ", ".join(names) or "a line"
        if not VARYING.intersection(names):
            return self._constant(
                expand(item.say, self.typesetter.words, self.given.fields), style, role, about
            )
        height = reserved(style)

        def slot(top: float) -> Slot:
            def draw(text: str) -> tuple[Mark, ...]:
                setting = self.typesetter.fit(text, style, self.width)
                down = top + (height - setting.size * style.leading * len(setting.lines)) / 2
                return tuple(
                    self.typesetter.inks(setting, style, self.left, down, self.width, self.region.align)
                )

            return Slot(lambda filled: expand(item.say, self.typesetter.words, filled.fields), draw)

        return Block(height, lambda top: [Element(role, slot=slot(top), about=about)])

    def _constant(self, text: str, style: Style, role: Role, about: str) -> Block:
        setting = self.typesetter.tried(about, text, style, self.width)
        if setting is None:
            return Block(0, lambda top: [])
        height = setting.size * style.leading * len(setting.lines)

        def place(top: float) -> list[Element]:
            inks = self.typesetter.inks(setting, style, self.left, top, self.width, self.region.align)
            return [Element(role, marks=tuple(inks), about=about)]

        return Block(height, place)

    # ------------------------------------------------------------ pictures, lines, code

    def _start(self, width: float) -> float:
        share = {"left": 0.0, "centre": 0.5, "right": 1.0}[self.region.align]
        return self.left + (self.width - width) * share

    def _picture(self, item: PictureItem) -> Block:
        image = self.typesetter.template.images[item.image]
        drawn_picture = self.typesetter.drawn_picture(
            f"the picture {image.file}", image.file, self.width, item.height * POINTS
        )
        if drawn_picture is None:
            return Block(0, lambda top: [])

        def place(top: float) -> list[Element]:
            width, height = drawn_picture.form.width, drawn_picture.form.height
            start, bottom = self._start(width), self.typesetter.top - top - height
            box = (start, bottom, start + width, bottom + height)
            return [
                Element(
                    "Figure", marks=(PictureMark(drawn_picture.name, start, bottom),), alt=image.alt, box=box
                )
            ]

        return Block(drawn_picture.form.height, place)

    def _rule(self, item: LineItem) -> Block:
        width = item.rule * POINTS

        def place(top: float) -> list[Element]:
            start, level = self._start(width), self.typesetter.top - top
            stroke = LineMark(
                start, level, start + width, level, item.weight, self.typesetter.colour(item.colour)
            )
            return [Element("Artifact", marks=(stroke,))]

        return Block(item.weight, place)

    def _code(self, item: QrItem) -> Block:
        side = item.qr * POINTS
        alt = expand(self.typesetter.words.qr_alt, self.typesetter.words, self.given.fields)

        def place(top: float) -> list[Element]:
            # The dark modules, not the white margin, line up with the text beside them.
            quiet = side * qr.QUIET / (qr.SIDE + 2 * qr.QUIET)
            shift = {"left": -quiet, "centre": 0.0, "right": quiet}[self.region.align]
            drop = {"top": -quiet, "middle": 0.0, "bottom": quiet}[self.region.across]
            start, bottom = self._start(side) + shift, self.typesetter.top - top - side - drop
            box = (start, bottom, start + side, bottom + side)
            return [
                Element(
                    "Figure",
                    slot=Slot(lambda filled: filled.link, lambda link: (QrMark(link, start, bottom, side),)),
                    alt=alt,
                    box=box,
                    about="the QR code",
                )
            ]

        return Block(side, place)


def flattened(elements: Iterable[Element]) -> Iterable[Element]:
    """The leaves, in reading order."""
    for element in elements:
        if element.children:
            yield from flattened(element.children)
        else:
            yield element
