"""Python and the browser agree on which statements, manifests, heads and pins are well formed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
VALUES = json.loads((Path(__file__).parents[1] / "vectors" / "values.json").read_text())
DECODE = {
    "statement": "decodeStatement",
    "manifest": "decodeManifest",
    "head": "decodeHead",
    "pin": "decodePin",
}
OUTCOMES = """async ([name, cases]) => {
  const found = [];
  for (const { why, bytes } of cases) {
    try { await modules[name](modules.unhex(bytes)); found.push([why, "taken"]); }
    catch (fault) { found.push([why, fault instanceof modules.Malformed ? "refused" : String(fault)]); }
  }
  return found;
}"""


@pytest.mark.parametrize("name", DECODE)
@pytest.mark.parametrize(("list_", "outcome"), [("valid", "taken"), ("invalid", "refused")])
def test_values(modules: Page, name: str, list_: str, outcome: str) -> None:
    found = modules.evaluate(OUTCOMES, [DECODE[name], VALUES[name][list_]])
    assert [case for case in found if case[1] != outcome] == []
