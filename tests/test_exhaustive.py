"""The sample of exhaustive tests: small each day, whole after some."""

from tests.exhaustive import ALONE, sampled

CASES = [f"tests/a.py::test_kills[{place}]" for place in range(8)]
LONE = ["tests/b.py::test_rows", "tests/c.py::test_rows"]


def test_a_day_takes_one_case_of_each() -> None:
    for number in range(20_000, 20_010):
        taken = sampled([*CASES, *LONE], number)
        assert len(taken & set(CASES)) == 1, f"day {number} takes {taken}"


def test_after_some_days_every_one_has_run() -> None:
    cases = set().union(*(sampled(CASES, number) for number in range(20_000, 20_000 + len(CASES))))
    assert cases == set(CASES)
    alone = set().union(*(sampled(LONE, number) for number in range(20_000, 20_000 + ALONE)))
    assert alone == set(LONE)


def test_the_same_day_takes_the_same() -> None:
    assert sampled(CASES, 20_400) == sampled(reversed(CASES), 20_400)
