"""Questions of an import as a sheet: one line each, the answer in the last column (docs/import.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from generator.errors import Refused
from generator.sheets.codes import IMPORT_ANSWER
from generator.sheets.grid import Grid, harmless

COLUMNS = ("Question", "Learner", "In the sheet", "Registered", "Rows", "Answer")
_ANSWERS = {
    "same": "same",
    "yes": "same",
    "y": "same",
    "different": "different",
    "no": "different",
    "n": "different",
}


def encode(questions: Iterable[Sequence[str]]) -> bytes:
    """The sheet to fill in; each question is its first five columns."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for question in questions:
        writer.writerow([*(harmless(cell) for cell in question), ""])
    return out.getvalue().encode("utf-8-sig", "replace")


def decode(grid: Grid) -> dict[str, str]:
    """Answers by question; lines without one are left open. Raises `Refused` for words that are neither."""
    lines = (line for line in grid.walk() if not line.blank)
    head = next(lines, None)
    places = {name: head.cells.index(name) for name in COLUMNS if head and name in head.cells}
    if head is None or "Question" not in places or "Answer" not in places:
        fix = "fill in the last column of certificates/reports/questions.csv and hand that file back"
        raise Refused(IMPORT_ANSWER.at(grid.place, "is no sheet of questions", fix))
    found: dict[str, str] = {}
    problems = []
    for line in lines:
        number, said = line.cell(places["Question"]), line.cell(places["Answer"]).casefold()
        if not said:
            continue
        if said not in _ANSWERS or found.get(number, _ANSWERS[said]) != _ANSWERS[said]:
            what = f"`{line.cell(places['Answer'])}` is no answer to question {number}, or a second one"
            problems.append(IMPORT_ANSWER.at(grid.place.at(line.number), what, "write same or different"))
        else:
            found[number] = _ANSWERS[said]
    if problems:
        raise Refused(problems)
    return found
