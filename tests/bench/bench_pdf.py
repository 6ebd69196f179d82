"""`make bench-pdf`: what a certificate costs here, with other libraries, and at least (DESIGN 6).

All figures are CPU milliseconds of one run on one machine; what counts is their ratios. The peers
draw the same texts, pictures, table and code, without tags, attachment, seal or ornament; they are
installed into build/peers for this and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from generator.model.certificate import Statement
from generator.render import seal as seals
from generator.render.arrangement import flattened
from generator.render.faces import BUNDLED, FILES
from generator.render.marks import POINTS, PictureMark, QrMark, TextMark
from generator.render.renderer import Renderer
from tests.render.sample import ENVELOPE, IMPRINT, NAMES, UNITS, statement, template

ROOT = Path(__file__).parents[2]
PEERS = ("fpdf2==2.8.9", "segno==1.6.6", "reportlab==5.1.0", "weasyprint==70.0", "typst==0.15.2")
TEMPLATE = "accredited"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FIRST = "Kwame Ewa Mei Priya Noor Grace Callum Anya Harriet Dwayne Mohammed Sophie Amelia".split()
LAST = "Brown Chen Patel Hughes Begum Lloyd Taylor Okafor Rahman Mensah Smith Fraser Petrova".split()


def certificates(count: int, names: Callable[[random.Random], str]) -> list[Statement]:
    """Statements of one programme with other names, grades and numbers."""
    randomness = random.Random(4)
    made = []
    for rank in range(count):
        units = [
            {"code": code, "title": title, "grade": randomness.choice(("Pass", "Merit", "Distinction"))}
            for code, title, _ in UNITS
        ]
        number = "2026" + "".join(randomness.choices(ALPHABET, k=20))
        made.append(statement(names(randomness), units=units, number=number, serial=f"NW-26-{rank:06d}"))
    return made


def measured(work: Callable[[Any], object], items: list[Any]) -> float:
    """CPU milliseconds each, best of three passes after one tenth to warm up."""
    for item in items[: len(items) // 10]:
        work(item)
    passes = []
    for _ in range(3):
        begun = time.process_time()
        for item in items:
            work(item)
        passes.append((time.process_time() - begun) / len(items) * 1000)
    return min(passes)


def ours() -> dict[str, dict[str, float]]:
    """Our own figures: plain names, names of seven scripts, sealed."""
    plain = certificates(600, lambda randomness: f"{randomness.choice(FIRST)} {randomness.choice(LAST)}")
    mixed = certificates(600, lambda randomness: randomness.choice(NAMES))
    seal = seals.self_made(bytes(32), "Northfield Awarding (sample)", "2026-01-01", "2099-12-31")
    found = {}
    for name, renderer, items in (
        ("certportal", Renderer(template(TEMPLATE), IMPRINT), plain),
        ("certportal, seven scripts", Renderer(template(TEMPLATE), IMPRINT), mixed),
        ("certportal, sealed", Renderer(template(TEMPLATE), IMPRINT, seal), plain),
    ):
        cost = measured(lambda item, renderer=renderer: renderer.render(item, ENVELOPE), items)
        found[name] = {
            "ms": cost,
            "bytes": sum(len(renderer.render(one, ENVELOPE)) for one in items) / len(items),
        }
    return found


def floor() -> dict[str, float]:
    """Write the same bytes, hash them, sign the digest: what no certificate can do without."""
    renderer = Renderer(template(TEMPLATE), IMPRINT)
    files = [
        renderer.render(one, ENVELOPE)
        for one in certificates(300, lambda randomness: randomness.choice(FIRST))
    ]
    key = SigningKey(bytes(32))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "certificate.pdf")

        def least(data: bytes) -> None:
            path.write_bytes(data)
            key.sign(hashlib.sha256(data).digest())

        return {"ms": measured(least, files), "bytes": sum(map(len, files)) / len(files)}


# ---------------------------------------------------------------- the same page, for the peers

_FAMILIES = {"display": ("Noto Serif Display", 400), "text": ("Noto Sans", 400), "strong": ("Noto Sans", 600)}


def page(folder: Path) -> dict[str, Any]:
    """What stands where on our page, in points from the top left corner; pictures as PNG."""
    renderer = Renderer(template(TEMPLATE), IMPRINT)
    drawn = statement("Kwame Brown")
    words = renderer.template.words(drawn.language)
    assert words is not None
    sheet, filled = renderer._sheet(drawn, words), renderer._filled(drawn, words)
    width, height = (side * POINTS for side in renderer.template.page.size)
    faces = {FILES[name].removesuffix(".ttf"): name for name in _FAMILIES}
    found: dict[str, Any] = {
        "width": width,
        "height": height,
        "folder": str(folder),
        "font_folder": str(BUNDLED),
        "fonts": {name: str(BUNDLED / FILES[name]) for name in _FAMILIES},
        "texts": [],
        "pictures": [],
        "link": filled.link,
        "table": {
            "x": 30 * POINTS,
            "y": 318,
            "w": 237 * POINTS,
            "rows": [["Unit", "Unit title", "Unit grade"], *map(list, UNITS)],
        },
    }
    for leaf in flattened(sheet.elements):
        if leaf.role in ("TH", "TD", "Artifact"):
            continue
        for mark in leaf.slot.marks(filled) if leaf.slot else leaf.marks:
            if isinstance(mark, TextMark) and mark.line.text.strip():
                face = faces.get(
                    mark.line.pieces[0].face.where.removeprefix("bundled font ").removesuffix(".ttf"), "text"
                )
                family, weight = _FAMILIES[face]
                place = {"x": mark.left, "y": height - mark.base, "size": mark.size, "colour": mark.colour}
                found["texts"].append(
                    {"text": mark.line.text, "font": face, "family": family, "weight": weight, **place}
                )
            elif isinstance(mark, PictureMark):
                found["pictures"].append(_picture(renderer, mark, height, folder))
            elif isinstance(mark, QrMark):
                found["code"] = {"x": mark.left, "y": height - mark.bottom - mark.side, "side": mark.side}
    return found


def _picture(renderer: Renderer, mark: PictureMark, height: float, folder: Path) -> dict[str, Any]:
    import pypdfium2
    from fpdf import FPDF

    form = renderer._gallery.named(mark.picture)
    sheet = FPDF(unit="pt", format=(form.width, form.height))
    sheet.add_page()
    sheet.image(io.BytesIO(renderer._gallery.source(mark.picture)), 0, 0, form.width, form.height)
    file = folder / f"{mark.picture}.png"
    pypdfium2.PdfDocument(bytes(sheet.output()))[0].render(scale=3).to_pil().save(file)
    top = height - mark.bottom - form.height
    return {"file": str(file), "x": mark.left, "y": top, "w": form.width, "h": form.height}


def peers() -> dict[str, dict[str, Any]]:
    """The peers' figures, from their own environment (made on first use)."""
    home = ROOT / "build/peers"
    python = home / "bin/python"
    if not python.exists():
        print("installing the peers into build/peers ...", file=sys.stderr)
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "page.json").write_text(json.dumps(page(folder)), "utf-8")
        command = [python, Path(__file__).with_name("peers_pdf.py"), folder / "page.json", *sys.argv[1:2]]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, dict[str, Any]] = json.loads(said.splitlines()[-1])
    return found


def main() -> None:
    least = floor()
    table: dict[str, dict[str, Any]] = {"floor: write, hash, sign": least, **ours(), **peers()}
    own = table["certportal"]["ms"]
    print(f"{'the same page':<28}{'CPU ms':>9}{'a second':>10}{'KB':>7}{'x ours':>9}")
    for name, figures in table.items():
        if "absent" in figures:
            print(f"{name:<28} {figures['absent']}")
            continue
        cost, size = figures["ms"], figures["bytes"] / 1024
        print(f"{name:<28}{cost:>9.3f}{1000 / cost:>10.0f}{size:>7.1f}{cost / own:>9.1f}")
    budgets = {
        "naive fpdf2 >= 150x": table["naive fpdf2"].get("ms", 0) / own >= 150,
        "WeasyPrint >= 150x": table["WeasyPrint"].get("ms", 0) / own >= 150,
        "Typst >= 15x": table["Typst"].get("ms", 0) / own >= 15,
        "<= 4x the floor": own <= 4 * least["ms"],
        "sealed >= 500 a second": table["certportal, sealed"]["ms"] <= 2,
        "<= 50 KB": table["certportal"]["bytes"] <= 50 * 1024,
    }
    print()
    for budget, kept in budgets.items():
        print(f"{'kept  ' if kept else 'MISSED'} {budget}")


if __name__ == "__main__":
    main()
