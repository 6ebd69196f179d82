"""Dates as people write them; the ambiguous one is a question, and a serial number is not guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from generator.errors import Malformed
from generator.sheets import serial_date
from generator.sheets.written_day import Ambiguous, order, read

DAYS = st.dates(date(1970, 1, 1), date(2069, 12, 31))
STYLES = {
    "day_first": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%d/%m/%y, %H:%M", "%d/%m/%Y %H:%M:%S"),
    "month_first": ("%m/%d/%Y", "%m-%d-%y", "%m/%d/%Y %I:%M %p"),
}
PLAIN = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y-%m-%dT%H:%M:%S",
    "%d %B %Y",
    "%d-%b-%y",
    "%A, %d %B %Y, %I:%M %p",
    "%b %d, %Y",
)


@given(DAYS, st.sampled_from([(name, style) for name, styles in STYLES.items() for style in styles]))
def test_every_style_reads_the_day_it_says(day: date, style: tuple[str, str]) -> None:
    assert read(day.strftime(style[1]), order(style[0])) == day.isoformat()  # type: ignore[arg-type]  # two of the styles


@given(DAYS, st.sampled_from(PLAIN), st.sampled_from(["day_first", "month_first", None]))
def test_a_date_that_says_what_it_is_needs_no_profile(day: date, style: str, first: None) -> None:
    assert read(day.strftime(style), first) == day.isoformat()


@given(DAYS)
def test_without_a_profile_a_date_is_sure_or_a_question(day: date) -> None:
    written = day.strftime("%d/%m/%Y")
    if day.day > 12 or day.day == day.month:
        assert read(written, None) == day.isoformat()
    else:
        with pytest.raises(Ambiguous):
            read(written, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("46199", "2026-06-26 counted from 1900, 2030-06-27 from 1904"),
        ("31/06/2026", "not a day of the calendar"),
        ("06/26/2026", "the other way round it is 2026-06-26"),
        ("29/02/2026", "not a day of the calendar"),
        ("26 Jum 2026", "no month"),
        ("soon", "not a date"),
        ("2026", "not a date"),
        ("99999", "not a date"),
        ("", "not a date"),
    ],
)
def test_what_is_no_date_is_explained(text: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        read(text, "day_first")


@given(st.dates(date(1904, 1, 2), date(9000, 1, 1)))
def test_serials_agree_with_the_oracle_in_both_systems(day: date) -> None:
    assert serial_date.written(to_excel(day, CALENDAR_WINDOWS_1900), epoch_1904=False) == day.isoformat()
    assert serial_date.written(to_excel(day, CALENDAR_MAC_1904), epoch_1904=True) == day.isoformat()


def test_the_bounds_of_serials() -> None:
    assert serial_date.written(1, epoch_1904=False) == "1900-01-01"
    assert serial_date.written(59, epoch_1904=False) == "1900-02-28"
    assert serial_date.written(60, epoch_1904=False) is None
    assert serial_date.written(61, epoch_1904=False) == "1900-03-01"
    assert serial_date.written(-1, epoch_1904=False) is None
    assert serial_date.written(1e300, epoch_1904=False) is None


@pytest.mark.parametrize(
    ("code", "dated"),
    [
        ("dd/mm/yyyy", True),
        ("[$-809]d mmmm yyyy;@", True),
        ("0.00", False),
        ("General", False),
        ('0" days"', False),
    ],
)
def test_which_formats_show_dates(code: str, dated: bool) -> None:
    assert serial_date.is_date_format(164, code) is dated
