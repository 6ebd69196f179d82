"""Our own layouts: out and in again in every form, safe in a spreadsheet, every fault by its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from generator.errors import Place, Refused
from generator.flow.importing import records
from generator.model.claim import Claim
from generator.model.record_kinds import KINDS
from generator.model.registration import LearnerRecord
from generator.model.result import Attendance
from generator.model.value import Value
from generator.sheets import claim_file, grid, layout_columns, layout_workbook, layouts, table
from generator.sheets.claim_sheets import ClaimReading
from generator.sheets.layout_words import meaning
from generator.sheets.layouts import Form
from tests import sample_sheets
from tests.examples import examples
from tests.flow import offices
from tests.rules.controls import case
from tests.sheets import layout_samples
from tests.sheets.layout_samples import MODELS

FORMS: tuple[Form, ...] = ("yaml", "csv", "jsonl", "xlsx")
# What no spreadsheet may be handed to compute, in half and full width.
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%0A=1", "\uff1d1+1", "\uff0b1", "=cmd|' /C calc'!A0")


def written(kind: str, listed: list[Any], form: Form) -> bytes:
    return (
        claim_file.write(listed, form)
        if kind == "claims"
        else layouts.write(MODELS[kind], kind, listed, form)
    )


def back(kind: str, data: bytes, form: Form) -> list[Any]:
    """What reading gives, by the same doors as an import."""
    if kind != "claims":
        return [item.record for item in layouts.read(MODELS[kind], kind, data, Place("file"), form)]
    if form == "yaml":
        return whole(claim_file.read_yaml(data, Place("file")))
    if form == "jsonl":
        return whole(claim_file.read_lines(data, Place("file")))
    sheet = (
        table.read_csv(data, Place("file"))
        if form == "csv"
        else layout_workbook.read(kind, data, Place("file"))
    )
    return whole(claim_file.read_csv(sheet))


def whole(readings: list[ClaimReading]) -> list[Any]:
    """The claims of a file in which each item is one."""
    faults = [problem for item in readings for problem in item.problems]
    if faults:
        raise Refused(faults)
    return [item.claim for item in readings]


@pytest.mark.slow
@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=examples(8), phases=(Phase.generate,))  # shrinking workbooks takes minutes
@given(st.data())
def test_every_layout_out_and_in_again_in_every_form(kind: str, data: st.DataObject) -> None:
    whole = layout_samples.filled(kind)
    listed: list[Value] = [whole, *data.draw(st.lists(layout_samples.records(kind), max_size=3))]
    for form in FORMS:
        assert back(kind, written(kind, listed, form), form) == listed, form


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_it_reads_back(text: str) -> None:
    record = case.learner(name=text)
    data = layouts.write(LearnerRecord, "learners", [record], "csv")
    cells = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert cells["name"] == "'" + text
    assert back("learners", data, "csv") == [record]
    book = layouts.write(LearnerRecord, "learners", [record], "xlsx")
    page = load_workbook(io.BytesIO(book))["learners"]
    # Marked as in CSV, because somebody may save the workbook as CSV.
    assert [cell.value for cell in page["C"]] == ["name", "'" + text]
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value} == {"s"}
    assert {cell.number_format for cell in page[2] if cell.value} == {"@"}
    assert back("learners", book, "xlsx") == [record]


@given(st.text(max_size=20))
def test_safe_and_unsafe_undo_one_another(text: str) -> None:
    marked = layout_columns.safe(text)
    assert layout_columns.unsafe(marked) == text
    assert not marked or marked[0] not in "=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize("kind", MODELS)
def test_every_layout_and_field_is_documented_as_the_sheets_explain_it(kind: str) -> None:
    text = offices.workshop.CHECKOUT.joinpath("site_src/docs/layouts.md").read_text("utf-8")
    start = text.index(f"## {kind}\n")
    chapter = text[start : text.find("\n## ", start + 1)]
    key = getattr(MODELS[kind], "KEY", ())
    for column in claim_file.columns() if kind == "claims" else layout_columns.columns(MODELS[kind]):
        marks = ", ".join([*["*needed*"] * column.needed, *["*key*"] * (column.name in key)])
        said = ": ".join(part for part in (meaning(kind, column.name), _listed(column.choices)) if part)
        row = f"| `{column.name}` | {marks} | {said} |"
        assert row in chapter, f"docs/layouts.md, {kind}, lacks the row {row}"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def test_a_workbook_helps_whoever_fills_it_in() -> None:
    data = records.empty("results", "xlsx")
    book = load_workbook(io.BytesIO(data))
    page, words = book["results"], book["Columns"]
    columns = layout_columns.columns(KINDS["results"])
    assert [cell.value for cell in page[1]] == [column.name for column in columns]
    assert all(cell.font.bold for cell in page[1])
    assert page.freeze_panes == "A2"
    assert [row[0].value for row in words.iter_rows(min_row=2)] == [column.name for column in columns]
    rules = {str(rule.sqref)[0]: rule for rule in page.data_validations.dataValidation}
    state = rules["L"]
    assert page["L1"].value == "state"
    allowed = [cell.value for cell in words[state.formula1.partition("!")[2].replace("$", "")][0]]
    assert allowed == ["provisional", "confirmed", "under_review", "amended", "void"]
    assert "only confirmed and amended results count" in state.prompt
    assert page.column_dimensions["K"].number_format == "yyyy-mm-dd"
    assert records.empty("results", "xlsx") == data


def test_what_is_typed_into_a_workbook_is_read_as_what_it_shows() -> None:
    book = load_workbook(io.BytesIO(records.empty("attendance", "xlsx")))
    page = book["attendance"]
    page.append(["C1", "L1", "Q1", 2026, 7, 12, date(2026, 6, 1)])
    page.append([None] * 7)
    page.append(["C1", "L2", "Q1", "2026", "7", "12", "1 June"])
    with pytest.raises(Refused) as refused:
        back("attendance", sample_sheets.saved(book), "xlsx")
    assert [(one.code, str(one.place)) for one in refused.value.problems] == [
        ("LAYOUT-FIELD", "file:4 until")
    ]
    page.delete_rows(3, 2)
    (record,) = back("attendance", sample_sheets.saved(book), "xlsx")
    expected = {"centre": "C1", "learner_ref": "L1", "programme": "Q1", "version": "2026"}
    assert record == Attendance.of({**expected, "attended": 7, "sessions": 12, "until": "2026-06-01"})


BEYOND = "beyond the last column"


@pytest.mark.parametrize(
    ("cell", "value", "found"),
    [
        ("C2", "=1+1", "SHEET-FORMULA"),  # never calculated, so it has no value
        ("C2", "Zo\u00c3\u00ab", "SHEET-ENCODING"),
        ("B2", 12345678901234567890, "SHEET-SCIENTIFIC"),
        ("C2", "x\u202ey", "SHEET-HIDDEN"),
        (BEYOND, "stray", "SHEET-ROW"),
        ("C2", None, "LAYOUT-FIELD"),
        ("F2", "maybe", "LAYOUT-FIELD"),
        ("A1", "center", "SHEET-COLUMN"),
        ("G2", "+44 1632 960417", None),
        ("B2", "1E2", None),
        ("E2", date(2008, 1, 1), None),
        ("F2", True, None),
    ],
)
def test_what_workbooks_do_to_cells(cell: str, value: object, found: str | None) -> None:
    listed = [case.learner(learner_ref="L1", uln=None)]
    book = load_workbook(io.BytesIO(layouts.write(LearnerRecord, "learners", listed, "xlsx")))
    page = book["learners"]
    assert [one.value for one in page[1]][:7] == "centre learner_ref name uln born_on minor email".split()
    page[f"{grid.letter(page.max_column)}2" if cell == BEYOND else cell] = value
    if found is None:
        assert len(back("learners", sample_sheets.saved(book), "xlsx")) == 1
        return
    with pytest.raises(Refused) as refused:
        back("learners", sample_sheets.saved(book), "xlsx")
    assert found in {problem.code for problem in refused.value.problems}


def test_a_hostile_text_that_no_export_of_ours_wrote_is_refused() -> None:
    book = load_workbook(io.BytesIO(layouts.write(LearnerRecord, "learners", [case.learner()], "xlsx")))
    cell = book["learners"]["C2"]
    cell.value, cell.data_type = "=cmd|' /C calc'!A0", "s"
    with pytest.raises(Refused, match="SHEET-INJECTION"):
        back("learners", sample_sheets.saved(book), "xlsx")


@pytest.mark.parametrize("kind", MODELS)
def test_an_empty_file_is_filled_in(kind: str) -> None:
    whole = layout_samples.filled(kind)
    sheet = written(kind, [whole], "csv").decode("utf-8-sig").splitlines()
    blank = records.empty(kind, "csv").decode("utf-8-sig").splitlines()
    assert blank[0].removesuffix(",email") == sheet[0].removesuffix(",email")
    lines = records.empty(kind, "yaml").decode().splitlines()
    assert lines[:2] == ["schema: 1", f"{kind}:"]
    plain = {**whole.model_dump(), "email": None} if kind == "claims" else whole.model_dump()
    assert {line.lstrip("#- ").partition(":")[0] for line in lines[3:]} == set(plain)
    for form in ("csv", "xlsx", "yaml"):
        with pytest.raises(Refused):
            back(kind, records.empty(kind, form), form)
    with pytest.raises(Refused, match="is missing / fix: exams officer: add the field"):
        back(kind, records.empty(kind, "jsonl"), "jsonl")


def test_a_yaml_file_is_filled_in_by_taking_the_marks_away() -> None:
    lines = records.empty("learners", "yaml").decode().splitlines()
    given = {
        "centre": "C1",
        "learner_ref": "L1",
        "name": "Zo\u00eb",
        "minor": "true",
        "consents": "[sponsor]",
    }
    filled = [
        line.replace("#", " ", 1).replace(f"{name}:", f"{name}: {value}")
        for name, value in given.items()
        for line in lines
        if line.lstrip("#- ").startswith(f"{name}:")
    ]
    (record,) = back("learners", "\n".join([*lines[:2], *filled]).encode(), "yaml")
    assert (record.name, record.minor, record.consents) == ("Zo\u00eb", True, ("sponsor",))


def problems(kind: str, data: bytes, form: Form) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        layouts.read(KINDS[kind], kind, data, Place("file"), form)
    return [(problem.code, str(problem.place)) for problem in refused.value.problems]


def test_every_fault_is_told_by_its_line() -> None:
    head = "centre,learner_ref,programme,version,attended,sessions\n"
    rows = "C1,L1,Q1,1,8,10\nC1,L2,Q1,1,eight,10\nC1,L3,Q1,1,11,10\n,L4,Q1,1,1,1\n"
    found = [("LAYOUT-FIELD", "file:4 value"), ("LAYOUT-FIELD", "file:5 centre")]
    every = [("LAYOUT-FIELD", "file:3 attended"), *found]
    assert problems("attendance", (head + rows).encode(), "csv") == every
    rows = rows.replace("eight", "8")
    assert problems("attendance", (head + rows).encode(), "csv") == found
    book = sample_sheets.as_workbook([line.split(",") for line in (head + rows).split()], "attendance")
    assert problems("attendance", book, "xlsx") == found
    yaml = b"schema: 1\nattendance:\n  - centre: C1\n    learner_ref: L1\n    sesions: 4\n"
    listed = problems("attendance", yaml, "yaml")
    assert ("LAYOUT-FIELD", "file:5 sesions") in listed
    lines = b'{"centre": "C1"}\n\n{"centre": "C1", "centre": "C2"}\n[]\nno\n'
    told = problems("attendance", lines, "jsonl")
    assert [one for one in told if one[0] == "LAYOUT-JSON"] == [
        ("LAYOUT-JSON", "file:3"),
        ("LAYOUT-JSON", "file:5"),
    ]
    assert {place.partition(" ")[0] for _, place in told} == {"file:1", "file:3", "file:4", "file:5"}


SIGNED = "exams_officer:a.serwaa:2026-06-08; quality_nominee:j.obrien:2026-06-09"


@pytest.mark.parametrize("form", ["csv", "xlsx", "yaml", "jsonl", "yaml list"])
def test_role_person_and_day_read_the_same_in_every_form(form: str) -> None:
    fields = {"centre": "C1", "learner_ref": "L1", "programme": "Q1", "version": "1", "event": "withdrawn"}
    fields |= {"on": "2026-06-10", "signed_off": SIGNED}
    rows = [list(fields), list(fields.values())]
    plain = json.dumps(fields)
    listed = json.dumps(fields | {"signed_off": SIGNED.split("; ")})
    data: Mapping[str, tuple[bytes, Form]] = {
        "csv": ("\n".join(map(",".join, rows)).encode(), "csv"),
        "xlsx": (sample_sheets.as_workbook(rows, "registrations"), "xlsx"),
        "yaml": (f"schema: 1\nregistrations:\n  - {plain}\n".encode(), "yaml"),
        "yaml list": (f"schema: 1\nregistrations:\n  - {listed}\n".encode(), "yaml"),
        "jsonl": (plain.encode(), "jsonl"),
    }
    (record,) = back("registrations", *data[form])
    assert [(one.role, one.person, one.on) for one in record.signed_off] == [
        ("exams_officer", "a.serwaa", "2026-06-08"),
        ("quality_nominee", "j.obrien", "2026-06-09"),
    ]


@pytest.mark.parametrize(
    ("data", "form", "code"),
    [
        (b"schema: 1\nlearners: []\n", "yaml", "LAYOUT-FORM"),
        (b"schema: 2\nattendance: []\n", "yaml", "LAYOUT-FORM"),
        (b"schema: 1\nattendance: 4\n", "yaml", "LAYOUT-FORM"),
        (b"- 1\n", "yaml", "LAYOUT-FORM"),
        (b"centre,learner_ref\nC1,L1\n", "csv", "SHEET-COLUMN"),
        (b"\xff\xfe\x00", "jsonl", "LAYOUT-JSON"),
        (b'{"centre": ' + b"[" * 100_000, "jsonl", "LAYOUT-JSON"),
        (b'"text"\n', "jsonl", "LAYOUT-FIELD"),
        (b"centre,learner_ref\nC1,L1\n", "xlsx", "SHEET-DAMAGED"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xlsx", "SHEET-XLS"),
    ],
)
def test_what_is_no_such_file_is_named(data: bytes, form: Form, code: str) -> None:
    assert {found for found, _ in problems("attendance", data, form)} == {code}


def test_claims_keep_their_results() -> None:
    listed = [case.claim(), case.claim(kind="units", grade=None, learner_ref="L2")]
    for form in FORMS:
        assert back("claims", written("claims", listed, form), form) == listed
    assert all(isinstance(one, Claim) for one in listed)
