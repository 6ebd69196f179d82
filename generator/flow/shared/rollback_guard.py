"""An older register must never issue or publish: it would double numbers and forget revocations.

Every head carries the hash of the register's trail when it was published; the register remembers at which
event that was. One restored from a backup that is older than the site knows neither.
"""

from __future__ import annotations

from generator.edge import disk
from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import Publications
from generator.edge.register.site_only import SiteOnly
from generator.edge.sites import FolderSite, HttpSite
from generator.errors import Malformed, Place, Refused
from generator.flow.shared.codes import PUBLISH_PENDING, REGISTER_BEHIND
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import head, paths
from generator.model.value import Day, Serial
from generator.rules.published_files import Site, Unreachable, read_head, read_manifest

_FIX = (
    "stop; restore the newest copy of certificates/register.db; if it is lost for good, `certportal recover`"
    " (docs/restoring.md); nothing is issued or published before"
)


def check(session: Session, site: Site | None = None) -> None:
    """Raises `Refused` where the site (public/ by default) was made by a newer or another register."""
    workspace, register = session.workspace, session.register
    if not workspace.keystore.complete:
        return
    source = site or FolderSite(workspace.public)
    if isinstance(source, FolderSite) and not source.folder.is_dir():
        return
    pin = workspace.keystore.pin()
    try:
        keys = read_manifest(source, pin, again=True)
        top = read_head(source, keys, pin, again=True)
    except Unreachable:
        # A site that cannot be read or trusted says nothing about the register; publishing mends it.
        return
    if SiteOnly(register).accepts(top.sequence, top.events.chain):
        return
    folder = workspace.shown(source.folder) if isinstance(source, FolderSite) else ""
    where = getattr(source, "location", None) or folder or workspace.shown(workspace.public)
    trail, last = EventLog(register), Publications(register).last()
    known = last.sequence if last else 0
    if top.sequence > known:
        what = (
            f"the register knows publication {known}, but publication {top.sequence} is out at {where}:"
            " the site is newer"
        )
        raise Refused(REGISTER_BEHIND.at(Place("certificates/register.db"), what, _FIX))
    if not same_trail(session, top):
        count, _ = trail.state()
        what = f"another register published {where}: this one's trail of {count} events is not the one there"
        raise Refused(REGISTER_BEHIND.at(Place("certificates/register.db"), what, _FIX))


def check_live(session: Session) -> None:
    """The same for every live site that is known; one that does not answer says nothing.

    Raises `Refused`.
    """
    for target in session.workspace.portal.deploy:
        if target.url:
            check(session, HttpSite(target.url))
        elif target.kind == "folder" and target.path:
            check(session, FolderSite(session.workspace.root / target.path))


def same_trail(session: Session, top: head.Head) -> bool:
    """Whether the register's trail is the one from which this head was published."""
    published = Publications(session.register).find(top.sequence)
    return (
        published is not None
        and published.chain == top.events.chain
        and EventLog(session.register).hash_at(published.events) == top.events.chain
    )


def check_published(session: Session) -> None:
    """`check`, of `public/` and of every site that a deploy target serves."""
    check(session)
    check_live(session)


def finished(session: Session) -> None:
    """Raises `Refused` while a publication is under way: what it holds must not be changed below it."""
    last = Publications(session.register).last()
    if last is not None and not last.done:
        what = f"publication {last.sequence} was interrupted and is not finished"
        fix = "run `certportal publish`, then this again"
        raise Refused(PUBLISH_PENDING.at(Place(session.workspace.shown(session.workspace.public)), what, fix))


def published_sequence(workspace: Workspace) -> int:
    """The sequence of the publication in `public/`; 0 where there is none of this issuer that can be read."""
    path = workspace.public / paths.HEAD
    if not path.is_file():
        return 0
    try:
        stated = head.decode(head.split(disk.read(path, head.CAP, paths.HEAD)).payload)
    except (Malformed, Refused):
        return 0
    return stated.sequence if stated.issuer_id == workspace.keystore.pin().issuer_id else 0


def check_unissued(workspace: Workspace, serial: Serial, issued_on: Day) -> None:
    """Raise `Refused` where a serial that is about to be allotted has its PDF already."""
    path = workspace.issued_file(serial, issued_on)
    if path.exists():
        what = f"would give {serial} again, but {workspace.shown(path)} is there: the register is older"
        fix = "restore the newest register; this one does not know what was issued after it"
        raise Refused(REGISTER_BEHIND.at(Place("certificates/register.db"), what, fix))
