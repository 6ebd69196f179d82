"""Text as people write it -> glyphs: normal form C, bidi, scripts, fallback faces, shaping.

A line keeps its pieces in logical order, which is the order in which they are written into the
page and read back; `left` says where each is drawn.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from fontTools import unicodedata as scripts

from generator.errors import Malformed
from generator.render.faces import Face, Family, Glyph

_JOINERS = "\u200c\u200d"
_ANY_SCRIPT = ("Zyyy", "Zinh", "Zzzz")


class Undrawable(Malformed):
    """No face of the family has these characters."""

    def __init__(self, characters: list[str]) -> None:
        self.characters = characters
        super().__init__("no font has " + ", ".join(f"U+{ord(char):04X}" for char in characters))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one face, script and direction; `left` is its distance from the line's left end."""

    face: Face
    text: str
    rtl: bool
    glyphs: tuple[Glyph, ...]
    left: float
    width: float
    numbers: frozenset[int]
    codes: bytes | None
    """Glyph numbers with kerning, ready for a PDF, where each glyph is one character on the line."""

    @property
    def simple(self) -> bool:
        """Whether the glyphs match one for one the characters, in order and on the line."""
        return self.codes is not None


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """One shaped line; lengths in thousandths of the type size."""

    text: str
    pieces: tuple[Piece, ...]
    width: float

    @property
    def count(self) -> int:
        """How many glyphs there are, for letterspacing."""
        return sum(len(piece.glyphs) for piece in self.pieces)


@dataclass(slots=True)
class _Run:
    start: int
    end: int
    level: int
    face: Face
    script: str


_FONT_OF_SCRIPT = {
    "Hani": "Noto Sans TC, JP or KR",
    "Hira": "Noto Sans JP",
    "Kana": "Noto Sans JP",
    "Hang": "Noto Sans KR",
}


def font_for(char: str) -> str | None:
    """The family that has this character, or None for signs that no script's font has (emoji)."""
    script = scripts.script(char)
    if script in _ANY_SCRIPT:
        return None
    return _FONT_OF_SCRIPT.get(script) or f"Noto Sans {scripts.script_name(script).replace('_', ' ')}"


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is Hebrew, Arabic or the like."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def undrawable(text: str, chosen: Family) -> list[str]:
    """The characters of the text that no face of the family has."""
    normal = unicodedata.normalize("NFC", text)
    found = dict.fromkeys(char for char in normal if ord(char) not in chosen.unicodes)
    return [char for char in found if char not in _JOINERS]


@lru_cache(maxsize=4_000)
def shape(text: str, chosen: Family, language: str = "en", rtl: bool | None = None) -> ShapedLine:
    """One line of text. Raises `Undrawable` where a character has no face."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and not rtl and chosen.faces[0].unicodes.issuperset(text.encode()):
        return _plain(text, chosen.faces[0], language)
    missing = undrawable(text, chosen)
    if missing:
        raise Undrawable(missing)
    base = reads_right_to_left(text) if rtl is None else rtl
    runs = _runs(text, _levels(text, base), chosen)
    shaped = []
    for run in runs:
        part = text[run.start : run.end]
        glyphs = run.face.shape(part, rtl=bool(run.level % 2), script=run.script, language=language)
        if any(glyph.number == 0 for glyph in glyphs):
            raise Undrawable(undrawable(part, Family((run.face,))) or [part[0]])
        shaped.append(glyphs)
    widths = [sum(glyph.advance for glyph in glyphs) for glyphs in shaped]
    left = 0.0
    places = [0.0] * len(runs)
    for index in _visual_order([run.level for run in runs]):
        places[index] = left
        left += widths[index]
    pieces = tuple(
        _piece(run, text[run.start : run.end], glyphs, place, width)
        for run, glyphs, place, width in zip(runs, shaped, places, widths, strict=True)
    )
    return ShapedLine(text, pieces, left)


def _plain(text: str, face: Face, language: str) -> ShapedLine:
    """The usual case: one run, left to right, in the first face."""
    glyphs = face.shape(text, rtl=False, script="Latn", language=language)
    width = sum([glyph.advance for glyph in glyphs])
    return ShapedLine(text, (_piece(_Run(0, len(text), 0, face, "Latn"), text, glyphs, 0.0, width),), width)


def _piece(run: _Run, text: str, glyphs: tuple[Glyph, ...], place: float, width: float) -> Piece:
    rtl = bool(run.level % 2)
    plain = not rtl and [
        (glyph.cluster, glyph.right, glyph.up, run.face.characters.get(glyph.number)) for glyph in glyphs
    ] == [(index, 0, 0, char) for index, char in enumerate(text)]
    numbers = frozenset(glyph.number for glyph in glyphs)
    return Piece(
        run.face, text, rtl, glyphs, place, width, numbers, _codes(run.face, glyphs) if plain else None
    )


def _codes(face: Face, glyphs: tuple[Glyph, ...]) -> bytes:
    """The operand of TJ: `[<0024> 20 <0025>]`, moved back by what kerning takes from the width."""
    out = []
    for glyph in glyphs:
        kern = round(face.width(glyph.number) - glyph.advance)
        out.append(b"%04X" % glyph.number + (b"> %d <" % kern if kern else b""))
    return b"[<" + b"".join(out) + b">]"


def _levels(text: str, rtl: bool) -> list[int]:
    if text.isascii() and not rtl:
        return [0] * len(text)
    # Here, because fpdf2 takes as long to load as all else together, and few names need it.
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    direction = TextDirection.RTL if rtl else TextDirection.LTR
    characters = BidiParagraph(text, direction, preserve_bn_chars=True).get_characters_with_embedding_level()
    levels = [int(rtl)] * len(text)
    for character in characters:
        levels[character.character_index] = character.embedding_level
    return levels


@cache
def _script(char: str) -> str:
    return str(scripts.script(char))


def _runs(text: str, levels: list[int], chosen: Family) -> list[_Run]:
    runs: list[_Run] = []
    for index, end in _clusters(text):
        cluster = text[index:end]
        script = _script(cluster[0])
        last = runs[-1] if runs and runs[-1].level == levels[index] else None
        drawn = {ord(char) for char in cluster if char not in _JOINERS}
        shared = script in _ANY_SCRIPT
        if last and drawn <= last.face.unicodes and (shared or last.script in (script, *_ANY_SCRIPT)):
            last.end = end
            last.script = last.script if shared else script
            continue
        face = chosen.covering("".join(map(chr, drawn)))
        if face is None:
            # Each has a face, but none has the letter with these marks on it.
            raise Undrawable([char for char in cluster[1:] if char not in _JOINERS])
        runs.append(_Run(index, end, levels[index], face, script))
    for run in runs:
        run.script = "Latn" if run.script in _ANY_SCRIPT else run.script
    return runs


def _clusters(text: str) -> list[tuple[int, int]]:
    """A character with the marks and joiners that follow it stays in one face."""
    starts = [
        index
        for index, char in enumerate(text)
        if index == 0
        or not (unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Mc") or char in _JOINERS)
    ]
    return list(zip(starts, [*starts[1:], len(text)], strict=True)) if text else []


def _visual_order(levels: list[int]) -> list[int]:
    """UAX 9 rule L2 over whole runs: from the highest level down, reverse what is at least that."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            if levels[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end
    return order
