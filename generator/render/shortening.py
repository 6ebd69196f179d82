"""Shorter names in a script: each variable gets one of a letter or two, so that the page loads at once.

No Node is needed to build. Names at the top level are unique (scripts.py sees to it) and become capitals;
names inside a function or class are shortened alike throughout it and become small letters, so the two never
meet. Properties, globals and words of the language stay. Raises `Malformed` for what it cannot read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from generator.errors import Malformed

_TOKEN = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<name>[A-Za-z_$][\w$]*)|(?P<private>\#\w+)
    |(?P<number>[0-9][\w.]*)|(?P<space>\s+)|(?P<sign>\.\.\.|\?\.|=>|[^\w\s])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/[a-z]*")
_WORDS = frozenset(
    "async await break case catch class const constructor continue default delete do else export extends "
    "false finally for from function get if import in instanceof let new null of return set static super "
    "switch this throw true try typeof undefined void while yield NaN Infinity arguments".split()
)
_STATEMENTS = frozenset(["if", "for", "while", "switch"])
_NEEDLESS = frozenset([(",", "}"), (",", ")"), (",", "]"), (";", "}")])
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Token:
    kind: str
    text: str
    depth: int = 0
    role: str = ""  # of a name: "variable", "shorthand" (property and variable at once) or "property"
    declared: int | None = None  # how deep in brackets, where it is declared here


@lru_cache(maxsize=4)
def shortened(script: str) -> str:
    """The script with its variables renamed; it does the same. A process shortens each of its few once."""
    tokens = list(_tokens(script))
    solid = [token for token in tokens if token.kind != "space"]
    _classify(solid)
    top = {token.text for token in solid if token.declared == 0}
    _rename([token for token in solid if token.text in top], _short_names(_LETTERS.upper()))
    _rename_private([token for token in solid if token.kind == "private"])
    for chunk in _chunks(solid):
        local = {token.text for token in chunk if token.declared and token.text not in top}
        _rename([token for token in chunk if token.text in local], _short_names(_LETTERS))
    _leave_out(solid)
    for before, space, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if space.text == " " and not _parts(before.text[-1:], after.text[:1]):
            space.text = ""
    return "".join(token.text for token in tokens)


def _parts(left: str, right: str) -> bool:
    """Whether a space between these two characters keeps them from becoming one word or sign."""
    words = (left.isalnum() or left in "_$") and (right.isalnum() or right in "_$#")
    return words or (left == right and left in "+-")


def _leave_out(solid: list[_Token]) -> None:
    """What stands there for the next reader's or editor's sake only."""
    for token, after in pairwise(solid):
        if token.kind == "sign" and (token.text, after.text) in _NEEDLESS:
            token.text = ""
        elif token.text == "const" and token.kind == "name":
            token.text = "let"  # it has been checked by then that nobody assigns to it
    for before, opening, name, closing, arrow in zip(
        solid, solid[1:], solid[2:], solid[3:], solid[4:], strict=False
    ):
        texts = (opening.text, closing.text, arrow.text)
        if texts == ("(", ")", "=>") and name.kind == "name" and before.text != "async":
            opening.text = " " if _parts(before.text[-1:], name.text[:1]) else ""
            closing.text = ""


def _rename(tokens: list[_Token], names: Iterator[str]) -> None:
    uses = Counter(token.text for token in tokens if token.role in ("variable", "shorthand"))
    free = (name for name in names if name not in _WORDS)
    short = {name: next(free) for name in uses}
    for token in tokens:
        if token.role == "shorthand":
            token.text = f"{token.text}:{short[token.text]}"
        elif token.role == "variable":
            token.text = short[token.text]
        token.declared = None


def _rename_private(tokens: list[_Token]) -> None:
    free = _short_names(_LETTERS)
    short: dict[str, str] = {}
    for token in tokens:
        token.text = short.get(token.text) or short.setdefault(token.text, f"#{next(free)}")


def _short_names(letters: str) -> Iterator[str]:
    yield from letters
    yield from ("".join(pair) for pair in product(letters, _LETTERS + "0123456789"))


def _chunks(solid: list[_Token]) -> Iterator[list[_Token]]:
    """The statements of the top level: each ends where a bracket or a semicolon brings it back there."""
    chunk: list[_Token] = []
    for token in solid:
        chunk.append(token)
        if token.depth == 0 and token.text in (";", "}"):
            yield chunk
            chunk = []
    yield chunk


def _tokens(script: str) -> Iterator[_Token]:
    """Each token; the fixed parts of a template are texts, what it holds between them are tokens."""
    at, before, braces = 0, "", [""]
    while at < len(script):
        if script[at] == "`" or (script[at] == "}" and braces[-1] == "`"):
            if script[at] == "}":
                braces.pop()
            end = _template_end(script, at + 1)
            if script.startswith("${", end - 2):
                braces.append("`")
            yield _Token("text", script[at:end])
            at, before = end, "text"
            continue
        regex = _REGEX.match(script, at) if script[at] == "/" and before in _BEFORE_REGEX else None
        match = regex or _TOKEN.match(script, at)
        if match is None:
            raise Malformed(f"no token begins {script[at : at + 20]!r}")
        kind = "text" if regex else str(match.lastgroup)
        if match[0] == "{":
            braces.append("{")
        elif match[0] == "}" and len(braces) > 1:
            braces.pop()
        yield _Token(kind, match[0])
        at = match.end()
        if kind != "space":
            before = match[0] if kind in ("sign", "name") else kind


_BEFORE_REGEX = frozenset(["", "return", "=>", *"([{},;=:!&|?"])


def _template_end(script: str, at: int) -> int:
    """Just behind the closing quote of a template, or behind the `${` that comes first."""
    while not script.startswith("`", at):
        if at >= len(script):
            raise Malformed("a template does not close")
        if script.startswith("${", at):
            return at + 2
        at += 2 if script[at] == "\\" else 1
    return at + 1


def _classify(solid: list[_Token]) -> None:
    """Give each token its depth, each name its role, and mark the names where they are declared."""
    brackets: list[int] = []
    ends = _pairs(solid)
    for at, token in enumerate(solid):
        before = solid[at - 1].text if at else ""
        after = solid[at + 1].text if at + 1 < len(solid) else ""
        if token.kind == "sign" and token.text in ")]}":
            brackets.pop()
        token.depth = len(brackets)
        if token.kind == "sign" and token.text in "([{":
            brackets.append(at)
        if token.kind != "name" or token.text in _WORDS:
            continue
        inside = solid[brackets[-1]].text if brackets else ""
        method = after == "(" and before != "function" and _opens(solid, ends[at + 1])
        if before in (".", "?.") or method or (after == ":" and before in ("{", ",") and inside == "{"):
            token.role = "property"
        elif inside == "{" and before in ("{", ",") and _ends_shorthand(solid, ends[brackets[-1]], after):
            token.role = "shorthand"
        else:
            token.role = "variable"
        token.declared = None if token.role == "property" else _declared(solid, ends, brackets, at)


def _ends_shorthand(solid: list[_Token], end: int, after: str) -> bool:
    """A default is one in a pattern only; at the start of a block it is an assignment."""
    return after in (",", "}") or (after == "=" and solid[end + 1].text in ("=", ")", ",", "of"))


def _opens(solid: list[_Token], end: int) -> bool:
    return end + 1 < len(solid) and solid[end + 1].text == "{"


def _pairs(solid: list[_Token]) -> dict[int, int]:
    """Where each bracket closes."""
    ends, opened = {}, []
    for at, token in enumerate(solid):
        if token.kind == "sign" and token.text in "([{":
            opened.append(at)
        elif token.kind == "sign" and token.text in ")]}":
            if not opened:
                raise Malformed("a bracket closes that was not opened")
            ends[opened.pop()] = at
    if opened:
        raise Malformed("a bracket does not close")
    return ends


def _declared(solid: list[_Token], ends: dict[int, int], brackets: list[int], at: int) -> int | None:
    """The depth at which this name is declared here: by a word, as a parameter, or in a pattern of either."""
    before = solid[at - 1].text if at else ""
    if before in ("const", "let", "function", "class") or (
        at + 1 < len(solid) and solid[at + 1].text == "=>"
    ):
        return solid[at].depth
    if before == "=" or before in _WORDS:  # a default, or an expression
        return None
    for opening in reversed(brackets):
        start = solid[opening - 1].text if opening else ""
        if start in ("const", "let"):
            return solid[opening].depth
        if solid[opening].text == "(":
            after = solid[ends[opening] + 1].text if ends[opening] + 1 < len(solid) else ""
            takes = after == "=>" or (after == "{" and start not in _STATEMENTS)
            return solid[at].depth if takes else None
        if start not in ("(", ",", "[", ":"):
            return None
    return None
