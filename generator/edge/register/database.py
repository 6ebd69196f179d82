"""The register: certificates/register.db, an SQLite file in WAL mode (docs/register.md).

The adapter for sqlite3. Everything that changes the register happens inside `Register.transaction`,
so a killed run leaves either all of a step or none of it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, Self

from generator.edge import disk
from generator.edge.codes import (
    DISK_FULL,
    REGISTER_BUSY,
    REGISTER_DAMAGED,
    REGISTER_DISK,
    REGISTER_NEWER,
    REGISTER_UNWRITABLE,
)
from generator.edge.register import page_sums
from generator.edge.register.schema import MIGRATIONS
from generator.errors import Place, Problem, Refused, WorkspaceBusy

Row = tuple[Any, ...]
# The log is copied into the file when it is so long, or a sixteenth of the file, and at the end of each run.
_LOG_BYTES = 4_000_000


class Randomness(Protocol):
    """Randomness, asked for by purpose and number of bytes. Only a test's randomness look at the purpose."""

    def __call__(self, purpose: str, length: int) -> bytes: ...


class Register:
    """An open register. Not shared between threads."""

    def __init__(self, path: Path, randomness: Randomness) -> None:
        self.path = path
        self.randomness = randomness
        with self._opening(), contextlib.ExitStack() as unless_open:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._sums = self._undamaged_sums()
            if not path.exists():
                with disk.explained(path):
                    path.touch(mode=0o600)
            # Kept open as long as the connection: closing it earlier would release SQLite's own locks.
            self._file = unless_open.enter_context(disk.open_file(path))
            path.chmod(0o600)
            self._connection = sqlite3.connect(path, timeout=5.0, isolation_level=None)
            unless_open.callback(self._connection.close)
            for pragma in (
                "journal_mode=WAL",
                "wal_autocheckpoint=0",
                "synchronous=FULL",
                "foreign_keys=ON",
                "secure_delete=ON",
            ):
                self._connection.execute(f"PRAGMA {pragma}")
            if self._sums is None and self.rows("PRAGMA user_version")[0][0]:
                self._adopt()
            self._migrate()
            if self._sums is None:
                with contextlib.suppress(Refused):  # a full disk: whoever only reads may go on
                    self._settle()
            unless_open.pop_all()

    def close(self) -> None:
        """Bring file and sums up to date, and close the file."""
        try:
            self._settle()
        except (Refused, OSError, sqlite3.Error):
            # What could not be written (the disk is full, or gone) is in the log, and SQLite copies it
            # when it can. Without sums the next run reads the whole register before it goes on.
            with contextlib.suppress(OSError):
                page_sums.place(self.path).unlink(missing_ok=True)
        finally:
            self._connection.close()
            self._file.close()

    def __enter__(self) -> Self:
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
                if self._log_bytes() > max(_LOG_BYTES, len(self._sums.sums if self._sums else ()) * 256):
                    self._settle()
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
            whole = self._settle()
        if not whole:
            what = "another run reads the register, so its log of changes could not be emptied"
            fix = "wait until it has ended, then run this command again"
            raise WorkspaceBusy(REGISTER_BUSY.at(Place(str(self.path)), what, fix))

    def copy_to(self, path: Path) -> None:
        """A whole copy of the register as of this instant, in a new file."""
        with self._opening():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(path)) as other:
                self._copy(other, path)

    def _copy(self, other: sqlite3.Connection, path: Path) -> None:
        try:
            self._connection.backup(other)
        except sqlite3.OperationalError as error:
            if "full" in str(error) or disk.is_full(path.parent):
                fix = "free some space there, then run the command again; nothing is lost"
                raise Refused(DISK_FULL.at(Place(str(path)), "the disk is full", fix)) from None
            raise OSError(str(error)) from None

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

    def damage(self) -> list[Problem]:
        """What is damaged in the file, all of it read: its pages, its structure, what refers to what."""
        with self._explained():
            differing = (
                self._sums.differing(self._file, page_sums.logged_pages(self.path) or set())
                if self._sums
                else ""
            )
            if differing:
                return [self._damaged(differing)]
            unsound = self._unsound()
            lost = None if unsound else self.row("PRAGMA foreign_key_check")
            if lost:
                unsound = [f"a row of {lost[0]} refers to one of {lost[2]} that is not there"]
            return [self._damaged(f"is not whole: {said}") for said in unsound]

    def _unsound(self) -> list[str]:
        return [str(row[0]) for row in self.rows("PRAGMA integrity_check(3)") if row[0] != "ok"]

    def _undamaged_sums(self) -> page_sums.PageSums | None:
        """The sums, after the file was compared with them; None where there are none. Raises `Refused`."""
        logged = page_sums.logged_pages(self.path, checked=True)
        if logged is None:
            raise Refused(self._damaged("has a log of changes (register.db-wal) that is damaged"))
        known = page_sums.load(self.path)
        if known is None:
            return None
        if not self.path.exists():
            raise Refused(self._damaged("is not there any more"))
        with disk.open_file(self.path) as file:
            differing = known.differing(file, logged, whole=False)
        if differing:
            raise Refused(self._damaged(differing))
        return known

    def _adopt(self) -> None:
        """Read a register without sums whole: it is of an earlier version, or was put here by hand."""
        unsound = self._unsound()
        if unsound:
            raise Refused(self._damaged(f"is not whole: {unsound[0]}"))

    def _log_bytes(self) -> int:
        try:
            return self.path.with_name(f"{self.path.name}-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def _settle(self) -> bool:
        """Copy the log into the file, the sums after it (`page_sums`). False where another program reads."""
        if not self._log_bytes() and self._sums is not None:
            return True
        logged = page_sums.logged_pages(self.path)
        busy, length, copied = self._connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy or length != copied or logged is None:
            self._sums = None
            page_sums.place(self.path).unlink(missing_ok=True)
            return False
        if self._sums is None:
            self._sums = page_sums.fresh(self._file)
        else:
            self._sums.renew(self._file, logged)
        disk.write(page_sums.place(self.path), self._sums.encode(), private=True)
        busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def _damaged(self, what: str) -> Problem:
        fix = (
            "use nothing of it: `certportal restore DIR` puts back the newest good backup (docs/restoring.md)"
        )
        return REGISTER_DAMAGED.at(Place(str(self.path)), what, fix)

    def _unwritable(self) -> Problem:
        fix = "correct the permissions of the file and its folder"
        return REGISTER_UNWRITABLE.at(Place(str(self.path)), "cannot be opened for writing", fix)

    @contextlib.contextmanager
    def _opening(self) -> Iterator[None]:
        try:
            with self._explained():
                yield
        except OSError:
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
