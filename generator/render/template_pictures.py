"""The pictures of one template, each drawn once for the box it stands in.

The adapter for fpdf2's drawing and for pikepdf: fpdf2 draws each on a page of its own; pikepdf takes that
page apart. The form is a plain value (see objects.py), so that any document can hold it under its own
numbers.
"""

from __future__ import annotations

import hashlib
import io
import logging
import zlib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pikepdf

from generator.errors import Malformed
from generator.model.template import Template
from generator.render import picture as pictures
from generator.render.marks import POINTS
from generator.render.ornament import border_svg
from generator.render.pdf.objects import Name, Stream

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

    sheet = FPDF(unit="pt", format=(width, height))
    sheet.set_margin(0)
    sheet.set_auto_page_break(False)
    sheet.set_compression(False)
    sheet.add_page()
    try:
        sheet.image(io.BytesIO(data), x=0, y=0, w=width, h=height)
        made = bytes(sheet.output())
    except (ValueError, TypeError, KeyError, NotImplementedError, RuntimeError) as error:
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
