"""Documents that list what is personal are made from the marks (`make golden` writes them)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from generator.edge.register.tables import TABLES
from generator.model.case import Case, Request
from generator.model.certificate import Statement
from generator.model.claim import Claim
from generator.model.hold import Hold
from generator.model.personal import Personal, marks
from generator.model.record_kinds import EVERY
from generator.model.value import Value
from tests.docs.made_list import check_list

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
    check_list(document, name, lines)
