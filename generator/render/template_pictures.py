"""The pictures of one template, each drawn once for its box.

The ornament is fine lines, interlaced waves and rosettes, the engraver's guard against copying: one period
is drawn once and repeated by reference, which keeps a page of lines to a few hundred bytes of compressed
outline. Its lengths are millimetres.

The adapter for fpdf2's drawing and for pikepdf: fpdf2 draws each on a page of its own; pikepdf takes that
page apart. The form is a plain value (see objects.py), so that any document can hold it under its own
numbers.
"""

from __future__ import annotations

import hashlib
import io
import logging
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import cos, pi, sin
from typing import Any

import pikepdf

from generator.errors import Malformed
from generator.model.template import Border, Template
from generator.render import picture as pictures
from generator.render.marks import POINTS
from generator.render.pdf.objects import Name, Stream

_WAVE = 4.2  # about one period of a band
Point = tuple[float, float]

# What it cannot draw is refused by render/picture.py; what it passes over is an SVG's title.
logging.getLogger("fpdf.svg").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Form:
    """A drawing of this size in points, its own origin at the bottom left."""

    width: float
    height: float
    value: Stream


def drawn(picture: pictures.CheckedPicture, width: float, height: float, paper: str) -> Form:
    """A picture as large as fits into the box, in points. Raises `Malformed` where fpdf2 cannot draw it."""
    width, height = min(width, height * picture.ratio), min(height, width / picture.ratio)
    data = picture.data if picture.vector else pictures.printed(picture, width, paper)
    return _form(data, width, height)


@lru_cache(maxsize=8)
def ornament(svg: str, width: float, height: float) -> Form:
    """An SVG that covers a page of this size in points."""
    return _form(svg.encode(), width, height)


def _form(data: bytes, width: float, height: float) -> Form:
    # Here, because fpdf2 takes as long to load as all else together, and most commands draw nothing.
    from fpdf import FPDF
    from fpdf.errors import FPDFException

    sheet = FPDF(unit="pt", format=(width, height))
    sheet.set_margin(0)
    sheet.set_auto_page_break(False)
    sheet.set_compression(False)
    sheet.add_page()
    try:
        sheet.image(io.BytesIO(data), x=0, y=0, w=width, h=height)
        made = bytes(sheet.output())
    except (
        FPDFException,
        ValueError,
        TypeError,
        LookupError,
        ArithmeticError,
        AttributeError,
        RuntimeError,
    ) as error:
        # Its reader of SVG answers what it does not expect with whatever came of that.
        raise Malformed(f"cannot be drawn: {error}") from None
    with pikepdf.open(io.BytesIO(made)) as pdf:
        page = pdf.pages[0]
        about = {
            "Type": Name("XObject"),
            "Subtype": Name("Form"),
            "BBox": [0, 0, round(width, 3), round(height, 3)],
            "Resources": _used(_value(page.obj.get("/Resources", pikepdf.Dictionary()))),
        }
        content = b"".join(stream.read_bytes() for stream in _streams(page.obj.Contents))
    return Form(width, height, Stream(about, content))


def _streams(contents: Any) -> list[Any]:
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _used(resources: dict[str, Any]) -> dict[str, Any]:
    """The resources without what is empty and the list of procedure sets, which nobody reads."""
    return {name: value for name, value in resources.items() if value and name != "ProcSet"}


def _value(item: Any) -> Any:
    """A pikepdf object as a plain value; streams are deflated afresh, as small as can be."""
    if isinstance(item, pikepdf.Stream):
        about = {
            name[1:]: _value(value) for name, value in item.items() if name not in ("/Length", "/DecodeParms")
        }
        if item.get("/Filter") == pikepdf.Name.DCTDecode:
            return Stream(about, item.read_raw_bytes())
        about.pop("Filter", None)
        return Stream(about | {"Filter": Name("FlateDecode")}, zlib.compress(item.read_bytes(), 9))
    if isinstance(item, pikepdf.Dictionary):
        return {name[1:]: _value(value) for name, value in item.items()}
    if isinstance(item, pikepdf.Array):
        return [_value(value) for value in item]
    if isinstance(item, pikepdf.Name):
        return Name(str(item)[1:])
    if isinstance(item, pikepdf.String):
        return bytes(item)
    if isinstance(item, bool | int):
        return item
    if isinstance(item, Decimal | float):
        return float(item)
    raise Malformed(f"a {type(item).__name__} in a drawing")


@dataclass(frozen=True)
class DrawnPicture:
    """A picture's resource name, which follows from its content and box alone, and its drawing."""

    name: str
    form: Form


class TemplatePictures:
    """Draws on demand. Raises `Malformed` for a picture that cannot be drawn."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._drawn_pictures: dict[str, DrawnPicture] = {}
        self._sources: dict[str, bytes] = {}

    def picture(self, file: str, width: float, height: float) -> DrawnPicture:
        """The picture as large as fits the box, in points."""
        data = self._template.asset(file)
        about = f"{hashlib.sha256(data).hexdigest()} {width:.3f} {height:.3f}"
        name = "P" + hashlib.sha256(about.encode()).hexdigest()[:8]
        if name not in self._drawn_pictures:
            form = drawn(pictures.read(data), width, height, self._template.colours.paper)
            self._drawn_pictures[name] = DrawnPicture(name, form)
            self._sources[name] = data
        return self._drawn_pictures[name]

    def source(self, name: str) -> bytes:
        """The file of a picture hung before, by its resource name."""
        return self._sources[name]

    def border(self) -> DrawnPicture | None:
        """The page's ornament."""
        if "Border" not in self._drawn_pictures:
            colours, (width, height) = self._template.colours, self._template.page.size
            svg = border_svg(self._template.border, width, height, colours.line, colours.accent)
            if svg is None:
                return None
            self._drawn_pictures["Border"] = DrawnPicture(
                "Border", ornament(svg, width * POINTS, height * POINTS)
            )
        return self._drawn_pictures["Border"]

    def named(self, name: str) -> Form:
        """A picture hung before, by its resource name."""
        return self._drawn_pictures[name].form


def border_svg(border: Border, width: float, height: float, colour: str, accent: str) -> str | None:
    """The page's ornament, or None."""
    if border.kind == "none":
        return None
    body = {"frame": _frame, "fine-lines": _fine_lines, "guilloche": _guilloche, "band": _band}[border.kind](
        border, width, height, colour, accent
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width:g} {height:g}">{body}</svg>'
    )


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def smooth(curve: Callable[[float], Point], start: float, end: float, steps: int) -> str:
    """A cubic path through `steps` + 1 points of a curve, with its slopes (a Hermite spline)."""
    span = (end - start) / steps
    small = span * 1e-4
    out: list[str] = []
    leaving = ""
    for index in range(steps + 1):
        at = start + index * span
        x, y = curve(at)
        (ahead_x, ahead_y), (behind_x, behind_y) = curve(at + small), curve(at - small)
        dx, dy = (ahead_x - behind_x) * span / (6 * small), (ahead_y - behind_y) * span / (6 * small)
        here = f"{_number(x)} {_number(y)}"
        out.append(f"C{leaving} {_number(x - dx)} {_number(y - dy)} {here}" if index else f"M{here}")
        leaving = f"{_number(x + dx)} {_number(y + dy)}"
    return "".join(out)


def _rectangle(inset: float, width: float, height: float, colour: str, weight: float) -> str:
    return (
        f'<rect x="{_number(inset)}" y="{_number(inset)}" width="{_number(width - 2 * inset)}" '
        f'height="{_number(height - 2 * inset)}" fill="none" stroke="{colour}" stroke-width="{weight}"/>'
    )


def _frame(border: Border, width: float, height: float, colour: str, accent: str) -> str:
    inset = border.inset
    return _rectangle(inset, width, height, accent, 0.7) + _rectangle(inset + 1.6, width, height, colour, 0.2)


def _fine_lines(border: Border, width: float, height: float, colour: str, accent: str) -> str:
    """Nested hairlines, closer towards the inside, with notched corners."""
    out = []
    for rank, offset in enumerate((0.0, 0.9, 1.7, 2.4, 3.0)):
        inset, notch = border.inset + offset, 9.0
        right, bottom = width - inset, height - inset
        path = (
            f"M{inset + notch} {inset}H{right - notch}V{inset + notch}H{right}V{bottom - notch}"
            f"H{right - notch}V{bottom}H{inset + notch}V{bottom - notch}H{inset}V{inset + notch}"
            f"H{inset + notch}Z"
        )
        stroke, weight = (accent, 0.55) if rank == 0 else (colour, 0.18)
        out.append(f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{weight}"/>')
    return "".join(out)


# ---------------------------------------------------------------- guilloche


def _hairline(path: str, stroke: str) -> str:
    # On the path itself: fpdf2 does not hand these down to what is repeated by reference.
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="0.13"/>'


def _strands(period: float, reach: float, colour: str, accent: str) -> str:
    """One period of a band along x, centred on y = 0: five strands that cross, under two hairlines."""
    out = []
    for rank in range(5):
        phase = rank * 2 * pi / 5
        swell = reach * (1.0 if rank % 2 == 0 else 0.82)

        def wave(x: float, phase: float = phase, swell: float = swell) -> Point:
            turn = 2 * pi * x / period
            return x, swell * sin(turn + phase) * (0.78 + 0.22 * cos(turn * 2 + phase))

        stroke = accent if rank % 2 == 0 else colour
        out.append(_hairline(smooth(wave, 0, period, 8), stroke))
    return "".join(out)


def _run(name: str, count: int, period: float, place: str) -> str:
    """`count` periods side by side."""
    uses = "".join(f'<use xlink:href="#{name}" x="{_number(rank * period)}"/>' for rank in range(count))
    return f'<g transform="{place}">{uses}</g>'


def _guilloche(border: Border, width: float, height: float, colour: str, accent: str) -> str:
    """A band on each side between hairlines, and a rosette in each corner."""
    reach, corner = 2.7, 8.5
    edge = border.inset + reach + 0.6
    out = []
    for name, length in (("across", width), ("down", height)):
        span = length - 2 * (edge + corner)
        count = round(span / _WAVE)
        period = span / count
        strands = _strands(period, reach, colour, accent)
        out.append(f'<defs><g id="{name}">{strands}</g></defs>')
        start = edge + corner
        if name == "across":
            out += [_run(name, count, period, f"translate({start:g} {at:g})") for at in (edge, height - edge)]
        else:
            out += [
                _run(name, count, period, f"translate({at:g} {start:g}) rotate(90)")
                for at in (edge, width - edge)
            ]
    for inset in (border.inset, edge + reach + 0.6):
        out.append(_sides(inset, width, height, edge, corner, accent))
    out.append(f"<defs>{_rosette('rosette', corner - 0.4, colour, accent)}</defs>")
    for x in (edge, width - edge):
        out += [f'<use xlink:href="#rosette" x="{x:g}" y="{y:g}"/>' for y in (edge, height - edge)]
    return "".join(out)


def _sides(inset: float, width: float, height: float, edge: float, corner: float, accent: str) -> str:
    """Four hairlines that stop at the rosettes."""
    start = edge + corner
    lines = [
        *((start, y, width - start, y) for y in (inset, height - inset)),
        *((x, start, x, height - start) for x in (inset, width - inset)),
    ]
    drawn = "".join(f"M{x:g} {y:g}L{right:g} {bottom:g}" for x, y, right, bottom in lines)
    return f'<path d="{drawn}" fill="none" stroke="{accent}" stroke-width="0.22"/>'


def _rosette(name: str, radius: float, colour: str, accent: str) -> str:
    """Rings of petals, turned copies of one closed curve."""
    out = []
    for petals, outer, inner, copies, stroke in (
        (12, 1.0, 0.62, 5, accent),
        (12, 0.68, 0.3, 4, colour),
        (6, 0.34, 0.06, 4, accent),
    ):
        middle, swing = radius * (outer + inner) / 2, radius * (outer - inner) / 2

        def ring(turn: float, petals: int = petals, middle: float = middle, swing: float = swing) -> Point:
            reach = middle + swing * cos(petals * turn)
            return reach * cos(turn), reach * sin(turn)

        path = smooth(ring, 0, 2 * pi, petals * 4)
        turns = [_number(360 / petals * copy / copies) for copy in range(copies)]
        out += [f'<g transform="rotate({turn})">{_hairline(path, stroke)}</g>' for turn in turns]
    return f'<g id="{name}">{"".join(out)}</g>'


def _band(border: Border, width: float, height: float, colour: str, accent: str) -> str:
    """One broad woven band down the left side, between hairlines."""
    reach = 6.5
    left, top = border.inset + reach, border.inset
    span = height - 2 * top
    count = round(span / 13)
    period = span / count
    cells = []
    for copy in range(3):
        weave = _strands(period, reach * (1 - 0.26 * copy), colour, accent)
        cells.append(
            f'<g transform="translate({_number(period * copy / 3)} 0)">{weave}</g>' if copy == 0 else weave
        )
    sides = (left - reach - 1, left - reach - 0.4, left + reach + 0.4, left + reach + 1)
    lines = "".join(f"M{_number(x)} {_number(top)}V{_number(height - top)}" for x in sides)
    ends = (top, top + 0.6, height - top - 0.6, height - top)
    lines += "".join(f"M{_number(sides[0])} {_number(y)}H{_number(sides[3])}" for y in ends)
    return (
        f'<defs><g id="weave">{"".join(cells)}</g></defs>'
        f"{_run('weave', count, period, f'translate({left:g} {top:g}) rotate(90)')}"
        f'<path d="{lines}" fill="none" stroke="{accent}" stroke-width="0.22"/>'
    )
