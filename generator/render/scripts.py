"""The portal's JavaScript rooms as one script: put in the order of their imports, comments taken out.

The rooms use only `import { a } from "./x.js"` and names that are unique at the top level, so that
joining them is cutting lines out; anything else is refused here rather than published broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rjsmin import jsmin

from generator.errors import Malformed
from generator.render.shortening import shortened

_ENTRY = "main.js"
_IMPORT = re.compile(r'^import \{[\w\s,]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_ANY_IMPORT = re.compile(r"^import\b", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|class|const|let)", re.MULTILINE)
_ANY_EXPORT = re.compile(r"^export\b", re.MULTILINE)
_MESSAGE = re.compile(r'new (Malformed)\((?:"[^"]*"|`[^`]*`)\)')
_NUMBER = re.compile(r"^const ([A-Z][A-Z0-9_]+) = ([0-9_]+);.*\n", re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def bundle(rooms: Mapping[str, bytes], entry: str = _ENTRY) -> bytes:
    """One script of `entry` and all it imports (name -> source). Raises `Malformed`."""
    parts = []
    owners: dict[str, str] = {}
    for room in _in_order(rooms, entry):
        text = rooms[room].decode()
        for name in _NAME.findall(text):
            if owners.setdefault(name, room) != room:
                raise Malformed(f"{room} and {owners[name]} both define {name}")
        joined = _EXPORT.sub("", _IMPORT.sub("", text))
        if _ANY_IMPORT.search(joined) or _ANY_EXPORT.search(joined):
            raise Malformed(f"{room} imports or exports in a form that cannot be joined")
        parts.append(joined)
    # What a refusal says is for developers; the page tells its visitors in words of its own.
    text = _inlined(_MESSAGE.sub(r"new \1()", "\n".join(parts)))
    spoken = minified(text.encode())
    script = shortened(spoken.decode()).encode()
    if b"</" in script or b"<!--" in script:
        raise Malformed("the script holds markup that would end its block")
    return script


def _inlined(script: str) -> str:
    """The script with its named numbers (`const CAP = 8_192;`) put where they are used."""
    numbers = dict(_NUMBER.findall(script))
    names = re.compile(r"\b(?:" + "|".join(numbers) + r")\b")
    return names.sub(lambda match: numbers[match[0]], _NUMBER.sub("", script)) if numbers else script


def minified(source: bytes) -> bytes:
    """A script without its comments and most of its white space; licence comments stay."""
    return str(jsmin(source.decode(), keep_bang_comments=True)).strip().encode()


def _in_order(rooms: Mapping[str, bytes], entry: str) -> list[str]:
    ordered: list[str] = []
    under_way: list[str] = []

    def visit(room: str) -> None:
        if room in ordered:
            return
        if room in under_way:
            raise Malformed(f"{' -> '.join([*under_way, room])}: rooms import each other in a circle")
        if room not in rooms:
            raise Malformed(
                f"{under_way[-1] if under_way else 'the page'} imports {room}, which is not there"
            )
        under_way.append(room)
        for imported in _IMPORT.findall(rooms[room].decode()):
            visit(imported)
        under_way.pop()
        ordered.append(room)

    visit(entry)
    return ordered
