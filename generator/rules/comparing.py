"""Step 12 of the verdict recipe: the file that was presented against the record (SPEC, Verdict).

A digest that matches settles it. Otherwise only closed-set values beside our own printed labels,
and the embedded statement, can contradict; names and titles never do, because a re-saved PDF
breaks ligatures and scripts on the way. What contradicts nothing is a copy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from generator.errors import Malformed
from generator.model.certificate import Statement
from generator.model.verdict import Verdict
from generator.wire import envelope, number, record

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_GAP = r"[\s:.\u2026]{1,20}"
_DATE = re.compile(r"([0-9]{1,2}) (" + "|".join(MONTHS) + r") ([0-9]{4})\b")
_SERIAL = re.compile(r"([A-Z]{2,4}-[0-9]{2}-[0-9]{6})\b")
_NUMBER = re.compile(r"([0-9]{4}(?:[- ][0-9A-Za-z]{5}){4})\b")
_LEVEL = re.compile(r"((?:Level )?[0-9E][0-9]?)\b")
GRADES = (
    "Distinction*",
    "Distinction",
    "Merit",
    "Pass",
    "Fail",
    "Near Pass",
    "Credit",
    "Unclassified",
)
_GRADE = re.compile("(" + "|".join(re.escape(grade) for grade in GRADES) + r")(?![A-Za-z*])")


@dataclass(frozen=True, slots=True)
class Presented:
    """What was read from a file: its SHA-256 (raw), its embedded certificate.json, its text."""

    sha256: bytes
    attached: bytes | None = None
    text: str = ""


def number_in(presented: Presented) -> str | None:
    """The number that the file names: the embedded statement's, else the printed one."""
    if presented.attached is not None:
        try:
            outer = envelope.decode(presented.attached, envelope.STATEMENT, 65_536)
        except Malformed:
            outer = None
        if outer:
            named = re.search(rb'"number":"([0-9A-Z]{24})"', outer.payload)
            typed = number.read(named.group(1).decode()) if named else None
            if typed and typed.number:
                return typed.number
    for spelled in _NUMBER.findall(_plain(presented.text)):
        typed = number.read(spelled)
        if typed.number:
            return typed.number
    return None


def compare(
    presented: Presented, item: record.Record, certified: Statement, keys: Iterable[bytes]
) -> Verdict:
    """`valid` for the issued file itself, `forged` with the field that contradicts, else `copy`."""
    if presented.sha256 == item.files.pdf:
        return Verdict("valid", 12)
    if presented.attached is not None and not _same_statement(presented.attached, item, keys):
        return Verdict("forged", 12, "statement", contradicted="certificate.json")
    text = _plain(presented.text)
    unread = []
    for field, seen, wanted in _closed_fields(text, certified):
        if seen and wanted not in seen:
            return Verdict("forged", 12, "printed", contradicted=field)
        if not seen:
            unread.append(field)
    for field, value in _open_fields(certified):
        if value not in text:
            unread.append(field)
    return Verdict("copy", 12, unread=tuple(unread))


def printed_day(day: str) -> str:
    """A day as the English certificate prints it: 26 June 2026."""
    year, month, number_of_day = day.split("-")
    return f"{int(number_of_day)} {MONTHS[int(month) - 1]} {year}"


def _same_statement(attached: bytes, item: record.Record, keys: Iterable[bytes]) -> bool:
    try:
        outer = envelope.decode(attached, envelope.STATEMENT, 65_536)
        return envelope.verified(outer, keys) == item.statement
    except Malformed:
        return False


def _closed_fields(text: str, certified: Statement) -> Iterable[tuple[str, set[str], str]]:
    """Each closed-set field: its name, the values seen beside its label, the certified value."""
    yield "serial", _beside(text, "Certificate number", _SERIAL), certified.serial
    yield "number", _numbers(text), certified.number
    yield "completed_on", _beside(text, "Completed", _DATE), printed_day(certified.completed_on)
    yield "issued_on", _beside(text, "Issued", _DATE), printed_day(certified.issued_on)
    if certified.expires_on:
        yield "expires_on", _beside(text, "Expires", _DATE), printed_day(certified.expires_on)
    if certified.grade in GRADES:
        yield "grade", _beside(text, "Grade", _GRADE), certified.grade
    level = certified.programme.level
    if level:
        yield "level", {_bare(seen) for seen in _beside(text, "Level", _LEVEL)}, _bare(level)


def _open_fields(certified: Statement) -> Iterable[tuple[str, str]]:
    yield "learner", _plain(certified.learner.name)
    yield "programme", _plain(certified.programme.title)


def _beside(text: str, label: str, pattern: re.Pattern[str]) -> set[str]:
    """Values of this shape that directly follow the printed label."""
    found = re.finditer(r"\b" + re.escape(label) + _GAP, text)
    seen = (pattern.match(text, match.end()) for match in found)
    return {match.group(0).strip() for match in seen if match}


def _numbers(text: str) -> set[str]:
    read = (number.read(spelled) for spelled in _beside(text, "Verification number", _NUMBER))
    return {typed.number or "unreadable" for typed in read}


def _bare(level: str) -> str:
    return level.removeprefix("Level ").strip()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
