"""Values: what text, days and instants may be, bound by bound."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Malformed
from generator.model.certificate import Learner, Statement, Validity
from generator.model.keyring import Key, RootKeys
from generator.model.value import Day, Instant, Value, instant, later, months_after, seconds
from tests import small_site as small


class Moment(Value):
    day: Day | None = None
    at: Instant | None = None


@pytest.mark.parametrize(
    "name",
    [
        "x" * 300,
        "王 小明",
        "محمد عبد الله",
        "श्रीकांत",
        "O\u2019Neill-Ng\u1ecdc",
        "a\u200cb",
        "a\u200db",
        "\U0001f393",
        "\u845b\U000e0100",
        "\u1820\u180b",
        "\U00010400" * 300,
    ],
)
def test_names_that_are_kept(name: str) -> None:
    assert Learner.of({"name": name}).name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "x" * 301,
        " x",
        "x ",
        "\u00a0x",
        "x\u3000",
        "a\nb",
        "a\tb",
        "a\0b",
        "a\x7fb",
        "a\x85b",
        "a\u00adb",
        "a\u061cb",
        "a\u200bb",
        "a\u200eb",
        "a\u202eb",
        "a\u2066b",
        "a\ufeffb",
        "a\u2028b",
        "a\ufffeb",
        "a\u3164b",
        "\u3164",
        "a\u115fb",
        "a\u1160b",
        "a\uffa0b",
        "a\u2800b",
        "a\u034fb",
        "a\U000e0041b",
        "a\ufdd0b",
        "a\U0010ffffb",
        "a\U0001d173b",
        "e\u0301",
        "\ud800",
        None,
        7,
        ["x"],
    ],
)
def test_names_that_are_refused(name: object) -> None:
    with pytest.raises(Malformed):
        Learner.of({"name": name})


@pytest.mark.parametrize(
    ("day", "good"),
    [
        ("2026-02-28", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("0001-01-01", True),
        ("0000-01-01", False),
        ("9999-12-31", True),
        ("2026-1-1", False),
        ("20260101", False),
        ("2026-W01-1", False),
        ("2026-01-01T00", False),
        ("\u0662026-01-01", False),
        (" 2026-01-01", False),
        ("2026-01-01\n", False),
    ],
)
def test_days(day: str, good: bool) -> None:
    if good:
        assert Moment.of({"day": day}).day == day
    else:
        with pytest.raises(Malformed):
            Moment.of({"day": day})


@pytest.mark.parametrize(
    ("at", "good"),
    [
        ("2026-11-22T02:00:00Z", True),
        ("2026-11-22T23:59:59Z", True),
        ("2026-11-22T24:00:00Z", False),
        ("2026-11-22T23:59:60Z", False),
        ("2026-11-22T02:00:00+00:00", False),
        ("2026-11-22T02:00:00.0Z", False),
        ("2026-11-22 02:00:00Z", False),
        ("2026-11-22T02:00:00z", False),
        ("2026-02-30T02:00:00Z", False),
        ("2026-11-22T02:00:00Z\n", False),
        ("2026-11-22T02:00Z", False),
    ],
)
def test_instants(at: str, good: bool) -> None:
    if good:
        assert Moment.of({"at": at}).at == at
    else:
        with pytest.raises(Malformed):
            Moment.of({"at": at})


@given(st.integers(-62135596800, 253402300799))
def test_instants_and_seconds(moment: int) -> None:
    assert seconds(instant(moment)) == moment
    assert len(instant(moment)) == 20


@given(st.integers(-62135596800, 253402300799), st.integers(-62135596800, 253402300799))
def test_instants_compare_as_text(one: int, two: int) -> None:
    assert (instant(one) < instant(two)) == (one < two)


@pytest.mark.parametrize(
    ("moment", "days", "wanted"),
    [
        ("2026-11-22", 1, "2026-11-23"),
        ("2024-02-28", 1, "2024-02-29"),
        ("2026-01-01", -1, "2025-12-31"),
        ("9999-12-31", 1, "9999-12-31"),
        ("0001-01-01", -1, "0001-01-01"),
        ("9999-12-31T23:00:00Z", 1, "9999-12-31T23:59:59Z"),
        ("0001-01-01T01:00:00Z", -1, "0001-01-01T00:00:00Z"),
        ("2026-11-22T02:00:00Z", 21, "2026-12-13T02:00:00Z"),
    ],
)
def test_later(moment: str, days: int, wanted: str) -> None:
    assert later(moment, days=days) == wanted


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        ("2026-11-22", 1, "2026-12-22"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-12-31", 1200, "2126-12-31"),
    ],
)
def test_months_after(day: str, months: int, wanted: str) -> None:
    assert months_after(day, months) == wanted


@given(st.dates(date(1, 1, 1), date(9000, 1, 1)), st.integers(1, 1200))
def test_months_never_skip_a_month(start: date, months: int) -> None:
    end = date.fromisoformat(months_after(start.isoformat(), months))
    assert end.year * 12 + end.month == start.year * 12 + start.month + months
    assert end.day == start.day or end.day == (28 if end.month == 2 else 30) or end.day == 29


def test_validity_is_one_or_the_other() -> None:
    with pytest.raises(Malformed):
        Validity.of({"months": 1, "until": "2027-01-01"})
    assert Validity.of({}).end("2026-01-01") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"issued_on": "2025-11-22"},
        {"serial": "NW-25-000001"},
        {"expires_on": "2027-11-22"},
        {"validity": {"months": 12}},
        {"validity": {"months": 12}, "expires_on": "2027-11-21"},
        {"validity": {"until": "2027-01-01"}, "expires_on": "2027-01-02"},
        {"v": 2},
        {"replacement": False},
        {"units": []},
        {"hours": -1},
        {"hours": 1.0},
        {"hours": True},
        {"hours": "1"},
        {"signatories": [{"name": "A", "title": "B"}] * 2},
    ],
)
def test_statements_that_contradict_themselves(changes: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        small.statement_of("valid", 1, **changes)


def test_a_draft_is_all_that_is_printed_but_what_issuing_adds() -> None:
    whole = small.statement_of("valid", 1, validity={"months": 12}, expires_on="2027-11-22")
    added = {"number", "serial", "issued_on", "expires_on"}
    assert whole.plain().keys() - whole.draft().plain().keys() == added
    fields = {**whole.draft().plain(), **{name: getattr(whole, name) for name in added}}
    assert Statement.of(fields) == whole


@pytest.mark.parametrize(
    ("until", "good"),
    [
        ("2026-12-06T00:00:00Z", True),
        ("2026-12-06T00:00:01Z", False),
        ("2026-11-01T00:00:00Z", False),
        (None, False),
    ],
)
def test_an_online_window_is_at_most_35_days(until: str | None, good: bool) -> None:
    if good:
        assert small.key(small.ONLINE, "2026-11-01T00:00:00Z", until).covers("2026-11-01T00:00:00Z")
    else:
        with pytest.raises(Malformed):
            small.key(small.ONLINE, "2026-11-01T00:00:00Z", until)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    key = Key.of(small.key(small.CERTIFICATE, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").plain())
    assert key.covers("2026-01-01T00:00:00Z")
    assert key.covers("2026-01-31T23:59:59Z")
    assert not key.covers("2026-02-01T00:00:00Z")
    assert not key.covers("2025-12-31T23:59:59Z")


def test_a_threshold_can_be_reached() -> None:
    with pytest.raises(Malformed):
        RootKeys.of({"threshold": 2, "keys": [small.ROOT.public]})
    with pytest.raises(Malformed):
        RootKeys.of({"threshold": 2, "keys": [small.ROOT.public] * 2})
