"""Auditing a published site against the register: exactly what it holds, nothing besides (docs/audit.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.crypto.digest import sha256
from generator.edge import disk
from generator.edge.register.certificates import Certificates, Issued
from generator.edge.register.contacts import Contacts
from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import Publications
from generator.edge.register.site_only import SiteOnly
from generator.edge.register.state_changes import StateChanges
from generator.edge.sites import FolderSite
from generator.errors import Malformed
from generator.flow.publishing.audit import Audit, Tree
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import bucket, paths, private_link
from generator.formats.entry import Entry
from generator.rules.publication import ChangedBucket, bucket_file, shard_paths
from generator.rules.published_files import Site
from generator.rules.site_reader import CachingSiteReader
from generator.rules.verifying import verify


@dataclass(frozen=True, slots=True)
class Scope:
    """What a partial audit looks at: what was published after `upto`, events after `events`, what is drawn.

    Of the buckets it takes those that the audit of the site has read.
    """

    upto: int
    drawn: Callable[[str], bool]
    events: int


def audit_register(session: Session, tree: Tree, found: Audit, scope: Scope | None = None) -> None:
    """Compare what is published with the register: every entry, every exception, nothing besides."""
    workspace, register = session.workspace, session.register
    if scope is None:
        # The night has read the whole file before it began (`readiness`).
        found.problems += register.damage()
    publications, certificates, trail = Publications(register), Certificates(register), EventLog(register)
    last = publications.last()
    if last is None or last.sequence != tree.head.sequence:
        ours = last.sequence if last else 0
        newer = "the site" if tree.head.sequence > ours else "the register"
        what = f"the site is publication {tree.head.sequence}, the register knows {ours}: {newer} is newer"
        found.fault(paths.HEAD, what, "if the register was restored from a backup, restore a newer one")
        return
    accepted = SiteOnly(register).accepts(last.sequence, tree.head.events.chain)
    if not rollback_guard.same_trail(session, tree.head) and not accepted:
        fix = "do not issue; restore the newest register and report what happened"
        found.fault("register.db", "its event trail is not the one that was published", fix)
    found.problems += trail.check(scope.events if scope else 0)
    years = publications.years()
    smallest = None
    for year, (bits, _) in years.items():
        erased = certificates.waiting_tags(year)
        for prefix, listed in publications.buckets(year, bits).items():
            path = paths.bucket(year, bits, prefix)
            if scope and path not in tree.buckets:
                continue
            last_prefix = prefix + (1 << (24 - bits)) - 1
            real = certificates.entries(year, prefix, last_prefix, last.sequence)
            smallest = len(real) if smallest is None else min(smallest, len(real))
            published = tree.buckets.get(path)
            waits = erased & {item.tag for item in (published.entries if published else ())}
            if waits and published is not None:
                # What these entries were is gone for good; the next publication buries them.
                good = _unexpected(published, real, waits)
            else:
                content = ChangedBucket(prefix, listed.version, tuple(real))
                _, made, _ = bucket_file(register.secret(), year, bits, content)
                good = published is not None and bucket.encode(published) == made
            if not good:
                found.fault(path, "differs from what the register holds")
        _exceptions(tree, certificates, year, bits, last.sequence, found)
    found.smallest = smallest
    _links(session, found, scope)
    _issued(workspace, certificates, found, scope)


def _links(session: Session, found: Audit, scope: Scope | None) -> None:
    """Private links both ways: every file is a link's, and every link has its file, as it was made."""
    workspace, certificates = session.workspace, Certificates(session.register)
    issuer_id = workspace.keystore.pin().issuer_id
    files = {path for path in FolderSite(workspace.public).paths() if private_link.is_path(path)}
    expected = SiteOnly(session.register).links() & files
    for link in Contacts(session.register).links():
        derived = private_link.derive(link.secret, issuer_id)
        expected.add(derived.path)
        if derived.path not in files:
            found.fault(derived.path, f"is missing: the private link of {link.serial} opens nothing")
        elif scope is None or scope.drawn(derived.path):
            issued = certificates.find(link.serial)
            data = disk.read(workspace.public / derived.path, private_link.CAP, derived.path)
            if issued is None or not _opens(derived, data, issued):
                found.fault(derived.path, f"is not the private link of {link.serial}")
    for path in sorted(files - expected):
        fix = "`certportal publish` takes it off; then ask who put or left it there"
        found.fault(path, "is a private link's file, and the register knows no such link", fix)
    if expected and not (workspace.public / paths.PRIVATE_PAGE).is_file():
        what = f"is missing, and {len(expected)} private links open it"
        found.fault(paths.PRIVATE_PAGE, what, "run `certportal publish`")


def _opens(derived: private_link.LinkKeys, data: bytes, issued: Issued) -> bool:
    """Whether a file is the link of this certificate, with the very PDF that was issued."""
    try:
        facts, pdf = private_link.decode(derived, data)
    except Malformed:
        return False
    return facts.number == issued.number and sha256(pdf) == issued.pdf_sha256


def _unexpected(published: bucket.Bucket, real: list[Entry], waits: set[bytes]) -> bool:
    """Whether a bucket agrees with the register in every entry but those whose tombstone waits."""
    held = {item.tag: item for item in published.entries}
    return all(held.get(item.tag) == item for item in real) and len(held) >= len(real) + len(waits)


def _exceptions(
    tree: Tree, certificates: Certificates, year: int, bits: int, sequence: int, found: Audit
) -> None:
    ours: dict[str, set[bytes]] = {}
    for prefix, item in certificates.exceptions(year, sequence):
        ours.setdefault(paths.shard(year, bits, prefix), set()).add(item.tag + item.nonce + item.sealed)
    for path in shard_paths(year, bits):
        shard = tree.shards.get(path)
        published = {item.tag + item.nonce + item.sealed for item in shard.exceptions} if shard else set()
        if published != ours.get(path, set()):
            found.fault(path, "its exceptions differ from what the register holds")


def _chosen(certificates: Certificates, scope: Scope | None) -> Iterator[Issued]:
    if scope is None:
        yield from certificates.issued()
        return
    new = certificates.published_after(scope.upto)
    for serial in certificates.serials():
        if serial in new or scope.drawn(serial):
            item = certificates.find(serial)
            if item is not None:
                yield item


def _issued(
    workspace: Workspace, certificates: Certificates, found: Audit, scope: Scope | None = None
) -> None:
    """Every issued PDF is where it belongs and is the file that was issued."""
    count = 0
    for item in _chosen(certificates, scope):
        count += 1
        if item.statement is None:
            continue
        path = workspace.issued_file(item.serial, item.issued_on)
        where = workspace.shown(path)
        if not path.is_file() or path.is_symlink():
            if workspace.portal.certificate.keep:
                found.fault(where, "is missing", f"make it again: `certportal pdf {item.serial}`")
        elif disk.sha256(path, where).hex() != item.pdf_sha256:
            found.fault(where, "was changed after it was issued", f"`certportal pdf {item.serial}`")
    found.certificates = count


# What the portal may say of a certificate in each state, where that is not the state's own name.
_VERDICTS: Mapping[str, tuple[str, ...]] = {
    "valid": ("valid", "expired", "stale"),
    "reinstated": ("valid", "expired", "stale"),
}


def audit_verdicts(
    session: Session, site: Site, found: Audit, scope: Scope | None = None
) -> Mapping[str, int]:
    """The recipe on every issued number, as the public would run it: how many of each verdict.

    In the order of their places on the site, so that every signed file is read and authenticated once.
    """
    kinds: dict[str, int] = {}
    bad: list[tuple[str, str]] = []
    certificates, changes = Certificates(session.register), StateChanges(session.register)
    pin = session.workspace.keystore.pin()
    reader = CachingSiteReader(site, pin)
    states = {change.serial: change.kind for change in changes.all()}
    waits = changes.waiting()
    unpublished = {serial for serial, _ in certificates.never_published()}
    new = certificates.published_after(scope.upto) if scope else set()
    total = certificates.counts()[0]
    for rank, (serial, number) in enumerate(certificates.by_place(), 1):
        session.environment.progress("verifying", rank, total)
        if scope and serial not in new and not scope.drawn(serial):
            continue
        verdict = verify(number, site, pin, session.now, reader=reader)
        kinds[verdict.kind] = kinds.get(verdict.kind, 0) + 1
        state = states.get(serial, "valid")
        if serial in unpublished:
            good = verdict.kind in ("not_found", "stale")
        elif serial in waits:
            good = verdict.kind not in ("malformed", "unreachable", "not_found", "forged")
        else:
            good = verdict.kind in _VERDICTS.get(state, (state,))
        if not good:
            bad.append((serial, f"verifies as {verdict.kind} ({verdict.reason or 'no reason'})"))
    for about, what in sorted(bad):
        found.fault(about, what)
    return kinds
