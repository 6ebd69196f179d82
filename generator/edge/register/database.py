"""The register: certificates/register.db, an SQLite file in WAL mode (docs/register.md).

The adapter for sqlite3. Everything that changes the register happens inside `Register.transaction`,
so a killed run leaves either all of a step or none of it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from generator.edge import disk
from generator.edge.codes import (
    DISK_FULL,
    REGISTER_BUSY,
    REGISTER_DAMAGED,
    REGISTER_DISK,
    REGISTER_NEWER,
    REGISTER_UNWRITABLE,
)
from generator.edge.register.schema import MIGRATIONS
from generator.errors import Place, Problem, Refused, WorkspaceBusy

Row = tuple[Any, ...]


class Randomness(Protocol):
    """Randomness, asked for by purpose and number of bytes. Only a test's randomness look at the purpose."""

    def __call__(self, purpose: str, length: int) -> bytes: ...


class Register:
    """An open register. Not shared between threads."""

    def __init__(self, path: Path, randomness: Randomness) -> None:
        self.path = path
        self.randomness = randomness
        with self._opening():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=5.0, isolation_level=None)
            with contextlib.ExitStack() as unless_open:
                unless_open.callback(self.close)
                path.chmod(0o600)
                for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                    self._connection.execute(f"PRAGMA {pragma}")
                self._migrate()
                unless_open.pop_all()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes made inside, or none of them."""
        with self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                # Not committed, then; and SQLite has rolled back by itself where the disk was full.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows of a query."""
        with self._explained():
            return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, *values: Any) -> Iterator[Row]:
        """The rows of a query, one by one: for what does not fit in memory."""
        return iter(self._connection.execute(sql, values))

    def row(self, sql: str, *values: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def change(self, sql: str, *values: Any) -> int:
        """Run one changing statement inside a transaction; the number of rows it touched."""
        if not self._connection.in_transaction:
            raise RuntimeError("the register is only changed inside a transaction")
        with self._explained():
            return self._connection.execute(sql, values).rowcount

    def change_many(self, sql: str, values: Iterable[tuple[Any, ...]]) -> None:
        """Run one changing statement for each tuple of values."""
        if not self._connection.in_transaction:
            raise RuntimeError("the register is only changed inside a transaction")
        with self._explained():
            self._connection.executemany(sql, values)

    def commits_elsewhere(self) -> int:
        """A number that changes when another connection has committed; compare it on this one only."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def scrub(self) -> None:
        """Have nothing left in the file of what was deleted: no freed page, no log of changes, no copies.

        `secure_delete` overwrites what a row gives up, but splitting a page may have left a copy in a gap
        of its neighbour: only rewriting the file is sure.
        """
        with self._explained():
            self._connection.execute("VACUUM")
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            what = "another run reads the register, so its log of changes could not be emptied"
            fix = "wait until it has ended, then run this command again"
            raise WorkspaceBusy(REGISTER_BUSY.at(Place(str(self.path)), what, fix))

    def copy_to(self, path: Path) -> None:
        """A whole copy of the register as of this instant, in a new file."""
        with self._opening():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            other = sqlite3.connect(path)
            try:
                self._connection.backup(other)
            finally:
                other.close()

    def secret(self) -> bytes:
        """32 bytes that never leave the register: for decoys and draws."""
        found = self.row("SELECT value FROM meta WHERE name = 'secret'")
        if found is None:
            raise Refused(self._damaged("has no secret"))
        return bytes(found[0])

    def _migrate(self) -> None:
        version = int(self.rows("PRAGMA user_version")[0][0])
        if version > len(MIGRATIONS):
            fix = "install the newer version of certportal that wrote it"
            raise Refused(
                REGISTER_NEWER.at(Place(str(self.path)), "is of a newer version than this program", fix)
            )
        for number in range(version, len(MIGRATIONS)):
            with self.transaction():
                for statement in MIGRATIONS[number]:
                    self._connection.execute(statement)
                if number == 0:
                    secret = self.randomness("register-secret", 32)
                    self._connection.execute("INSERT INTO meta VALUES ('secret', ?)", (secret,))
                self._connection.execute(f"PRAGMA user_version = {number + 1}")

    def _damaged(self, what: str) -> Problem:
        return REGISTER_DAMAGED.at(Place(str(self.path)), what, "restore the register from the backup")

    def _unwritable(self) -> Problem:
        fix = "correct the permissions of the file and its folder"
        return REGISTER_UNWRITABLE.at(Place(str(self.path)), "cannot be opened for writing", fix)

    @contextlib.contextmanager
    def _opening(self) -> Iterator[None]:
        try:
            with self._explained():
                yield
        except PermissionError:
            # Not SQLite's to say: the folder is another account's, or the file, whose mode is set here.
            raise Refused(self._unwritable()) from None

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            words = str(error)
            if "locked" in words:
                fix = "wait until it has ended, then run this command again"
                raise WorkspaceBusy(
                    REGISTER_BUSY.at(Place(str(self.path)), "another run is writing", fix)
                ) from None
            if "full" in words or ("disk I/O" in words and disk.is_full(self.path.parent)):
                fix = "free some space, then run the command again; nothing is lost"
                raise Refused(DISK_FULL.at(Place(str(self.path)), "the disk is full", fix)) from None
            if "disk I/O" in words:
                what = f"the disk does not read or write it ({error.sqlite_errorname})"
                fix = (
                    "look after the disk, then run the command again; if it stays, restore the newest backup"
                )
                raise Refused(REGISTER_DISK.at(Place(str(self.path)), what, fix)) from None
            if "unable to open" in words or "readonly" in words:
                raise Refused(self._unwritable()) from None
            raise
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise Refused(self._damaged(f"cannot be read: {error}")) from None
