"""A copy of the register that is only read: a backup's, on whatever disk, also one that cannot be written."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from generator.edge import disk
from generator.edge.register import page_sums
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.errors import Problem, Refused
from generator.model.value import Digest


class RegisterCopy(Register):
    """A copy that nobody writes to. Raises `Refused` where it is not there or is no database."""

    def __init__(self, path: Path) -> None:
        # Not that of the base: nothing is made, migrated or brought up to date here.
        self.path = path
        self._sums = page_sums.load(path)
        self._file = disk.open_file(path)
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True, isolation_level=None)

    def close(self) -> None:
        """Close the file, as it was."""
        self._connection.close()
        self._file.close()

    def faults(self) -> list[Problem]:
        """What is wrong with it, all of it read: its pages, its structure, its trail."""
        try:
            if not self.rows("PRAGMA user_version")[0][0]:
                return [self._damaged("holds no register")]
            return self.damage() or EventLog(self).check()
        except Refused as refused:
            return list(refused.problems)
        except sqlite3.DatabaseError as error:
            return [self._damaged(f"cannot be read: {error}")]

    def reach(self) -> tuple[int, Digest]:
        """How many events it holds, and the chain's hash after the last."""
        return EventLog(self).state()
