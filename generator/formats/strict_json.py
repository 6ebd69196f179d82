"""Canonical JSON: one spelling for each value, so that bytes can be signed (SPEC, chapter JSON).

A subset of RFC 8785: objects with names `[a-z][A-Za-z0-9_]*` in code-unit order, strings well
formed and in normal form C, integers within 2^53-1, true, false, null; no floats, no space.
Decoding parses, re-encodes and compares, so only the one spelling is accepted.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from generator.errors import Malformed

_NAME = re.compile(r"[a-z][A-Za-z0-9_]{0,63}", re.ASCII)
_SAFE = 2**53 - 1
_DEPTH = 12
_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def encode(value: Any) -> bytes:
    """The canonical bytes of plain data (dict, list, tuple, str, int, bool, None)."""
    _check(value, _DEPTH)
    return _encoder.encode(value).encode("utf-8")


def decode(data: bytes, cap: int) -> Any:
    """Plain data from its canonical bytes, at most `cap` of them. Raises `Malformed` otherwise."""
    if len(data) > cap:
        raise Malformed(f"longer than the {cap} bytes allowed")
    try:
        value = json.loads(data.decode("utf-8"))
        same = encode(value) == data
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not canonical JSON: {type(error).__name__}") from None
    if not same:
        raise Malformed("not canonical JSON: another spelling of the same value")
    return value


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise Malformed("nested too deeply")
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise Malformed("a field name is not of the canonical form")
            _check(item, depth - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth - 1)
    elif isinstance(value, int):  # includes bool
        if abs(value) > _SAFE:
            raise Malformed("an integer beyond 2^53-1")
    elif value is not None:
        raise Malformed(f"a {type(value).__name__} has no canonical form")


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("a string holds half of a character") from None
    if not unicodedata.is_normalized("NFC", text):
        raise Malformed("a string is not in normal form C")
