"""The command line as a person meets it: in this process where that is enough, in a fresh one elsewhere."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.cli import main
from tests.system_tools import in_ci

PEOPLE = ("root", "certificate", "online", "seal", "h.adeyemi", "m.castell", "p.lindgren")


def passphrases(prefix: str = "sample-", suffix: str = "-passphrase") -> dict[str, str]:
    """The environment that gives every key of the sample its passphrase."""
    return {
        f"CERTPORTAL_PASSPHRASE_{name.replace('.', '_').upper()}": f"{prefix}{name}{suffix}"
        for name in PEOPLE
    }


@dataclass(frozen=True)
class Answer:
    """What came back: the exit code, what was said, and what was complained of."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


class Terminal:
    """Runs `certportal` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        for name in [name for name in os.environ if name.startswith("CERTPORTAL_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("NO_COLOR", "1")

    def __call__(self, *words: str | Path, env: Mapping[str, str] | None = None) -> Answer:
        with self._monkeypatch.context() as patch:
            for name, value in (passphrases() if env is None else env).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["certportal", *map(str, words)])
            self._capsys.readouterr()
            code = 0
            try:
                main.main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        heard = self._capsys.readouterr()
        return Answer(code, heard.out, heard.err)


def fresh(*words: str | Path, cwd: Path, env: Mapping[str, str] | None = None, stdin: str = "") -> Answer:
    """Runs `certportal` in a process of its own, nobody at the keyboard."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CERTPORTAL_")}
    given = clean | dict(passphrases() if env is None else env) | {"NO_COLOR": "1"}
    command = [sys.executable, "-m", "generator.cli.main", *map(str, words)]
    done = subprocess.run(
        command, cwd=cwd, env=given, input=stdin, capture_output=True, text=True, timeout=300
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def _terminal() -> tuple[int, int]:
    """Both ends of a new terminal, or a skip (under CI a failure): a bare chroot has none."""
    try:
        return os.openpty()
    except OSError as error:
        reason = f"no terminal can be opened: {error} / fix: `mount -t devpts devpts /dev/pts`"
    if in_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def typed(*words: str | Path, cwd: Path, replies: Iterable[tuple[str, str]], wait: float = 120) -> Answer:
    """Runs `certportal` on a terminal of its own and types each reply once its question is on the screen."""
    person, screen = _terminal()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CERTPORTAL_")}
    command = [sys.executable, "-m", "generator.cli.main", *map(str, words)]
    given = clean | passphrases() | {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"}
    done = subprocess.Popen(
        command, cwd=cwd, env=given, stdin=screen, stdout=screen, stderr=screen, close_fds=True
    )
    os.close(screen)
    seen, looked, left = "", 0, list(replies)
    end = time.monotonic() + wait
    while time.monotonic() < end:
        if select.select([person], [], [], 0.2)[0]:
            try:
                part = os.read(person, 65536)
            except OSError:  # Linux says so where the other side has hung up
                break
            if not part:
                break
            seen += part.decode()
        if left and left[0][0] in seen[looked:]:
            looked = len(seen)
            os.write(person, (left.pop(0)[1] + "\n").encode())
    os.close(person)
    if left:
        done.kill()
    code = done.wait(timeout=wait)
    assert not left, f"was never asked `{left[0][0]}`: {seen}"
    return Answer(code, seen.replace("\r\n", "\n"), "")
