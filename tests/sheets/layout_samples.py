"""Records of any layout made from its description, with texts that sheets are known to spoil."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from generator.model.claim import Claim
from generator.model.people import PeopleRow
from generator.model.record_kinds import KINDS
from generator.model.value import Value
from generator.sheets.centre_file import CentreRow

MODELS: Mapping[str, type[Value]] = {**KINDS, "centres": CentreRow, "people": PeopleRow, "claims": Claim}
# What a field with a pattern may hold: a code, a handle, a ULN, digests.
_PATTERNED = ("C1", "L-2/b", "a.one", "8802212715", "6478796514", "0" * 64, "ab" * 10, "a@b.example", "en")
_DAYS = ("2026-01-01", "2026-02-28", "2027-12-31")


def filled(kind: str) -> Value:
    """A record with every field filled in, as far as the model allows."""
    schema = MODELS[kind].model_json_schema()
    fields = {name: _first(field, schema) for name, field in schema["properties"].items()}
    whole = MODELS[kind].tried(fields)[0]
    return whole or MODELS[kind].of({name: fields[name] for name in schema["required"]})


def records(kind: str) -> st.SearchStrategy[Value]:
    """Records of a layout: every field drawn, or left out where it may be."""
    schema = MODELS[kind].model_json_schema()
    needed = set(schema.get("required", ()))
    drawn = {name: _strategy(field, schema) for name, field in schema["properties"].items()}
    shaped = st.fixed_dictionaries(
        {name: drawn[name] for name in needed},
        optional={name: drawn[name] for name in drawn.keys() - needed},
    )
    # What the fields say together may contradict: then the whole record of plain values stands in.
    return shaped.map(lambda fields: MODELS[kind].tried(fields)[0] or _kept(kind, fields))


def _kept(kind: str, fields: Mapping[str, Any]) -> Value:
    base = filled(kind).model_dump()
    for name, value in fields.items():
        if MODELS[kind].tried({**base, name: value})[0] is not None:
            base[name] = value
    return MODELS[kind].of(base)


def _inner(field: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(one for one in field.get("anyOf", [field]) if one.get("type") != "null")


def _first(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    inner = _inner(field)
    if inner.get("type") == "array":
        return [_first(inner["items"], schema)]
    if "$ref" in inner:
        parts = schema["$defs"][inner["$ref"].rpartition("/")[2]]["properties"]
        return {name: _first(part, schema) for name, part in parts.items()}
    if inner.get("type") == "boolean":
        return True
    if inner.get("type") == "integer":
        return inner.get("enum", [inner.get("minimum", 0)])[0]
    return (_words(inner) or ["T"])[0]


def _words(inner: Mapping[str, Any]) -> list[str]:
    """The values that a text field can have, where they are few."""
    if inner.get("format") == "date":
        return list(_DAYS)
    if "pattern" in inner:
        return [one for one in _PATTERNED if re.search(inner["pattern"], one)]
    return list(inner.get("enum", [inner["const"]] if "const" in inner else []))


def _strategy(field: Mapping[str, Any], schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    inner = _inner(field)
    if inner.get("type") == "array":
        return st.lists(_strategy(inner["items"], schema), min_size=1, max_size=4, unique_by=repr)
    if "$ref" in inner:
        part = schema["$defs"][inner["$ref"].rpartition("/")[2]]
        needed = set(part.get("required", ()))
        drawn = {name: _strategy(one, schema) for name, one in part["properties"].items()}
        return st.fixed_dictionaries(
            {name: drawn[name] for name in needed},
            optional={name: drawn[name] for name in drawn.keys() - needed},
        )
    if inner.get("type") == "boolean":
        return st.booleans()
    if inner.get("type") == "integer":
        low = inner.get("minimum", 0)
        return st.sampled_from(inner["enum"]) if "enum" in inner else st.integers(low, low + 10)
    words = _words(inner)
    return st.sampled_from(words) if words else texts()


def texts() -> st.SearchStrategy[str]:
    """Texts with what means something in a sheet: separators, quotes, formulas, backslashes, any script."""
    spoilt = st.text("=+-@|%'\";:,\\ \u00e9\u4e00\u0627aB1", min_size=1, max_size=12)
    plain = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
    return st.one_of(spoilt, plain).map(_settled).filter(_undamaged).filter(_writable)


def _settled(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _undamaged(text: str) -> bool:
    """Asked of the settled text: normal form C makes some of these letters of others.

    Spreadsheets are refused texts that lost their encoding, by the sign for a lost letter and by the
    capitals with which two letters in the place of one begin, rightly or not.
    """
    return not set(text) & set("\ufffd\u00c2\u00c3\u00c4\u00c5\u00d8\u00d9")


def _writable(text: str) -> bool:
    good = PeopleRow.tried({"person": "a", "name": text, "role": "assessor", "start": "2026-01-01"})[0]
    return good is not None
