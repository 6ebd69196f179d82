"""A real browser looking at the built page: the adapter for a headless Chromium, where one is configured.

The address holds a real verification code, and every account of the machine can read a program's
arguments. So the arguments name a file of ours, in a folder that only we can read, and it leads there.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path

from generator.edge import child
from generator.edge.codes import BROWSER
from generator.errors import Place, Refused

_ARGUMENTS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--virtual-time-budget=20000",
    "--dump-dom",
)
_UNCONFINED = "--no-sandbox"
# What Chromium says where the machine gives it no sandbox, as in most containers.
_NO_SANDBOX = re.compile(rb"No usable sandbox|sandbox_host_linux|zygote_host_impl_linux|namespace sandbox")
_TIMEOUT_SECONDS = 90
_VERDICT = re.compile(r'data-verdict="([a-z_]{1,20})"')
_START = '<!doctype html><meta charset="utf-8"><title>Start</title><script>location.replace({})</script>\n'


def verdict_shown(program: str, address: str) -> str | None:
    """The verdict that the page at `address` shows. Raises `Refused` where the browser fails."""
    with tempfile.TemporaryDirectory(prefix="certportal-browser-") as name:
        folder = Path(name)
        start = folder / "start.html"
        # In JSON, and < written out: whatever the address holds, it stays a text of the script.
        start.write_text(_START.format(json.dumps(address).replace("<", "\\u003c")), "utf-8")
        done = _opened(program, folder, start)
    if done.code != 0:
        raise _refused(f"`{program}` ended with {done.code} before it had shown the page")
    found = _VERDICT.search(done.output.decode("utf-8", "replace"))
    return found.group(1) if found else None


def _opened(program: str, folder: Path, start: Path) -> child.Ended:
    """The browser's run, in its sandbox wherever this machine and account have one for it."""
    command = [program, *_ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]
    unconfined = [*command, _UNCONFINED, start.as_uri()]
    try:
        if sys.platform != "win32" and os.geteuid() == 0:  # for root there is none
            return child.run(unconfined, folder=folder, seconds=_TIMEOUT_SECONDS)
        done = child.run([*command, start.as_uri()], folder=folder, seconds=_TIMEOUT_SECONDS)
        if done.code != 0 and _NO_SANDBOX.search(done.errors):
            done = child.run(unconfined, folder=folder, seconds=_TIMEOUT_SECONDS)
    except (OSError, child.TooLong):
        raise _refused(f"`{program}` does not start, or does not end") from None
    return done


def _refused(what: str) -> Refused:
    fix = "correct publish.browser in portal.yaml, or remove it"
    return Refused(BROWSER.at(Place("portal.yaml", column="publish.browser"), what, fix))
