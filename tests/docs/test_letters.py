"""Each letter stands in docs/delivery.md with every name that its templates use."""

from __future__ import annotations

import re

import pytest
from jinja2 import Environment, meta

from tests.docs.made_list import DOCS

PAGE = (DOCS / "delivery.md").read_text("utf-8")
LETTERS = DOCS.parent / "mail" / "en"
NAMES = sorted({path.name.partition(".")[0] for path in LETTERS.iterdir()})


def listed(name: str) -> set[str]:
    """The names that the page's row gives a letter; those of another letter where it says `as` it."""
    row = re.search(rf"^\| `{name}` \| (.+) \|$", PAGE, re.MULTILINE)
    assert row, f"docs/delivery.md has no row for the letter `{name}`"
    other = re.match(r"as `(\w+)`", row[1])
    return (listed(other[1]) if other else set()) | set(re.findall(r"`(\w+)`", row[1]))


def used(text: str) -> set[str]:
    return meta.find_undeclared_variables(Environment(autoescape=True).parse(text))


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_and_the_names_it_uses_are_listed(name: str) -> None:
    (office,) = re.findall(r"^A subject knows (.+?), only:", PAGE, re.MULTILINE | re.DOTALL)
    known = set(re.findall(r"`(\w+)`", office))
    for path in LETTERS.glob(f"{name}.*"):
        assert used(path.read_text("utf-8")) - known - listed(name) - {"subject"} == set(), path.name
