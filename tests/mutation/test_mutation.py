"""The tool itself: what it must kill, what it must not, and that a draw can be repeated."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.draw import draw, shares
from tests.mutation.mutant import mutants, mutated
from tests.mutation.report import interval

ROOT = Path(__file__).resolve().parents[2]

SHOP = '''"""A shop."""
def price(count: int, each: int = 3) -> int:
    """What they cost."""
    if count >= 10:
        return count * 2
    return count * each

def unused(count: int) -> int:
    raise ValueError(f"no {count} here")
'''
CHECKS = """from shop import price

def test_few() -> None:
    assert price(2, 3) == 6

def test_ten() -> None:
    assert price(10) == 20
"""


def changes(source: str) -> set[str]:
    return {f"{mutant.before} -> {mutant.after}" for mutant in mutants("a.py", source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a < b -> a <= b", "a < b -> a >= b"}),
        ("a in b", {"a in b -> a not in b"}),
        ("a and b", {"a and b -> a or b", "a and b -> a", "a and b -> b"}),
        ("not a", {"not a -> a"}),
        ("a if b else c", {"b -> not b"}),
        ("[a for a in b if c]", {"c -> not c"}),
        ("a + b", {"a + b -> a - b"}),
        ("x = 1", {"1 -> 2"}),
        ("x = True", {"True -> False"}),
        ("x = 'code'", {"'code' -> 'code_'"}),
        ("def f(a=1): pass", {"1 -> 2"}),
        ("def f():\n    return a", {"return a -> return None"}),
        ("raise a", {"raise a -> pass"}),
        ("f()", {"f() -> pass"}),
        ("x.a = b", {"x.a = b -> pass"}),
        ("for a in b:\n    break", {"break -> continue"}),
    ],
)
def test_each_operator_has_its_change(source: str, expected: set[str]) -> None:
    assert changes(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "x = 'a sentence to be read'",
        "x: Literal['a'] | None",
        "x = cast('A', b)",
        "x = f'{a + b} are too many'",
        "assert a < b",
        "import a",
        "__all__ = ['a']",
        "def f(a: 'A') -> 'B': pass",
        "x = A | B",
    ],
)
def test_prose_and_types_are_left_alone(source: str) -> None:
    assert changes(source) == set()


def test_a_mutant_differs_in_its_change_only() -> None:
    for mutant in mutants("shop.py", SHOP):
        text = ast.unparse(mutated(mutant, SHOP))
        assert text != ast.unparse(ast.parse(SHOP)), str(mutant)
        assert mutant.after in text, str(mutant)


def test_a_draw_is_repeated_and_outlives_a_move() -> None:
    here = mutants("shop.py", SHOP)
    moved = mutants("store.py", f"import os\n\n{SHOP}")
    first = draw(here, 5, seed=1)
    assert first == draw(here, 5, seed=1)
    assert first != draw(here, 5, seed=2)
    assert [one.after for one in first] == [one.after for one in draw(moved, 5, seed=1)]


def test_shares_are_in_proportion_and_complete() -> None:
    assert shares({"a": 100, "b": 201, "c": 699}, 100) == {"a": 10, "b": 20, "c": 70}
    assert sum(shares({"a": 1, "b": 1, "c": 1}, 2).values()) == 2
    assert shares({"a": 2, "b": 1}, 300) == {"a": 2, "b": 1}


def test_the_interval_is_wilsons() -> None:
    low, high = interval(240, 300)
    assert (round(low, 3), round(high, 3)) == (0.751, 0.841)  # by hand, from the formula


@pytest.mark.slow
def test_what_the_tests_check_is_killed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "test_shop.py").write_text(CHECKS)
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.mutation", "--package", "shop=shop.py", "--tests", "checks"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert outcome.returncode == 0, outcome.stderr
    survivors = outcome.stdout.partition("survivors:\n")[2].partition("\n\n")[0].splitlines()
    assert sorted(survivors) == [
        "shop.py:2 price constant: 3 -> 4",  # no test leaves the price out and buys few
        "shop.py:9 unused deletion: raise ValueError(f'no {count} here') -> pass  (no test reaches it)",
    ]
    assert "  8 of   10 killed" in outcome.stdout, outcome.stdout


@pytest.mark.slow
def test_without_a_test_that_ran_no_share_is_given(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "checks").mkdir()
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.mutation", "--package", "shop=shop.py", "--tests", "checks"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert outcome.returncode != 0, outcome.stdout
    assert "no test was run" in outcome.stderr
    assert "killed" not in outcome.stdout
