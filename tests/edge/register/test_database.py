"""The file itself: changed whole or not at all, one writer, its owner's only, and never by guesswork."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from generator.edge import disk
from generator.edge.register.database import Register
from generator.edge.register.schema import MIGRATIONS
from generator.edge.register.tables import TABLES
from generator.errors import Refused, WorkspaceBusy
from tests.edge.other_account import forbidden
from tests.edge.register.rows import opened, randomness
from tests.edge.test_disk import no_file_longer_than
from tests.refusal import named


def note(register: Register, name: str, value: bytes = b"x") -> None:
    with register.transaction():
        register.change("INSERT INTO meta VALUES (?, ?)", name, value)


def test_a_register_changes_whole_or_not_at_all(register: Register) -> None:
    with suppress(InterruptedError), register.transaction():
        register.change("INSERT INTO counters VALUES (2026, 1)")
        raise InterruptedError
    assert register.rows("SELECT * FROM counters") == [], "what was begun is still there"


def test_nothing_is_changed_outside_a_transaction(register: Register) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        register.change("INSERT INTO counters VALUES (2026, 1)")
    with pytest.raises(RuntimeError, match="inside a transaction"):
        register.change_many("INSERT INTO counters VALUES (?, 1)", [(2026,)])


def test_a_row_that_contradicts_another_undoes_its_step(register: Register) -> None:
    note(register, "known")

    def step() -> None:
        with register.transaction():
            register.change("INSERT INTO counters VALUES (2026, 1)")
            register.change("INSERT INTO meta VALUES ('known', x'00')")

    with pytest.raises(sqlite3.IntegrityError):
        step()
    assert register.rows("SELECT * FROM counters") == [], "the first half of the step is still there"


def test_a_disk_that_fails_under_the_register_is_named_and_nothing_of_the_step_stays(
    register: Register,
) -> None:
    with no_file_longer_than(600_000), pytest.raises(Refused) as refused:
        note(register, "name", b"x" * 1_000_000)
    assert [problem.code for problem in refused.value.problems] == ["REGISTER-DISK"]
    assert register.row("SELECT count(*) FROM meta WHERE name = 'name'") == (0,)
    note(register, "name")


@pytest.fixture
def impatient(register: Register, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """A second run on the same register, which waits for nobody."""
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, timeout, **more: connect(path, timeout=0, **more))
    with opened(register.path) as other:
        yield other


def test_while_one_run_writes_another_is_told_to_wait(register: Register, impatient: Register) -> None:
    with register.transaction():
        register.change("INSERT INTO counters VALUES (2026, 1)")
        with pytest.raises(WorkspaceBusy, match="REGISTER-BUSY"), impatient.transaction():
            pass
        assert impatient.rows("SELECT * FROM counters") == [], "what is not committed is seen elsewhere"


def test_a_commit_elsewhere_is_noticed_and_ones_own_is_not(register: Register) -> None:
    before = register.commits_elsewhere()
    note(register, "mine")
    assert register.commits_elsewhere() == before
    with opened(register.path) as other:
        note(other, "theirs")
    assert register.commits_elsewhere() != before


def test_a_register_of_a_newer_program_is_left_alone(register: Register) -> None:
    with register.transaction():
        register.change(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    register.close()
    with pytest.raises(Refused, match="REGISTER-NEWER"):
        opened(register.path)


@pytest.mark.parametrize(
    "content", [b"not a database, though long enough to be read as one" * 30, b"SQLite f"]
)
def test_a_file_that_is_no_register_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "register.db"
    path.write_bytes(content)
    with pytest.raises(Refused, match="REGISTER-DAMAGED"):
        opened(path)
    assert path.read_bytes() == content, "the file was written to"


def test_a_register_that_lost_its_secret_is_damaged(register: Register) -> None:
    assert register.secret() == randomness("register-secret", 32)
    with register.transaction():
        register.change("DELETE FROM meta")
    with pytest.raises(Refused, match=r"REGISTER-DAMAGED.*has no secret"):
        register.secret()


def test_the_secret_is_drawn_once(register: Register) -> None:
    register.close()
    with Register(register.path, lambda purpose, length: bytes(length)) as again:
        assert again.secret() == randomness("register-secret", 32)


@pytest.mark.parametrize("version", [1, 4, len(MIGRATIONS) - 1])
def test_an_older_register_is_brought_up_to_date_and_keeps_its_rows(tmp_path: Path, version: int) -> None:
    path = tmp_path / "register.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("PRAGMA synchronous = OFF")
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                old.execute(statement)
        old.execute("INSERT INTO meta VALUES ('secret', x'5e')")
        old.execute("INSERT INTO counters VALUES (2025, 7)")
        old.execute(f"PRAGMA user_version = {version}")
    with opened(path) as register:
        assert register.row("PRAGMA user_version") == (len(MIGRATIONS),)
        assert register.rows("SELECT * FROM counters") == [(2025, 7)]
        assert register.secret() == b"\x5e", "an older register got another secret"
        assert tables(register) == set(TABLES)


def tables(register: Register) -> set[str]:
    return {name for (name,) in register.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_every_table_says_what_it_holds_and_its_personal_columns_exist(register: Register) -> None:
    assert tables(register) == set(TABLES)
    for name, table in TABLES.items():
        columns = {row[1] for row in register.rows(f"PRAGMA table_info({name})")}
        assert table.personal.keys() <= columns, f"{name} has no {sorted(table.personal.keys() - columns)}"


def test_the_register_is_for_its_owner_only(register: Register) -> None:
    assert disk.private_enough(register.path)


def test_a_copy_is_whole_and_for_its_owner_only(register: Register, tmp_path: Path) -> None:
    note(register, "kept", b"value")
    register.copy_to(tmp_path / "folder" / "copy.db")
    note(register, "after")
    with opened(tmp_path / "folder" / "copy.db") as copy:
        assert copy.rows("SELECT value FROM meta WHERE name = 'kept'") == [(b"value",)]
        assert copy.row("SELECT 1 FROM meta WHERE name = 'after'") is None
        assert disk.private_enough(copy.path)


def test_nothing_of_what_was_deleted_stays_in_the_files(register: Register) -> None:
    for rank in range(20):
        note(register, f"n{rank}", b"Wolfeschlegelsteinhausen" * 40)
    with register.transaction():
        register.change("DELETE FROM meta WHERE name != 'secret'")
    register.scrub()
    for path in register.path.parent.glob("register.db*"):
        assert b"Wolfeschlegelsteinhausen" not in path.read_bytes(), f"{path.name} still tells the name"


def test_scrubbing_says_when_somebody_still_reads(register: Register, impatient: Register) -> None:
    with register.transaction():
        reading = register.each("SELECT * FROM meta")
        next(reading)
        with pytest.raises(WorkspaceBusy, match="REGISTER-BUSY"):
            impatient.scrub()


def test_a_register_in_a_folder_of_another_account(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    with forbidden(tmp_path, 0o500), pytest.raises(Refused, match="correct the permissions") as act:
        opened(path)
    assert named(act) == [("REGISTER-UNWRITABLE", str(path), "administrator")]


def test_a_folder_in_the_place_of_the_register(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be opened for writing") as act:
        opened(tmp_path)
    assert named(act) == [("REGISTER-UNWRITABLE", str(tmp_path), "administrator")]
