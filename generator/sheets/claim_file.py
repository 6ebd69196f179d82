"""Claims in our own layout: YAML, CSV, JSON lines or a workbook, in and out (docs/layouts.md).

In CSV and workbooks `results` is written as `U1=Merit; U2=Pass:k.osei:r.vaughan:2026-06-08`: unit, grade,
and after it assessor, verifier and the day of verification as far as they are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from generator.errors import Place, Problem, Refused
from generator.model.claim import Claim
from generator.model.delivery import Address
from generator.model.value import Field, Value
from generator.sheets import layout_columns, layouts, strict_yaml
from generator.sheets.claim_sheets import ClaimReading, learner_address
from generator.sheets.codes import CLAIM_FIELD, YAML_FIELD
from generator.sheets.layout_columns import LayoutColumn, bare, escaped, joined, pieces, unsafe
from generator.sheets.layouts import Form
from generator.sheets.table import Table, TableRow

_PARTS = ("grade", "assessor", "verifier", "verified_on")
_PLAIN = ("kind", "programme", "version", "centre", "learner_ref", "learner_name", "completed_on")
_WRITTEN = ("grade", "renews", "results")
_OPTIONAL = (*_WRITTEN, "email")


class _Line(Claim):
    """A claim with the address to which the certificate is sent."""

    email: Address | None = None


class ClaimFile(Value):
    """A YAML file of claims."""

    schema_: Literal[1] = Field(alias="schema")
    claims: tuple[_Line, ...]


def read_yaml(data: bytes, place: Place) -> list[ClaimReading]:
    """Each claim of a YAML file, or its faults by their lines. Raises `Refused` where it is no such file."""
    document = strict_yaml.load(data, place)
    whole = document.data
    listed = whole.get("claims") if isinstance(whole, dict) else None
    if not isinstance(listed, list):
        strict_yaml.read(ClaimFile, data, place)
        raise AssertionError("a file without a list of claims was read")
    _, faults = ClaimFile.tried({**whole, "claims": ()})
    if faults:
        raise Refused(_yaml_faults(document, place, faults))
    found = []
    for rank, fields in enumerate(listed):
        line, wrong = _Line.tried(fields)
        below = [(f"claims.{rank}.{path}", what) for path, what in wrong]
        at = place.at(document.line(f"claims.{rank}"))
        found.append(_reading(line, at, _yaml_faults(document, place, below), layouts.plain_cells(fields)))
    return found


def _yaml_faults(
    document: strict_yaml.YamlDocument, place: Place, faults: Iterable[tuple[str, str]]
) -> list[Problem]:
    return [
        YAML_FIELD.at(place.at(document.line(path)).within(path), what, strict_yaml.advice(what))
        for path, what in faults
    ]


def _reading(
    line: _Line | None, place: Place, problems: Iterable[Problem], cells: Mapping[str, str]
) -> ClaimReading:
    """What one item gave; its cells are kept where it is held."""
    row = TableRow(place.row, {} if line else cells)
    return ClaimReading(
        row, place, _claim(line) if line else None, tuple(problems), email=line.email if line else None
    )


def read_lines(data: bytes, place: Place) -> list[ClaimReading]:
    """Each claim of a file with one JSON object on each line, or its faults."""
    return [
        _reading(item.record, item.place, item.problems, item.cells)
        for item in layouts.tried(_Line, "claims", data, place, "jsonl")
    ]


def columns(form: Form = "csv") -> tuple[LayoutColumn, ...]:
    """The columns of a file of claims; on a sheet the results of all units are in one cell."""
    known = {column.name: column for column in layout_columns.columns(_Line)}
    if form in ("csv", "xlsx"):
        known["results"] = LayoutColumn("results", "text", needed=False)
    return tuple(known[name] for name in (*_PLAIN, *_OPTIONAL))


def write(claims: Sequence[Claim], form: Form) -> bytes:
    """Claims in our layout, which reading gives back as they are."""
    if form not in ("csv", "xlsx"):
        return layouts.write(Claim, "claims", claims, form)
    listed = columns()[:-1]  # addresses are not given out with the claims
    rows = (
        [*(str(plain.get(column.name, "")) for column in listed[:-1]), _results(plain["results"])]
        for plain in (claim.plain() for claim in claims)
    )
    return layouts.write_cells("claims", listed, rows, form)


def _results(listed: Sequence[Mapping[str, object]]) -> str:
    return "; ".join(
        f"{escaped(str(one['unit']), ';')}={joined([one.get(part) for part in _PARTS])}" for one in listed
    )


def _result(piece: str) -> dict[str, str | None]:
    """`U3=Pass:k.osei:r.vaughan:2026-06-08` taken apart."""
    unit, _, rest = piece.partition("=")
    values = [bare(value) or None for value in pieces(rest, ":", len(_PARTS))]
    return {"unit": bare(unit), **dict(zip(_PARTS, values, strict=False))}


def _claim(line: _Line) -> Claim:
    return Claim(**{name: getattr(line, name) for name in Claim.model_fields})


def _address(cell: object, place: Place, problems: list[Problem]) -> str | None:
    try:
        return learner_address(cell, place)
    except Refused as refused:
        problems += refused.problems
        return None


def read_csv(table: Table) -> list[ClaimReading]:
    """Each claim of a sheet, or its faults; `results` holds `U1=Merit; U2=Pass`."""
    table.require(_PLAIN, _OPTIONAL)
    found: list[ClaimReading] = []
    for row in table.rows:
        problems = list(row.faults)
        place = table.place.at(row.line)
        fields: dict[str, object] = {name: unsafe(cell) for name, cell in row.cells.items() if cell}
        email = _address(fields.pop("email", None), place, problems)
        listed = str(fields.pop("results", ""))
        fields["results"] = [_result(part) for part in pieces(listed, ";") if part.strip()]
        claim, faults = Claim.tried(fields)
        told = {problem.place.column for problem in problems}
        problems += [
            CLAIM_FIELD.at(place.within(path), what, "correct the cell")
            for path, what in faults
            if path not in told
        ]
        good = not problems
        kept = TableRow(row.line, {} if good else row.cells)
        found.append(ClaimReading(kept, place, claim if good else None, tuple(problems), email=email))
    return found
