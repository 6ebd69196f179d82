"""What the documents cite exists: tests, paths, vectors, one another."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "site_src" / "docs"
OURS = [DOCS / "spec.md", DOCS / "threat-model.md", *sorted((DOCS / "decisions").glob("*.md"))]
TESTS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))
CASES = {case["name"] for case in json.loads((ROOT / "tests/vectors/verdict.json").read_text())["cases"]}


@pytest.mark.parametrize("document", OURS, ids=lambda path: path.name)
def test_what_is_cited_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    tests = set(re.findall(r"`(test_[a-z0-9_]+)`", text))
    assert [name for name in tests if f"def {name}(" not in TESTS] == []
    paths = re.findall(r"`((?:tests|generator|site_src)/[A-Za-z0-9_./-]+)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_cited_vectors_exist() -> None:
    text = " ".join((DOCS / "threat-model.md").read_text("utf-8").split())
    cited = [
        name
        for group in re.findall(r'vectors? ("[^"]+"(?:, "[^"]+")*)', text)
        for name in re.findall('"([^"]+)"', group)
    ]
    assert len(cited) >= 6
    assert [name for name in cited if not any(name in case for case in CASES)] == []


def test_every_decision_is_listed() -> None:
    listed = re.findall(r"\]\(([^)]+)\)", (DOCS / "decisions" / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(path.name for path in OURS[2:] if path.name != "README.md")
    for path in OURS[2:]:
        if path.name != "README.md":
            assert path.read_text("utf-8").startswith(f"# {path.name[:4]} "), path.name
