"""Marks as page operators. Every mark sets its own colour, so none depends on what came before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from generator.render import qr
from generator.render.marks import LineMark, Mark, PictureMark, QrMark, TextMark
from generator.render.pdf.objects import number
from generator.render.shaping import Piece

FontOf = Callable[[Piece], bytes]


@cache
def rgb(colour: str) -> bytes:
    """`#rrggbb` as three operands."""
    return b" ".join(number(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))


def draw(marks: Sequence[Mark], font_of: FontOf) -> bytes:
    """The operators of these marks; `font_of` names the font resource of a piece of text."""
    return b"".join(_one(mark, font_of) for mark in marks)


def _one(mark: Mark, font_of: FontOf) -> bytes:
    if isinstance(mark, TextMark):
        return ink(mark, font_of)
    if isinstance(mark, LineMark):
        ends = (
            b" ".join(map(number, (mark.left, mark.bottom))),
            b" ".join(map(number, (mark.right, mark.top))),
        )
        return b"%s RG %s w %s m %s l S\n" % (rgb(mark.colour), number(mark.weight), *ends)
    if isinstance(mark, PictureMark):
        place = number(mark.left), number(mark.bottom)
        return b"q 1 0 0 1 %s %s cm /%s Do Q\n" % (*place, mark.picture.encode())
    return code(mark)


def code(mark: QrMark) -> bytes:
    """The QR code as one filled path of module-sized rectangles."""
    tables = qr.tables(mark.payload.partition("#")[0], len(mark.payload))
    module = mark.side / (tables.side + 2 * qr.QUIET)
    left, top = mark.left + qr.QUIET * module, mark.bottom + mark.side - qr.QUIET * module
    return b"q 0 g %.5f 0 0 %.5f %.3f %.3f cm\n%sf Q\n" % (
        module,
        -module,
        left,
        top,
        tables.path(mark.payload),
    )


def ink(mark: TextMark, font_of: FontOf) -> bytes:
    """One line of text, piece by piece in logical order."""
    out = [b"BT %s rg\n" % rgb(mark.colour)]
    if mark.tracking:
        out.append(b"%s Tc\n" % number(mark.tracking))
    before = 0
    for piece in mark.line.pieces:
        left = mark.left + piece.left * mark.size / 1000 + before * mark.tracking
        out.append(b"/%s %s Tf\n" % (font_of(piece), number(mark.size)))
        if piece.codes is None:
            out.append(_placed(piece, left, mark))
        else:
            out.append(b"1 0 0 1 %s %s Tm %s TJ\n" % (number(left), number(mark.base), piece.codes))
        before += len(piece.glyphs)
    if mark.tracking:
        out.append(b"0 Tc\n")
    return b"".join([*out, b"ET\n"])


def _placed(piece: Piece, left: float, mark: TextMark) -> bytes:
    """Each glyph at its own place, in the order of the text.

    Right-to-left text reads back right without ActualText, which some readers reverse; for
    scripts that reorder or combine characters ActualText says what was written.
    """
    shows = []
    scale = mark.size / 1000
    for glyph in piece.glyphs:
        place = number(left + glyph.right * scale), number(mark.base + glyph.up * scale)
        shows.append(b"1 0 0 1 %s %s Tm <%04X> Tj\n" % (*place, glyph.number))
        left += glyph.advance * scale + mark.tracking
    if piece.rtl:
        return b"".join(reversed(shows))
    actual = piece.text.encode("utf-16-be").hex().upper().encode()
    return b"/Span <</ActualText <FEFF%s>>> BDC\n%sEMC\n" % (actual, b"".join(shows))
