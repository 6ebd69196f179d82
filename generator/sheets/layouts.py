"""Our own layouts, in and out: a list of records as YAML, CSV, JSON lines or a workbook (docs/layouts.md).

One description serves all four: a layout's columns are the fields of its model, in their order.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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


def read(model: type[Model], kind: str, data: bytes, place: Place, form: Form) -> list[Placed[Model]]:
    """The records of a file. Raises `Refused` with every fault, each by its line."""
    readers: Mapping[Form, Callable[[type[Model], str, bytes, Place], list[Placed[Model]]]] = {
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


def _read_yaml(model: type[Model], kind: str, data: bytes, place: Place) -> list[Placed[Model]]:
    document = strict_yaml.load(data, place)
    fields = document.data
    if not isinstance(fields, dict) or fields.keys() != {"schema", kind} or fields["schema"] != 1:
        fix = f"begin with `schema: 1`, then `{kind}:` and one list item for each"
        raise Refused(LAYOUT_FORM.at(place.at(1), f"is no list of {kind}", fix))
    items = fields[kind]
    if not isinstance(items, list):
        raise Refused(LAYOUT_FORM.at(place.at(document.line(kind)), "is no list", "begin with `- `"))
    listed = [(item, _in(document, f"{kind}.{rank}")) for rank, item in enumerate(items)]
    return _made(model, listed, place)


def _read_jsonl(model: type[Model], kind: str, data: bytes, place: Place) -> list[Placed[Model]]:
    del kind
    if len(data) > table.CAP:
        raise Refused(LAYOUT_SIZE.at(place, f"is larger than {table.CAP:,} bytes", "split the file"))
    items: list[tuple[Any, Callable[[str], int]]] = []
    problems = []
    for rank, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
            if isinstance(item, dict):  # what is null was left empty
                item = {name: one for name, one in item.items() if one is not None}
            items.append((item, _on(rank)))
        except (ValueError, RecursionError) as error:
            what = f"is not one JSON object: {type(error).__name__}"
            problems.append(LAYOUT_JSON.at(place.at(rank), what, "write one object on each line"))
    if problems:
        raise Refused(problems[:_PROBLEMS_CAP])
    return _made(model, items, place)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found


def _read_csv(model: type[Model], kind: str, data: bytes, place: Place) -> list[Placed[Model]]:
    del kind
    return _of_table(model, table.read_csv(data, place))


def _read_book(model: type[Model], kind: str, data: bytes, place: Place) -> list[Placed[Model]]:
    from generator.sheets import layout_workbook  # as above

    return _of_table(model, layout_workbook.read(kind, data, place))


def _of_table(model: type[Model], sheet: Table) -> list[Placed[Model]]:
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
            value = layout_columns.value_of(column, cell)
            if value is None:
                what = f"`{cell[:40]}` is not {SAID[column.shape]}"
                place = sheet.place.at(row.line).within(column.name)
                problems.append(LAYOUT_FIELD.at(place, what, "correct the cell"))
            else:
                fields[column.name] = value
        items.append((fields, _on(row.line)))
    if problems:
        raise Refused(problems[:_PROBLEMS_CAP])
    return _made(model, items, sheet.place)


def _on(line: int) -> Callable[[str], int]:
    return lambda _path: line


def _in(document: strict_yaml.YamlDocument, item: str) -> Callable[[str], int]:
    return lambda path: document.line(f"{item}.{path}" if path else item)


def _made(
    model: type[Model], items: Iterable[tuple[Any, Callable[[str], int]]], place: Place
) -> list[Placed[Model]]:
    found: list[Placed[Model]] = []
    problems: list[Problem] = []
    for item, line in items:
        record, faults = model.tried(item)
        if record is not None:
            found.append(Placed(record, place.at(line(""))))
        for path, what in faults:
            place = place.at(line(path)).within(path)
            problems.append(LAYOUT_FIELD.at(place, what, strict_yaml.advice(what)))
    if problems:
        raise Refused(problems[:_PROBLEMS_CAP])
    return found
