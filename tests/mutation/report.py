"""What is printed: the killed share of each package with its interval, and the survivors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

from tests.mutation.mutant import Mutant
from tests.mutation.trial import KILLED, UNREACHED


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.96
    share, weight = killed / tried, z * z / tried
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / tried + weight / (4 * tried)) / (1 + weight)
    return middle - half, middle + half


def shares(fates: Mapping[str, Sequence[tuple[Mutant, str]]]) -> list[str]:
    """A line for each package, and one for all."""
    everything = [pair for pairs in fates.values() for pair in pairs]
    lines = []
    for name, pairs in (*fates.items(), ("all", everything)):
        if not pairs:
            continue
        killed = sum(fate == KILLED for _, fate in pairs)
        low, high = interval(killed, len(pairs))
        lines.append(
            f"{name:<12} {killed:>4} of {len(pairs):>4} killed  {killed / len(pairs):6.1%}"
            f"  (95 %: {low:.1%} to {high:.1%})"
        )
    return lines


def survivor(mutant: Mutant, fate: str) -> str:
    return f"{mutant}{'  (no test reaches it)' if fate == UNREACHED else ''}"
