"""Claims in our own layout: YAML, CSV, JSON lines or a workbook, in and out (docs/layouts.md).

In CSV and workbooks `results` is written as `U1=Merit; U2=Pass:k.osei:r.vaughan:2026-06-08`: unit, grade,
and after it assessor, verifier and the day of verification as far as they are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from generator.errors import Place, Problem, Refused
from generator.model.claim import Claim
from generator.model.delivery import Address
from generator.model.value import Field, Value
from generator.sheets import layout_columns, layouts, strict_yaml
from generator.sheets.claim_sheets import SheetClaim, learner_address
from generator.sheets.codes import CLAIM_FIELD
from generator.sheets.layout_columns import LayoutColumn, bare, escaped, joined, pieces, unsafe
from generator.sheets.layouts import Form
from generator.sheets.table import Table

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


def read_yaml(data: bytes, place: Place) -> list[SheetClaim]:
    """The claims of a YAML file. Raises `Refused` with every wrong field and its line."""
    claims = strict_yaml.read(ClaimFile, data, place).claims
    document = strict_yaml.load(data, place)
    return [
        SheetClaim(_claim(line), place.at(document.line(f"claims.{rank}")), line.email)
        for rank, line in enumerate(claims)
    ]


def read_lines(data: bytes, place: Place) -> list[SheetClaim]:
    """The claims of a file with one JSON object on each line. Raises `Refused`."""
    return [
        SheetClaim(_claim(item.record), item.place, item.record.email)
        for item in layouts.read(_Line, "claims", data, place, "jsonl")
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


def read_csv(table: Table) -> list[SheetClaim]:
    """The claims of a sheet; `results` holds `U1=Merit; U2=Pass`. Raises `Refused` with every problem."""
    table.require(_PLAIN, _OPTIONAL)
    found: list[SheetClaim] = []
    problems: list[Problem] = []
    for row in table.rows:
        place = table.place.at(row.line)
        fields: dict[str, object] = {name: unsafe(cell) for name, cell in row.cells.items() if cell}
        email = _address(fields.pop("email", None), place, problems)
        listed = str(fields.pop("results", ""))
        fields["results"] = [_result(part) for part in pieces(listed, ";") if part.strip()]
        claim, faults = Claim.tried(fields)
        problems += [CLAIM_FIELD.at(place.within(path), what, "correct the cell") for path, what in faults]
        if claim is not None:
            found.append(SheetClaim(claim, place, email))
    if problems:
        raise Refused(problems)
    return found
