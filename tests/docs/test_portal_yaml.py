"""docs/portal-yaml.md names every field that portal.yaml may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from generator.model.people import RoleName
from generator.model.portal import Portal
from generator.model.value import Value

PAGE = (Path(__file__).resolve().parents[2] / "site_src/docs/portal-yaml.md").read_text("utf-8")
# As the page's code spans have them: `smtp.port`, `.port` or `port`.
NAMED = {part.strip(".") for span in re.findall(r"`([a-z0-9_.]+)`", PAGE) for part in span.split(".")}


def _fields(model: type[Value]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
        yield from (deeper for inner in _models(field.annotation) for deeper in _fields(inner))


def _models(annotation: object) -> Iterator[type[Value]]:
    if isinstance(annotation, type) and issubclass(annotation, Value):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def test_every_field_is_named() -> None:
    assert set(_fields(Portal)) - NAMED == set()


def test_every_role_is_named() -> None:
    assert set(get_args(RoleName)) - NAMED == set()
