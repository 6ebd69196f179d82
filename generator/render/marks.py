"""What is on a page: marks at their places, gathered into elements in reading order.

Places are points from the bottom left corner of the page, as in PDF.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from generator.render.shaping import ShapedLine

POINTS = 72 / 25.4  # in a millimetre


@dataclass(frozen=True, slots=True)
class TextMark:
    """One shaped line: `left` and `base` of its first baseline point, size and letterspacing."""

    line: ShapedLine
    left: float
    base: float
    size: float
    colour: str
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class LineMark:
    """A straight line."""

    left: float
    bottom: float
    right: float
    top: float
    weight: float
    colour: str


@dataclass(frozen=True, slots=True)
class PictureMark:
    """A picture of the template, by its resource name, at its own size."""

    picture: str
    left: float
    bottom: float


@dataclass(frozen=True, slots=True)
class QrMark:
    """The QR code of a text; the side includes the quiet margin."""

    payload: str
    left: float
    bottom: float
    side: float


Mark = TextMark | LineMark | PictureMark | QrMark


@dataclass(frozen=True)
class VaryingParts:
    """What one certificate puts into the varying places: printed fields, grades line by line, QR text."""

    fields: dict[str, str]
    grades: tuple[str | None, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that each certificate fills: what it reads there, and the marks of that text.

    What is drawn follows from the text alone; `repeats` says that few texts occur, such as grades.
    """

    read: Callable[[VaryingParts], str]
    draw: Callable[[str], tuple[Mark, ...]]
    repeats: bool = False

    def marks(self, filled: VaryingParts) -> tuple[Mark, ...]:
        """The marks of one certificate. Raises `Malformed` where its text does not fit."""
        return self.draw(self.read(filled))


Role = Literal["Document", "Sect", "H1", "H2", "P", "Figure", "Table", "TR", "TH", "TD", "Artifact"]


@dataclass(frozen=True)
class Element:
    """A node of the structure tree: children, or marks, or a slot that makes the marks of `about`."""

    role: Role
    children: tuple[Element, ...] = ()
    marks: tuple[Mark, ...] = ()
    slot: Slot | None = None
    alt: str | None = None
    box: tuple[float, float, float, float] | None = None
    about: str = ""
