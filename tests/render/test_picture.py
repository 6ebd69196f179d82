"""Pictures that could harm, or would print otherwise than they look, are refused by name."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image

from generator.errors import Malformed, Refused
from generator.render import picture, template_pictures
from generator.render.template_file import load
from tests.render.sample import folder

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">%s</svg>'


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing: a bomb that must not be unpacked to be refused."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return start + struct.pack(">I", 10) + b"IDAT" + b"x" * 10


ANIMATED = saved(
    Image.new("RGB", (9, 9), "red"), "PNG", save_all=True, append_images=[Image.new("RGB", (9, 9), "blue")]
)
REFUSED = {
    "40 megapixels": (png_header(8_000, 5_000), "40 megapixels"),
    "a decompression bomb": (png_header(60_000, 60_000), "PNG, JPEG or SVG|megapixels"),
    "CMYK": (saved(Image.new("CMYK", (9, 9)), "JPEG"), "CMYK"),
    "animated": (ANIMATED, "animated"),
    "GIF": (saved(Image.new("P", (9, 9)), "GIF"), "not a PNG, JPEG or SVG"),
    "cut short": (saved(Image.effect_noise((90, 90), 90), "PNG")[:900], "not a PNG"),
    "empty": (b"", "not a PNG"),
    "script": (SVG % b"<script>alert(1)</script>", "script"),
    "script in capitals": (SVG % b"<SCRIPT>alert(1)</SCRIPT>", "script"),
    "event": (SVG % b'<path onload="x()" d="M0 0"/>', "runs a script"),
    "picture from elsewhere": (SVG % b'<use href="https://x.example/a.svg#a"/>', "elsewhere"),
    "embedded picture": (SVG % b'<image href="#a"/>', "<image>"),
    "text": (SVG % b"<text>Northfield</text>", "text into paths"),
    "foreign": (SVG % b"<foreignObject/>", "foreignObject"),
    "style sheet": (SVG % b"<style>@import url(x)</style>", "<style>"),
    "entities": (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG % b"", "document type"),
    "no proportions": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "viewBox"),
    "refers to itself": (SVG % b'<g id="a"><use href="#a"/></g>', "refers to itself"),
    "in a circle": (
        SVG % b'<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        "refers to itself",
    ),
    "by its older name": (
        SVG % b'<g id="a" xmlns:x="http://www.w3.org/1999/xlink"><use x:href="#a"/></g>',
        "refers to itself",
    ),
    "a thousand million shapes": (
        SVG
        % b"".join(
            b'<g id="a%d">%s</g>' % (rank, (b'<use href="#a%d"/>' % (rank - 1)) * 10 if rank else b"<path/>")
            for rank in range(10)
        ),
        "more than 100,000 shapes",
    ),
    "nested for ever": (SVG % (b"<g>" * 5_000 + b"</g>" * 5_000), "nested more than 100 deep"),
    "of nothing": (SVG % b'<use href="#gone"/>', "a part which it does not have"),
    "in no encoding": (b'<?xml version="1.0" encoding="made-up"?>' + SVG % b"", "not an SVG"),
    "no number": (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="1.2.3 . - 4"/>', "viewBox"),
    "not XML": (b"<svg viewBox='0 0 1 1'><g></svg>", "not an SVG"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    data, what = REFUSED[name]
    with pytest.raises(Malformed, match=what):
        picture.read(data)


@pytest.mark.parametrize("name", ["40 megapixels", "CMYK", "animated", "script", "refers to itself"])
def test_a_template_names_the_file_and_the_line(name: str) -> None:
    files = folder("completion") | {"logo.svg": REFUSED[name][0]}
    with pytest.raises(Refused) as caught:
        load(files, "site_src/templates/mine")
    (problem,) = caught.value.problems
    assert problem.code == "TEMPLATE-PICTURE"
    assert str(problem.place).startswith("site_src/templates/mine/template.yaml:")
    assert "logo.svg" in problem.what


HOSTILE = {
    "no length": b'<rect width="nan" height="inf"/>',
    "too large a number": b'<rect width="1e400" height="1"/>',
    "a path of nothing": b'<path d="zzzz"/>',
    "an arc without a size": b'<path d="M0 0A"/>',
    "an arc of no radius": b'<path d="M0 0A0 0 0 0 0 0 0"/>',
    "a path for ever": b'<path d="M0 0L1e308 1e308L-1e308 1e308z"/>',
    "a matrix of nothing": b'<g transform="matrix(0 0 0 0 0 0)"><path d="M0 0h1" stroke="red"/></g>',
    "a matrix cut short": b'<g transform="matrix(1)"><rect width="1" height="1"/></g>',
    "no colour": b'<rect width="1" height="1" fill="hsl(1,2"/>',
    "an odd point": b'<polygon points="1 2 3"/>',
    "dashes of no length": b'<rect width="1" height="1" stroke="red" stroke-dasharray="0 0"/>',
    "half an opacity": b'<rect width="1" height="1" opacity="x"/>',
    "a style of nothing": b'<rect width="1" height="1" style=";;:;fill"/>',
    "a circle inside out": b'<circle r="-1" cx="x"/>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_drawn_is_refused_and_never_a_fault(name: str) -> None:
    read = picture.read(SVG % HOSTILE[name])
    with suppress(Malformed):
        assert template_pictures.drawn(read, 100, 100, "#ffffff").width == 100


@pytest.mark.slow
def test_a_photograph_becomes_a_small_palette() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2_000, 1_000), 60) for _ in range(3)])
    read = picture.read(saved(noise, "JPEG"))
    made = picture.printed(read, width=72, paper="#ffffff")
    with Image.open(io.BytesIO(made)) as image:
        assert image.mode == "P"
        assert image.size == (300, 150)


def test_transparency_shows_the_paper() -> None:
    clear = picture.read(saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(picture.printed(clear, 100, "#fdf6e3"))) as image:
        assert image.convert("RGB").getpixel((5, 5)) == (0xFD, 0xF6, 0xE3)


def test_an_svg_keeps_its_proportions() -> None:
    assert picture.read(SVG % b'<path d="M0 0h1"/>').ratio == 2
