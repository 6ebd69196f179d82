"""A session: one workspace, its register, and what only the command line may read.

Every use case takes one; what it needs beyond is its own argument.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from generator.edge.register.database import Randomness, Register
from generator.flow.shared.workspace import Workspace
from generator.model.value import Day, Instant

Progress = Callable[[str, int, int], None]


def stopped() -> float:
    """A watch that stands still, for whoever does not time anything."""
    return 0.0


def silent(_label: str, _done: int, _total: int) -> None:
    """No progress shown."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What only the command line may read: the clock, randomness, waiting, passphrases.

    `now` is an instant; `watch` gives seconds from any start, for measuring how long something took;
    `secrets` are the passphrases that this process knows, so that nothing that holds one is published.
    """

    now: Instant
    randomness: Randomness
    sleep: Callable[[float], None]
    passphrase: Callable[[str], str]
    progress: Progress = silent
    processes: int = 1
    watch: Callable[[], float] = stopped
    secrets: Callable[[], Collection[str]] = tuple


@dataclass(frozen=True, slots=True)
class Session:
    """A workspace that is open for work, at one instant."""

    workspace: Workspace
    register: Register
    environment: Environment

    @property
    def now(self) -> Instant:
        """The instant of this run."""
        return self.environment.now

    @property
    def today(self) -> Day:
        """The organisation's day of this run."""
        return self.workspace.today(self.environment.now)
