"""Documents that list what is personal are made from the marks (`make golden` writes them)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from generator.edge.register.tables import TABLES
from generator.model.case import Case, Request
from generator.model.certificate import Statement
from generator.model.claim import Claim
from generator.model.hold import Hold
from generator.model.personal import Personal, marks
from generator.model.record_kinds import EVERY
from generator.model.value import Value

DOCS = Path(__file__).resolve().parents[2] / "site_src" / "docs"
VALUES: Mapping[str, type[Value]] = {
    "claim": Claim,
    "certificate": Statement,
    "hold": Hold,
    "case": Case,
    "replacement": Request,
    **EVERY,
}


def _names(marked: Mapping[str, Personal], of: str, common: bool | None = None) -> str:
    return ", ".join(
        f"`{name}`"
        for name, mark in marked.items()
        if mark.of == of and (common is None or mark.common == common)
    )


def fields() -> Iterator[str]:
    yield "| value | tells of one learner by itself | of the learner, shared by many | of staff | of others |"
    yield "|---|---|---|---|---|"
    for name, model in VALUES.items():
        if marked := marks(model):
            cells = [_names(marked, "learner", False), _names(marked, "learner", True)]
            cells += [_names(marked, "staff"), _names(marked, "others")]
            yield f"| {name} | {' | '.join(cells)} |"


def tables() -> Iterator[str]:
    yield "| table | holds | personal data |"
    yield "|---|---|---|"
    for name, table in TABLES.items():
        personal = ", ".join(f"`{column}`" for column in table.personal)
        yield f"| `{name}` | {table.holds} | {personal or 'none'} |"


@pytest.mark.parametrize(
    ("document", "name", "lines"), [("privacy.md", "fields", fields()), ("register.md", "tables", tables())]
)
def test_a_document_lists_what_is_personal(document: str, name: str, lines: Iterator[str]) -> None:
    path = DOCS / document
    text = path.read_text("utf-8")
    before, opening, rest = text.partition(f"<!-- {name}: made by `make golden` -->\n")
    listed, closing, after = rest.partition(f"<!-- /{name} -->")
    assert (bool(opening), bool(closing)) == (True, True), f"{document} has no place for the list"
    made = "".join(f"{line}\n" for line in ("", *lines, ""))
    if os.environ.get("GOLDEN") == "write":
        path.write_text(f"{before}{opening}{made}{closing}{after}", "utf-8")
    else:
        assert listed == made, f"{document} is not what the marks say: `make golden` makes it again"
