"""One case of verdict.json: what is asked, of which site, when, and the only right answer."""

from __future__ import annotations

import base64
from typing import Any

from generator.formats import verification_code
from tests.altered_site import Changes

LATER = "2026-11-23T00:00:00Z"


def case(
    name: str,
    asked: str,
    kind: str,
    step: int,
    reason: str = "",
    *,
    now: str = LATER,
    files: Changes | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A case; `files` are laid over the small site, `more` must hold of the verdict or is `pin`, `file`."""
    changed = {path: data if data is None else b64(data) for path, data in (files or {}).items()}
    given = {"name": name, "number": asked, "now": now, "files": changed}
    return {**given, "kind": kind, "step": step, "reason": reason, **more}


def b64(data: bytes) -> str:
    """The base64 spelling of verdict.json."""
    return base64.b64encode(data).decode()


def swap(text: str, at: int, by: str | None = None) -> str:
    """The number with one symbol wrong."""
    other = by or verification_code.ALPHABET[(verification_code.ALPHABET.index(text[at]) + 7) % 32]
    return text[:at] + other + text[at + 1 :]
