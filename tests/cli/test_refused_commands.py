"""Commands that lack a word, or are given a wrong one: code, place and who acts; nothing is done."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from generator.cli import holds, privacy, replacements, site
from generator.cli.confirmation import confirm
from generator.errors import Refused, UsageError
from tests import workshop
from tests.refusal import named

NUMBER = "NW-26-000001"


def test_an_export_is_not_mixed_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "another.json").write_text("{}", "utf-8")
    with pytest.raises(UsageError) as act:
        privacy.access("NF041", "REF0001", tmp_path, tmp_path)
    assert named(act) == [("ACCESS-FOLDER", str(tmp_path), "administrator")]


@pytest.mark.parametrize("given", [None, "NW-26-000002"])
def test_the_number_itself_is_what_confirms(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NUMBER}\n"))
    with pytest.raises(UsageError) as act:
        confirm(NUMBER, given)
    assert named(act) == [("CONFIRM", NUMBER, "administrator")]


def test_each_field_of_a_hold_that_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as act:
        holds.place("NF041", "country", "data_query", "asked back", "soon", "e.okoro", workspace=tmp_path)
    assert named(act) == [
        ("HOLD-FIELD", "hold scope", "exams_officer"),
        ("HOLD-FIELD", "hold until", "exams_officer"),
    ]


def test_a_replacement_lacks_its_fee(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="say how the fee was paid, or why it is waived") as act:
        replacements.request_(
            NUMBER, "loss", "passport", "e.okoro", "2026-11-20", "e.okoro", workspace=tmp_path
        )
    assert [(code, owner) for code, _, owner in named(act)] == [("REPLACE-FIELD", "administrator")]


def test_a_site_that_was_never_published_is_not_shown(tmp_path: Path) -> None:
    root = workshop.small(tmp_path / "workspace")
    with pytest.raises(Refused, match="run `certportal publish`") as act:
        site.serve(workspace=root)
    assert named(act) == [("SITE-MISSING", str(root / "public"), "administrator")]
