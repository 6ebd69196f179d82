"""Which fields hold personal data: marked on the field, and read from there (docs/privacy.md).

Erasure looks for what a marked field said, subject access leaves out what is of others, and the documents
list the marks: a field that is added with its mark needs no line anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from generator.model.value import Value

Whose = Literal["learner", "staff", "others"]


@dataclass(frozen=True, slots=True)
class Personal:
    """The mark of a field that holds personal data: `name: Annotated[Text, Personal()]`.

    `of`: the learner whom it is about, a member of staff, or somebody else, whom free words may speak of.
    An erasure looks for a learner's value in every file and row; `common` says that many share such a value
    (a grade, a day, words such as "passport"), so that it only goes with what it is in.
    """

    of: Whose = "learner"
    common: bool = False


def marks(model: type[Value]) -> dict[str, Personal]:
    """The marked fields of a model, and `field.part` for those of a value within it."""
    found: dict[str, Personal] = {}
    for name, field in model.model_fields.items():
        for item in field.metadata:
            if isinstance(item, Personal):
                found[name] = item
        for inner, mark in _inner(field.annotation):
            found[f"{name}.{inner}" if inner else name] = mark
    return found


def identifying(value: Value) -> set[str]:
    """The texts of a value that tell, wherever they are, which learner it is about."""
    found: set[str] = set()
    for name, mark in marks(type(value)).items():
        if mark.of == "learner" and not mark.common:
            found |= {str(item) for item in _at(value.plain(), name.split(".")) if item != ""}
    return found


def of_learner(value: Value) -> dict[str, Any]:
    """The plain fields of a value without what is of staff; True in place of what may speak of others."""
    kept = {name: mark.of for name, mark in marks(type(value)).items() if mark.of != "learner"}
    return dict(_without(value.plain(), kept, ""))


def _without(plain: Mapping[str, Any], others: Mapping[str, Whose], path: str) -> Iterator[tuple[str, Any]]:
    for name, item in plain.items():
        match others.get(f"{path}{name}"):
            case "staff":
                continue
            case "others":
                yield name, True
            case _ if isinstance(item, Mapping):
                yield name, dict(_without(item, others, f"{path}{name}."))
            case _ if isinstance(item, list | tuple):
                parts = [
                    dict(_without(part, others, f"{path}{name}.")) if isinstance(part, Mapping) else part
                    for part in item
                ]
                yield name, parts
            case _:
                yield name, item


def _inner(annotation: Any) -> Iterator[tuple[str, Personal]]:
    """Marks within an annotation (`Annotated[Text, Personal()] | None`), and in values that it names."""
    if isinstance(annotation, type) and issubclass(annotation, Value):
        yield from marks(annotation).items()
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Personal):
            yield "", mark
    for part in get_args(annotation):
        yield from _inner(part)


def _at(plain: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(plain, list | tuple):
        for item in plain:
            yield from _at(item, path)
    elif not path:
        yield plain
    elif path[0] in plain:
        yield from _at(plain[path[0]], path[1:])
