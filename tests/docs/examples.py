"""The worked examples of the specification, each worked again from its own inputs.

An example is a fenced block ```` ```example NAME ```` of lines `field: value`; a line that starts with two
spaces goes on with the value. The function of that name takes the fields as written, works out every field
anew from the inputs among them and gives all of them. `python -m tests.docs.examples` writes them into the
specification; the test compares.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.working import WORK, Fields

SPEC = Path(__file__).resolve().parents[2] / "site_src" / "docs" / "spec.md"
_BLOCK = re.compile(r"(?<=^```example )([a-z-]+)\n(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
_WIDTH = 100


def examples(text: str) -> dict[str, Fields]:
    """Every example of a specification's text."""
    found = {match.group(1): _fields(match.group(2)) for match in _BLOCK.finditer(text)}
    if len(found) != text.count("```example "):
        raise ValueError("an example stands twice or does not end")
    return found


def _fields(body: str) -> Fields:
    fields: Fields = {}
    last = ""
    for line in body.splitlines():
        if line.startswith("  "):
            fields[last] += line[2:]
        else:
            last, _, fields[last] = line.partition(": ")
    return fields


def worked(name: str, given: dict[str, Fields]) -> Fields:
    """All fields of an example, worked out from its inputs."""
    return WORK[name](given[name], given)


def filled(text: str) -> str:
    """The specification with every example worked again."""
    given = examples(text)
    for name in given:
        given[name] = worked(name, given)
    return _BLOCK.sub(lambda match: match.group(1) + "\n" + _body(given[match.group(1)]), text)


def _body(fields: Fields) -> str:
    return "".join(f"{_wrapped(f'{name}: {value}')}\n" for name, value in fields.items())


def _wrapped(line: str) -> str:
    parts = []
    width = _WIDTH
    while len(line) > width:
        at = next(at for at in range(width, 0, -1) if " " not in line[at - 1 : at + 1])
        parts.append(line[:at])
        line, width = line[at:], _WIDTH - 2
    return "\n  ".join([*parts, line])


if __name__ == "__main__":
    SPEC.write_text(filled(SPEC.read_text("utf-8")), "utf-8")
