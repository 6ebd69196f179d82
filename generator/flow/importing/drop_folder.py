"""The drop folder: files that others write into, perhaps at this very moment."""

from __future__ import annotations

import hashlib
from pathlib import Path

from generator.errors import Place, Problem
from generator.flow.importing.codes import DROP_GROWING
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.value import seconds

_READ = ("claims", "records", "registrations", "catalogue", "centres")
_RECENT_SECONDS, _WAIT_SECONDS = 120, 1.0


def still_growing(session: Session) -> list[Problem]:
    """Files that change while we look: a claim cut in half must not be taken for a whole one."""
    folders = [session.workspace.certificates / name for name in ("claims", "records", "registrations")]
    before = {path: _state(path) for folder in folders for path in sorted(folder.glob("*"))}
    # A clock that stands elsewhere than the files' own makes a file look old or new, never grown.
    recent = [
        path for path, (_, changed) in before.items() if abs(seconds(session.now) - changed) < _RECENT_SECONDS
    ]
    if not recent:
        return []
    session.environment.sleep(_WAIT_SECONDS)
    fix = "nothing to do: it is read on the next run; write files elsewhere and move them in"
    return [
        DROP_GROWING.at(Place(session.workspace.shown(path)), "is still being written", fix)
        for path in recent
        if _state(path) != before[path]
    ]


def _state(path: Path) -> tuple[int, float]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (-1, 0.0)
    return (found.st_size, found.st_mtime)


def fingerprint(workspace: Workspace) -> str:
    """One digest over everything that an import reads: where it is the same, so is what was read."""
    total = hashlib.sha256()
    for folder in _READ:
        for path in sorted((workspace.certificates / folder).rglob("*")):
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                total.update(f"{workspace.shown(path)}\0{digest}\n".encode())
    total.update((workspace.root / "portal.yaml").read_bytes())
    return total.hexdigest()
