"""YAML as an exams office writes it: the fast parser and the plain one read the same, and refuse the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Place, Refused
from generator.sheets import strict_yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    [ROOT / "portal.yaml", *(ROOT / "certificates").rglob("*.yaml"), *ROOT.rglob("rule_sets/*.yaml")]
)

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"), max_size=20
)
# `<<` merges fields in YAML, and is refused.
NAMES = TEXT.filter(lambda text: text != "<<")
TREES = st.recursive(
    st.one_of(TEXT, st.integers(-(10**14), 10**14), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=9,
)


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What each parser makes of it: a document, or the code and line of the fault."""
    found: list[object] = []
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        monkeypatch.setattr(strict_yaml, "_LOADER", loader)
        try:
            document = strict_yaml.load(data, Place("file.yaml"))
            found.append((document.data, dict(document.lines)))
        except Refused as refused:
            found.append([(one.code, str(one.place), one.what) for one in refused.problems])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_of_ours_is_read_alike_by_both(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast, plain = both(path.read_bytes(), monkeypatch)
    assert fast == plain
    assert isinstance(fast, tuple)


@given(TREES)
def test_what_is_written_is_read_back(tree: object) -> None:
    # JSON is YAML, and its strings are never guessed at.
    data = json.dumps({"top": tree}, ensure_ascii=False).encode()
    assert strict_yaml.load(data, Place("file.yaml")).data == {"top": tree}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "YAML-EMPTY", 1),
        ("# a remark\n", "YAML-EMPTY", 1),
        ("a: 1\n---\nb: 2\n", "YAML-SYNTAX", 2),
        ("a: 1\nb: [1\nc: 2\n", "YAML-SYNTAX", 3),
        ("a: 1\na: 2\n", "YAML-DUPLICATE", 2),
        ("a: &x 1\nb: *x\n", "YAML-ALIAS", 1),
        ("a: 1\nb: *x\n", "YAML-ALIAS", 2),
        ("a: !int 1\n", "YAML-TAG", 1),
        ("<<: {a: 1}\n", "YAML-KEY", 1),
        ("[a, b]: 1\n", "YAML-KEY", 1),
        ("a: 1\nb: x\u0007\n", "YAML-HIDDEN", 2),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "YAML-DEPTH", 1),
    ],
)
def test_a_fault_has_its_line_and_both_parsers_name_it_alike(
    text: str, code: str, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast, plain = both(text.encode(), monkeypatch)
    assert fast == plain
    assert isinstance(fast, list)
    assert [one[:2] for one in fast] == [(code, f"file.yaml:{line}")]


def test_nothing_is_guessed() -> None:
    text = "a: no\nb: 0123\nc: 2026-11-22\nd: 12\ne: true\nf: \"12\"\ng: ~\nh:\ni: 1.5\nj: |\n  12\nk: ''\n"
    assert strict_yaml.load(text.encode(), Place("file.yaml")).data == {
        "a": "no",
        "b": "0123",
        "c": "2026-11-22",
        "d": 12,
        "e": True,
        "f": "12",
        "g": None,
        "h": None,
        "i": "1.5",
        "j": "12\n",
        "k": "",
    }


def test_a_hundred_thousand_brackets_are_refused_at_once() -> None:
    with pytest.raises(Refused) as refused:
        strict_yaml.load(b"a: " + b"[" * 100_000, Place("file.yaml"))
    assert refused.value.problems[0].code == "YAML-DEPTH"
