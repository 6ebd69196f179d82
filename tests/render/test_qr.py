"""The QR code from tables is segno's, module for module, and can be scanned from a worn print."""

from __future__ import annotations

import io
import random

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from generator.render import qr
from generator.render.renderer import Renderer
from tests.examples import examples
from tests.render.sample import ENVELOPE, IMPRINT, statement, template

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ORIGINS = (
    "https://v.uk/#",
    "https://verify.northfield.example/#",
    "https://certificates.northfield-awarding-organisation.example/#",
)
SYMBOLS = st.text(ALPHABET, min_size=20, max_size=20)


def modules(payload: str) -> list[list[int]]:
    """The symbol of the tables as rows of 0 and 1."""
    tables = qr.tables(payload.partition("#")[0], len(payload))
    symbol = tables.symbol(payload)
    side = range(tables.side)
    return [[symbol >> (y * tables.stride + x) & 1 for x in side] for y in side]


def segno_modules(payload: str) -> list[list[int]]:
    return [list(row) for row in qr.reference(payload).matrix]


@pytest.mark.slow
@pytest.mark.parametrize("origin", ORIGINS)
@settings(max_examples=examples(60), deadline=None)
@given(symbols=SYMBOLS, year=st.integers(2000, 2099))
def test_equal_to_segno(origin: str, symbols: str, year: int) -> None:
    payload = f"{origin}{year}{symbols}"
    assert modules(payload) == segno_modules(payload)


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("part", range(6))
def test_equal_to_segno_on_thousands(origin: str, part: int) -> None:
    randomness = random.Random(20261122 + part)
    for _ in range(250):
        payload = f"{origin}2026{''.join(randomness.choices(ALPHABET, k=20))}"
        assert modules(payload) == segno_modules(payload)


def test_the_path_covers_exactly_the_dark_modules() -> None:
    payload = ORIGINS[1] + "2026ABCDEFGHJKMNPQRSTVWX"
    rows = modules(payload)
    drawn = [[0] * len(rows) for _ in rows]
    path = qr.tables(payload.partition("#")[0], len(payload)).path(payload)
    for line in path.decode().splitlines():
        x, y, width, height, operator = line.split()
        assert (height, operator) == ("1", "re")
        for column in range(int(x), int(x) + int(width)):
            drawn[int(y)][column] += 1
    assert drawn == rows


def test_the_code_is_large_enough() -> None:
    for name in ("completion", "accredited", "unit", "replacement"):
        sides = [item.qr for region in template(name).layout for item in region.stack if hasattr(item, "qr")]
        # The quiet margin is part of the side: 33 modules of 41 are printed.
        assert sides
        assert all(side * 33 / 41 >= 16 for side in sides)


# ---------------------------------------------------------------- paper


def grey_print(name: str, dpi: int) -> Image.Image:
    page = pypdfium2.PdfDocument(Renderer(template(name), IMPRINT).render(statement(), ENVELOPE))[0]
    return page.render(scale=dpi / 72).to_pil().convert("L")


def rotated(picture: Image.Image) -> Image.Image:
    return picture.rotate(3.5, Image.Resampling.BICUBIC, fillcolor=255)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(2.2))


def compressed(picture: Image.Image) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=22)
    return Image.open(out)


def photographed(picture: Image.Image) -> Image.Image:
    """Skewed, a little blurred, grey on grey, compressed: a telephone held over a paper."""
    width, height = picture.size
    corners = (40, 25, 10, height - 30, width - 35, height - 10, width - 15, 45)
    skewed = picture.transform(picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    faded = rotated(skewed).point(lambda level: 60 + level * 150 // 255)
    return compressed(faded.filter(ImageFilter.GaussianBlur(1.6)))


def untouched(picture: Image.Image) -> Image.Image:
    return picture


@pytest.mark.slow
@pytest.mark.parametrize(
    "wear",
    [
        untouched,
        photographed,
        rotated,
        blurred,
        compressed,
    ],
)
@pytest.mark.parametrize("name", ["completion", "accredited", "unit", "replacement"])
def test_scans_from_a_grey_print(name: str, wear) -> None:
    found = zxingcpp.read_barcodes(wear(grey_print(name, 300)))
    assert [code.text for code in found] == [f"{IMPRINT.origin}/#2026ABCDEFGHJKMNPQRSTVWX"]


@pytest.mark.slow
def test_scans_from_a_coarse_print_of_a_page_at_half_size() -> None:
    """A5, as an office copier reduces it, at 200 dpi."""
    picture = grey_print("accredited", 200)
    small = picture.resize((picture.width * 71 // 100, picture.height * 71 // 100), Image.Resampling.BILINEAR)
    assert len(zxingcpp.read_barcodes(small)) == 1
