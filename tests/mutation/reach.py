"""Which tests execute which lines, what each costs, and how much of the packages the tests cover.

Measured in one run of the tests that are neither exhaustive nor in a browser. A fixture that several tests
share is measured on its own and counted to each of them; a test that failed or was skipped reaches nothing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutation.mutant import module_name

# Slow begins at a tenth of a second, so slow tests count; those of minutes and of browsers do not.
REACHING = "not exhaustive and not browser"
OPTIONS = ("-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")


@dataclass
class Reach:
    """Costs are CPU seconds, children included; `fixtures` names the shared fixtures of each test."""

    costs: dict[str, float] = field(default_factory=dict)
    fixture_costs: dict[str, float] = field(default_factory=dict)
    fixtures: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)  # path -> line -> tests
    libraries: list[str] = field(default_factory=list)
    branches: dict[str, tuple[int, int]] = field(default_factory=dict)  # path -> covered, all

    def cost(self, test: str) -> float:
        return self.costs[test] + sum(self.fixture_costs[name] for name in self.fixtures[test])

    def tests(self, path: str, lines: range) -> list[str]:
        """The tests that execute one of these lines, the cheapest first."""
        known = self.lines.get(path, {})
        found = {test for line in lines for test in known.get(line, ())}
        return sorted(found, key=lambda test: (self.cost(test), test))

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(self.__dict__), "utf-8")

    @classmethod
    def load(cls, file: Path) -> Reach:
        read = json.loads(file.read_text("utf-8"))
        read["lines"] = {
            path: {int(line): tests for line, tests in lines.items()} for path, lines in read["lines"].items()
        }
        return cls(**read)


def _cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


class _Recorder:
    """A pytest plugin that gives coverage.py the running test, or shared fixture, as its context."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.reach = Reach()
        self.failed: set[str] = set()
        self.context = ""
        self.spent = 0.0  # on shared fixtures, inside the running test

    def _switch(self, context: str) -> str:
        before, self.context = self.context, context
        self.measured.switch_context(context)
        return before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        begin, self.spent = _cpu(), 0.0
        self._switch(item.nodeid)
        try:
            return (yield)
        finally:
            self._switch("")
            self.reach.costs[item.nodeid] = max(0.0, _cpu() - begin - self.spent)
            self.reach.fixtures[item.nodeid] = getattr(item, "fixturenames", [])

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[Any]:
        if fixturedef.scope == "function":
            return (yield)
        begin, already = _cpu(), self.spent
        name = f"{fixturedef.baseid}|{fixturedef.argname}"
        outer = self._switch(name)
        try:
            return (yield)
        finally:
            self._switch(outer)
            used = _cpu() - begin
            self.reach.fixture_costs[name] = used - (self.spent - already)
            self.spent = already + used

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.failed.add(report.nodeid)


def measure(paths: Sequence[str], tests: Sequence[str], file: Path) -> None:
    """Run the tests of these folders, and write what they reach of these modules to `file`."""
    measured = coverage.Coverage(data_file=None, branch=True, include=list(paths), config_file=False)
    measured.set_option("run:core", "ctrace")  # the one that can change its context
    measured.set_option("run:disable_warnings", ["no-data-collected"])
    measured.start()
    recorder = _Recorder(measured)
    begin = time.monotonic()
    pytest.main([*OPTIONS, "-m", REACHING, *tests], plugins=[recorder])
    measured.stop()
    reach = recorder.reach
    if not reach.costs:
        return  # and no file: a share of nothing would look like a weak suite
    _name_fixtures(reach, recorder.failed)
    _take_lines(reach, measured.get_data(), paths)
    for path in paths:
        reach.branches[path] = _branches(measured, path)
    ours = {"tests", *(module_name(path).split(".")[0] for path in (*paths, *tests))}
    reach.libraries = sorted(name for name in sys.modules if name.split(".")[0] not in ours)
    reach.save(file)
    failed = ", ".join(sorted(recorder.failed)[:5])
    print(f"{len(reach.costs)} tests in {time.monotonic() - begin:.0f} s; left out: {failed or 'none'}")


def _name_fixtures(reach: Reach, failed: set[str]) -> None:
    """Each test's shared fixtures by their full names; without the tests that did not pass."""
    for test in failed & reach.costs.keys():
        del reach.costs[test], reach.fixtures[test]
    for test, names in reach.fixtures.items():
        reach.fixtures[test] = [
            full
            for full in reach.fixture_costs
            if full.rpartition("|")[2] in names and test.startswith(full.rpartition("|")[0])
        ]


def _take_lines(reach: Reach, data: coverage.CoverageData, paths: Sequence[str]) -> None:
    users: dict[str, list[str]] = {}
    for test, names in reach.fixtures.items():
        for name in names:
            users.setdefault(name, []).append(test)
    for path in paths:
        by_line = data.contexts_by_lineno(str(Path(path).resolve()))
        reach.lines[path] = {
            line: sorted({test for name in contexts for test in _tests(name, reach, users)})
            for line, contexts in by_line.items()
        }


def _tests(context: str, reach: Reach, users: dict[str, list[str]]) -> Sequence[str]:
    return (context,) if context in reach.costs else users.get(context, ())


def _branches(measured: coverage.Coverage, path: str) -> tuple[int, int]:
    """Branches taken and all branches of one module."""
    stats = measured.branch_stats(path)
    return sum(taken for _, taken in stats.values()), sum(total for total, _ in stats.values())
