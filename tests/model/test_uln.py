"""The check digit of a unique learner number, against the rule worked out another way."""

from __future__ import annotations

import csv

from hypothesis import given
from hypothesis import strategies as st

from generator.model import uln
from tests import sample_sheets


def test_the_samples_are_good() -> None:
    with sample_sheets.REGISTRATIONS.open(encoding="utf-8") as file:
        assert all(uln.is_good(row["ULN"]) for row in csv.DictReader(file))


@given(st.integers(1_000_000_000, 9_999_999_998))
def test_a_number_is_good_exactly_if_it_sums_to_ten_modulo_eleven(number: int) -> None:
    digits = [int(digit) for digit in str(number)]
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True))
    assert uln.is_good(str(number)) == (total % 11 == 10 and (total - digits[9]) % 11 != 0)


@given(
    st.sampled_from([row[6] for row in sample_sheets.rows_of(sample_sheets.REGISTRATIONS)[1:]]),
    st.integers(0, 9),
    st.integers(1, 9),
)
def test_every_slip_of_one_digit_is_noticed(good: str, place: int, by: int) -> None:
    slipped = good[:place] + str((int(good[place]) + by) % 10) + good[place + 1 :]
    assert uln.complaint(good) is None
    assert uln.complaint(slipped)


def test_what_is_said_of_a_wrong_one() -> None:
    assert uln.complaint("6478796541") == "6478796541 fails its check digit"
    assert "not ten digits" in (uln.complaint("647879651") or "")
    assert "not known yet" in (uln.complaint("9999999999") or "")
    assert uln.complaint("\u0661" * 10)
