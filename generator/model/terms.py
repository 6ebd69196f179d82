"""What things and roles are called by each kind of organisation (docs/glossary.md).

The program speaks of claims, centres and exams officers. A course provider has none of these: it knows
completions, venues and administrators. Whatever is shown to the office's people is put into their words
where it is shown; codes, commands, paths and JSON for machines are the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

OrganisationKind = Literal["awarding_organisation", "centre", "course_provider"]

# Nouns and roles that a kind of organisation calls otherwise. Plurals take an s.
TERMS: Mapping[OrganisationKind, Mapping[str, str]] = {
    "awarding_organisation": {},
    "centre": {},
    "course_provider": {
        "claim": "completion",
        "centre": "venue",
        "registration": "enrolment",
        "unit": "module",
        "exams officer": "administrator",
        "registrar": "administrator",
        "programme leader": "course leader",
    },
}
_VOWELS = "aeiou"


def term(kind: OrganisationKind, noun: str) -> str:
    """What this kind of organisation calls it."""
    return TERMS[kind].get(noun, noun)


def in_words_of(kind: OrganisationKind, text: str) -> str:
    """A text of the program in the words of this kind of organisation.

    What is between backticks or quotation marks, and what is part of a path, a code, an address or an
    option, stays as it is.
    """
    pattern = _pattern(kind)
    if pattern is None:
        return text
    return pattern.sub(lambda found: _replaced(kind, found), text)


@cache
def _pattern(kind: OrganisationKind) -> re.Pattern[str] | None:
    nouns = "|".join(sorted(map(re.escape, TERMS[kind]), key=len, reverse=True))
    if not nouns:
        return None
    kept = r'`[^`]*`|"[^"]*"|“[^”]*”'
    return re.compile(
        rf"(?P<kept>{kept})|(?<![\w/.=@-])(?P<article>[Aa]n? )?(?P<noun>{nouns})(?P<s>s?)(?![\w/=@]|[.-]\w)",
        re.IGNORECASE,
    )


def _replaced(kind: OrganisationKind, found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    noun = found["noun"]
    if not (noun.islower() or (noun[:1].isupper() and noun[1:].islower() and found.start() == 0)):
        return found[0]  # a name, such as Northfield Centre
    new = TERMS[kind][noun.lower()]
    article = found["article"] or ""
    if article:
        article = article[0] + ("n " if new[0] in _VOWELS else " ")
    elif noun[0].isupper():
        new = new[0].upper() + new[1:]
    return article + new + found["s"]
