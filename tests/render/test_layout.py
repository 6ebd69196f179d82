"""Whatever a certificate says: refused beforehand, or on the page, inside it, and nothing over anything."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import Malformed
from generator.model.certificate import Statement
from generator.render.arrangement import flattened
from generator.render.marks import POINTS, Mark, PictureMark, QrMark, TextMark
from generator.render.renderer import Renderer
from tests.examples import examples
from tests.render.sample import ENVELOPE, IMPRINT, NAMES, statement, template

PRESSES = {
    name: Renderer(template(name), IMPRINT) for name in ("completion", "accredited", "unit", "replacement")
}
LETTERS = st.sampled_from(
    ["word", "Wm", "i", "long-ish", "Ŵyth", "محمد", "אבג", "王小明", "क्षत्रिय", "Σωκρ", "Жук"]
)


def words(most: int) -> st.SearchStrategy[str]:
    return st.lists(LETTERS, min_size=1, max_size=most).map(lambda parts: " ".join(parts)[:200].strip())


UNITS = st.lists(st.tuples(words(14), st.sampled_from(["Pass", "Distinction*", "Not yet"])), max_size=60)
STATEMENTS = st.fixed_dictionaries(
    {
        "issuer": words(14),
        "label": words(8),
        "learner": words(16).map(lambda name: {"name": name}),
        "grade": st.none() | words(4),
        "score": st.none() | words(5),
        "sponsor": st.none() | words(12),
        "instructor": st.none() | words(8),
        "centre": st.none() | words(16).map(lambda name: {"name": name, "number": "NF041"}),
        "replacement": st.sampled_from([None, True]),
        "units": UNITS.map(
            lambda found: (
                [
                    {"code": f"U{rank}", "title": title, "grade": grade}
                    for rank, (title, grade) in enumerate(found)
                ]
                or None
            )
        ),
        "signatories": st.lists(st.tuples(words(5), words(9)), max_size=4, unique=True).map(
            lambda people: [{"name": name, "title": title} for name, title in people]
        ),
    }
)

Box = tuple[float, float, float, float]


def box_of(mark: Mark, renderer: Renderer) -> Box | None:
    """Left, bottom, right, top of what must stay free: letters from the baseline to the middle capital."""
    if isinstance(mark, TextMark):
        drawn = mark.line.width * mark.size / 1000 + mark.tracking * max(0, mark.line.count - 1)
        return (
            (mark.left, mark.base, mark.left + drawn, mark.base + 0.6 * mark.size)
            if mark.line.text.strip()
            else None
        )
    if isinstance(mark, QrMark):
        return mark.left, mark.bottom, mark.left + mark.side, mark.bottom + mark.side
    if isinstance(mark, PictureMark):
        form = renderer._gallery.named(mark.picture)
        return mark.left, mark.bottom, mark.left + form.width, mark.bottom + form.height
    return None


def boxes(renderer: Renderer, drawn: Statement) -> list[tuple[Box, bool]]:
    """Every box, and whether it is a signature, which may touch the line and name below it."""
    wording = renderer.template.words(drawn.language)
    assert wording is not None
    sheet, filled = renderer._sheet(drawn, wording), renderer._filled(drawn, wording)
    found = []
    for leaf in flattened(sheet.elements):
        for mark in leaf.slot.marks(filled) if leaf.slot else leaf.marks:
            box = box_of(mark, renderer)
            if box:
                found.append((box, bool(leaf.alt and leaf.alt.startswith("Signature"))))
    return found


def over(one: Box, other: Box) -> bool:
    slack = 0.05
    return (
        one[0] < other[2] - slack
        and other[0] < one[2] - slack
        and one[1] < other[3] - slack
        and other[1] < one[3] - slack
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESSES)
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fields=STATEMENTS)
def test_refused_or_within_the_page_and_apart(name: str, fields: dict[str, object]) -> None:
    renderer = PRESSES[name]
    try:
        drawn = statement(**fields)
    except Malformed:
        return
    problems = renderer.check(drawn.draft())
    if problems:
        assert all(str(problem.place) and problem.what and problem.fix for problem in problems)
        return
    assert renderer.render(drawn, ENVELOPE).endswith(b"%%EOF\n")
    width, height = (side * POINTS for side in renderer.template.page.size)
    found = boxes(renderer, drawn)
    for (left, bottom, right, top), _ in found:
        assert left >= 8 * POINTS
        assert bottom >= 8 * POINTS
        assert right <= width - 8 * POINTS
        assert top <= height - 8 * POINTS
    for (one, signature), (other, too) in combinations(found, 2):
        assert signature or too or not over(one, other)


@pytest.mark.parametrize("name", PRESSES)
@pytest.mark.parametrize("learner", NAMES)
def test_the_sample_names_stay_apart(name: str, learner: str) -> None:
    renderer = PRESSES[name]
    drawn = statement(learner)
    assert renderer.check(drawn.draft()) == []
    assert not any(
        over(one, other)
        for (one, signature), (other, too) in combinations(boxes(renderer, drawn), 2)
        if not (signature or too)
    )
