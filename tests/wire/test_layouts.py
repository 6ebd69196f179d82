"""Our own layouts: out and in again in every form, safe in a spreadsheet, every fault by its line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Refused
from generator.model.record_kinds import EVERY, KINDS
from generator.model.registration import LearnerRecord
from generator.wire import claim_file, layouts, table
from generator.wire.layouts import Form
from tests.flow import office
from tests.rules.controls import case

FORMS: tuple[Form, ...] = ("yaml", "csv", "jsonl")
# What no spreadsheet may be handed to compute, in half and full width.
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%0A=1", "\uff1d1+1", "\uff0b1", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("form", FORMS)
def test_out_and_in_again(form: Form) -> None:
    listed = office.records()
    for kind in {one.KIND for one in listed}:
        mine = [one for one in listed if kind == one.KIND]
        data = layouts.write(EVERY[kind], kind, mine, form)
        assert [item.record for item in layouts.read(EVERY[kind], kind, data, "file", form)] == mine


@pytest.mark.parametrize("form", FORMS)
def test_claims_out_and_in_again(form: Form) -> None:
    listed = [case.claim(), case.claim(kind="units", grade=None, learner_ref="L2")]
    data = claim_file.write(listed, form)
    if form == "csv":
        back = claim_file.read_csv(table.read_csv(data, "file"))
    elif form == "yaml":
        back = claim_file.read_yaml(data, "file")
    else:
        back = claim_file.read_lines(data, "file")
    assert [item.claim for item in back] == listed


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_it_reads_back(text: str) -> None:
    record = case.learner(name=text)
    data = layouts.write(LearnerRecord, "learners", [record], "csv")
    cells = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert cells["name"] == "'" + text
    assert layouts.read(LearnerRecord, "learners", data, "file", "csv")[0].record == record


@given(st.text(max_size=20))
def test_safe_and_unsafe_undo_one_another(text: str) -> None:
    marked = layouts.safe(text)
    assert layouts.unsafe(marked) == text
    assert not marked or marked[0] not in "=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize("kind", KINDS)
def test_every_layout_and_field_is_documented(kind: str) -> None:
    text = office.workshop.CHECKOUT.joinpath("site_src/docs/layouts.md").read_text("utf-8")
    start = text.index(f"## {kind}")
    chapter = text[start : text.find("\n## ", start + 1)]
    for column in layouts.columns(KINDS[kind]):
        assert f"| `{column.name}` |" in chapter, column.name
        for choice in column.choices:
            assert f"`{choice}`" in chapter, (column.name, choice)


def problems(kind: str, data: bytes, form: Form) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        layouts.read(KINDS[kind], kind, data, "file", form)
    return [(problem.code, problem.where) for problem in refused.value.problems]


def test_every_fault_is_told_by_its_line() -> None:
    head = "centre,learner_ref,programme,version,attended,sessions\n"
    rows = "C1,L1,Q1,1,8,10\nC1,L2,Q1,1,eight,10\nC1,L3,Q1,1,11,10\n,L4,Q1,1,1,1\n"
    assert problems("attendance", (head + rows).encode(), "csv") == [("LAYOUT-FIELD", "file:3 attended")]
    rows = rows.replace("eight", "8")
    assert problems("attendance", (head + rows).encode(), "csv") == [
        ("LAYOUT-FIELD", "file:4 value"),
        ("LAYOUT-FIELD", "file:5 centre"),
    ]
    yaml = b"schema: 1\nattendance:\n  - centre: C1\n    learner_ref: L1\n    sesions: 4\n"
    listed = problems("attendance", yaml, "yaml")
    assert ("LAYOUT-FIELD", "file:5 sesions") in listed
    lines = b'{"centre": "C1"}\n\n{"centre": "C1", "centre": "C2"}\n[]\nno\n'
    assert problems("attendance", lines, "jsonl") == [("LAYOUT-JSON", "file:3"), ("LAYOUT-JSON", "file:5")]


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
    ],
)
def test_what_is_no_such_file_is_named(data: bytes, form: Form, code: str) -> None:
    assert {found for found, _ in problems("attendance", data, form)} == {code}
