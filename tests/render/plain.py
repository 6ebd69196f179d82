"""The same page drawn by fpdf2 alone, mark by mark through its public interface: the fast path's oracle."""

from __future__ import annotations

import io

from fpdf import FPDF

from generator.model.certificate import Statement
from generator.render import qr
from generator.render.arrangement import flattened
from generator.render.faces import BUNDLED
from generator.render.marks import POINTS, LineMark, Mark, PictureMark, QrMark, TextMark
from generator.render.renderer import Renderer
from generator.render.shaping import Piece
from generator.render.template_pictures import border_svg


def drawn_plainly(renderer: Renderer, statement: Statement) -> bytes:
    """The certificate's picture as fpdf2 draws it, fonts embedded by fpdf2, the QR code by segno."""
    words = renderer.template.words(statement.language)
    assert words is not None
    sheet, filled = renderer._sheet(statement, words), renderer._filled(statement, words)
    width, height = (side * POINTS for side in renderer.template.page.size)
    page = FPDF(unit="pt", format=(width, height))
    page.set_margin(0)
    page.set_auto_page_break(False)
    page.add_page()
    colours = renderer.template.colours
    svg = border_svg(renderer.template.border, *renderer.template.page.size, colours.line, colours.accent)
    if svg:
        page.image(io.BytesIO(svg.encode()), 0, 0, width, height)
    for leaf in flattened(sheet.elements):
        for mark in leaf.slot.marks(filled) if leaf.slot else leaf.marks:
            _draw(page, mark, height, renderer)
    return bytes(page.output())


def _draw(page: FPDF, mark: Mark, height: float, renderer: Renderer) -> None:
    if isinstance(mark, TextMark):
        page.set_text_color(mark.colour)
        page.set_char_spacing(mark.tracking)
        before = 0
        for piece in mark.line.pieces:
            left = mark.left + piece.left * mark.size / 1000 + before * mark.tracking
            _write(page, piece, left, height - mark.base, mark.size)
            before += len(piece.glyphs)
    elif isinstance(mark, LineMark):
        page.set_draw_color(mark.colour)
        page.set_line_width(mark.weight)
        page.line(mark.left, height - mark.bottom, mark.right, height - mark.top)
    elif isinstance(mark, PictureMark):
        form = renderer._gallery.named(mark.picture)
        data = renderer._gallery.source(mark.picture)
        page.image(io.BytesIO(data), mark.left, height - mark.bottom - form.height, form.width, form.height)
    elif isinstance(mark, QrMark):
        _code(page, mark, height)


def _write(page: FPDF, piece: Piece, left: float, down: float, size: float) -> None:
    if piece.face.name.lower() not in page.fonts:
        page.add_font(piece.face.name, "", str(BUNDLED / piece.face.where.removeprefix("bundled font ")))
    page.set_font(piece.face.name, size=size)
    features = {"kern": True, "liga": False, "clig": False, "dlig": False}
    page.set_text_shaping(True, features=features, direction="rtl" if piece.rtl else "ltr")
    # cell() shapes, text() does not; its baseline lies 0.3 of the size below the middle of the cell.
    page.c_margin = 0
    page.set_xy(left, down - 0.8 * size)
    page.cell(piece.width * size / 1000 + 50, size, piece.text, align="L")


def _code(page: FPDF, mark: QrMark, height: float) -> None:
    rows = qr.reference(mark.payload).matrix
    module = mark.side / (len(rows) + 2 * qr.QUIET)
    page.set_fill_color(0)
    with page.new_path(mark.left, 0) as path:
        path.style.fill_color, path.style.stroke_color = "#000000", None
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    left = mark.left + (x + qr.QUIET) * module
                    top = height - mark.bottom - mark.side + (y + qr.QUIET) * module
                    path.move_to(left, top)
                    path.line_to(left + module, top)
                    path.line_to(left + module, top + module)
                    path.line_to(left, top + module)
                    path.close()
