"""Text becomes glyphs in the order people read, in faces that have them, and comes back as it was."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.template import Style
from generator.render.faces import Face, bundled, family
from generator.render.fitting import TextTooLong, fit, reserved
from generator.render.shaping import Undrawable, font_for, shape
from tests.render.sample import NAMES

FAMILY = family("display", ())
NAME = Style(face="display", size=40, least=17, lines=2, leading=1.22)
TEXT = st.text(st.sampled_from("abcÀéŵŁşİộ Ωλ Жд אבג محمد कख王小 0123 ()-'."), min_size=1, max_size=30)


@given(TEXT)
def test_every_character_is_drawn_once_and_lines_do_not_overlap(text: str) -> None:
    line = shape(text, FAMILY)
    assert "".join(piece.text for piece in line.pieces) == unicodedata.normalize("NFC", text)
    places = sorted((piece.left, piece.left + piece.width) for piece in line.pieces)
    assert all(end == pytest.approx(start) for (_, end), (start, _) in pairwise(places))
    assert line.width == pytest.approx(sum(piece.width for piece in line.pieces))
    assert all(glyph.number for piece in line.pieces for glyph in piece.glyphs)


def test_right_to_left_runs_stand_right_to_left() -> None:
    pieces = shape("abc אבג 123 דהו xyz", FAMILY, "en", False).pieces
    by_place = [piece.text.strip() for piece in sorted(pieces, key=lambda piece: piece.left)]
    # Hebrew runs from the right; the number between its words keeps its own order (UAX 9).
    assert by_place[0] == "abc"
    assert by_place[-1] == "xyz"
    order = "".join(by_place)
    assert order.index("דהו") < order.index("123") < order.index("אבג")


def test_arabic_letters_join_and_devanagari_reorders() -> None:
    alone = {
        glyph.number for char in "محمد" for piece in shape(char, FAMILY).pieces for glyph in piece.glyphs
    }
    joined = {glyph.number for piece in shape("محمد", FAMILY).pieces for glyph in piece.glyphs}
    assert joined - alone
    (piece,) = shape("कि", FAMILY).pieces
    face = bundled("devanagari")
    assert face.characters.get(piece.glyphs[-1].number) == "क"


def test_no_ligature_changes_the_text() -> None:
    for face in ("display", "text", "strong"):
        (piece,) = shape("office fluffy fjord ffi", family(face, ())).pieces
        assert piece.simple
        assert [bundled(face).characters[glyph.number] for glyph in piece.glyphs] == list(piece.text)


def test_decomposed_text_is_composed_first() -> None:
    assert shape("Zoe\u0308", FAMILY) is not None
    assert shape("Zoe\u0308", FAMILY).text == "Zo\u00eb"


def test_a_mark_stays_with_its_letter() -> None:
    (piece,) = shape("q\u0303", FAMILY).pieces
    assert piece.text == "q\u0303"


@pytest.mark.parametrize(
    ("char", "font"),
    [("ส", "Noto Sans Thai"), ("த", "Noto Sans Tamil"), ("한", "Noto Sans KR"), ("ა", "Noto Sans Georgian")],
)
def test_what_is_missing_is_named_with_the_font_to_add(char: str, font: str) -> None:
    with pytest.raises(Undrawable) as caught:
        shape(f"Ana {char}", FAMILY)
    assert caught.value.characters == [char]
    assert font_for(char) == font
    assert font_for("\U0001f393") is None


def test_a_mark_of_another_script_is_named() -> None:
    with pytest.raises(Undrawable) as caught:
        shape("bि", FAMILY)
    assert caught.value.characters == ["ि"]


def test_an_added_face_is_asked_last() -> None:
    extra = Face(bundled("strong").data, "fonts/own.ttf")
    (piece,) = shape("Kwame", family("display", (extra,))).pieces
    assert piece.face is bundled("display")


# ---------------------------------------------------------------- fitting


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [430.0, 470.0, 670.0])
def test_a_name_fits_its_box(name: str, width: float) -> None:
    setting = fit(name, NAME, width, FAMILY, "en")
    assert NAME.least is not None
    assert NAME.least <= setting.size <= NAME.size
    assert len(setting.lines) <= 2
    assert all(setting.width(line) <= width + 0.01 for line in setting.lines)
    assert len(setting.lines) * setting.size * NAME.leading <= reserved(NAME) + 0.01
    assert " ".join(line.text for line in setting.lines) == name


def test_a_short_name_is_set_large_and_a_long_one_breaks_evenly() -> None:
    assert fit("Ewa", NAME, 670, FAMILY, "en").size == 40
    one, two = fit(NAMES[10], NAME, 670, FAMILY, "en").lines
    assert 0.6 < one.width / two.width < 1.6


def test_right_to_left_names_break_in_reading_order() -> None:
    setting = fit("محمد عبد الله الحسيني بن محمد عبد الرحمن الحسيني", NAME, 300, FAMILY, "ar")
    assert len(setting.lines) == 2
    assert setting.lines[0].text.startswith("محمد عبد")


def test_each_bound_of_the_width() -> None:
    style = Style(face="text", size=10, least=10, lines=1)
    natural = fit("Kwame Brown", style, 1_000, FAMILY, "en").lines[0].width / 100
    assert fit("Kwame Brown", style, natural + 0.01, FAMILY, "en").size == 10
    with pytest.raises(TextTooLong):
        fit("Kwame Brown", style, natural - 0.1, FAMILY, "en")


def test_small_text_fills_its_lines() -> None:
    small = Style(size=8, least=6, lines=4)
    setting = fit("one two three four five six seven eight nine ten", small, 60, family("text", ()), "en")
    assert 2 <= len(setting.lines) <= 4
    assert setting.size == 8
    with pytest.raises(TextTooLong):
        fit("word " * 60, small, 60, family("text", ()), "en")
