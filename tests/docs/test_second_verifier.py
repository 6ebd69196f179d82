"""Whoever follows the specification reaches every verdict of the vectors."""

from __future__ import annotations

import ast
import base64
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.docs import second_formats, second_verifier

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "tests/vectors/verdict.json").read_text())
# Comparing a file is the last step and tested by itself; this verifier stops before it.
CASES = [case for case in VECTORS["cases"] if "file" not in case]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_verdict(case: dict[str, Any]) -> None:
    files = {**VECTORS["site"], **case["files"]}

    def read(path: str) -> bytes | None:
        data = files.get(path)
        return None if data is None else base64.b64decode(data)

    pin = json.loads(case.get("pin", VECTORS["pin"]))
    found = second_verifier.verdict(case["number"], read, pin, case["now"])
    assert found == (case["kind"], case["step"], case["reason"])


@pytest.mark.parametrize("module", [second_formats, second_verifier])
def test_it_imports_nothing_of_ours(module: ModuleType) -> None:
    tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not any(name.startswith("generator") for name in names)
    assert {name for name in names if name.startswith("tests")} <= {"tests.docs.second_formats"}
