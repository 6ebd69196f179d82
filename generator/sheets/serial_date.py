"""Days and times as spreadsheet programs count them: serial numbers of the 1900 or the 1904 system.

Serial 1 is 1 January 1900, or 2 January 1904 where the workbook says so (ECMA-376, 18.17.4). In the
1900 system serial 60 is 29 February 1900, a day that never was; it and everything outside the years
1900 to 9999 has no date.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell's day has no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - a cell's day has no zone
_PHANTOM = 60
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyhse]", re.IGNORECASE)
_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
# The serials that a person's birth or a result can have: the years 1927 to 2064.
PLAUSIBLE = range(10_000, 60_000)


def is_date_format(number: int, code: str | None) -> bool:
    """Whether cells of this number format show a date or time."""
    if code is None:
        return number in _BUILT_IN
    bare = _LITERAL.sub("", code.split(";")[0])
    return bare.lower() != "general" and bool(_DATE_LETTERS.search(bare))


def written(serial: float, *, epoch_1904: bool) -> str | None:
    """A serial as YYYY-MM-DD, with HH:MM:SS behind it where it has a time; None where there is no date."""
    days = int(serial)
    seconds = round((serial - days) * 86_400)
    if days < 1 and not epoch_1904:
        return None if days < 0 or seconds == 0 else str(timedelta(seconds=seconds)).zfill(8)
    if days == _PHANTOM and not epoch_1904:
        return None
    epoch = _EPOCH_1904 if epoch_1904 else _EPOCH_1900
    if days < _PHANTOM and not epoch_1904:
        days += 1
    try:
        moment = epoch + timedelta(days=days, seconds=seconds)
    except (OverflowError, ValueError):
        return None
    return moment.isoformat(" ") if seconds else moment.date().isoformat()
