"""YAML as an exams office writes it: text, lists and fields, with the line of each (docs/yaml.md).

The door to PyYAML. Scalars stay the text that was typed (`no`, `0123`, `2026-11-22` too); only
`true`, `false`, `null` and plain integers without a leading zero are taken for what they say.
Duplicate keys, anchors, aliases, tags and further documents are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

from generator.errors import Problem, Refused
from generator.model.value import Value

CAP = 5_000_000
_DEPTH = 20
_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,14})")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data, and the line on which each dotted path stands (`units.2.title` -> 14)."""

    data: Any
    lines: Mapping[str, int]

    def line(self, path: str) -> int:
        """The line of a path, or of the nearest field above it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)


Model = TypeVar("Model", bound=Value)


def read(model: type[Model], data: bytes, where: str) -> Model:
    """The value in a file. Raises `Refused` with every wrong field and its line."""
    document = load(data, where)
    value, faults = model.tried(document.data)
    if value is not None:
        return value
    problems = [
        Problem("YAML-FIELD", f"{where}:{document.line(path)} {path}", what, _advice(what))
        for path, what in faults
    ]
    raise Refused(problems)


def _advice(what: str) -> str:
    if what.startswith("extra inputs"):
        return "no such field is known here: check its spelling and indentation, or remove it"
    if what.startswith("field required"):
        return "add the field"
    if "valid string" in what:
        return "put the value in quotes"
    return "correct the value"


class _Fault(Exception):
    def __init__(self, line: int, code: str, what: str, fix: str) -> None:
        self.line, self.code, self.what, self.fix = line, code, what, fix
        super().__init__(what)


def load(data: bytes, where: str) -> Document:
    """The one document in a file. Raises `Refused`, naming file and line."""
    if len(data) > CAP:
        raise Refused(_problem(where, 1, "YAML-SIZE", f"is larger than {CAP:,} bytes", "split the file"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fix = "save the file as UTF-8"
        raise Refused(_problem(where, 1, "YAML-ENCODING", "is not UTF-8 text", fix)) from None
    try:
        _refuse_tricks(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise _Fault(1, "YAML-EMPTY", "is empty", "write the fields, or remove the file")
        lines: dict[str, int] = {}
        return Document(_value(node, "", lines, 0), lines)
    except _Fault as fault:
        raise Refused(_problem(where, fault.line, fault.code, fault.what, fault.fix)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"holds a control character (U+{ord(text[error.position]):04X})"
        raise Refused(_problem(where, line, "YAML-HIDDEN", what, "type the line again")) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = int(getattr(mark, "line", 0)) + 1
        what = f"is not YAML: {getattr(error, 'problem', None) or 'unreadable'}"
        fix = "check indentation, colons and quotes on this line"
        raise Refused(_problem(where, line, "YAML-SYNTAX", what, fix)) from None


def _refuse_tricks(text: str) -> None:
    """Aliases, tags, and nesting so deep that composing it would take minutes."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH + 1:
            raise _Fault(line, "YAML-DEPTH", "is nested too deeply", "make the file flatter")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Fault(line, "YAML-ALIAS", "uses an anchor or alias", "write the value out")
        if getattr(event, "tag", None):
            raise _Fault(line, "YAML-TAG", "uses a tag (!)", "put the text in quotes")


def _value(node: yaml.Node, path: str, lines: dict[str, int], depth: int) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if depth > _DEPTH:
        raise _Fault(line, "YAML-DEPTH", "is nested too deeply", "make the file flatter")
    if isinstance(node, yaml.MappingNode):
        return dict(_fields(node, path, lines, depth))
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, _join(path, str(rank)), lines, depth + 1) for rank, item in enumerate(node.value)
        ]
    return _scalar(node)


def _fields(
    node: yaml.MappingNode, path: str, lines: dict[str, int], depth: int
) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key, item in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            raise _Fault(line, "YAML-KEY", "a field's name is not plain text", "write `name: value`")
        if key.value in seen:
            what = f"`{key.value}` stands twice, first on line {seen[key.value]}"
            raise _Fault(line, "YAML-DUPLICATE", what, "keep the one that is right")
        seen[key.value] = line
        inner = _join(path, key.value)
        lines[inner] = line
        yield key.value, _value(item, inner, lines, depth + 1)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None) is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _problem(where: str, line: int, code: str, what: str, fix: str) -> Problem:
    return Problem(code, f"{where}:{line}", what, fix)
