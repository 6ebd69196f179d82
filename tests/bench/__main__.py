"""`make bench`: the chain from statement to head, per certificate and how it grows, against the budgets.

Each size runs in a process of its own, so that its peak memory is its own. Figures are CPU time of this
machine; the ratio of the two totals is what must hold everywhere.
"""

from __future__ import annotations

import json
import subprocess
import sys

SMALL, LARGE = 4_000, 40_000
BUDGET_MS, BUDGET_GROWTH = 1.0, 11.0


def measured(count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.chain", str(count)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> int:
    """Print the table; 1 where a budget is broken."""
    print("statement + record + entry + bucket + shard + head, PDF excluded")
    print(f"{'certificates':>12} {'CPU s':>8} {'ms each':>8} {'files':>7} {'KB each':>8} {'peak MB':>8}")
    found = {}
    for count in (SMALL, LARGE):
        one = found[count] = measured(count)
        each, size = 1000 * one["seconds"] / count, one["bytes"] / count / 1024
        print(
            f"{count:>12,} {one['seconds']:>8.2f} {each:>8.3f} {one['files']:>7,.0f} {size:>8.2f}"
            f" {one['megabytes']:>8.0f}",
            flush=True,
        )
    growth = found[LARGE]["seconds"] / found[SMALL]["seconds"]
    most = max(1000 * found[count]["seconds"] / count for count in found)
    print(f"growth {SMALL:,} -> {LARGE:,}: {growth:.2f}x (budget {BUDGET_GROWTH:g}x)")
    print(f"the dearer of the two: {most:.3f} ms each (budget {BUDGET_MS:g} ms)")
    return int(growth > BUDGET_GROWTH or most > BUDGET_MS)


if __name__ == "__main__":
    sys.exit(main())
