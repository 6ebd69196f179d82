"""Python and JavaScript read the same verification codes, days and JSON, whatever somebody types or signs."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import Malformed
from generator.formats import strict_json, verification_code
from generator.model.value import later, months_after
from tests.examples import examples
from tests.js.node import Node

LOOKALIKES = "OoIiLlUuАВЕ０１ -\u2011\u200b\n"


def typed() -> list[str]:
    """Verification codes, right and with up to three mistakes, as people and machines spell them."""
    rng = random.Random(3)
    made = []
    for _ in range(1_500):
        text = list(verification_code.encode(rng.randrange(1000, 9999), rng.getrandbits(90)))
        for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3))):
            place = rng.randrange(len(text))
            text[place] = rng.choice(verification_code.ALPHABET + LOOKALIKES)
        if rng.random() < 0.1:
            text.insert(rng.randrange(len(text)), rng.choice(LOOKALIKES + "7"))
        if rng.random() < 0.1:
            del text[rng.randrange(len(text))]
        spelled = "".join(text)
        made.append(
            rng.choice((spelled, spelled.lower(), verification_code.grouped(spelled[:24]) + spelled[24:]))
        )
    return made


def test_verification_codes(portal_node: Node) -> None:
    texts = typed()
    seen: list[Any] = portal_node.call("(texts, portal) => texts.map(portal.readCode)", texts)
    kinds = set()
    for text, found in zip(texts, seen, strict=True):
        expected = verification_code.read(text)
        assert found == {
            "code": expected.number,
            "reason": expected.reason,
            "suggestion": expected.suggestion,
        }, ascii(text)
        kinds.add((expected.reason, expected.suggestion is not None))
    assert kinds == {("", False), ("length", False), ("alphabet", False), ("check", False), ("check", True)}


def test_months_and_days(portal_node: Node) -> None:
    rng = random.Random(4)
    cases = []
    for _ in range(500):
        day = f"{rng.randrange(1900, 2100)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        cases.append(
            [
                rng.choice((day, "2024-02-29", "2026-01-31", "2026-12-31")),
                rng.randrange(1, 1201),
            ]
        )
    made = portal_node.call(
        """(cases, portal) =>
          cases.map(([day, count]) => [portal.monthsAfter(day, count), portal.laterDay(day, count)])""",
        cases,
    )
    for (day, count), found in zip(cases, made, strict=True):
        assert found == [months_after(day, count), later(day, days=count)]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) - 2, 2**53 + 2) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-zA-Z_][A-Za-z0-9_]{0,4}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.slow
@settings(max_examples=examples(300))
@given(values, st.booleans(), st.integers(0, 200))
def test_json(portal_node: Node, value: Any, bent: bool, place: int) -> None:
    """Canonical bytes are taken by both; bent or never canonical, refused by both."""
    try:
        data = strict_json.encode(value)
    except (Malformed, UnicodeEncodeError):
        return
    if bent and data:
        at = place % len(data)
        data = data[:at] + bytes([data[at] ^ (1 << place % 8)]) + data[at + 1 :]
    try:
        expected: Any = ["taken", strict_json.decode(data, 10_000)]
    except Malformed:
        expected = ["refused"]
    work = """(bytes, portal) => {
      try { return ["taken", portal.decodeJson(portal.unhex(bytes), 10_000)]; }
      catch (fault) { return fault instanceof portal.Malformed ? ["refused"] : [String(fault)]; }
    }"""
    assert portal_node.call(work, data.hex()) == expected
