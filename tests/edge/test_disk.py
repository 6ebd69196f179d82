"""Files written whole or not at all, the switch of a published folder, and the locks."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from generator.edge import disk, lock, switch
from generator.errors import Refused, WorkspaceBusy
from tests.edge.other_account import forbidden
from tests.refusal import named


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """A limit that fails a write half way, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    disk.write(path, b"old")
    with no_file_longer_than(4096), pytest.raises((Refused, OSError)):
        disk.write(path, b"x" * 100_000)
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_private_files_are_for_their_owner_only(tmp_path: Path) -> None:
    disk.write(tmp_path / "a", b"x", private=True)
    disk.write(tmp_path / "b", b"x")
    assert disk.private_enough(tmp_path / "a")
    assert not disk.private_enough(tmp_path / "b")


@pytest.mark.parametrize(("size", "refused"), [(9, False), (10, False), (11, True)])
def test_reading_is_capped(tmp_path: Path, size: int, refused: bool) -> None:
    (tmp_path / "f").write_bytes(bytes(size))
    if refused:
        with pytest.raises(Refused, match="FILE-SIZE"):
            disk.read(tmp_path / "f", 10, "f")
    else:
        assert len(disk.read(tmp_path / "f", 10, "f")) == size


def test_what_another_account_keeps_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"x")
    with forbidden(path, 0o000), pytest.raises(Refused, match="permission denied") as act:
        disk.read(path, 10, "certificates/kept")
    assert named(act) == [("FILE-UNREADABLE", "certificates/kept", "administrator")]
    with forbidden(tmp_path, 0o500), pytest.raises(Refused, match="permission denied") as act:
        disk.write(path, b"y")
    assert named(act) == [("FILE-UNWRITABLE", str(path), "administrator")]
    assert path.read_bytes() == b"x"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/link").symlink_to(tmp_path / "absent")
    for path, code in ((tmp_path / "absent", "FILE-MISSING"), (tmp_path / "folder", "INPUT-KIND")):
        with pytest.raises(Refused, match=code):
            disk.read(path, 10, "it")
    with pytest.raises(Refused, match="INPUT-KIND"):
        disk.read_tree(tmp_path / "folder", 10, "it")


def special(path: Path, kind: str) -> None:
    """Put something there that is no ordinary file."""
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(str(path))
        case "link":
            path.with_name("secret.txt").write_text("root:x:0", "utf-8")
            path.symlink_to("secret.txt")
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "link to itself":
            path.symlink_to(path.name)
        case "folder":
            path.mkdir()


@pytest.mark.parametrize("kind", ["pipe", "socket", "link", "link to a device", "link to itself", "folder"])
def test_what_is_no_ordinary_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    special(tmp_path / "it.csv", kind)
    for read in (
        lambda: disk.read(tmp_path / "it.csv", 10, "it"),
        lambda: disk.sha256(tmp_path / "it.csv", "it"),
    ):
        with pytest.raises(Refused, match=f"it: INPUT-KIND: is a {kind.partition(' ')[0]}"):
            read()


def test_a_device_is_refused_without_opening_it() -> None:
    with pytest.raises(Refused, match="INPUT-KIND: is a device"):
        disk.read(Path("/dev/zero"), 10, "it")


def test_a_tree_with_a_pipe_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a/logo.svg")
    with pytest.raises(Refused, match=r"t/a/logo\.svg: INPUT-KIND"):
        disk.read_tree(tmp_path, 10, "t")


def test_a_link_put_there_after_the_look_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    os.mkfifo(tmp_path / "pipe")
    before = os.lstat(tmp_path / "real")
    monkeypatch.setattr(os, "lstat", lambda _path: before)
    for name in ("link", "pipe"):
        with pytest.raises(Refused, match="INPUT-KIND"):
            disk.read(tmp_path / name, 10, name)


@pytest.mark.parametrize("released_after", [0, 1, 49])
def test_the_lock_is_waited_for_and_then_had(tmp_path: Path, released_after: int) -> None:
    waits: list[float] = []
    held = (tmp_path / ".lock").open("ab")
    assert lock.acquire(held)

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > released_after:
            held.close()

    with disk.locked(tmp_path / ".lock", sleep):
        assert len(waits) == released_after + 1


def test_the_lock_is_not_waited_for_longer_than_five_seconds(tmp_path: Path) -> None:
    waits: list[float] = []
    with (
        disk.locked(tmp_path / ".lock", waits.append),
        pytest.raises(WorkspaceBusy, match="another run is at work here") as busy,
        disk.locked(tmp_path / ".lock", waits.append),
    ):
        pass
    assert named(busy) == [("WORKSPACE-BUSY", str(tmp_path / ".lock"), "administrator")]
    assert busy.value.exit_code == 75
    assert waits == [0.1] * 50


def staged(public: Path, files: dict[str, bytes], keep: set[str]) -> Path:
    return switch.stage(public, keep, files)


def test_the_switch_keeps_what_did_not_change_as_the_same_file(tmp_path: Path) -> None:
    public = tmp_path / "public"
    switch.commit(staged(public, {"a": b"1", "d/b": b"2"}, set()), public)
    inode = (public / "d/b").stat().st_ino
    switch.commit(staged(public, {"a": b"3"}, {"d/b"}), public)
    assert ((public / "a").read_bytes(), (public / "d/b").stat().st_ino) == (b"3", inode)
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_switch_killed_at_any_step_leaves_one_whole_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    """Where the kernel cannot exchange two folders there is an instant without any; `recover` ends it."""
    if not exchange:
        monkeypatch.setattr(switch, "_exchange", lambda *_: False)
    for step in range(4):
        public = tmp_path / f"{step}" / "public"
        switch.commit(staged(public, {"a": b"old"}, set()), public)
        new = staged(public, {"a": b"new"}, set())
        calls = 0

        def killed(path: Path, target: Path, stop: int = step) -> Path:
            nonlocal calls
            calls += 1
            if calls > stop:
                raise KeyboardInterrupt
            os.rename(path, target)
            return Path(target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", killed)
            with suppress(KeyboardInterrupt):
                switch.commit(new, public)
        switch.recover(public)
        assert (public / "a").read_bytes() in (b"old", b"new")
        assert [path.name for path in public.parent.iterdir()] == ["public"]


def test_what_killed_runs_left_in_the_temporary_folder_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name, age in (("certportal-pages-old", 2), ("certportal-pages-new", 0), ("other-old", 2)):
        (tmp_path / name / "in").mkdir(parents=True)
        (tmp_path / name / "in/file").write_bytes(b"x")
        now = (tmp_path / name).stat().st_mtime
        os.utime(tmp_path / name, (now - age * 1_000, now - age * 1_000))
    (tmp_path / "certportal-link").symlink_to(tmp_path / "other-old")
    assert disk.clear_temporary(1_000) == 1
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["certportal-link", "certportal-pages-new", "other-old"], (
        "a living run, a link, or others lost theirs"
    )
    assert (tmp_path / "other-old/in/file").exists()


def test_each_temporary_folder_of_ours_can_be_told_from_others() -> None:
    prefixes = [
        prefix
        for path in Path(disk.__file__).parents[1].rglob("*.py")
        for prefix in re.findall(r"(?:TemporaryDirectory|mkdtemp)\(([^)]*)\)", path.read_text("utf-8"))
    ]
    assert prefixes
    assert all(prefix.startswith(f'prefix="{disk.TEMPORARY}') for prefix in prefixes), prefixes
