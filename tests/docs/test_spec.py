"""The specification's worked examples are right to the digit, and its tables are the code's."""

from __future__ import annotations

import re

import pytest

from generator.errors import Malformed
from generator.formats import (
    bucket,
    entry,
    envelope,
    head,
    manifest,
    pages,
    record,
    roster,
    statement,
    status,
)
from generator.model.certificate import Draft, Statement
from generator.model.value import Value
from generator.model.verdict import EXIT_CODES, KINDS
from tests.docs.examples import SPEC, examples, filled, worked
from tests.docs.working import WORK, Fields

TEXT = SPEC.read_text("utf-8")
EXAMPLES = examples(TEXT)


@pytest.mark.parametrize("name", WORK)
def test_example(name: str) -> None:
    assert EXAMPLES[name] == worked(name, EXAMPLES)


def test_every_example_is_checked() -> None:
    assert EXAMPLES.keys() == WORK.keys()
    assert filled(TEXT) == TEXT


@pytest.mark.slow
@pytest.mark.parametrize("name", WORK)
def test_one_wrong_character_fails(name: str) -> None:
    """In every field, at the start, in the middle and at the end."""
    for field, value in EXAMPLES[name].items():
        places = [at for at, char in enumerate(value) if char.isascii() and char.isalnum()]
        for at in {places[0], places[len(places) // 2], places[-1]} if places else ():
            other = "7" if value[at] != "7" else "3"
            wrong = {**EXAMPLES[name], field: value[:at] + other + value[at + 1 :]}
            assert not _right(name, wrong), (field, at)


def _right(name: str, fields: Fields) -> bool:
    try:
        return worked(name, {**EXAMPLES, name: fields}) == fields
    except (Malformed, ValueError, KeyError):
        return False


def chapter(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"no chapter {title}"
    return found.group(1)


CHAPTERS = [
    "Conventions", "JSON", "Number", "Issuer id", "Derivation", "Envelope", "Keys", "Roster", "Approval",
    "Decision",
    "Statement", "Record", "Entry", "Bucket", "Status", "Head", "Pages", "Layout", "Events",
    "Private link", "Verdict", "Security considerations", "Changes of formats",
]  # fmt: skip


def test_chapters_in_order() -> None:
    assert re.findall(r"^## (.+)$", TEXT, re.MULTILINE) == CHAPTERS


@pytest.mark.parametrize("title", CHAPTERS[1:20])
def test_every_format_has_an_example(title: str) -> None:
    assert "```example " in chapter(title)


def test_the_table_of_roles() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| ([a-z]+) \|", chapter("Envelope"), re.MULTILINE)
    assert dict(rows) == dict(envelope.ROLE_OF)


def test_the_table_of_kinds() -> None:
    rows = re.findall(r"^\| ([0-9]+) \| `([a-z_]+)` \| ([0-9]+) \|", chapter("Verdict"), re.MULTILINE)
    assert [(kind, int(code)) for _, kind, code in rows] == [(kind, EXIT_CODES[kind]) for kind in KINDS]


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("Statement", Statement),
        ("Keys", manifest.Manifest),
        ("Head", head.Head),
        ("Roster", roster.Roster),
    ],
)
def test_every_field_is_described(title: str, model: type[Value]) -> None:
    text = chapter(title)
    for field in model.model_fields:
        assert f"| `{field}` |" in text, field


def test_the_fields_that_issuing_adds() -> None:
    added = Statement.model_fields.keys() - Draft.model_fields.keys()
    assert all(f"`{field}`" in chapter("Approval") for field in added)


def test_limits() -> None:
    """Every limit of the code stands in the chapter of its format."""
    for title, limit in (
        ("Statement", statement.CAP),
        ("Keys", manifest.CAP),
        ("Keys", manifest.PIN_CAP),
        ("Roster", roster.CAP),
        ("Record", record.FRAME_CAP),
        ("Entry", entry.SEALED_CAP),
        ("Bucket", bucket.CAP),
        ("Bucket", bucket.CAP + bucket.PROOF_CAP),
        ("Status", status.CAP),
        ("Status", status.EXCEPTIONS_CAP),
        ("Head", head.CAP),
        ("Pages", pages.CAP),
    ):
        assert f"{limit:,}" in chapter(title), (title, limit)
