"""`make mutants`: how many of a seeded draw of mutants the tests notice, and which they do not.

A mutant is a small change to a module. It is tried against the tests that execute a changed line, the
cheapest first, until one fails: at most TESTS of them and TEST_SECONDS of CPU, none exhaustive and none in a
browser, and only what runs in the test's own process sees the mutant. So the share is a lower bound, and
comparable between two versions of the code.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.draw import draw, shares
from tests.mutation.mutant import Mutant, mutants
from tests.mutation.reach import Reach, measure
from tests.mutation.report import shares as killed_shares
from tests.mutation.report import survivor
from tests.mutation.trial import KILLED, forked, trial

PACKAGES = ("rules=generator/rules", "formats=generator/formats", "certifying=generator/flow/certifying")
TESTS, TEST_SECONDS = 40, 5.0
HANGS = 20.0  # seconds of CPU for starting and for tests that take much longer than they did


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="mutants to draw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--package", action="append", help="NAME=PATH[,PATH...], folders or modules")
    parser.add_argument("--tests", nargs="+", default=["tests"], help="folders of tests")
    parser.add_argument("--reach", type=Path, help="keep what the tests reach in this file, or read it there")
    parser.add_argument("--coverage", action="store_true", help="branch coverage only, no mutants")
    return parser.parse_args()


def modules(package: str) -> list[str]:
    """The modules of NAME=PATH,PATH..., from the checkout."""
    found: list[str] = []
    for path in map(Path, package.partition("=")[2].split(",")):
        found += [str(file) for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return found


def measured(paths: list[str], tests: list[str], kept: Path | None) -> Reach:
    with tempfile.TemporaryDirectory() as folder:
        file = kept or Path(folder) / "reach.json"
        if not file.exists():
            forked(lambda: measure(paths, tests, file) or 0, quiet=False)
        if not file.exists():
            raise SystemExit("no test was run, so nothing can be said of any mutant")
        return Reach.load(file)


def chosen(mutant: Mutant, reach: Reach) -> list[str]:
    """The cheapest tests that reach a mutant, within the limits; the first of them in any case."""
    picked: list[str] = []
    ready: set[str] = set()
    total = 0.0
    for test in reach.tests(mutant.path, mutant.lines)[:TESTS]:
        fixtures = set(reach.fixtures[test]) - ready
        total += reach.costs[test] + sum(reach.fixture_costs[name] for name in fixtures)
        if picked and total > TEST_SECONDS:
            break
        picked.append(test)
        ready |= fixtures
    return picked


def drawn(packages: dict[str, list[str]], count: int, seed: int) -> Iterator[tuple[str, list[Mutant]]]:
    every = {
        name: [mutant for path in paths for mutant in mutants(path, Path(path).read_text("utf-8"))]
        for name, paths in packages.items()
    }
    given = shares({name: len(found) for name, found in every.items()}, count)
    for name, found in every.items():
        print(f"\n{name}: {given[name]} of {len(found)} mutants in {len(packages[name])} modules; survivors:")
        yield name, draw(found, given[name], seed)


def print_coverage(packages: dict[str, list[str]], reach: Reach) -> None:
    for name, paths in packages.items():
        taken = sum(reach.branches[path][0] for path in paths)
        whole = sum(reach.branches[path][1] for path in paths)
        print(f"{name}: {taken} of {whole} branches taken by the tests ({taken / max(whole, 1):.1%})")


def main() -> int:
    options = arguments()
    packages = {text.partition("=")[0]: modules(text) for text in options.package or PACKAGES}
    reach = measured([path for paths in packages.values() for path in paths], options.tests, options.reach)
    print_coverage(packages, reach)
    if options.coverage:
        return 0
    for library in reach.libraries:  # once here, and not again in every fork
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    fates = {}
    for name, picked in drawn(packages, options.count, options.seed):
        fates[name] = []
        for mutant in picked:
            tests = chosen(mutant, reach)
            seconds = HANGS + 3 * sum(reach.cost(test) for test in tests)
            fate = trial(mutant, tests, seconds)
            fates[name].append((mutant, fate))
            if fate != KILLED:
                print(survivor(mutant, fate), flush=True)
            if sys.stderr.isatty():
                print(f"\r{name} {len(fates[name])}/{len(picked)}", end="", file=sys.stderr, flush=True)
    print("\n".join(("", *killed_shares(fates))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
