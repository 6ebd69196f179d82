"""The page of bench_pdf.py as other libraries draw it; runs in an environment of their own.

`peers_pdf.py PAGE.json` prints one JSON line: {peer: {"ms": CPU milliseconds each, "bytes": size}}.
Each peer is used as its guide shows, with what it lets one keep between documents kept.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

Page = dict[str, Any]


def naive_fpdf2(page: Page) -> Callable[[int], bytes]:
    """As fpdf2's tutorial goes: fonts added, pictures read, table() and a QR picture for each file."""
    import segno
    from fpdf import FPDF

    def draw(turn: int) -> bytes:
        pdf = FPDF(unit="pt", format=(page["width"], page["height"]))
        pdf.set_auto_page_break(False)
        pdf.c_margin = 0
        for name, file in page["fonts"].items():
            pdf.add_font(name, "", file)
        pdf.add_page()
        for picture in page["pictures"]:
            pdf.image(picture["file"], picture["x"], picture["y"], picture["w"], picture["h"])
        for text in page["texts"]:
            pdf.set_font(text["font"], size=text["size"])
            pdf.set_text_color(text["colour"])
            pdf.set_xy(text["x"], text["y"] - 0.8 * text["size"])
            pdf.cell(400, text["size"], text["text"].replace("@", str(turn % 10)))
        table = page["table"]
        pdf.set_font("text", size=8.5)
        pdf.set_text_color("#17212b")
        pdf.set_xy(table["x"], table["y"])
        shape = {"width": table["w"], "col_widths": (10, 70, 20), "align": "LEFT", "line_height": 13}
        with pdf.table(**shape, first_row_as_headings=False) as rows:
            for cells in table["rows"]:
                rows.row(cells)
        out = io.BytesIO()
        code = page["code"]
        segno.make(page["link"](turn), error="m", micro=False).save(out, kind="png", scale=8, border=4)
        pdf.image(out, code["x"], code["y"], code["side"], code["side"])
        return bytes(pdf.output())

    return draw


def reportlab(page: Page) -> Callable[[int], bytes]:
    """A canvas for each file; fonts are registered and pictures read once."""
    import segno
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for name, file in page["fonts"].items():
        pdfmetrics.registerFont(TTFont(name, file))
    pictures = {picture["file"]: ImageReader(picture["file"]) for picture in page["pictures"]}
    height = page["height"]

    def draw(turn: int) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(page["width"], height))
        for picture in page["pictures"]:
            down = height - picture["y"] - picture["h"]
            canvas.drawImage(
                pictures[picture["file"]], picture["x"], down, picture["w"], picture["h"], mask="auto"
            )
        for text in page["texts"]:
            canvas.setFont(text["font"], text["size"])
            canvas.setFillColor(text["colour"])
            canvas.drawString(text["x"], height - text["y"], text["text"].replace("@", str(turn % 10)))
        table = page["table"]
        canvas.setFont("text", 8.5)
        for rank, cells in enumerate(table["rows"]):
            down = height - table["y"] - 13 * (rank + 1)
            for cell, share in zip(cells, (0, 0.1, 0.8), strict=True):
                canvas.drawString(table["x"] + share * table["w"], down + 3, cell)
            canvas.line(table["x"], down, table["x"] + table["w"], down)
        code, picture = page["code"], io.BytesIO()
        segno.make(page["link"](turn), error="m", micro=False).save(picture, kind="png", scale=8, border=4)
        canvas.drawImage(
            ImageReader(picture), code["x"], height - code["y"] - code["side"], code["side"], code["side"]
        )
        canvas.save()
        return out.getvalue()

    return draw


def weasyprint(page: Page) -> Callable[[int], bytes]:
    """HTML with places in points; the font configuration and the style sheet are kept."""
    import segno
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    faces = "".join(
        f"@font-face {{font-family: '{name}'; src: url('{Path(file).as_uri()}')}}"
        for name, file in page["fonts"].items()
    )
    size = f"@page {{size: {page['width']}pt {page['height']}pt; margin: 0}}"
    size += ".a {position: absolute; white-space: nowrap}"
    style = CSS(string=faces + size, font_config=fonts)

    def draw(turn: int) -> bytes:
        out = []
        for picture in page["pictures"]:
            place = (
                f"left:{picture['x']}pt;top:{picture['y']}pt;width:{picture['w']}pt;height:{picture['h']}pt"
            )
            out.append(f"<img class=a src='{Path(picture['file']).as_uri()}' alt='' style='{place}'>")
        for text in page["texts"]:
            place = (
                f"left:{text['x']}pt;top:{text['y'] - text['size']}pt;font:{text['size']}pt {text['font']}"
            )
            said = escape(text["text"].replace("@", str(turn % 10)))
            out.append(f"<div class=a style='{place};color:{text['colour']}'>{said}</div>")
        table = page["table"]
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) for cells in table["rows"]
        )
        place = f"left:{table['x']}pt;top:{table['y']}pt;width:{table['w']}pt;font:8.5pt text"
        out.append(f"<table class=a style='{place}'>{rows}</table>")
        code = page["code"]
        picture = segno.make(page["link"](turn), error="m", micro=False).svg_data_uri()
        place = f"left:{code['x']}pt;top:{code['y']}pt;width:{code['side']}pt"
        out.append(f'<img class=a src="{picture}" alt="" style="{place}">')
        html = HTML(string=f"<html lang=en><title>Certificate</title>{''.join(out)}</html>")
        made: bytes = html.write_pdf(stylesheets=[style], font_config=fonts)
        return made

    return draw


def typst(page: Page) -> Callable[[int], bytes]:
    """One source whose inputs vary, compiled in this process; fonts and pictures stay cached."""
    import segno
    import typst as engine

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    folder = Path(page["folder"])
    width, height = page["width"], page["height"]
    out = [
        f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)",
        '#let turn = sys.inputs.at("turn")',
    ]
    for picture in page["pictures"]:
        place = f"dx: {picture['x']}pt, dy: {picture['y']}pt"
        file = Path(picture["file"]).relative_to(folder).as_posix()
        out.append(
            f"#place({place}, image({quoted(file)}, width: {picture['w']}pt, height: {picture['h']}pt))"
        )
    for text in page["texts"]:
        place = f"dx: {text['x']}pt, dy: {text['y'] - text['size']}pt"
        style = f"size: {text['size']}pt, font: {quoted(text['family'])}, weight: {text['weight']}"
        style += f", fill: rgb({quoted(text['colour'])})"
        out.append(f'#place({place}, text({style}, {quoted(text["text"])}.replace("@", turn)))')
    table = page["table"]
    cells = ", ".join(f"[{cell}]" for row in table["rows"] for cell in row)
    out.append(
        f"#place(dx: {table['x']}pt, dy: {table['y']}pt, block(width: {table['w']}pt, text(size: 8.5pt, "
    )
    out.append(f'font: "Noto Sans", table(columns: (1fr, 7fr, 2fr), {cells}))))')
    code = page["code"]
    out.append(f"#place(dx: {code['x']}pt, dy: {code['y']}pt, ")
    out.append(f'image(bytes(sys.inputs.at("code")), format: "svg", width: {code["side"]}pt))')
    source = folder / "page.typ"
    source.write_text("\n".join(out), "utf-8")
    compiler = engine.Compiler(str(source), root=str(folder), font_paths=[page["font_folder"]])

    def draw(turn: int) -> bytes:
        svg = segno.make(page["link"](turn), error="m", micro=False).svg_inline(border=4)
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1) if "xmlns" not in svg else svg
        made: bytes = compiler.compile(format="pdf", sys_inputs={"turn": str(turn % 10), "code": svg})
        return made

    return draw


PEERS = {"naive fpdf2": naive_fpdf2, "ReportLab": reportlab, "WeasyPrint": weasyprint, "Typst": typst}


def measured(draw: Callable[[int], bytes], seconds: float) -> dict[str, float]:
    """CPU milliseconds each, after three to warm up, over at least so many seconds."""
    for turn in range(3):
        size = len(draw(turn))
    begun, count = time.process_time(), 0
    while time.process_time() - begun < seconds:
        size = len(draw(count))
        count += 1
    return {"ms": (time.process_time() - begun) / count * 1000, "bytes": size}


def main() -> None:
    page = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    stem, alphabet = page["link"], "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    page["link"] = lambda turn: stem[:-2] + alphabet[turn // 32 % 32] + alphabet[turn % 32]
    found: dict[str, Any] = {}
    for name, peer in PEERS.items():
        try:
            draw = peer(page)
            found[name] = measured(draw, 4.0)
            if len(sys.argv) > 2:
                Path(sys.argv[2], f"{name}.pdf").write_bytes(draw(0))
        except ImportError as error:
            found[name] = {"absent": str(error)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
