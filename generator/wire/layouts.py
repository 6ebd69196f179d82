"""Our own layouts, in and out: a list of records as YAML, CSV or JSON lines (docs/layouts.md).

One description serves all three: a layout's columns are the fields of its model, in their order.
In CSV a list stands as `a; b`, a list of parts as `one:two:three; ...`. Every cell that a
spreadsheet would take for a formula is written with an apostrophe before it, which reading removes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from generator.errors import Problem, Refused
from generator.model.value import Value
from generator.wire import strict_yaml, table

Form = Literal["yaml", "csv", "jsonl"]
FORMS: Mapping[str, Form] = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".jsonl": "jsonl"}
_FORMULA = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
_TRUE, _FALSE = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
_PROBLEMS_CAP = 200
Model = TypeVar("Model", bound=Value)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Model]):
    """A record with the place it stands in: file and line."""

    record: Model
    where: str


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a layout. `parts`: the fields of each item, where it is a list of such."""

    name: str
    shape: Literal["text", "whole", "flag", "list", "parts"]
    needed: bool
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def columns(model: type[Value]) -> tuple[Column, ...]:
    """The columns of a model's layout, in the order of its fields."""
    schema = model.model_json_schema()
    needed = set(schema.get("required", ()))
    return tuple(
        _column(name, field, schema.get("$defs", {}), name in needed)
        for name, field in schema["properties"].items()
    )


def _column(name: str, field: Mapping[str, Any], defs: Mapping[str, Any], needed: bool) -> Column:
    either = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
    inner = either[0]
    if inner.get("type") == "array":
        items = inner["items"]
        if "$ref" in items:
            parts = tuple(defs[items["$ref"].rpartition("/")[2]]["properties"])
            return Column(name, "parts", needed, (), parts)
        return Column(name, "list", needed, tuple(items.get("enum", ())))
    shapes: Mapping[str, Literal["text", "whole", "flag"]] = {"integer": "whole", "boolean": "flag"}
    choices = tuple(str(one) for one in inner.get("enum", ()))
    return Column(name, shapes.get(inner.get("type", "string"), "text"), needed, choices)


def read(model: type[Model], kind: str, data: bytes, where: str, form: Form) -> list[Placed[Model]]:
    """The records of a file. Raises `Refused` with every fault, each by its line."""
    readers: Mapping[Form, Callable[[type[Model], str, bytes, str], list[Placed[Model]]]] = {
        "yaml": _read_yaml,
        "csv": _read_csv,
        "jsonl": _read_jsonl,
    }
    return readers[form](model, kind, data, where)


def write(model: type[Value], kind: str, records: Iterable[Value], form: Form) -> bytes:
    """Records as a file of this form, which `read` gives back as they are."""
    plain = [_listed(record.plain()) for record in records]
    if form == "jsonl":
        return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in plain).encode()
    if form == "yaml":
        # JSON strings are YAML strings: nothing is guessed about `no`, `0123` or a colon.
        rows = "".join(f"  - {json.dumps(item, ensure_ascii=False)}\n" for item in plain)
        return f"schema: 1\n{kind}:{'' if plain else ' []'}\n{rows}".encode()
    listed = columns(model)
    cells = [[_cell(column, item.get(column.name)) for column in listed] for item in plain]
    return write_csv([column.name for column in listed], cells)


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV that no spreadsheet takes a formula from; UTF-8 with a mark, as spreadsheets expect."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(name) for name in headings])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """A cell with an apostrophe before it where a spreadsheet would compute it (or drop one of ours)."""
    return "'" + cell if cell[:1] in _FORMULA or _marked(cell) else cell


def unsafe(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if _marked(cell) else cell


def _marked(cell: str) -> bool:
    bare = cell.lstrip("'")
    return cell.startswith("'") and bare[:1] in _FORMULA and bare != ""


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(item) for name, item in value.items() if item not in (None, (), [])}
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.shape == "flag":
        return "yes" if value else "no"
    if column.shape == "list":
        return "; ".join(str(item) for item in value)
    if column.shape == "parts":
        return "; ".join(
            ":".join(str(item.get(part, "")) for part in column.parts).rstrip(":") for item in value
        )
    return str(value)


def _read_yaml(model: type[Model], kind: str, data: bytes, where: str) -> list[Placed[Model]]:
    document = strict_yaml.load(data, where)
    fields = document.data
    if not isinstance(fields, dict) or fields.keys() != {"schema", kind} or fields["schema"] != 1:
        fix = f"begin with `schema: 1`, then `{kind}:` and one list item for each"
        raise Refused(Problem("LAYOUT-FORM", f"{where}:1", f"is no list of {kind}", fix))
    items = fields[kind]
    if not isinstance(items, list):
        raise Refused(
            Problem("LAYOUT-FORM", f"{where}:{document.line(kind)}", "is no list", "begin with `- `")
        )
    listed = [(item, _in(document, f"{kind}.{rank}")) for rank, item in enumerate(items)]
    return _made(model, listed, where)


def _read_jsonl(model: type[Model], kind: str, data: bytes, where: str) -> list[Placed[Model]]:
    del kind
    if len(data) > table.CAP:
        raise Refused(Problem("LAYOUT-SIZE", where, f"is larger than {table.CAP:,} bytes", "split the file"))
    items: list[tuple[Any, Callable[[str], int]]] = []
    problems = []
    for rank, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
            items.append((item, _on(rank)))
        except (ValueError, RecursionError) as error:
            what = f"is not one JSON object: {type(error).__name__}"
            problems.append(Problem("LAYOUT-JSON", f"{where}:{rank}", what, "write one object on each line"))
    if problems:
        raise Refused(problems[:_PROBLEMS_CAP])
    return _made(model, items, where)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice")
    return found


def _read_csv(model: type[Model], kind: str, data: bytes, where: str) -> list[Placed[Model]]:
    del kind
    sheet = table.read_csv(data, where)
    listed = columns(model)
    sheet.require([one.name for one in listed if one.needed], [one.name for one in listed])
    items: list[tuple[Any, Callable[[str], int]]] = []
    problems: list[Problem] = []
    for row in sheet.rows:
        fields: dict[str, Any] = {}
        for column in listed:
            cell = unsafe(row.cells.get(column.name, ""))
            if cell == "":
                continue
            value = _value(column, cell)
            if value is None:
                what = f"`{cell[:40]}` is not {_SAID[column.shape]}"
                place = f"{where}:{row.line} {column.name}"
                problems.append(Problem("LAYOUT-FIELD", place, what, "correct the cell"))
            else:
                fields[column.name] = value
        items.append((fields, _on(row.line)))
    if problems:
        raise Refused(problems[:_PROBLEMS_CAP])
    return _made(model, items, where)


_SAID = {
    "flag": "yes or no",
    "whole": "a whole number",
    "parts": "a list of parts",
    "list": "a list",
    "text": "text",
}


def _value(column: Column, cell: str) -> Any:
    """A cell's value; None where it has none of this shape."""
    if column.shape == "flag":
        word = cell.casefold()
        return True if word in _TRUE else False if word in _FALSE else None
    if column.shape == "whole":
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 16 else None
    if column.shape == "text":
        return cell
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    if column.shape == "list":
        return parts
    split = [part.split(":") for part in parts]
    if any(len(one) > len(column.parts) for one in split):
        return None
    return [
        {name: text.strip() for name, text in zip(column.parts, one, strict=False) if text.strip()}
        for one in split
    ]


def _on(line: int) -> Callable[[str], int]:
    return lambda _path: line


def _in(document: strict_yaml.Document, item: str) -> Callable[[str], int]:
    return lambda path: document.line(f"{item}.{path}" if path else item)


def _made(
    model: type[Model], items: Iterable[tuple[Any, Callable[[str], int]]], where: str
) -> list[Placed[Model]]:
    found: list[Placed[Model]] = []
    problems: list[Problem] = []
    for item, line in items:
        record, faults = model.tried(item)
        if record is not None:
            found.append(Placed(record, f"{where}:{line('')}"))
        for path, what in faults:
            place = f"{where}:{line(path)} {path}"
            unknown = what.startswith("is no field")
            fix = "remove it, or check its spelling" if unknown else "correct the value"
            problems.append(Problem("LAYOUT-FIELD", place, what, fix))
    if problems:
        raise Refused(problems[:_PROBLEMS_CAP])
    return found
