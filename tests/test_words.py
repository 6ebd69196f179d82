"""Words that the glossary replaced stay away from code and prose (site_src/docs/glossary.md)."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.test_house import GENERATOR, ROOT, SCRIPTS

# What nobody reads any more -> what is said instead.
IN_PROSE = {
    r"\b(?:the|one|a second) doors?\b|\bdoor to\b": "environment; adapter for; importer",
    r"\bdice\b": "randomness",
    r"\bthe press\b(?! Ctrl)|\bpresses\b": "renderer",
    r"\bsetter\b": "typesetter",
    r"\bshel(?:f|ves)\b": "object table",
    r"\b(?:the|on|onto) bench\b": "staging; those who decide",
    r"\brooms?\b": "module; space",
    r"\bwings?\b": "package",
    r"\bfloors?\b": "layer",
    r"\bstrangers?\b|\bstrange\b": "the public, an outsider; unknown",
    r"\bgrave\b|\bburied\b": "tombstone",
    r"\bby the handful\b": "archives",
    r"\bbelongs? into\b": "belongs in",
    r"\bsays not who\b": "does not say who",
    r"\ball in all\b": "in total",
    r"\bheld against\b": "compared with",
    r"\bstands?\b(?! (?:for|still|out)\b)": "is; is kept, listed, in force, published",
    r"\b(?:policy|approval|evidence) packs?\b": "rule set; approval file; evidence folder",
}
IN_CODE = {
    "bench": "deciders",
    "buried": "tombstones",
    "dice": "randomness",
    "door": "environment",
    "grave": "erased",
    "hung": "drawn_picture",
    "locker": "key_lock",
    "mine": "whose it is: own_rows, of_learner",
    "press": "renderer",
    "setter": "typesetter",
    "shelf": "object_table",
    "stands": "is_published, in_force",
    "telling": "pattern",
    "traces": "terms",
}
# What defines or quotes a word: the glossary, word lists, formats, and what was decided once.
_LEFT_OUT = re.compile(
    r"site_src/docs/(?:glossary\.md|spec\.md|decisions/)|CHANGELOG\.md|generator/render/fonts/"
)
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for pattern in (
        "*.md",
        "generator/**/*.md",
        "site_src/**/*.md",
        "site_src/mail/**/*",
        "site_src/theme/*.html",
    )
    for path in sorted(ROOT.glob(pattern))
    if path.is_file() and "node_modules" not in path.parts
}


def prose(python: str) -> Iterator[tuple[int, str]]:
    """Comments and texts of a module, each with its line; what an f-string computes is code."""
    for token in tokenize.generate_tokens(io.StringIO(python).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], re.sub(r"\{[^{}]*\}", "", token.string)


def banned_prose(texts: dict[str, Iterator[tuple[int, str]]]) -> list[str]:
    found = []
    for path, parts in texts.items():
        for line, text in parts:
            for pattern, better in IN_PROSE.items():
                for hit in re.finditer(pattern, text, re.IGNORECASE):
                    if hit.group().isupper():
                        continue  # part of a code, such as PRINT-ROOM
                    at = line + text.count("\n", 0, hit.start())
                    found.append(f"{path}:{at}: `{hit.group()}`, say: {better}")
    return found


def banned_names(sources: dict[str, str]) -> list[str]:
    found = []
    for path, python in sources.items():
        for token in tokenize.generate_tokens(io.StringIO(python).readline):
            if token.type == tokenize.NAME:
                parts = [part for part in token.string.lower().split("_") if part in IN_CODE]
                found += [f"{path}:{token.start[0]}: {token.string}, say: {IN_CODE[part]}" for part in parts]
    return found


@pytest.mark.parametrize(
    "text",
    [
        '"""The door to mkdocs."""',
        "# laid out on the bench",
        'x = "belongs into a safe"',
        "# As a stranger would",
    ],
)
def test_an_earlier_word_is_caught(text: str) -> None:
    assert len(banned_prose({"a.py": prose(text + "\n")})) == 1


def test_an_earlier_name_is_caught() -> None:
    assert banned_names({"a.py": "def f(door, x):\n    _hung = x\n"}) == [
        "a.py:1: door, say: environment",
        "a.py:2: _hung, say: drawn_picture",
    ]
    assert banned_names({"a.py": "compressed = indoors\n"}) == []


@pytest.mark.slow
def test_the_package_speaks_the_glossarys_words() -> None:
    assert banned_prose({path: prose(text) for path, text in GENERATOR.items()}) == []
    assert banned_names(GENERATOR) == []


@pytest.mark.slow
def test_documents_pages_and_mails_speak_the_glossarys_words() -> None:
    # A vector is cited by its name, which stays as it was published.
    cited = re.compile(r'vectors? "[^"]*"')
    pages = {path: cited.sub("", text) for path, text in PAGES.items() if not _LEFT_OUT.match(path)}
    assert banned_prose({path: iter([(1, text)]) for path, text in pages.items()}) == []


def test_scripts_speak_the_glossarys_words() -> None:
    comments = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
    said = {path: "\n".join(comments.findall(text)) for path, text in SCRIPTS.items()}
    assert banned_prose({path: iter([(1, text)]) for path, text in said.items()}) == []
