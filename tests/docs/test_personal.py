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
from tests.test_house import ROOT

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


# The words of the public privacy page for each personal field of what is published.
ON_THE_PUBLIC_PAGE = {
    "learner.name": "your name",
    "grade": "grades",
    "units.grade": "grades",
    "score": "score",
    "hours": "hours",
    "sponsor": "your sponsor",
    "instructor": "instructor",
    "signatories.name": "who signed it",
    "signatories.title": "who signed it",
    "completed_on": "its dates",
    "issued_on": "its dates",
    "expires_on": "its dates",
    "serial": "its number",
    "number": "your code",
}


def test_the_public_privacy_page_names_every_personal_field_that_is_published() -> None:
    assert set(marks(Statement)) == set(ON_THE_PUBLIC_PAGE), "say it in pages/privacy.md"
    page = " ".join((ROOT / "site_src/pages/privacy.md").read_text("utf-8").split())
    assert [name for name, words in ON_THE_PUBLIC_PAGE.items() if words not in page] == []
