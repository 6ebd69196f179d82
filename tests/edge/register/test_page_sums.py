"""Damage to the register is noticed before anything is done with it, wherever it lies."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.edge import disk
from generator.edge.register import page_sums
from generator.edge.register.database import Register
from generator.edge.register.runs import Runs
from generator.errors import Refused
from tests.edge.register.conftest import opened
from tests.workshop import randomness

LOG = "register.db-wal"


def switch(register: Register, value: str) -> None:
    with register.transaction():
        Runs(register).set_switch("pages_from", value, "2026-11-22T09:00:00Z")


def kept(register: Register, folder: Path) -> Path:
    """The register as a killed run leaves it: file, sums and log as they are at this instant."""
    folder.mkdir()
    for path in register.path.parent.glob("register.db*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, folder)
    return folder / "register.db"


def refusal(path: Path) -> str:
    with pytest.raises(Refused, match="REGISTER-DAMAGED") as refused:
        opened(path)
    return refused.value.problems[0].what


def spoil(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(10))
def test_a_bit_that_fell_over_anywhere_is_noticed_and_nothing_is_written(
    register: Register, seed: int
) -> None:
    register.close()
    path, whole = register.path, register.path.read_bytes()
    for place in random.Random(seed).sample(range(len(whole)), 20):
        spoil(path, place)
        damaged = path.read_bytes()
        assert "not as certportal wrote" in refusal(path), f"byte {place}"
        assert path.read_bytes() == damaged, f"byte {place}: the damaged file was written to"
        path.write_bytes(whole)
    opened(path).close()


@pytest.mark.parametrize("length", [0, 100, 4096, 40_000])
def test_a_truncated_register_is_damaged_and_never_begun_anew(register: Register, length: int) -> None:
    register.close()
    with register.path.open("r+b") as file:
        file.truncate(length)
    assert "bytes long and was" in refusal(register.path)
    assert register.path.stat().st_size == length


def test_a_register_that_is_gone_is_not_begun_anew(register: Register) -> None:
    register.close()
    register.path.unlink()
    assert "is not there any more" in refusal(register.path)
    assert not register.path.exists()


def test_what_another_program_wrote_is_noticed(register: Register) -> None:
    register.close()
    with contextlib.closing(sqlite3.connect(register.path)) as other, other:
        other.execute("UPDATE meta SET value = x'00'")
    assert "not as certportal wrote" in refusal(register.path)


def test_every_state_between_two_steps_of_a_kill_is_good(register: Register, tmp_path: Path) -> None:
    """As `page_sums` counts them: the log full; copied; the sums written; the log empty."""
    states = []
    switch(register, "1")
    states.append(kept(register, tmp_path / "full"))
    write, folder = disk.write, tmp_path

    def watched(path: Path, data: bytes, *, private: bool = False) -> None:
        states.append(kept(register, folder / "copied"))
        write(path, data, private=private)
        states.append(kept(register, folder / "summed"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "write", watched)
        register.close()
    states.append(register.path)
    for path in states:
        with Register(path, randomness) as found:
            assert Runs(found).switch("pages_from") == "1", path
            assert found.damage() == [], path
        assert not path.with_name(LOG).exists() or not path.with_name(LOG).stat().st_size


def test_damage_beside_a_log_that_a_killed_run_left_is_noticed(register: Register, tmp_path: Path) -> None:
    switch(register, "1")
    path = kept(register, tmp_path / "killed")
    pages = page_sums.logged_pages(path)
    assert pages
    size = 4096
    elsewhere = next(page for page in range(2, 40) if page not in pages)
    spoil(path, (elsewhere - 1) * size + 9)
    assert f"({elsewhere})" in refusal(path)


def test_a_log_that_lost_transactions_is_damaged(register: Register, tmp_path: Path) -> None:
    for value in "123456":
        switch(register, value)
    path = kept(register, tmp_path / "killed")
    spoil(path.with_name(LOG), 32 + 24 + 200)
    assert "log of changes" in refusal(path)
    spoil(path.with_name(LOG), 3)
    assert "log of changes" in refusal(path)


def test_a_log_torn_at_its_end_loses_what_was_not_committed_only(register: Register, tmp_path: Path) -> None:
    for value in "123":
        switch(register, value)
    path = kept(register, tmp_path / "killed")
    log = path.with_name(LOG)
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size - 1000)
    with Register(path, randomness) as found:
        assert Runs(found).switch("pages_from") == "2"


def test_a_register_without_sums_is_read_whole_first(register: Register) -> None:
    register.close()
    sums = page_sums.place(register.path)
    sums.unlink()
    opened(register.path).close()
    assert sums.stat().st_mode & 0o777 == 0o600
    sums.unlink()
    data = bytearray(register.path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    register.path.write_bytes(data)
    assert refusal(register.path)


def test_sums_that_are_damaged_themselves_are_none(register: Register) -> None:
    register.close()
    spoil(page_sums.place(register.path), 40)
    assert page_sums.load(register.path) is None
    opened(register.path).close()
    assert page_sums.load(register.path) is not None


@pytest.mark.parametrize("act", [lambda register: None, lambda register: register.scrub()])
def test_after_scrubbing_the_sums_are_of_the_new_file(
    register: Register, act: Callable[[Register], None]
) -> None:
    switch(register, "1")
    act(register)
    assert register.damage() == []
    register.close()
    opened(register.path).close()


def test_a_large_register_is_compared_in_turns_when_it_is_opened(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.close()
    pages = register.path.stat().st_size // 4096
    monkeypatch.setattr(page_sums, "WHOLE", 4096 * (pages // 3))
    spoil(register.path, 4096 * (pages - 2) + 50)
    noticed = 0
    for turn in range(4):
        known = page_sums.load(register.path)
        assert known is not None
        known.turn = turn
        page_sums.place(register.path).write_bytes(known.encode())
        try:
            with opened(register.path) as found:
                assert found.damage(), "read whole, and nothing seen"
        except Refused:
            noticed += 1
    assert noticed == 1


def test_a_long_run_copies_its_log_meanwhile(register: Register) -> None:
    with register.transaction():
        register.change("CREATE TABLE filling (data BLOB)")
        register.change("INSERT INTO filling VALUES (zeroblob(4500000))")
    assert register.path.with_name(LOG).stat().st_size == 0
    assert register.damage() == []
