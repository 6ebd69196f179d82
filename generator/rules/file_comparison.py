"""Step 12 of the verdict recipe: the file that was presented against the record (SPEC, Verdict).

A digest that matches settles it. Otherwise only closed-set values beside our own printed labels,
and the embedded statement, can contradict; names and titles never do, because a re-saved PDF
breaks ligatures and scripts on the way. What cannot be read, or can be read in two ways, does not
contradict either: a wrong accusation is worse than a copy. What contradicts nothing is a copy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from generator.errors import Malformed
from generator.formats import envelope, record, verification_code
from generator.model.certificate import Statement
from generator.model.value import Day, VerificationCode
from generator.model.verdict import Verdict

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
_LEVEL = re.compile(r"((?:Level )?(?:E[0-9]|[0-9]{1,2}))\b")
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
# A star may come back from a PDF with a space before it.
_GRADE = re.compile(
    "(" + "|".join(re.escape(grade).replace(r"\*", r" ?\*") for grade in GRADES) + r")(?! ?\*)(?![A-Za-z])"
)
_UNIT_GRADE = re.compile(_GRADE.pattern + rf"(?!{_GAP}{_GRADE.pattern})")
_LABELS = {
    "serial": ("Certificate number", _SERIAL),
    "number": ("Verification number", _NUMBER),
    "completed_on": ("Completed", _DATE),
    "issued_on": ("Issued", _DATE),
    "expires_on": ("Expires", _DATE),
    "grade": ("Grade", _GRADE),
    "level": ("Level", _LEVEL),
}


@dataclass(frozen=True, slots=True)
class PresentedFile:
    """What was read from a file: its SHA-256 (raw), its embedded certificate.json, its text.

    `form` is what it looks like: a PDF, a picture (a photo, or pages that are pictures), or nothing readable.
    """

    sha256: bytes
    attached: bytes | None = None
    text: str = ""
    form: Literal["pdf", "picture", "unreadable"] = "pdf"


def number_in(presented: PresentedFile) -> VerificationCode | None:
    """The number that the file names: the embedded statement's, else the printed one."""
    if presented.attached is not None:
        try:
            outer = envelope.decode(presented.attached, envelope.STATEMENT, 65_536)
        except Malformed:
            outer = None
        if outer:
            named = re.search(rb'"number":"([0-9A-Z]{24})"', outer.payload)
            typed = verification_code.read(named.group(1).decode()) if named else None
            if typed and typed.number:
                return typed.number
    for spelled in _NUMBER.findall(_plain(presented.text)):
        typed = verification_code.read(spelled)
        if typed.number:
            return typed.number
    return None


def why_no_number(presented: PresentedFile) -> str:
    """The reason for which a file that names no number cannot be looked up (SPEC, Verdict, reasons)."""
    return "no_number" if presented.form == "pdf" else presented.form


def compare(
    presented: PresentedFile, item: record.Record, certified: Statement, keys: Iterable[bytes]
) -> Verdict:
    """`valid` for the issued file itself, `forged` with the field that contradicts, else `copy`."""
    if presented.sha256 == item.files.pdf:
        return Verdict("valid", 12)
    if presented.attached is not None and not _same_statement(presented.attached, item, keys):
        return Verdict("forged", 12, "statement", contradicted="certificate.json")
    text = _plain(presented.text)
    fields_only = _without_prose(text, certified)
    unread = []
    for field, wanted in _closed_fields(certified):
        seen = _seen(field, fields_only)
        if wanted in seen:
            continue
        if wanted == GRADES[0]:
            seen -= {GRADES[1]}  # a lost star lowers the grade, which no forger does
        if seen and not _elsewhere(field, wanted, text):
            return Verdict("forged", 12, "printed", contradicted=field)
        unread.append(field)
    unit = _forged_unit(certified, text)
    if unit:
        return Verdict("forged", 12, "printed", contradicted=f"units.{unit}.grade")
    for field, value in _open_fields(certified):
        if value not in text:
            unread.append(field)
    return Verdict("copy", 12, unread=tuple(unread))


def printed_day(day: Day) -> str:
    """A day as the English certificate prints it: 26 June 2026."""
    year, month, number_of_day = day.split("-")
    return f"{int(number_of_day)} {MONTHS[int(month) - 1]} {year}"


def _same_statement(attached: bytes, item: record.Record, keys: Iterable[bytes]) -> bool:
    try:
        outer = envelope.decode(attached, envelope.STATEMENT, 65_536)
        return envelope.verified(outer, keys) == item.statement
    except Malformed:
        return False


def _closed_fields(certified: Statement) -> Iterable[tuple[str, str]]:
    """Each closed-set field that this certificate prints: its name and the certified value."""
    yield "serial", certified.serial
    yield "number", certified.number
    yield "completed_on", printed_day(certified.completed_on)
    yield "issued_on", printed_day(certified.issued_on)
    if certified.expires_on:
        yield "expires_on", printed_day(certified.expires_on)
    if certified.grade in GRADES:
        yield "grade", certified.grade
    # "Level 3 (SCQF 6)" or "Entry 3" is no closed set: such a level is compared by eye.
    if certified.programme.level and _LEVEL.fullmatch(certified.programme.level):
        yield "level", _bare(certified.programme.level)


def _forged_unit(certified: Statement, text: str) -> str | None:
    """The code of a unit whose printed row ends in another grade than the certified one.

    A row is code, title and grade. A grade that another follows is of a column that was read downwards, so
    it may be another unit's.
    """
    rows: dict[tuple[str, str], set[str]] = {}
    for unit in certified.units or ():
        rows.setdefault((unit.code, _plain(unit.title)), set()).add(unit.grade or "")
    for (code, title), wanted in rows.items():
        seen = {value.replace(" *", "*") for value in _beside(text, f"{code} {title}", _UNIT_GRADE)}
        if GRADES[0] in wanted:
            seen -= {GRADES[1]}
        if seen and wanted <= set(GRADES) and not wanted & seen:
            return code
    return None


def _seen(field: str, text: str) -> set[str]:
    """What is beside the field's label, spelled as the certified value is."""
    values = _beside(text, *_LABELS[field])
    if field == "number":
        # One that fails its own check was misread, not forged.
        return {typed.number for typed in map(verification_code.read, values) if typed.number}
    if field == "level":
        return {_bare(value) for value in values}
    if field == "grade":
        return {value.replace(" *", "*") for value in values}
    if field.endswith("_on"):
        return {value.removeprefix("0") for value in values}
    return values


def _elsewhere(field: str, wanted: str, text: str) -> bool:
    """Whether the certified value is somewhere else, as where columns are read downwards.

    Not for grade and level: units and titles name others of them, so that would excuse too much.
    """
    if field == "number":
        return any(verification_code.read(spelled).number == wanted for spelled in _NUMBER.findall(text))
    return field not in ("grade", "level") and wanted in text


def _without_prose(text: str, certified: Statement) -> str:
    """The text without certified names and titles that look like one of our printed fields."""
    for prose in _prose(certified):
        plain = _plain(prose)
        if any(_beside(plain, label, pattern) for label, pattern in _LABELS.values()):
            text = text.replace(plain, "|")
    return text


def _prose(certified: Statement) -> Iterable[str]:
    yield certified.learner.name
    yield certified.programme.title
    yield from (unit.title for unit in certified.units or ())
    if certified.centre:
        yield certified.centre.name
    if certified.accreditation and certified.accreditation.statement:
        yield certified.accreditation.statement


def _open_fields(certified: Statement) -> Iterable[tuple[str, str]]:
    yield "learner", _plain(certified.learner.name)
    yield "programme", _plain(certified.programme.title)


def _beside(text: str, label: str, pattern: re.Pattern[str]) -> set[str]:
    """Values of this shape that directly follow the printed label."""
    found = re.finditer(r"\b" + re.escape(label) + _GAP, text)
    seen = (pattern.match(text, match.end()) for match in found)
    return {match.group(0).strip() for match in seen if match}


def _bare(level: str) -> str:
    return level.removeprefix("Level ").strip()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
