"""YAML as an exams office writes it: text, lists and fields, with the line of each (docs/yaml.md).

The adapter for PyYAML. Scalars stay the text that was typed (`no`, `0123`, `2026-11-22` too); only
`true`, `false`, `null` and plain integers without a leading zero are taken for what they say.
Duplicate keys, anchors, aliases, tags and further documents are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

from generator.errors import Code, Place, Refused
from generator.model.value import Value
from generator.sheets.codes import (
    YAML_ALIAS,
    YAML_DEPTH,
    YAML_DUPLICATE,
    YAML_EMPTY,
    YAML_ENCODING,
    YAML_FIELD,
    YAML_HIDDEN,
    YAML_KEY,
    YAML_SIZE,
    YAML_SYNTAX,
    YAML_TAG,
)

CAP = 5_000_000
_DEPTH = 20
_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,14})")
# libyaml, where PyYAML was built with it: ten times as fast, the same events.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """Plain data, and the line of each dotted path (`units.2.title` -> 14)."""

    data: Any
    lines: Mapping[str, int]

    def line(self, path: str) -> int:
        """The line of a path, or of the nearest field above it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)


Model = TypeVar("Model", bound=Value)


def read(model: type[Model], data: bytes, place: Place) -> Model:
    """The value in a file. Raises `Refused` with every wrong field and its line."""
    document = load(data, place)
    value, faults = model.tried(document.data)
    if value is not None:
        return value
    problems = [
        YAML_FIELD.at(place.at(document.line(path)).within(path), what, advice(what)) for path, what in faults
    ]
    raise Refused(problems)


def advice(what: str) -> str:
    """How to mend a fault that `Value.tried` found."""
    if what.startswith("is no field"):
        return "check its spelling, or remove it"
    if what == "is missing":
        return "add the field"
    if what.startswith("is not text"):
        return "put the value in quotes"
    return "correct the value"


class _Fault(Exception):
    def __init__(self, line: int, code: Code, what: str, fix: str) -> None:
        self.line, self.code, self.what, self.fix = line, code, what, fix
        super().__init__(what)


def load(data: bytes, place: Place) -> YamlDocument:
    """The one document in a file. Raises `Refused`, naming file and line."""
    if len(data) > CAP:
        raise Refused(YAML_SIZE.at(place.at(1), f"is larger than {CAP:,} bytes", "split the file"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fix = "save the file as UTF-8"
        raise Refused(YAML_ENCODING.at(place.at(1), "is not UTF-8 text", fix)) from None
    hidden = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if hidden:
        line = text.count("\n", 0, hidden.start()) + 1
        what = f"holds a control character (U+{ord(hidden[0]):04X})"
        raise Refused(YAML_HIDDEN.at(place.at(line), what, "type the line again"))
    try:
        try:
            return _Reading(text, _LOADER).document()
        except yaml.YAMLError:
            # The same again with PyYAML's own parser, which says better what is wrong.
            return _Reading(text, yaml.SafeLoader).document()
    except _Fault as fault:
        raise Refused(fault.code.at(place.at(fault.line), fault.what, fault.fix)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = int(getattr(mark, "line", 0)) + 1
        what = f"is not YAML: {getattr(error, 'problem', None) or 'unreadable'}"
        fix = "check indentation, colons and quotes on this line"
        raise Refused(YAML_SYNTAX.at(place.at(line), what, fix)) from None


class _Reading:
    """One pass over the events of a file. Faults stop it at their place, so no trick costs time."""

    def __init__(self, text: str, loader: type[Any]) -> None:
        self._events = yaml.parse(text, Loader=loader)
        self._lines: dict[str, int] = {}

    def document(self) -> YamlDocument:
        """The one document."""
        first = self._next(yaml.StreamStartEvent, yaml.DocumentStartEvent)
        if isinstance(first, yaml.StreamEndEvent):
            raise _Fault(1, YAML_EMPTY, "is empty", "write the fields, or remove the file")
        data = self._value(first, "", 0)
        following = self._next(yaml.DocumentEndEvent)
        if not isinstance(following, yaml.StreamEndEvent):
            fix = "remove the line `---` and what follows, or make it a file of its own"
            raise _Fault(_line(following), YAML_SYNTAX, "holds a second document", fix)
        return YamlDocument(data, self._lines)

    def _next(self, *passed: type[yaml.Event]) -> yaml.Event:
        event = next(self._events)
        while isinstance(event, passed):
            event = next(self._events)
        return event

    def _value(self, event: yaml.Event, path: str, depth: int) -> Any:
        line = _line(event)
        _refuse_tricks(event)
        if depth > _DEPTH:
            raise _Fault(line, YAML_DEPTH, "is nested too deeply", "make the file flatter")
        self._lines.setdefault(path, line)
        if isinstance(event, yaml.MappingStartEvent):
            return dict(self._fields(path, depth))
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(path, depth))
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _items(self, path: str, depth: int) -> Iterator[Any]:
        rank = 0
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._value(event, _join(path, str(rank)), depth + 1)
            rank += 1

    def _fields(self, path: str, depth: int) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            line = _line(key)
            _refuse_tricks(key)
            if not isinstance(key, yaml.ScalarEvent) or key.value == "<<":
                raise _Fault(line, YAML_KEY, "a field's name is not plain text", "write `name: value`")
            if key.value in seen:
                what = f"`{key.value}` is there twice, first on line {seen[key.value]}"
                raise _Fault(line, YAML_DUPLICATE, what, "keep the one that is right")
            seen[key.value] = line
            inner = _join(path, key.value)
            self._lines[inner] = line
            yield key.value, self._value(next(self._events), inner, depth + 1)


def _refuse_tricks(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _Fault(_line(event), YAML_ALIAS, "uses an anchor or alias", "write the value out")
    if getattr(event, "tag", None):
        raise _Fault(_line(event), YAML_TAG, "uses a tag (!)", "put the text in quotes")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = str(event.value)
    # Quoted, or a block of text: what it says is what was typed. libyaml calls plain style `""`.
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
