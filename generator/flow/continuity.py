"""Whether this register is the one that published last (DESIGN 4, Head; docs/restoring.md).

The published head carries how many events the register had and the chain's digest after them. A
register restored from an old backup lacks them, or has others: then nothing may be issued or published.
"""

from __future__ import annotations

from generator.edge.register.database import Register
from generator.edge.register.publications import Publication, Publications
from generator.edge.register.trail import Trail
from generator.edge.sites import FolderSite
from generator.errors import Problem, Refused
from generator.flow.workspace import Workspace
from generator.rules.published import Unreachable, read_head, read_manifest
from generator.wire import head, layout

_RESTORE = "restore the newest backup of certificates/register.db; nothing was issued, published or changed"


def check(workspace: Workspace, register: Register) -> None:
    """Raises `Refused` where the published head names events that this register does not hold."""
    published = _published(workspace)
    if published is not None:
        problems = compare(published, register, workspace.shown(register.path))
        if problems:
            raise Refused(problems)


def compare(published: head.Head, register: Register, where: str) -> list[Problem]:
    """A head against a register: nothing, or which of the two is newer."""
    last = Publications(register).last()
    trail = Trail(register)
    count, _ = trail.state()
    if published.sequence > (last.sequence if last else 0) or published.events.count > count:
        what = (
            f"the published site is newer than this register: publication {published.sequence} of"
            f" {published.issued_at} after {published.events.count} events, here {_known(last)} and"
            f" {count} events"
        )
        return [Problem("REGISTER-BEHIND", where, what, _RESTORE, "an old backup was restored")]
    if trail.hash_at(published.events.count) != published.events.chain:
        what = (
            f"the register took another way than the published site: its event {published.events.count} is"
            f" not the one behind publication {published.sequence}; the register is newer, with {count}"
            " events, but lacks some of the site's"
        )
        return [Problem("REGISTER-BRANCHED", where, what, _RESTORE, "an old backup was worked on")]
    return []


def published_sequence(workspace: Workspace) -> int:
    """The sequence of the publication in `public/`; 0 where there is none of this issuer that can be read."""
    published = _published(workspace)
    return published.sequence if published is not None else 0


def check_unissued(workspace: Workspace, serial: str, issued_on: str) -> None:
    """Raise `Refused` where a serial that is about to be allotted has its PDF already."""
    path = workspace.issued_file(serial, issued_on)
    if path.exists():
        what = f"would give {serial} again, but {workspace.shown(path)} is there: the register is older"
        fix = "restore the newest register; this one does not know what was issued after it"
        raise Refused(Problem("REGISTER-BEHIND", "certificates/register.db", what, fix))


def finished(workspace: Workspace, register: Register) -> None:
    """Raises `Refused` while a publication is under way: what it holds must not be changed below it."""
    last = Publications(register).last()
    if last is not None and not last.done:
        what = f"publication {last.sequence} was interrupted and is not finished"
        fix = "run `certportal publish`, then this again"
        raise Refused(Problem("PUBLISH-PENDING", workspace.shown(workspace.public), what, fix))


def _published(workspace: Workspace) -> head.Head | None:
    """The head in public/, if there is one that this issuer signed; a foreign or damaged one says nothing."""
    if not (workspace.public / layout.HEAD).is_file():
        return None
    site = FolderSite(workspace.public)
    pin = workspace.keystore.pin()
    try:
        return read_head(site, read_manifest(site, pin, again=True), pin, again=True)
    except Unreachable:
        return None


def _known(last: Publication | None) -> str:
    return f"publication {last.sequence} of {last.issued_at}" if last else "no publication"
