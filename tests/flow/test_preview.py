"""Every design of the project is previewed with every sample it can hold."""

from __future__ import annotations

from pathlib import Path

from generator.flow.preview import SAMPLES, preview
from tests.render.sample import template


def test_all_templates_with_all_samples(tmp_path: Path) -> None:
    names = ("completion", "accredited", "unit", "replacement")
    found = preview(template, names, tmp_path)
    assert all(path.stat().st_size > 10_000 for path in found.files)
    # Sixty units are for the page of a table; the others say so.
    assert {problem.code for problem in found.problems} <= {"PRINT-ROOM"}
    assert all("60 units" in problem.what for problem in found.problems)
    assert len(found.files) == 2 * (len(names) * len(SAMPLES) - len(found.problems))
    assert tmp_path / "unit-sixty-units.pdf" in found.files
