"""The columns of a layout, and what is in their cells (docs/layouts.md).

A layout's columns are the fields of its model, in their order. A list is written as `a; b`, a list of
parts as `one:two; one:two`; a semicolon or colon within an item has a backslash before it. Every cell
that a spreadsheet would take for a formula is written with an apostrophe before it, which reading
removes: it holds in a workbook too, which somebody may save as CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from generator.model.value import Value

Shape = Literal["text", "day", "whole", "flag", "list", "parts"]
_FORMULA = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
_TRUE, _FALSE = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
SAID: Mapping[Shape, str] = {
    "flag": "yes or no",
    "whole": "a whole number",
    "parts": "a list of parts",
    "list": "a list",
    "text": "text",
    "day": "a day",
}


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """A field of a layout. `parts`: the fields of each item, where it is a list of such."""

    name: str
    shape: Shape
    needed: bool
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def columns(model: type[Value]) -> tuple[LayoutColumn, ...]:
    """The columns of a model's layout, in the order of its fields."""
    schema = model.model_json_schema()
    needed = set(schema.get("required", ()))
    return tuple(
        _column(name, field, schema.get("$defs", {}), name in needed)
        for name, field in schema["properties"].items()
    )


def _column(name: str, field: Mapping[str, Any], defs: Mapping[str, Any], needed: bool) -> LayoutColumn:
    either = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
    inner = either[0]
    if inner.get("type") == "array":
        items = inner["items"]
        if "$ref" in items:
            parts = tuple(defs[items["$ref"].rpartition("/")[2]]["properties"])
            return LayoutColumn(name, "parts", needed, (), parts)
        return LayoutColumn(name, "list", needed, tuple(items.get("enum", ())))
    shapes: Mapping[str, Shape] = {"integer": "whole", "boolean": "flag"}
    shape: Shape = "day" if inner.get("format") == "date" else "text"
    choices = inner.get("enum", [inner["const"]] if "const" in inner else ())
    return LayoutColumn(name, shapes.get(inner.get("type", ""), shape), needed, tuple(map(str, choices)))


def safe(cell: str) -> str:
    """A cell with an apostrophe before it where a spreadsheet would compute it (or drop one of ours)."""
    return "'" + cell if cell[:1] in _FORMULA or _marked(cell) else cell


def unsafe(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if _marked(cell) else cell


def _marked(cell: str) -> bool:
    bare = cell.lstrip("'")
    return cell.startswith("'") and bare[:1] in _FORMULA and bare != ""


def written(column: LayoutColumn, value: Any) -> str:
    """What is in a cell for a field's plain value; nothing for None."""
    if value is None:
        return ""
    if column.shape == "flag":
        return "yes" if value else "no"
    if column.shape == "list":
        return "; ".join(escaped(str(item), ";") for item in value)
    if column.shape == "parts":
        return "; ".join(joined([item.get(part) for part in column.parts]) for item in value)
    return str(value)


def value_of(column: LayoutColumn, cell: str) -> Any:
    """A cell's value; None where it has none of this shape."""
    if column.shape == "flag":
        word = cell.casefold()
        return True if word in _TRUE else False if word in _FALSE else None
    if column.shape == "whole":
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 16 else None
    if column.shape in ("text", "day"):
        return cell
    items = [item for item in pieces(cell, ";") if item.strip()]
    if column.shape == "list":
        return [bare(item) for item in items]
    split = [[bare(part) for part in pieces(item, ":")] for item in items]
    if any(len(one) > len(column.parts) for one in split):
        return None
    return [{name: text for name, text in zip(column.parts, one, strict=False) if text} for one in split]


def escaped(text: str, marks: str) -> str:
    """Text with a backslash before each of these marks, and before each backslash."""
    return "".join(f"\\{char}" if char == "\\" or char in marks else char for char in text)


def joined(parts: Iterable[object]) -> str:
    """The parts of an item with colons between; empty ones at the end are left out."""
    listed = [escaped(str(part or ""), ":;") for part in parts]
    while listed and not listed[-1]:
        listed.pop()
    return ":".join(listed)


def pieces(cell: str, mark: str, most: int = 0) -> list[str]:
    """A cell taken apart at a mark that has no backslash before it; into at most so many pieces."""
    found: list[str] = []
    last = 0
    for match in re.finditer(rf"\\.|{re.escape(mark)}", cell):
        if match[0] == mark and len(found) + 1 != most:
            found.append(cell[last : match.start()])
            last = match.end()
    return [*found, cell[last:]]


def bare(piece: str) -> str:
    """A piece without the spaces around it and without the backslashes that `escaped` put there."""
    return re.sub(r"\\(.)", r"\1", piece.strip())
