"""Which clause of a quality review a line of evidence belongs to, and that the documents say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.model.quality_records import CLAUSES, EvidenceItem, clause_of, clauses_of
from generator.sheets.layout_columns import columns

POLICIES = Path(__file__).resolve().parents[2] / "site_src" / "docs" / "policies.md"


def line(**more: Any) -> EvidenceItem:
    fields = {"centre": "C1", "evidence": "E", "what": "policy", "subject": "S", "owner": "a.one"}
    return EvidenceItem.of({**fields, "on": "2026-01-01", **more})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("QO.1", 1), ("QO.10", 10), ("QO.3.2", 3), ("QO.1.4", 1), ("qo 3", 3), ("QO3", 3)),
        *(("QO.0", None), ("QO.11", None), ("QO", None), ("Q3", None), ("QO.3 and QO.4", None)),
    ],
)
def test_how_a_clause_is_named(text: str, number: int | None) -> None:
    found = clause_of(text)
    assert (found.number if found else None) == number


def test_a_line_belongs_to_what_it_names_or_to_the_clause_of_its_kind() -> None:
    def codes(**more: Any) -> list[str]:
        return [clause.code for clause in clauses_of(line(**more))]

    assert codes() == ["QO.1"]
    assert codes(clauses=["QO.9", "QO.3.1", "QO.3.2"]) == ["QO.3", "QO.9"]
    assert codes(clauses=["QO.11"]) == []
    assert codes(what="other") == []


def test_no_kind_belongs_to_two_clauses_and_only_other_to_none() -> None:
    listed = [kind for clause in CLAUSES for kind in clause.kinds]
    assert len(set(listed)) == len(listed)
    kinds = next(column.choices for column in columns(EvidenceItem) if column.name == "what")
    assert set(kinds) - set(listed) == {"other"}
    assert [clause.number for clause in CLAUSES] == list(range(1, 11))


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.code)
def test_the_documents_show_the_same_mapping(clause: Any) -> None:
    rows = POLICIES.read_text("utf-8").splitlines()
    cells = next(row for row in rows if row.startswith(f"| {clause.code} |")).split(" | ")
    assert cells[1].casefold() == clause.title.casefold()
    assert [kind.strip("`") for kind in cells[2].split(", ") if kind.strip(" |")] == list(clause.kinds)
