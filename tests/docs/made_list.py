"""A list in a document that is made from the code: compared with it, and written again by `make golden`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "site_src" / "docs"


def check_list(document: str, name: str, lines: Iterable[str]) -> None:
    """Assert that a document of docs/ holds these lines between the marks of the list `name`."""
    path = DOCS / document
    text = path.read_text("utf-8")
    before, opening, rest = text.partition(f"<!-- {name}: made by `make golden` -->\n")
    listed, closing, after = rest.partition(f"<!-- /{name} -->")
    assert (bool(opening), bool(closing)) == (True, True), f"{document} has no place for the list `{name}`"
    made = "".join(f"{line}\n" for line in ("", *lines, ""))
    if os.environ.get("GOLDEN") == "write":
        path.write_text(f"{before}{opening}{made}{closing}{after}", "utf-8")
    else:
        assert listed == made, f"{document} is not what the code says: `make golden` makes it again"
