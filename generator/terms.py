"""What things and roles are called by each kind of organisation (docs/glossary.md, decision 0304).

The program speaks of claims, centres and exams officers. A course provider has none of these: it knows
completions, venues and administrators. So a sentence does not spell such a noun, it names it:
`f"no {CLAIM} of {title} waits"`. In the sentence the noun is between two marks, and whoever shows
the sentence puts the organisation's word there (`in_words_of`).

What is guaranteed: only what is between marks is replaced. Data in a sentence (titles, names,
headings, cells) are never searched for words, so they are shown as they are, whatever they say. The
marks are two noncharacters, which Unicode keeps out of text that is exchanged. Where a noun is spelled
out by mistake it is shown as it is spelled: a wrong word, never wrong data; `tests/test_words.py` finds
those in the source.

Whatever is kept, compared, signed or written for machines has the general words: a `Sentence` is that
text, and remembers its marks for whoever shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import Field
from typing import Any, ClassVar, Literal

OrganisationKind = Literal["awarding_organisation", "centre", "course_provider"]
GENERAL: OrganisationKind = "awarding_organisation"

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
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARKED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_VOWELS = "aeiou"
_NOUNS = "|".join(sorted({noun for terms in TERMS.values() for noun in terms}, key=len, reverse=True))
_SPELLED = re.compile(
    rf"(?P<kept>`[^`]*`)|(?<![\w/.=@-])(?:(?P<article>[Aa])n? )?(?P<noun>{_NOUNS})(?=s?(?![\w/=@]|[.-]\w))",
    re.IGNORECASE,
)


class Sentence(str):
    """A text in general words that knows where its nouns are; put into an f-string, it brings them along."""

    marked: str

    def __new__(cls, marked: str) -> Sentence:
        made = super().__new__(cls, in_words_of(GENERAL, marked))
        made.marked = marked
        return made

    def __getnewargs__(self) -> tuple[str]:
        return (self.marked,)

    def capitalize(self) -> str:
        """With a capital at its beginning; all else as it is."""
        return Sentence(re.sub(r"\w", lambda found: found[0].upper(), self.marked, count=1))

    def __format__(self, spec: str) -> str:
        return format(self.marked, spec)


class Worded:
    """For a dataclass whose texts may hold marks: they are kept as sentences."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            text = getattr(self, name)
            if isinstance(text, str) and _OPEN in text:
                object.__setattr__(self, name, Sentence(text))


def sentence(text: str) -> str:
    """A text that may hold marks, fit to be kept and compared."""
    return Sentence(text) if _OPEN in text else text


def marked(text: str) -> str:
    """The text with its marks, for keeping it beyond this process or joining it to others."""
    return text.marked if isinstance(text, Sentence) else text


def in_words_of(kind: OrganisationKind, text: str) -> str:
    """A text with each marked noun in the word of this kind of organisation, and nothing else changed."""
    said = marked(text)
    return _MARKED.sub(lambda found: _word(kind, found[1]), said) if _OPEN in said else said


def term(kind: OrganisationKind, noun: str) -> str:
    """What this kind of organisation calls it."""
    return TERMS[kind].get(noun, noun)


def spelled(text: str) -> str:
    """A text of ours that holds no data (help, a code's own words), its nouns marked by how they are spelled.

    What is between backticks, and what is part of a path, a code or an option, is no noun.
    """

    def mark(found: re.Match[str]) -> str:
        if found["kept"]:
            return found[0]
        article = f"{found['article']}|" if found["article"] else ""
        return f"{_OPEN}{article}{found['noun']}{_CLOSE}"

    return _SPELLED.sub(mark, text)


def spoken(name: str) -> str:
    """A name of ours as people say it, marked for a sentence: `exams_officer`, `centre_approval`."""
    return spelled(name.replace("_", " "))


def unmarkable(text: str) -> str:
    """Text from outside, which no mark may be hidden in."""
    return text.replace(_OPEN, "\ufffd").replace(_CLOSE, "\ufffd")


def _word(kind: OrganisationKind, noun: str) -> str:
    """The word for what a mark names: a noun, with its article or a capital where the sentence has one."""
    article, _, bare = noun.rpartition("|")
    new = term(kind, bare.lower())
    if bare[:1].isupper():
        new = new[0].upper() + new[1:]
    if article:
        new = f"{article}{'n' if new[0] in _VOWELS else ''} {new}"
    return new


def _noun(words: str) -> Sentence:
    return Sentence(f"{_OPEN}{words}{_CLOSE}")


CENTRE = _noun("centre")
CLAIM = _noun("claim")
EXAMS_OFFICER = _noun("exams officer")
PROGRAMME_LEADER = _noun("programme leader")
REGISTRATION = _noun("registration")
A_REGISTRATION = _noun("a|registration")
UNIT = _noun("unit")
