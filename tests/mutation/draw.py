"""The seeded draw: so many mutants of each package, in proportion to how many it has."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from tests.mutation.mutant import Mutant


def shares(sizes: Mapping[str, int], count: int) -> dict[str, int]:
    """`count` divided in proportion to `sizes`, by largest remainder; no share exceeds its size."""
    whole = sum(sizes.values())
    count = min(count, whole)
    exact = {name: count * size / whole for name, size in sizes.items()}
    given = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(sizes, key=lambda name: (given[name] - exact[name], name))
    for name in by_remainder[: count - sum(given.values())]:
        given[name] += 1
    return given


def draw(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """`count` mutants. Each has its lot from what it changes, not from where it lies: after a refactoring
    those of unchanged functions are drawn again, so that before and after are largely the same mutants."""
    seen: Counter[str] = Counter()
    lots = []
    for mutant in mutants:
        name = mutant.function.rpartition(".")[2]
        change = f"{name}\0{mutant.operator}\0{mutant.before}\0{mutant.after}"
        seen[change] += 1
        lot = hashlib.sha256(f"{seed}\0{change}\0{seen[change]}".encode()).digest()
        lots.append((lot, mutant))
    lots.sort(key=lambda pair: pair[0])
    return [mutant for _, mutant in lots[:count]]
