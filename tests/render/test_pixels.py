"""The fast path draws what fpdf2 draws, and every design still looks as it did (tests/golden/)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from generator.flow.certifying.template_preview import SAMPLES, sample_statement
from generator.render.renderer import Imprint, Renderer
from tests.render.plain import drawn_plainly
from tests.render.sample import ENVELOPE, IMPRINT, NAMES, statement, template

GOLDEN = Path(__file__).parents[1] / "golden"
TEMPLATES = ("completion", "accredited", "unit", "replacement")


def pixels(pdf: bytes, dpi: int) -> np.ndarray:
    """The page in grey, 0 to 255."""
    page = pypdfium2.PdfDocument(pdf)[0]
    return np.asarray(page.render(scale=dpi / 72).to_pil().convert("L"), dtype=np.int16)


def unlike(one: np.ndarray, other: np.ndarray, level: int) -> float:
    """The share of pixels that differ by more than a level of grey."""
    assert one.shape == other.shape
    return float((abs(one - other) > level).mean())


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("learner", [NAMES[rank] for rank in (0, 3, 7, 8, 9, 10)])
def test_the_fast_path_is_pixel_equal_to_plain_fpdf2(name: str, learner: str) -> None:
    renderer = Renderer(template(name), IMPRINT)
    drawn = statement(learner)
    fast = pixels(renderer.render(drawn, ENVELOPE), 150)
    plain = pixels(drawn_plainly(renderer, drawn), 150)
    # Places are rounded to other decimals, so a few letters fall on the next quarter of a pixel.
    assert unlike(fast, plain, 24) < 0.0008
    assert abs(fast - plain).max() < 110


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["qualification", "everything-long-name", "arabic", "course"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_the_design_looks_as_it_did(name: str, sample: str) -> None:
    """`GOLDEN=write pytest tests/render/test_pixels.py` keeps what is printed now; look at it first."""
    renderer = Renderer(template(name), Imprint(IMPRINT.origin, IMPRINT.key_phrase, sample=True))
    now = pixels(renderer.render(sample_statement(*SAMPLES[sample]), ENVELOPE), 72)
    kept = GOLDEN / f"{name}-{sample}.png"
    if os.environ.get("GOLDEN") == "write":
        Image.fromarray(now.astype(np.uint8)).save(kept, optimize=True)
    before = np.asarray(Image.open(kept).convert("L"), dtype=np.int16)
    assert unlike(now, before, 40) < 0.0005


@pytest.mark.slow
def test_the_tolerance_catches_a_line_that_moved() -> None:
    """One small line, half a millimetre lower, in the golden comparison's own measure."""
    before = pixels(Renderer(template("unit"), IMPRINT).render(statement(), ENVELOPE), 72)
    text = (Path(__file__).parents[2] / "site_src/templates/unit/template.yaml").read_text()
    moved = text.replace(
        '{say: "{words.awarded}", style: quiet,', '{say: "{words.awarded}", above: 0.5, style: quiet,'
    )
    assert moved != text
    from generator.render.template_file import load
    from tests.render.sample import folder

    other = load(folder("unit") | {"template.yaml": moved.encode()}, "moved")
    after = pixels(Renderer(other, IMPRINT).render(statement(), ENVELOPE), 72)
    assert unlike(before, after, 40) > 0.0005
