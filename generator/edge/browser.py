"""A real browser looking at the built page: the adapter for a headless Chromium, where one is configured.

The address holds a real verification code, and every account of the machine can read a program's arguments.
So the browser is told where to go over a pipe, in the messages of its own protocol for tools (Chrome DevTools
Protocol: JSON, each ended by a zero byte), and asked over the same pipe what the page shows.
"""

from __future__ import annotations

import json
import os
import re
import select
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from generator.edge import child
from generator.edge.codes import BROWSER
from generator.errors import Place, Refused

_ARGUMENTS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-pipe",
)
_UNCONFINED = "--no-sandbox"
# What Chromium says where the machine gives it no sandbox, as in most containers.
_NO_SANDBOX = re.compile(rb"No usable sandbox|sandbox_host_linux|zygote_host_impl_linux|namespace sandbox")
_ANSWER_SECONDS = 30.0  # for one answer of the browser; a cold start is the longest
_LOOKS, _BETWEEN_SECONDS = 200, 0.1  # the page is ours and comes from this machine
_LOOKS_AFTER_A_FAULT = 10  # of a script that stopped, nothing more is to be expected
_CAP = 1 << 20
_ASKED = "document.querySelector('[data-verdict]')?.dataset.verdict ?? ''"
_VERDICT = re.compile(r"[a-z_]{1,20}")
_UNDECIDED = ("", "idle", "checking")


def verdict_shown(program: str, address: str) -> str | None:
    """The verdict that the page at `address` shows. Raises `Refused` where the browser fails."""
    if sys.platform != "win32":
        return _shown(program, address)
    else:
        raise _refused("a browser is asked over pipes that Windows does not have")


def _shown(program: str, address: str) -> str | None:
    with tempfile.TemporaryDirectory(prefix="certportal-browser-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        command = [program, *_ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]
        try:
            if sys.platform != "win32" and os.geteuid() == 0:  # for root there is no sandbox
                return _looked(folder, [*command, _UNCONFINED], address)
            try:
                return _looked(folder, command, address)
            except _NoSandbox:
                return _looked(folder, [*command, _UNCONFINED], address)
        except EOFError:
            raise _refused(f"`{program}` does not start, or ended before it had shown the page") from None
        except (OSError, TimeoutError):
            raise _refused(f"`{program}` does not answer") from None


class _NoSandbox(EOFError):
    """The browser ended because this machine gives it no sandbox."""


def _looked(folder: Path, command: list[str], address: str) -> str | None:
    """What the page shows once it has decided, or at last. Raises `EOFError` where the browser ended."""
    with tempfile.TemporaryFile() as errors:
        try:
            with child.piped(command, folder=folder, errors=errors) as (answers, questions):
                return _verdict(_Tools(answers, questions), address)
        except EOFError:
            errors.seek(0)
            if _NO_SANDBOX.search(errors.read(_CAP)):
                raise _NoSandbox from None
            raise


def _verdict(tools: _Tools, address: str) -> str | None:
    target = tools.ask("Target.createTarget", url="about:blank").get("targetId")
    tools.session = str(
        tools.ask("Target.attachToTarget", targetId=target, flatten=True).get("sessionId", "")
    )
    if not tools.session:
        raise EOFError  # no page can be opened in it
    tools.ask("Runtime.enable")
    tools.ask("Page.navigate", url=address)
    found, left = "", _LOOKS
    while found in _UNDECIDED and left > 0:
        select.select([], [], [], _BETWEEN_SECONDS)
        result = tools.ask("Runtime.evaluate", expression=_ASKED).get("result", {})
        found = str(result.get("value", ""))
        left = min(left, _LOOKS_AFTER_A_FAULT) - 1 if tools.fault else left - 1
    return found if _VERDICT.fullmatch(found) else None


class _Tools:
    """A conversation with the browser; `fault`: a script of the page stopped at an error."""

    def __init__(self, answers: BinaryIO, questions: BinaryIO) -> None:
        self._answers, self._questions = answers, questions
        self._read = b""
        self._asked = 0
        self.session = ""
        self.fault = False

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        """One question and its answer; empty where the browser could not do it, as while a page loads."""
        self._asked += 1
        question: dict[str, object] = {"id": self._asked, "method": method, "params": params}
        if self.session:
            question["sessionId"] = self.session
        try:
            self._questions.write(json.dumps(question).encode() + b"\0")
        except BrokenPipeError:
            raise EOFError from None
        while True:
            try:
                answer = json.loads(self._message())
            except ValueError:
                raise EOFError from None  # some other program
            self.fault = self.fault or answer.get("method") == "Runtime.exceptionThrown"
            if answer.get("id") == self._asked:
                return dict(answer.get("result", {}))

    def _message(self) -> bytes:
        while b"\0" not in self._read:
            if not select.select([self._answers], [], [], _ANSWER_SECONDS)[0]:
                raise TimeoutError
            more = self._answers.read(1 << 16)
            if not more or len(self._read) > _CAP:
                raise EOFError
            self._read += more
        message, _, self._read = self._read.partition(b"\0")
        return message


def _refused(what: str) -> Refused:
    fix = "correct publish.browser in portal.yaml, or remove it"
    return Refused(BROWSER.at(Place("portal.yaml", column="publish.browser"), what, fix))
