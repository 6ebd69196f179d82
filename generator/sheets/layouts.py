"""Our own layouts, in and out: a list of records as YAML, CSV, JSON lines or a workbook (docs/layouts.md).

One description serves all four: a layout's columns are the fields of its model, in their order.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Generic, Literal, TypeVar

from generator.errors import Place, Problem, Refused
from generator.model.value import Value
from generator.sheets import layout_columns, strict_yaml, table
from generator.sheets.codes import LAYOUT_FIELD, LAYOUT_FORM, LAYOUT_JSON, LAYOUT_SIZE
from generator.sheets.layout_columns import SAID, LayoutColumn, columns, safe, unsafe
from generator.sheets.layout_words import explained
from generator.sheets.table import Table

Form = Literal["yaml", "csv", "jsonl", "xlsx"]
FORMS: Mapping[str, Form] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".xlsx": "xlsx",
}
SUFFIXES = ".xlsx, .csv, .yaml or .jsonl"
_PROBLEMS_CAP = 200
Model = TypeVar("Model", bound=Value)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Model]):
    """A record with the place it is in: file and line."""

    record: Model
    place: Place


@dataclass(frozen=True, slots=True)
class Tried(Generic[Model]):
    """What one item of a file gave: a record with its place, or what is wrong with it."""

    place: Place
    record: Model | None
    problems: tuple[Problem, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)


def read(model: type[Model], kind: str, data: bytes, place: Place, form: Form) -> list[Placed[Model]]:
    """The records of a file. Raises `Refused` with every fault, each by its line."""
    found = tried(model, kind, data, place, form)
    problems = [problem for item in found for problem in item.problems]
    if problems:
        raise Refused(problems[:_PROBLEMS_CAP])
    return [Placed(item.record, item.place) for item in found if item.record is not None]


def tried(model: type[Model], kind: str, data: bytes, place: Place, form: Form) -> list[Tried[Model]]:
    """Each item of a file: its record or its faults. Raises `Refused` where the file as a whole is wrong."""
    readers: Mapping[Form, Callable[[type[Model], str, bytes, Place], list[Tried[Model]]]] = {
        "yaml": _read_yaml,
        "csv": _read_csv,
        "jsonl": _read_jsonl,
        "xlsx": _read_book,
    }
    return readers[form](model, kind, data, place)


def write(model: type[Value], kind: str, records: Iterable[Value], form: Form) -> bytes:
    """Records as a file of this form, which `read` gives back as they are."""
    plain = (_listed(record.plain()) for record in records)
    if form == "jsonl":
        return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in plain).encode()
    if form == "yaml":
        # JSON strings are YAML strings: nothing is guessed about `no`, `0123` or a colon.
        rows = "".join(f"  - {json.dumps(item, ensure_ascii=False)}\n" for item in plain)
        return f"schema: 1\n{kind}:{'' if rows else ' []'}\n{rows}".encode()
    listed = columns(model)
    cells = ([layout_columns.written(column, item.get(column.name)) for column in listed] for item in plain)
    return write_cells(kind, listed, cells, form)


def write_cells(
    kind: str, listed: Sequence[LayoutColumn], rows: Iterable[Sequence[str]], form: Form
) -> bytes:
    """Rows of cells as CSV or as a workbook."""
    if form == "xlsx":
        from generator.sheets import layout_workbook  # here, because its library takes longer than all else

        return layout_workbook.write(kind, listed, rows)
    return write_csv([column.name for column in listed], rows)


def empty(kind: str, listed: Sequence[LayoutColumn], form: Form) -> bytes:
    """A file of this form with nothing in it but the columns, to be filled in."""
    if form == "jsonl":
        return (json.dumps({column.name: None for column in listed}) + "\n").encode()
    if form != "yaml":
        return write_cells(kind, listed, (), form)
    rows = [
        f"#   {'-' if rank == 0 else ' '} {column.name}:  # {'needed: ' if column.needed else ''}"
        f"{explained(kind, column, yaml=True)}{': ' if column.choices else ''}{', '.join(column.choices)}"
        for rank, column in enumerate(listed)
    ]
    told = f"# For each of {kind} one item; take the # away from the lines that are filled in."
    return "\n".join(["schema: 1", f"{kind}:", told, *rows, ""]).encode()


def form_of(path: PurePath) -> Form | None:
    """The form that a file's name says, however its ending is capitalised."""
    return FORMS.get(path.suffix.lower())


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV that no spreadsheet takes a formula from; UTF-8 with a mark, as spreadsheets expect."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(name) for name in headings])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(item) for name, item in value.items() if item not in (None, (), [])}
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _read_yaml(model: type[Model], kind: str, data: bytes, place: Place) -> list[Tried[Model]]:
    document = strict_yaml.load(data, place)
    fields = document.data
    if not isinstance(fields, dict) or fields.keys() != {"schema", kind} or fields["schema"] != 1:
        fix = f"begin with `schema: 1`, then `{kind}:` and one list item for each"
        raise Refused(LAYOUT_FORM.at(place.at(1), f"is no list of {kind}", fix))
    items = fields[kind]
    if not isinstance(items, list):
        raise Refused(LAYOUT_FORM.at(place.at(document.line(kind)), "is no list", "begin with `- `"))
    listed = columns(model)
    return [
        _made(model, _in_parts(item, listed), _in(document, f"{kind}.{rank}"), place)
        for rank, item in enumerate(items)
    ]


def _read_jsonl(model: type[Model], kind: str, data: bytes, place: Place) -> list[Tried[Model]]:
    listed = columns(model) if kind != "claims" else ()  # whose results have a way of their own
    if len(data) > table.CAP:
        raise Refused(LAYOUT_SIZE.at(place, f"is larger than {table.CAP:,} bytes", "split the file"))
    found: list[Tried[Model]] = []
    for rank, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
            if isinstance(item, dict):  # what is null was left empty
                item = {name: one for name, one in item.items() if one is not None}
        except (ValueError, RecursionError) as error:
            what = f"is not one JSON object: {type(error).__name__}"
            fault = LAYOUT_JSON.at(place.at(rank), what, "write one object on each line")
            found.append(Tried(place.at(rank), None, (fault,)))
            continue
        found.append(_made(model, _in_parts(item, listed), _on(rank), place))
    return found


def _in_parts(item: Any, listed: Sequence[LayoutColumn]) -> Any:
    """An item whose lists of parts may be written as a sheet has them: `one:two; one:two`, whole or apart."""
    if not isinstance(item, dict):
        return item
    found = dict(item)
    for column in listed:
        value = item.get(column.name)
        if column.shape != "parts" or not value:
            continue
        texts = value if isinstance(value, list) else [value]
        if all(isinstance(text, str) for text in texts):
            found[column.name] = layout_columns.value_of(column, "; ".join(texts)) or value
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found


def _read_csv(model: type[Model], kind: str, data: bytes, place: Place) -> list[Tried[Model]]:
    del kind
    return _of_table(model, table.read_csv(data, place))


def _read_book(model: type[Model], kind: str, data: bytes, place: Place) -> list[Tried[Model]]:
    from generator.sheets import layout_workbook  # as above

    return _of_table(model, layout_workbook.read(kind, data, place))


def _of_table(model: type[Model], sheet: Table) -> list[Tried[Model]]:
    listed = columns(model)
    sheet.require([one.name for one in listed if one.needed], [one.name for one in listed])
    found: list[Tried[Model]] = []
    for row in sheet.rows:
        problems = list(row.faults)
        fields: dict[str, Any] = {}
        for column in listed:
            cell = unsafe(row.cells.get(column.name, ""))
            if cell == "":
                continue
            value = layout_columns.value_of(column, cell)
            if value is None:
                what = f"`{cell[:40]}` is not {SAID[column.shape]}"
                place = sheet.place.at(row.line).within(column.name)
                problems.append(LAYOUT_FIELD.at(place, what, "correct the cell"))
            else:
                fields[column.name] = value
        if problems:
            found.append(Tried(sheet.place.at(row.line), None, tuple(problems), row.cells))
        else:
            found.append(_made(model, fields, _on(row.line), sheet.place))
    return found


def _on(line: int) -> Callable[[str], int]:
    return lambda _path: line


def _in(document: strict_yaml.YamlDocument, item: str) -> Callable[[str], int]:
    return lambda path: document.line(f"{item}.{path}" if path else item)


def _made(model: type[Model], item: Any, line: Callable[[str], int], place: Place) -> Tried[Model]:
    """One item as a record, or its faults; `line` is where each of its fields is."""
    record, faults = model.tried(item)
    problems = tuple(
        LAYOUT_FIELD.at(place.at(line(path)).within(path), what, strict_yaml.advice(what))
        for path, what in faults
    )
    return Tried(place.at(line("")), record, problems, plain_cells(item) if problems else {})


def plain_cells(item: Any) -> dict[str, str]:
    """What an item says, as far as it is kept where the item is held: its plain fields."""
    fields = item if isinstance(item, dict) else {}
    return {str(name): str(value) for name, value in fields.items() if isinstance(value, str | int)}
