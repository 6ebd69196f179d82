"""Claims in our own layout: YAML, CSV or JSON lines, in and out (docs/layouts.md).

In CSV `results` stands as `U1=Merit; U2=Pass:k.osei:r.vaughan:2026-06-08`: unit, grade, and after it
assessor, verifier and the day of verification as far as they are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from generator.errors import Problem, Refused
from generator.model.claim import Claim
from generator.model.portal import Address
from generator.model.value import Field, Value
from generator.wire import layouts, strict_yaml
from generator.wire.claim_sheets import SheetClaim, learner_address
from generator.wire.layouts import Form
from generator.wire.table import Table

_PARTS = ("grade", "assessor", "verifier", "verified_on")
_PLAIN = ("kind", "programme", "version", "centre", "learner_ref", "learner_name", "completed_on")
_WRITTEN = ("grade", "renews", "results")
_OPTIONAL = (*_WRITTEN, "email")


class _Line(Claim):
    """A claim with the address to which the certificate is sent."""

    email: Address | None = None


class Claims(Value):
    """A YAML file of claims."""

    schema_: Literal[1] = Field(alias="schema")
    claims: tuple[_Line, ...]


def read_yaml(data: bytes, where: str) -> list[SheetClaim]:
    """The claims of a YAML file. Raises `Refused` with every wrong field and its line."""
    claims = strict_yaml.read(Claims, data, where).claims
    document = strict_yaml.load(data, where)
    return [
        SheetClaim(_claim(line), f"{where}:{document.line(f'claims.{rank}')}", line.email)
        for rank, line in enumerate(claims)
    ]


def read_lines(data: bytes, where: str) -> list[SheetClaim]:
    """The claims of a file with one JSON object on each line. Raises `Refused`."""
    return [
        SheetClaim(_claim(item.record), item.where, item.record.email)
        for item in layouts.read(_Line, "claims", data, where, "jsonl")
    ]


def write(claims: Sequence[Claim], form: Form) -> bytes:
    """Claims in our layout, which reading gives back as they are."""
    if form != "csv":
        return layouts.write(Claim, "claims", claims, form)
    headings = (*_PLAIN, *_WRITTEN)
    rows = []
    for claim in claims:
        plain = claim.plain()
        listed = [
            f"{one['unit']}={':'.join(str(one.get(part, '')) for part in _PARTS)}".rstrip(":")
            for one in plain["results"]
        ]
        rows.append([*(str(plain.get(name, "")) for name in headings[:-1]), "; ".join(listed)])
    return layouts.write_csv(headings, rows)


def _result(part: str) -> dict[str, str | None]:
    """`U3=Pass:k.osei:r.vaughan:2026-06-08` taken apart."""
    unit, _, rest = part.partition("=")
    values = [value.strip() or None for value in rest.split(":", len(_PARTS) - 1)]
    return {"unit": unit.strip(), **dict(zip(_PARTS, values, strict=False))}


def _claim(line: _Line) -> Claim:
    return Claim(**{name: getattr(line, name) for name in Claim.model_fields})


def _address(cell: object, place: str, problems: list[Problem]) -> str | None:
    try:
        return learner_address(cell, place)
    except Refused as refused:
        problems += refused.problems
        return None


def read_csv(table: Table) -> list[SheetClaim]:
    """The claims of a CSV; `results` holds `U1=Merit; U2=Pass`. Raises `Refused` with every problem."""
    table.require(_PLAIN, _OPTIONAL)
    found: list[SheetClaim] = []
    problems: list[Problem] = []
    for row in table.rows:
        place = f"{table.where}:{row.line}"
        fields: dict[str, object] = {name: layouts.unsafe(cell) for name, cell in row.cells.items() if cell}
        email = _address(fields.pop("email", None), place, problems)
        listed = str(fields.pop("results", ""))
        fields["results"] = [_result(part) for part in listed.split(";") if part.strip()]
        claim, faults = Claim.tried(fields)
        problems += [
            Problem("CLAIM-FIELD", f"{place} {path}", what, "correct the cell") for path, what in faults
        ]
        if claim is not None:
            found.append(SheetClaim(claim, place, email))
    if problems:
        raise Refused(problems)
    return found
