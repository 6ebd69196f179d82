"""Days as people and exports write them: 26/06/2026, 26.6.26, 26 June 2026, 2026-06-26 10:43:00.

A date with the year first, or with its month in words, says what it is. Of 04/07/2026 nobody can
tell without knowing whose sheet it is, so the source says whether days or months come first; where
it does not, such a date is a question.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from generator.errors import Malformed
from generator.sheets.serial_date import PLAUSIBLE, written

Order = Literal["day_first", "month_first"]
DateStyle = Literal[
    "day_first", "month_first", "dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd", "dd/mm/yy, hh:mm", "unknown"
]
_MONTHS = "january february march april may june july august september october november december".split()
_CLOCK = (
    r"(?:[,T ]+(?:at )?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.IGNORECASE)
_NUMBERS = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_WORDS = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[- ]([a-z]{{3,9}})\.?,?[- ](\d{{4}}|\d{{2}}){_CLOCK}",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    rf"{_WEEKDAY}([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_CLOCK}", re.IGNORECASE
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


class Ambiguous(Malformed):
    """A date that is one day to some readers and another to others: a question, not a fault."""


def order(style: DateStyle) -> Order | None:
    """Which of day and month comes first in a source's dates; None where nobody has said."""
    match style:
        case "day_first" | "dd/mm/yyyy" | "dd/mm/yy, hh:mm":
            return "day_first"
        case "month_first" | "mm/dd/yyyy":
            return "month_first"
    return None


def read(text: str, first: Order | None) -> str:
    """The day as YYYY-MM-DD. Raises `Ambiguous`, or `Malformed` with what it might have been."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(text, match[1], match[2], match[3])
    if match := _NUMBERS.fullmatch(text):
        return _numbers(text, match[1], match[3], match[4], first)
    if match := _WORDS.fullmatch(text):
        return _day(text, _year(match[3]), _month(text, match[2]), match[1])
    if match := _AMERICAN.fullmatch(text):
        return _day(text, match[3], _month(text, match[1]), match[2])
    match = _SERIAL.fullmatch(text)
    if match and int(match[1]) in PLAUSIBLE:
        since_1900 = written(int(match[1]), epoch_1904=False)
        since_1904 = written(int(match[1]), epoch_1904=True)
        raise Malformed(
            f"`{text}` is a date as a serial number: {since_1900} counted from 1900, {since_1904} from 1904"
        )
    raise Malformed(f"`{text}` is not a date")


def tells_its_order(text: str) -> bool:
    """Whether a date in numbers can only be read in one order, because one of them is no month."""
    match = _NUMBERS.fullmatch(text)
    return match is not None and (int(match[1]) > 12) != (int(match[3]) > 12)


def _numbers(text: str, one: str, two: str, tail: str, first: Order | None) -> str:
    year = _year(tail)
    day_first, month_first = _tried(year, two, one), _tried(year, one, two)
    if first is None:
        if day_first and month_first and day_first != month_first:
            raise Ambiguous(f"`{text}` is {day_first} with the day first, {month_first} with the month first")
        found = day_first or month_first
    else:
        found = day_first if first == "day_first" else month_first
        other = month_first if first == "day_first" else day_first
        if found is None and other is not None:
            words = first.replace("_", " ")
            raise Malformed(f"`{text}` is no date with the {words}; the other way round it is {other}")
    if found is None:
        raise Malformed(f"`{text}` is not a day of the calendar")
    return found


def _tried(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _day(text: str, year: str, month: str, day: str) -> str:
    found = _tried(year, month, day)
    if found is None:
        raise Malformed(f"`{text}` is not a day of the calendar")
    return found


def _year(digits: str) -> str:
    # Two digits are of this century up to 69, as spreadsheet programs and POSIX have it.
    if len(digits) == 4:
        return digits
    return f"20{digits}" if int(digits) < 70 else f"19{digits}"


def _month(text: str, word: str) -> str:
    named = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(word.lower())]
    if word.lower() == "sept":
        named = [9]
    if len(named) != 1:
        raise Malformed(f"`{text}` is not a date: `{word}` is no month")
    return str(named[0])
