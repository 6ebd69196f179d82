"""Text into a width: at full size, else shrunk a little, else wrapped, else smaller still, never clipped."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from generator.errors import Malformed
from generator.model.template import Style
from generator.render.faces import Family
from generator.render.shaping import ShapedLine, reads_right_to_left, shape

# How far one line shrinks before it wraps, and how large wrapped lines may be.
_ONE_LINE = 0.74
_TWO_LINES = 0.72
_STEP = 0.25
# From this size on it is display type, which shrinks before it wraps; smaller type is a paragraph.
_DISPLAY = 14


class TextTooLong(Malformed):
    """The text is too long for its place at the smallest size allowed."""


@dataclass(frozen=True, slots=True)
class FittedText:
    """Lines that fit, with the type size in points."""

    lines: tuple[ShapedLine, ...]
    size: float
    tracking: float

    def width(self, line: ShapedLine) -> float:
        """The drawn width of a line in points."""
        return line.width * self.size / 1000 + self.tracking * max(0, line.count - 1)


def reserved(style: Style) -> float:
    """The height in points that a text of unknown length may take in this style."""
    return max(1.0, _TWO_LINES * style.lines) * style.size * style.leading


def fit(text: str, style: Style, width: float, family: Family, language: str) -> FittedText:
    """The text set within `width` points. Raises `Unfitting`, or `Undrawable` from shaping."""
    least = style.least or style.size
    whole = shape(text, family, language)
    single = _size(whole, style, width)
    if style.lines > 1 and style.size < _DISPLAY and single < style.size:
        return _paragraph(text, style, least, width, family, language)
    if single >= min(style.size, max(least, style.size * (_ONE_LINE if style.lines > 1 else 0))):
        return FittedText((whole,), _floor(single), style.tracking)
    if style.lines > 1:
        for lines in _halves(text, family, language):
            size = min(style.size * _TWO_LINES, *(_size(line, style, width) for line in lines))
            if size >= least and size > single:
                return FittedText(lines, _floor(size), style.tracking)
    if single >= least:
        return FittedText((whole,), _floor(single), style.tracking)
    raise TextTooLong(
        f"{len(text)} characters do not fit into {width / 72 * 25.4:.0f} mm at {least:g} points"
    )


def _size(line: ShapedLine, style: Style, width: float) -> float:
    room = width - style.tracking * max(0, line.count - 1)
    return min(style.size, room * 1000 / line.width) if line.width else style.size


def _floor(size: float) -> float:
    return int(size * 20 + 1e-6) / 20


def _breaks(text: str) -> list[tuple[str, str]]:
    """Every way of breaking the text in two: at spaces, after hyphens, between Han characters."""
    found = []
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        if after == " " or before == "-" or (_wide(before) and _wide(after)):
            found.append((text[:index].rstrip(), text[index:].lstrip()))
    return found


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) == "W"


def _halves(text: str, family: Family, language: str) -> list[tuple[ShapedLine, ShapedLine]]:
    """Both lines of each break, the best balanced break first."""
    rtl = reads_right_to_left(text)
    made = [tuple(shape(part, family, language, rtl) for part in parts) for parts in _breaks(text)]
    return sorted(((one, two) for one, two in made), key=lambda lines: max(line.width for line in lines))


def _paragraph(
    text: str, style: Style, least: float, width: float, family: Family, language: str
) -> FittedText:
    size = style.size
    while size >= least:
        lines = _filled(text, size, style, width, family, language)
        if lines is not None and len(lines) <= style.lines:
            return FittedText(lines, size, style.tracking)
        size -= _STEP
    place = f"{style.lines} lines of {width / 72 * 25.4:.0f} mm"
    raise TextTooLong(f"{len(text)} characters do not fit into {place} at {least:g} points")


def _filled(
    text: str, size: float, style: Style, width: float, family: Family, language: str
) -> tuple[ShapedLine, ...] | None:
    """Lines filled one after the other, or None where a single word is too wide."""
    rtl = reads_right_to_left(text)
    lines: list[ShapedLine] = []
    rest = text
    while rest:
        whole = shape(rest, family, language, rtl)
        if _size(whole, style, width) >= min(size, style.size):
            return (*lines, whole)
        for head, tail in reversed(_breaks(rest)):
            line = shape(head, family, language, rtl)
            if line.width * size / 1000 + style.tracking * line.count <= width:
                lines.append(line)
                rest = tail
                break
        else:
            return None
    return tuple(lines)
