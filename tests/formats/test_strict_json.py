"""Canonical JSON against the standard library, and every other spelling refused."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Malformed
from generator.formats import strict_json
from tests.formats.values import json_values

CAP = 100_000


@given(json_values)
def test_reads_as_the_standard_library_does(value: Any) -> None:
    raw = strict_json.encode(value)
    assert json.loads(raw) == value
    assert strict_json.decode(raw, CAP) == value
    assert raw.decode() == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@given(json_values, st.integers(0, 2**32))
def test_every_other_spelling_is_refused(value: Any, seed: int) -> None:
    raw = strict_json.encode(value)
    randomness = random.Random(seed)
    others = {
        json.dumps(value, ensure_ascii=False, sort_keys=True).encode(),
        json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode(),
        json.dumps(value, ensure_ascii=False, indent=1).encode(),
        json.dumps(_shuffled(value, randomness), ensure_ascii=False, separators=(",", ":")).encode(),
        b" " + raw,
        raw + b"\n",
        b"\xef\xbb\xbf" + raw,
        raw.decode().encode("utf-16"),
    }
    for other in others - {raw}:
        with pytest.raises(Malformed):
            strict_json.decode(other, CAP)


def _shuffled(value: Any, randomness: random.Random) -> Any:
    if isinstance(value, dict):
        names = list(value)
        randomness.shuffle(names)
        return {name: _shuffled(value[name], randomness) for name in names}
    return [_shuffled(item, randomness) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("depth", [12, 13, 100, 100_000])
def test_depth(depth: int) -> None:
    raw = b"[" * depth + b"1" + b"]" * depth
    if depth <= 12:
        assert strict_json.encode(strict_json.decode(raw, CAP)) == raw
    else:
        with pytest.raises(Malformed):
            strict_json.decode(raw, 10**6)


@pytest.mark.parametrize(
    ("value", "good"),
    [(2**53 - 1, True), (2**53, False), (-(2**53 - 1), True), (-(2**53), False)],
)
def test_integers(value: int, good: bool) -> None:
    raw = str(value).encode()
    if good:
        assert strict_json.decode(raw, CAP) == value
        return
    for attempt in (lambda: strict_json.decode(raw, CAP), lambda: strict_json.encode(value)):
        with pytest.raises(Malformed):
            attempt()


@pytest.mark.parametrize(
    "raw",
    [
        b"1.0",
        b"1e1",
        b"-0",
        b"01",
        b"+1",
        b"NaN",
        b"Infinity",
        b"9" * 5000,
        b'"\\u0061"',
        b'"\t"',
        b"tru",
        b"'a'",
    ],
)
def test_what_other_parsers_take(raw: bytes) -> None:
    with pytest.raises(Malformed):
        strict_json.decode(raw, CAP)


@pytest.mark.parametrize(
    "value", [1.5, {1: 2}, {"A": 1}, {"": 1}, {"a b": 1}, b"x", {"a" * 65: 1}, "\ud800", "e\u0301"]
)
def test_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(Malformed):
        strict_json.encode(value)


def test_the_cap_is_before_parsing() -> None:
    raw = strict_json.encode("x" * 98)
    assert strict_json.decode(raw, 100) == "x" * 98
    with pytest.raises(Malformed, match="longer"):
        strict_json.decode(raw, 99)
