"""A kill at any write: what is on the disk at that instant is kept, whatever came after never was."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from generator.edge import disk, switch
from generator.edge.register.database import Register

# Everything through which the use cases write.
_WRITES: tuple[tuple[Any, str], ...] = (
    (Register, "change"),
    (Register, "change_many"),
    (Register, "scrub"),
    (disk, "write"),
    (disk, "write_many"),
    (disk, "remove"),
    (switch, "stage"),
    (switch, "commit"),
)


class Killed(BaseException):
    """No `except Exception` survives a kill."""


class Kill:
    """Counts writes, and at the one that is named takes a picture of the workspace and raises."""

    def __init__(self, root: Path, picture: Path, at: int) -> None:
        self.happened = False
        self._root, self._picture, self._left = root, picture, at

    def write(self) -> None:
        """One write is about to happen."""
        self._left -= 1
        if self._left == 0:
            self.happened = True
            # The index of the log is not copied: a machine that goes down loses it, and SQLite rebuilds it.
            shutil.copytree(
                self._root, self._picture, symlinks=True, ignore=shutil.ignore_patterns("*-shm", ".lock")
            )
            raise Killed


def _counted(act: Callable[..., Any], kill: Kill) -> Callable[..., Any]:
    def counted(*given: Any, **named: Any) -> Any:
        kill.write()
        return act(*given, **named)

    return counted


@contextlib.contextmanager
def killed_at(root: Path, picture: Path, at: int) -> Iterator[Kill]:
    """Run the body with a kill before its write number `at`; beyond its last write nothing happens."""
    kill = Kill(root, picture, at)
    transaction = Register.transaction

    @contextlib.contextmanager
    def counted(register: Register) -> Iterator[None]:
        with transaction(register):
            yield
            kill.write()  # before the commit
        kill.write()  # and right after it

    with contextlib.ExitStack() as patches:
        for owner, name in _WRITES:
            patches.enter_context(patch.object(owner, name, _counted(getattr(owner, name), kill)))
        patches.enter_context(patch.object(Register, "transaction", counted))
        with contextlib.suppress(Killed):
            yield kill
