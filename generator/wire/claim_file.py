"""Claims in our own layout: YAML (`claims:` a list) or CSV (one column a field) (docs/claims.md)."""

from __future__ import annotations

from typing import Literal

from generator.errors import Problem, Refused
from generator.model.claim import Claim
from generator.model.portal import Address
from generator.model.value import Field, Value
from generator.wire import strict_yaml
from generator.wire.claim_sheets import SheetClaim, learner_address
from generator.wire.table import Table

_PLAIN = ("kind", "programme", "version", "centre", "learner_ref", "learner_name", "completed_on")
_OPTIONAL = ("grade", "renews", "results", "email")


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
        fields: dict[str, object] = {name: cell for name, cell in row.cells.items() if cell}
        email = _address(fields.pop("email", None), place, problems)
        listed = str(fields.pop("results", ""))
        pairs = [part.partition("=") for part in listed.split(";") if part.strip()]
        fields["results"] = [
            {"unit": unit.strip(), "grade": grade.strip() or None} for unit, _, grade in pairs
        ]
        claim, faults = Claim.tried(fields)
        problems += [
            Problem("CLAIM-FIELD", f"{place} {path}", what, "correct the cell") for path, what in faults
        ]
        if claim is not None:
            found.append(SheetClaim(claim, place, email))
    if problems:
        raise Refused(problems)
    return found
