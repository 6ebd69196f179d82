"""Which publication strangers see: the oldest among the deploy targets, or public/ where there are none."""

from __future__ import annotations

from generator.edge.register.database import Register
from generator.edge.register.publications import Publications
from generator.edge.register.site_files import SiteFiles
from generator.flow.shared.workspace import Workspace


def sequence(workspace: Workspace, register: Register) -> int:
    """The newest publication that every target shows whole; 0 before the first."""
    targets = workspace.portal.deploy
    if targets:
        standing = SiteFiles(register).standing()
        return min(standing.get(target.name, 0) for target in targets)
    last = Publications(register).last()
    if last is None:
        return 0
    return last.sequence if last.done else last.sequence - 1
