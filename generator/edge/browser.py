"""A real browser looking at the built page: the adapter for a headless Chromium, where one is configured."""

from __future__ import annotations

import re
import subprocess
import tempfile

from generator.edge.codes import BROWSER
from generator.errors import Place, Refused

_ARGUMENTS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # The page is our own, from this machine, and containers have no space for the inner sandbox.
    "--no-sandbox",
    "--virtual-time-budget=20000",
    "--dump-dom",
)
_TIMEOUT_SECONDS = 90
_VERDICT = re.compile(r'data-verdict="([a-z_]{1,20})"')


def verdict_shown(program: str, address: str) -> str | None:
    """The verdict that the page at `address` shows. Raises `Refused` where the browser fails."""
    fix = "correct publish.browser in portal.yaml, or remove it"
    with tempfile.TemporaryDirectory(prefix="certportal-browser-") as profile:
        command = [program, *_ARGUMENTS, f"--user-data-dir={profile}", address]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            what = f"`{program}` does not start, or does not end"
            raise Refused(BROWSER.at(Place("portal.yaml", column="publish.browser"), what, fix)) from None
    if done.returncode != 0:
        what = f"`{program}` ended with {done.returncode} before it had shown the page"
        raise Refused(BROWSER.at(Place("portal.yaml", column="publish.browser"), what, fix))
    found = _VERDICT.search(done.stdout.decode("utf-8", "replace"))
    return found.group(1) if found else None
