"""The catalogue's files and the digest that an approval names (docs/catalogue.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.crypto.digest import sha256
from generator.errors import Place
from generator.formats import strict_json
from generator.model.catalogue import Programme
from generator.model.value import Digest
from generator.sheets import strict_yaml


def read_programme(data: bytes, place: Place) -> Programme:
    """One version of a qualification or course. Raises `Refused`."""
    return strict_yaml.read(Programme, data, place)


def digest(programme: Programme) -> Digest:
    """SHA-256 over the entry's meaning: comments, order of fields and spelling of YAML do not count."""
    plain = programme.plain()
    for scale in ("scale", "overall_grades"):
        # In the order of the file: a scale is written from the lowest grade to the highest.
        plain[scale] = [[short, printed] for short, printed in plain[scale].items()]
    rule = plain.get("grade_rule")
    if rule:
        rule["thresholds"] = _pairs(rule["thresholds"])
        rule["points"] = [{**row, "points": _pairs(row["points"])} for row in rule["points"]]
    return sha256(strict_json.encode(plain))


def _pairs(scale: Mapping[str, Any]) -> list[list[Any]]:
    """Grades such as P and M are no names of the canonical form, so they stand as pairs."""
    return sorted([short, meaning] for short, meaning in scale.items())
