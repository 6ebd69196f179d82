"""Every design of the project is previewed with every sample it can hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from generator.flow.certifying.template_preview import SAMPLES, make_preview
from tests.render.sample import template


@pytest.mark.slow
def test_all_templates_with_all_samples(tmp_path: Path) -> None:
    names = ("completion", "accredited", "unit", "replacement")
    found = make_preview(template, names, tmp_path)
    assert found.problems == ()
    assert len(found.files) == 2 * len(names) * (len(SAMPLES) + 1)
    assert all(path.stat().st_size > 10_000 for path in found.files)


@pytest.mark.slow
def test_the_page_of_a_table_has_room_for_sixty_units(tmp_path: Path) -> None:
    made = {path.name: path for path in make_preview(template, ("unit", "accredited"), tmp_path).files}
    printed = {
        name: PdfDocument(made[f"{name}-most-units.pdf"].read_bytes())[0].get_textpage().get_text_range()
        for name in ("unit", "accredited")
    }
    assert "U60 Principles and practice, part 60" in printed["unit"]
    assert "U8 Principles and practice, part 8" in printed["accredited"]
    assert "U60" not in printed["accredited"]
