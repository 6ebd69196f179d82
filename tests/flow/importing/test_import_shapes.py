"""Each sample shape, clean and as people leave it, to issued certificates; in any order and style."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests import sample_sheets, workshop
from tests.examples import examples
from tests.flow.importing import sheets_put_in as importing
from tests.flow.importing.sheets_put_in import course, grades, only, put

GRADES = sample_sheets.rows_of(sample_sheets.GRADES)
COMPLETION = sample_sheets.rows_of(sample_sheets.COMPLETION)
SPELT = {"P": "Pass", "M": "merit", "D": " d "}
Made = tuple[dict[str, object], bytes]


def dirty_grades() -> Made:
    """Titles, merged cells, hidden and other sheets, real and text dates, spellings, N/A, formulas."""
    book = Workbook()
    page = book.active
    page.title = "Lists"
    page.sheet_state = "hidden"
    page.append(["P", "M", "D"])
    page = book.create_sheet("Grades")
    page.append(["Northfield College, L3IT grades"])
    page.merge_cells("A1:H1")
    page.append([])
    page.append(["Candidate No" if cell == "Registration number" else cell.upper() for cell in GRADES[0]])
    page["A3"] = "Candidate number"
    for rank, row in enumerate(GRADES[1:]):
        page.append([_dirty(name, cell, rank) for name, cell in zip(GRADES[0], row, strict=True)])
    page["Y4"] = "=COUNTA(A4:A63)"
    page.append([None, None, "Signed: R. Vaughan"])
    book.create_sheet("Notes").append(["ring the college"])
    return grades("grades.xlsx"), sample_sheets.saved(book)


def _dirty(name: str, cell: str, rank: int) -> object:
    if name == "ULN" and rank % 2:
        return int(cell)
    if ("verified on" in name or name == "Completed on") and cell:
        day = sample_sheets.day(cell)
        return (day, day.strftime("%d.%m.%y"), day.strftime("%A, %d %B %Y, %I:%M %p"))[rank % 3]
    if name.endswith("grade") and rank % 2:
        return SPELT.get(cell, cell or "N/A")
    return cell or ("n/a" if "assessor" in name and rank % 3 == 0 else None)


def dirty_completion() -> Made:
    """Semicolons, Windows-1252 impossible so UTF-16, other headings, states in capitals, a title line."""
    rows = [["Report of 22/11/2026", *[""] * 11], [], *COMPLETION]
    rows[2] = ["User ID", "Full name", "E-mail", *COMPLETION[0][3:]]
    rows[3:] = [[cell.upper() if "omplet" in cell else cell for cell in row] for row in rows[3:]]
    return course("completion.csv", "completion_report"), sample_sheets.as_csv(rows, "utf-16", ";")


def dirty_progress() -> Made:
    """As a workbook, where the empty last heading is gone, with real dates."""
    rows: list[list[object]] = [["Exported by Moodle"]]
    for row in sample_sheets.progress_rows():
        made: list[object] = list(row)
        for place in range(3, len(row), 2):
            if row[place]:
                made[place] = datetime.fromisoformat(row[place])
        rows.append(made)
    return course("progress.xlsx", "progress_report"), sample_sheets.as_workbook(rows)


SHAPES: dict[str, tuple[int, Callable[[], Made]]] = {
    "grades.csv": (60, lambda: (grades("g.csv"), sample_sheets.as_csv(GRADES))),
    "grades.xlsx": (60, lambda: (grades("g.xlsx"), sample_sheets.as_workbook(GRADES))),
    "grades dirty": (60, dirty_grades),
    "completion.csv": (97, lambda: (course("c.csv", "completion_report"), sample_sheets.as_csv(COMPLETION))),
    "completion.xlsx": (
        97,
        lambda: (course("c.xlsx", "completion_report"), sample_sheets.as_workbook(COMPLETION)),
    ),
    "completion dirty": (97, dirty_completion),
    "progress.csv": (
        97,
        lambda: (course("p.csv", "progress_report"), sample_sheets.as_csv(sample_sheets.progress_rows())),
    ),
    "progress excel": (
        97,
        lambda: (
            course("p.csv", "progress_report"),
            sample_sheets.as_csv(sample_sheets.progress_rows(), "utf-16", "\t"),
        ),
    ),
    "progress dirty": (97, dirty_progress),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SHAPES))
def test_each_shape_clean_and_dirty_to_issued_certificates(name: str, tmp_path: Path) -> None:
    count, make = SHAPES[name]
    source, data = make()
    root = workshop.sample(tmp_path / "w")
    only(root, source)
    put(root, str(source["file"]), data)
    workshop.prepare(root)
    assert importing.issued(root) == count


@pytest.mark.slow
def test_the_dirty_sheets_hold_the_same_claims_as_the_clean(tmp_path: Path) -> None:
    def claims(name: str) -> list[str]:
        source, data = SHAPES[name][1]()
        root = workshop.sample(tmp_path / name.replace(" ", "-"))
        only(root, source)
        put(root, str(source["file"]), data)
        found = importing.preview(root, write=True)
        assert found.faults == 0, [str(problem) for problem in found.problems]
        return importing.claims(root)

    for one, *others in (
        ("grades.csv", "grades.xlsx", "grades dirty"),
        ("completion.csv", "completion.xlsx", "completion dirty"),
        ("progress.csv", "progress excel", "progress dirty"),
    ):
        clean = claims(one)
        assert len(clean) == SHAPES[one][0]
        for other in others:
            assert claims(other) == clean, other


STYLES = ("%d/%m/%Y", "%d-%m-%y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d/%m/%Y %H:%M")


@pytest.mark.slow
@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(len(GRADES[0]))),
    lines=st.permutations(range(1, 13)),
    style=st.sampled_from(STYLES),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "workbook"]),
    separator=st.sampled_from(",;\t"),
)
def test_columns_rows_encodings_and_dates_in_any_order_and_style(
    tmp_path_factory: pytest.TempPathFactory,
    order: list[int],
    lines: list[int],
    style: str,
    encoding: str,
    separator: str,
) -> None:
    root = tmp_path_factory.mktemp("any") / "w"
    workshop_root = workshop.sample(root)
    rows = [
        [_styled(GRADES[line][place], GRADES[0][place], style) for place in order] for line in (0, *lines)
    ]
    name = "g.xlsx" if encoding == "workbook" else "g.csv"
    only(workshop_root, grades(name))
    data = (
        sample_sheets.as_workbook(rows)
        if encoding == "workbook"
        else sample_sheets.as_csv(rows, encoding, separator)
    )
    put(workshop_root, name, data)
    found = importing.preview(workshop_root, write=True)
    assert (found.faults, found.new) == (0, 12)
    assert importing.claims(workshop_root) == _expected(tmp_path_factory)


def _styled(cell: str, heading: str, style: str) -> str:
    dated = ("verified on" in heading or heading == "Completed on") and cell and cell != heading
    return sample_sheets.day(cell).strftime(style) if dated else cell


_KNOWN: list[list[str]] = []


def _expected(factory: pytest.TempPathFactory) -> list[str]:
    if not _KNOWN:
        root = workshop.sample(factory.mktemp("expected") / "w")
        only(root, grades("g.csv"))
        put(root, "g.csv", sample_sheets.as_csv(GRADES[:13]))
        importing.preview(root, write=True)
        _KNOWN.append(importing.claims(root))
    return _KNOWN[0]
