"""What every item of a page is set with: the template, its words and faces, and the faults met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from string import Formatter

from generator.errors import Malformed
from generator.model.certificate import Statement
from generator.model.template import Style, Template
from generator.model.wording import Wording
from generator.render.faces import Family
from generator.render.fitting import FittedText, fit
from generator.render.marks import POINTS, Element, TextMark
from generator.render.shaping import shape
from generator.render.template_pictures import DrawnPicture, TemplatePictures

# The share of a line's height that lies above its baseline.
_RISE = 0.76


@dataclass(frozen=True)
class Block:
    """An item with its height in points; `place` puts it at a distance from the top of the page."""

    height: float
    place: Callable[[float], list[Element]]


@dataclass
class Typesetter:
    """What setting text needs to know, and the faults met on the way, each with what it is about."""

    template: Template
    words: Wording
    families: dict[str, Family]
    language: str
    gallery: TemplatePictures
    faults: list[tuple[str, Malformed]] = field(default_factory=list)

    @property
    def top(self) -> float:
        """The page's height in points."""
        return self.template.page.size[1] * POINTS

    def colour(self, name: str) -> str:
        """A palette colour as `#rrggbb`."""
        return str(getattr(self.template.colours, name))

    def fit(self, text: str, style: Style, width: float) -> FittedText:
        """See fitting.fit; for the style's own family."""
        return fit(text, style, width, self.families[style.face], self.language)

    def tried(self, about: str, text: str, style: Style, width: float) -> FittedText | None:
        """The same, with a fault noted instead of raised."""
        try:
            return self.fit(text, style, width)
        except Malformed as error:
            self.faults.append((about, error))
            return None

    def rise(self, style: Style, size: float) -> float:
        """From the top of a line of this type size down to its baseline."""
        return (size * style.leading - size) / 2 + size * _RISE

    def drawn_picture(self, about: str, file: str, width: float, height: float) -> DrawnPicture | None:
        """The template's picture for a box in points, or None with the fault noted."""
        try:
            return self.gallery.picture(file, width, height)
        except Malformed as error:
            self.faults.append((about, error))
            return None

    def inks(
        self, setting: FittedText, style: Style, left: float, top: float, width: float, align: str
    ) -> list[TextMark]:
        """The lines of a setting below `top` (points from the top of the page), aligned in `width`."""
        pitch = setting.size * style.leading
        space = shape(" ", self.families[style.face], self.language)
        out = []
        for index, line in enumerate(setting.lines):
            drawn = setting.width(line)
            start = left + {"left": 0.0, "centre": (width - drawn) / 2, "right": width - drawn}[align]
            base = self.top - top - index * pitch - self.rise(style, setting.size)
            shared = (base, setting.size, self.colour(style.colour), setting.tracking)
            out.append(TextMark(line, start, *shared))
            if index + 1 < len(setting.lines):
                out.append(TextMark(space, start + drawn, *shared))
        return out


@dataclass(frozen=True)
class ArrangementInput:
    """What an arrangement is made of, beside the template: the constant fields and the shape of the rest."""

    statement: Statement
    fields: dict[str, str]
    signatures: dict[str, str]
    sample: bool


def quoted_fields(text: str, words: Wording) -> set[str]:
    """The certificate's fields that a line needs, also those inside the words it quotes."""
    found: set[str] = set()
    for _, name, _, _ in Formatter().parse(text):
        if name is None:
            continue
        if name.startswith("words."):
            found |= quoted_fields(getattr(words, name[6:]), words)
        else:
            found.add(name)
    return found


def expand(text: str, words: Wording, fields: dict[str, str]) -> str:
    """The line with its fields and words in place. Raises KeyError for a field that is absent."""
    out = []
    for literal, name, _, _ in Formatter().parse(text):
        out.append(literal)
        if name is not None:
            quoted = name.startswith("words.")
            out.append(expand(getattr(words, name[6:]), words, fields) if quoted else fields[name])
    return "".join(out)
