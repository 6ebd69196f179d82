"""What stands in `public/` against the register: an old register must not undo what was published since.

A register restored from a backup does not know the numbers, serials and statuses given after it. The site
does, so its head is asked before anything is issued or published.
"""

from __future__ import annotations

from generator.edge import disk
from generator.errors import Malformed, Problem, Refused
from generator.flow.workspace import Workspace
from generator.wire import head, layout


def published_sequence(workspace: Workspace) -> int:
    """The sequence of the publication in `public/`; 0 where there is none of this issuer that can be read."""
    path = workspace.public / layout.HEAD
    if not path.is_file():
        return 0
    try:
        stated = head.decode(head.split(disk.read(path, head.CAP, layout.HEAD)).payload)
    except (Malformed, Refused):
        return 0
    return stated.sequence if stated.issuer_id == workspace.keystore.pin().issuer_id else 0


def check_unissued(workspace: Workspace, serial: str, issued_on: str) -> None:
    """Raise `Refused` where a serial that is about to be allotted has its PDF already."""
    path = workspace.issued_file(serial, issued_on)
    if path.exists():
        what = f"would give {serial} again, but {workspace.shown(path)} is there: the register is older"
        fix = "restore the newest register; this one does not know what was issued after it"
        raise Refused(Problem("REGISTER-BEHIND", "certificates/register.db", what, fix))
