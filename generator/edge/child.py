"""Programs and processes that are started here: each gets an environment that holds no secret.

The passphrases of seven keys may be in our own environment, and what is started inherits all of it
unless it is told otherwise. So every child is started by this module, which passes on only what a program
needs to be found, to speak and to keep its own files (docs/decisions/0404).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

# Where programs and libraries are, which language is spoken, where own and temporary files go. Windows
# programs do not start without the second line.
_PASSED = (
    *("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "HOME", "TMPDIR"),
    *("SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA"),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended, and what it said."""

    code: int
    output: bytes
    errors: bytes


class TooLong(Exception):
    """A child that did not end in its time, and was ended with all that it had started."""


def environment(*more: str) -> dict[str, str]:
    """What a child's environment holds; `more` names variables that this one needs beside."""
    return {name: os.environ[name] for name in (*_PASSED, *more) if name in os.environ}


def run(
    command: Sequence[str],
    *,
    given: bytes = b"",
    needs: Sequence[str] = (),
    folder: Path | None = None,
    seconds: float | None = None,
) -> Ended:
    """Start a program, hand it `given`, and wait until it has ended: at most so many seconds.

    It works in `folder`, else where we do. Raises `OSError` where it cannot be started, and `TooLong`.
    """
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(*needs),
        cwd=folder,
        start_new_session=True,
    )
    with child:
        try:
            output, errors = child.communicate(given, seconds)
        except subprocess.TimeoutExpired:
            raise TooLong from None
        finally:
            # Also where we are interrupted: what it started must not live on and hold its pipes.
            if child.poll() is None:
                _end(child)
    return Ended(child.returncode, output, errors)


@contextmanager
def piped(command: Sequence[str], *, folder: Path, errors: IO[bytes]) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """A program that reads its file 3 and writes its file 4: what we read and what we write of it.

    It is ended when it is left. It works in `folder`; its standard error goes to `errors`. Not on
    Windows, where files have no such numbers. Raises `OSError` where it cannot be started.
    """
    theirs, to_them = os.pipe()
    from_them, ours = os.pipe()
    # Only a shell gives files these numbers; it is gone once the program runs.
    renumbered = ("/bin/sh", "-c", f'exec "$0" "$@" 3</dev/fd/{theirs} 4>/dev/fd/{ours}', *command)
    with os.fdopen(from_them, "rb", 0) as answers, os.fdopen(to_them, "wb", 0) as questions:
        try:
            child = subprocess.Popen(
                renumbered,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=environment(),
                cwd=folder,
                start_new_session=True,
                pass_fds=(theirs, ours),
            )
        finally:
            os.close(theirs)
            os.close(ours)
        with child:
            try:
                yield answers, questions
            finally:
                # Whether it has ended by itself or not: what it started must not live on.
                with contextlib.suppress(ProcessLookupError):
                    _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        child.kill()
    else:
        os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def bare() -> Iterator[None]:
    """Our own environment reduced to a child's, while a library starts one that inherits everything."""
    passed = environment()
    held = {name: value for name, value in os.environ.items() if name not in passed}
    for name in held:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(held)
