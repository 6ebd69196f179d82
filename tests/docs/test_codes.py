"""Codes of problems, their page and the tests hold together (`make golden` writes the page's table)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from generator.cli.problem_codes import registered
from generator.errors import Code
from generator.model.paper import Anomaly
from tests.docs.made_list import check_list

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "site_src" / "docs" / "codes.md"
CODES = registered()
_IN_PROSE = re.compile(r"(?<![\w/-])([A-Z]{3,}(?:-[A-Z]{2,})+)(?![\w-])")
_IN_CODE = re.compile(r"[`\"]([A-Z]{3,}(?:-[A-Z]+)+)[`\"]")
# Names of anomalies of paper certificates, which are no problems of a run (docs/received.md).
ANOMALIES = {f"RECEIVED-{name.upper()}" for name in get_args(Anomaly)}
# Written as codes are, and none.
NO_CODES = {"AES-GCM", "CLAIM-ID", "YYYY-MM-DD", "YYYY-MM-DDTHH"}


def sentences(code: Code) -> str:
    return f"| `{code.name}` | {code.owner.replace('_', ' ')} | {code.meaning} | {code.remedy} |"


def table() -> Iterator[str]:
    yield "| code | who acts | what it means | what to do |"
    yield "|---|---|---|---|"
    yield from map(sentences, CODES.values())


def test_the_page_lists_every_code() -> None:
    check_list("codes.md", "codes", table())


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_a_code_says_what_it_means_and_what_to_do(code: Code) -> None:
    role = re.compile(rf"({code.owner.replace('_', ' ')}|administrator|exams officer|quality nominee):")
    for text in (code.meaning, code.remedy):
        assert text, f"{code.name} lacks a sentence"
        assert text[-1] in ".?", f"{code.name}: `{text}` is no whole sentence"
        assert "\n\n" not in text, f"{code.name}: one plain sentence is enough"
        assert not role.match(text.casefold()), f"{code.name}: who acts is the owner, not a word in `{text}`"


def test_every_code_is_raised_somewhere() -> None:
    modules = [path for path in sorted((ROOT / "generator").rglob("*.py")) if path.name != "codes.py"]
    source = "\n".join(path.read_text("utf-8") for path in modules)
    words = set(re.findall(r"[A-Z0-9_]+|\"[A-Z0-9-]+\"", source))
    silent = [name for name in CODES if not {name.replace("-", "_"), f'"{name}"'} & words]
    assert silent == [], "nothing raises these: remove them from their codes.py"


def test_every_code_is_named_in_a_test() -> None:
    tests = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__).resolve()]
    words = set(re.findall(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*", "\n".join(p.read_text("utf-8") for p in tests)))
    unnamed = [name for name in CODES if not {name, name.replace("-", "_")} & words]
    assert unnamed == [], "raise each in a test that asserts code, place and who acts"


def test_what_is_written_like_a_code_is_registered() -> None:
    prose = [*(ROOT / "site_src" / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    looked = [(path, _IN_PROSE) for path in prose]
    looked += [(path, _IN_CODE) for path in (ROOT / "generator").rglob("*.py")]
    known = CODES.keys() | ANOMALIES | NO_CODES
    strange = {
        f"{path.relative_to(ROOT)}: {name}"
        for path, pattern in looked
        for name in pattern.findall(path.read_text("utf-8"))
        if name not in known
    }
    assert sorted(strange) == [], "no code of the registry"
