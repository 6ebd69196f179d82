"""The verdicts of the shared vectors, for a browser: what to serve, to run there and to expect."""

from __future__ import annotations

import json
from typing import Any

from tests.browser import portal
from tests.js import scripts

VERDICTS = json.loads((portal.ROOT / "tests/vectors/verdict.json").read_text("utf-8"))
# The page does not take a file beside the verification code yet; Python alone takes those cases.
CASES: list[dict[str, Any]] = [case for case in VERDICTS["cases"] if "file" not in case]

# The published script starts its page, so the elements that it looks for are there.
_PAGE = b"""<!doctype html><meta charset="utf-8">
<main id="main"><section id="answer"></section><form id="ask"><input id="code"></form></main>
<script type="module">import * as portal from "./verify.mjs"; globalThis.portal = portal;</script>
"""

# [site, pin, cases] -> kind, step and reason of each.
VERIFY_ALL = """async ([site, pin, cases]) => {
  const raw = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const answers = [];
  for (const one of cases) {
    const held = { ...site, ...one.files };
    const read = async (path) => {
      if (held[path] === undefined || held[path] === null) throw new portal.Unreachable("missing");
      return raw(held[path]);
    };
    const trusted = portal.decodePin(new TextEncoder().encode(one.pin ?? pin));
    const { kind, step, reason } = await portal.verify(one.number, { read }, trusted, one.now);
    answers.push([one.name, kind, step, reason]);
  }
  return answers;
}"""
ARGUMENT = [VERDICTS["site"], VERDICTS["pin"], CASES]
EXPECTED = [[case[name] for name in ("name", "kind", "step", "reason")] for case in CASES]


def served() -> dict[str, bytes]:
    """A page that has loaded the published script and offers its functions as `portal`."""
    return {"index.html": _PAGE, **scripts.modules()}
