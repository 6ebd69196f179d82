"""The adapter for Pillow: pictures that a template brings, checked, then made small enough to print with.

A picture is SVG, or one still PNG or JPEG in red, green and blue or grey. What could run, move,
load something else, exhaust memory or change colour on the way to paper is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from PIL import Image

from generator.errors import Malformed

_PIXELS = 24_000_000
_SVG_CAP = 512 * 1024
_DPI = 300
_DEPTH, _ELEMENTS = 100, 100_000
_SIDE, _PHOTO_PIXELS = 3_000, 60_000_000
_MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16")
# What fpdf2 draws; anything else would be missing on paper without a word.
_DRAWN = frozenset(
    "svg g path rect circle ellipse line polyline polygon use defs title desc metadata".split()
)


@dataclass(frozen=True)
class CheckedPicture:
    """A checked picture; `ratio` is width by height."""

    data: bytes
    vector: bool
    ratio: float


def read(data: bytes) -> CheckedPicture:
    """The picture in a file. Raises `Malformed` that says what is wrong with it."""
    if data.lstrip()[:5] in (b"<?xml", b"<svg ") or b"<svg" in data[:1000]:
        return _read_svg(data)
    return _read_raster(data)


def _read_svg(data: bytes) -> CheckedPicture:
    if len(data) > _SVG_CAP:
        raise Malformed(f"an SVG of more than {_SVG_CAP // 1024} KB")
    if re.search(rb"<!(DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise Malformed("an SVG with a document type or entities")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  entities, its only danger, are refused above
    except (ElementTree.ParseError, LookupError, ValueError) as error:  # the last two: an unknown encoding
        raise Malformed(f"not an SVG that can be read: {error}") from None
    for element in root.iter():
        _refuse_active(element)
    _refuse_endless(root)
    box = [float(part) for part in re.findall(r"-?[0-9]+(?:\.[0-9]+)?", root.get("viewBox", ""))]
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        raise Malformed("an SVG without a viewBox, so without proportions")
    return CheckedPicture(data, True, box[2] / box[3])


def _refuse_active(element: ElementTree.Element) -> None:
    tag = str(element.tag).rpartition("}")[2]
    if tag.lower() == "script":
        raise Malformed("an SVG with a script")
    if (
        tag not in _DRAWN
        and "}" in str(element.tag)
        and not str(element.tag).startswith("{http://www.w3.org/2000/svg}")
    ):
        return  # an editor's own notes
    if tag not in _DRAWN:
        raise Malformed(
            f"an SVG with <{tag}>, which cannot be printed (turn text into paths, pictures into PNG)"
        )
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2].lower()
        if plain.startswith("on"):
            raise Malformed(f"an SVG that runs a script ({plain})")
        if plain == "href" and not value.startswith("#"):
            raise Malformed("an SVG that loads something from elsewhere")


def _refuse_endless(root: ElementTree.Element) -> None:
    """What refers to itself is drawn for ever; what refers to many that refer to many, as good as that."""
    named = {name: element for element in root.iter() if (name := element.get("id"))}
    counted: dict[str, int] = {}

    def drawn(element: ElementTree.Element, within: frozenset[str], depth: int) -> int:
        """How many elements are drawn for one, with all that it refers to."""
        if depth > _DEPTH:
            raise Malformed(f"an SVG nested more than {_DEPTH} deep")
        name = element.get("id")
        if name is not None:
            if name in within:
                raise Malformed("an SVG that refers to itself, so that it has no end")
            if name in counted:
                return counted[name]
            within |= {name}
        parts = [*element, *(_referred(element, named))]
        total = 1 + sum(drawn(part, within, depth + 1) for part in parts)
        if total > _ELEMENTS:
            raise Malformed(f"an SVG that draws more than {_ELEMENTS:,} shapes")
        if name is not None:
            counted[name] = total
        return total

    drawn(root, frozenset(), 0)


def _referred(
    element: ElementTree.Element, named: Mapping[str, ElementTree.Element]
) -> Iterator[ElementTree.Element]:
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == "href":
            if value[1:] not in named:
                raise Malformed("an SVG that refers to a part which it does not have")
            yield named[value[1:]]


def grey_dots(data: bytes) -> tuple[int, int, bytes]:
    """A photo or scan in shades of grey: width, height, one byte a dot. Raises `Malformed`.

    Larger than what a code needs is made smaller, a JPEG while it is read.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")) as image:
            image.draft("L", (_SIDE, _SIDE))
            if image.width * image.height > _PHOTO_PIXELS:
                raise Malformed("a picture of more pixels than a camera makes")
            grey = image.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Malformed(f"not a picture that can be read: {type(error).__name__}") from None
    grey.thumbnail((_SIDE, _SIDE))
    return grey.width, grey.height, grey.tobytes()


def _read_raster(data: bytes) -> CheckedPicture:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            width, height = image.size
            if width * height > _PIXELS:
                raise Malformed(
                    f"a picture of {width * height / 1e6:.0f} megapixels, at most {_PIXELS // 1_000_000}"
                )
            if getattr(image, "n_frames", 1) > 1 or getattr(image, "is_animated", False):
                raise Malformed("an animated picture")
            if image.mode not in _MODES:
                raise Malformed(f"a picture in {image.mode} colours; save it as RGB")
            image.load()
    except Malformed:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Malformed(f"not a PNG, JPEG or SVG picture: {type(error).__name__}") from None
    return CheckedPicture(data, False, width / height)


def printed(picture: CheckedPicture, width: float, paper: str) -> bytes:
    """A raster picture as PNG for a width in points: at most 300 dpi, 256 colours, on the paper's colour."""
    with Image.open(io.BytesIO(picture.data)) as opened:
        image = opened.convert("RGBA")
    most = max(1, round(width / 72 * _DPI))
    if image.width > most:
        image = image.resize((most, max(1, round(most / picture.ratio))), Image.Resampling.LANCZOS)
    sheet = Image.new("RGBA", image.size, paper)
    flat = Image.alpha_composite(sheet, image).convert("RGB")
    small = flat.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
