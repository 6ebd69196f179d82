"""Publishing: a row in the register first, then all files, then one switch (DESIGN 4, Publication).

`public/` is a function of the register and that row: a killed publication is finished with the same
row and gives the same bytes. Only what changed is written; the rest is linked from what is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.edge import switch
from generator.edge.register.certificates import Certificates
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.page_sets import PageSets
from generator.edge.register.publications import Publication, Publications
from generator.edge.register.runs import Runs
from generator.edge.register.site_only import SiteOnly
from generator.errors import Refused
from generator.flow.codes import PUBLISH_STATUS
from generator.flow.office.keys import live_online, online_signer
from generator.flow.publishing import private_links, site_pages, unreferenced_files
from generator.flow.publishing.publication import (
    PublicationStamp,
    YearFacts,
    bits_for,
    bucket_file,
    head_file,
    shard_files,
)
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import bucket, head, pages, paths
from generator.model.keyring import Manifest, Signer
from generator.model.value import instant, later, seconds


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The outcome: which publication stands, and what was written for it (nothing, if it stood already)."""

    sequence: int
    next_update: str
    files: int
    written: int
    bytes_written: int
    new: int


def publish_status(session: Session) -> PublishOutcome:
    """An urgent publication: what waits goes out with the pages as they stand, without building them.

    Raises `Refused` where there is no finished publication to build on.
    """
    switch.recover(session.workspace.public)
    rollback_guard.check(session.workspace, session.register)
    last = Publications(session.register).last()
    site = site_pages.published_pages(session.workspace)
    if last is None or not last.done or _digest(site) != last.facts_sha256:
        fix = "run `certportal publish`"
        what = "the published pages are not those of the last publication"
        raise Refused(PUBLISH_STATUS.at(session.workspace.shown(session.workspace.public), what, fix))
    current = session.workspace.keystore.manifest()
    row, signer = _plan(session, current, last, site)
    return _switch_in(session, signer, row, site)


def publish(session: Session, *, rewrite: bool = False) -> PublishOutcome:
    """Bring `public/` up to date; makes a new publication only if something changed or time asks for it.

    `rewrite` writes every file anew, where one in `public/` was changed or lost.
    """
    switch.recover(session.workspace.public)
    rollback_guard.check(session.workspace, session.register)
    current = session.workspace.keystore.manifest()
    publications = Publications(session.register)
    site = _pages(session.workspace, session.register)
    last = publications.last()
    same = (
        last is not None and _digest(site) == last.facts_sha256 and current.version == last.manifest_version
    )
    same = same and last is not None and any(live_online(current, last.issued_at))
    if last is not None and same and not last.done:
        # A killed publication is finished with its own row before anything else is looked at.
        finishing = online_signer(session.workspace, session.environment, current, last.issued_at)
        _switch_in(session, finishing, last, site)
        last = publications.last()
    if (
        last is not None
        and same
        and not _waiting(session.workspace, session.register)
        and not _half_over(last, session.now)
    ):
        if rollback_guard.published_sequence(session.workspace) == last.sequence and not rewrite:
            return PublishOutcome(last.sequence, last.next_update, _count(session.workspace), 0, 0, 0)
        again = online_signer(session.workspace, session.environment, current, last.issued_at)
        return _switch_in(session, again, last, site, rewrite)
    row, signer = _plan(session, current, last, site)
    return _switch_in(session, signer, row, site, rewrite)


def _pages(workspace: Workspace, register: Register) -> dict[str, bytes]:
    """The pages as built now, or the earlier ones that a rollback chose."""
    chosen = Runs(register).switch("pages_from")
    kept = PageSets(register).read(chosen) if chosen else {}
    return kept if kept and _digest(kept) == chosen else site_pages.build(workspace)


def _waiting(workspace: Workspace, register: Register) -> bool:
    """Whether something issued or changed is in no publication yet."""
    publications = Publications(register)
    return bool(
        publications.unpublished()
        or publications.waiting_exceptions()
        or private_links.waiting(workspace, register)
    )


def _half_over(last: Publication, now: str) -> bool:
    """Whether less than half of the period is left."""
    begun, ends = seconds(last.issued_at), seconds(last.next_update)
    return seconds(now) > begun + (ends - begun) // 2


def _plan(
    session: Session, current: Manifest, last: Publication | None, site: Mapping[str, bytes]
) -> tuple[Publication, Signer]:
    """Commit the row, and with it which buckets get this publication's version; its signer is found first."""
    publications, trail = Publications(session.register), EventLog(session.register)
    facts_sha256, contacts = _digest(site), Contacts(session.register)
    # Instants only go forward, also where the clock went back.
    issued_at = instant(max(seconds(session.now), seconds(last.issued_at) + 1 if last else 0))
    next_update = later(issued_at, days=session.workspace.portal.publish.period_days)
    signer = online_signer(session.workspace, session.environment, current, issued_at)
    with session.register.transaction():
        sequence = last.sequence + 1 if last else 1
        trail.append(session.now, "publication_planned", f"publication {sequence}", {"sequence": sequence})
        unpublished = publications.unpublished()
        publications.take(sequence)
        for year, changed in unpublished.items():
            _list_buckets(session.register, year, changed, sequence)
        for serial in private_links.waiting(session.workspace, session.register):
            contacts.make_link(serial, sequence)
        events, chain = trail.state()
        row = Publication(sequence, issued_at, next_update, current.version, events, chain, facts_sha256, 0)
        publications.add(row)
        PageSets(session.register).add(facts_sha256, site)
    return row, signer


def _list_buckets(register: Register, year: int, changed: list[int], sequence: int) -> None:
    """Fix the year's prefix bits and how the shards name its changed buckets (prefixes of 24 bits)."""
    publications = Publications(register)
    before = publications.years().get(year, (0, False))[0]
    bits, changed = _grown(publications, SiteOnly(register), year, before, changed)
    publications.set_year(year, bits)
    width = 1 << (24 - bits)
    for prefix in sorted({place // width * width for place in changed}):
        data = _bucket(register, year, bits, prefix, sequence, sequence)
        publications.list_bucket(year, bits, prefix, bucket.listed(bucket.decode(data)))


def _grown(
    publications: Publications, carried: SiteOnly, year: int, before: int, changed: list[int]
) -> tuple[int, list[int]]:
    """One bit more while a bucket is full; the whole year then moves to a new directory."""
    bits = before
    while bits < 24:
        width = 1 << (24 - bits)
        touched = {place // width * width for place in changed}
        full = (
            bits_for(publications.sizes(year, first, first + width - 1), bits) > bits for first in touched
        )
        if not any(full):
            break
        bits += 1
        changed = list(publications.sizes(year, 0, (1 << 24) - 1))
    return bits, changed + (sorted(carried.places(year, bits)) if bits != before else [])


def _switch_in(
    session: Session, signer: Signer, row: Publication, site: Mapping[str, bytes], rewrite: bool = False
) -> PublishOutcome:
    """Write the publication's files beside `public/`, switch, and mark the row done."""
    facts = list(_years(session.register, row.sequence))
    files = dict(site_pages.with_manifests(session.workspace, session.workspace.keystore.manifest()))
    # A bucket newer than what stands in `public/` was planned by a run that never switched.
    standing = 0 if rewrite else rollback_guard.published_sequence(session.workspace)
    linked: set[str] = set()
    new = 0
    for year in facts:
        for prefix, listed in sorted(year.buckets.items()):
            path = paths.bucket(year.year, year.bits, prefix)
            unchanged = listed.version <= standing and listed.version != row.sequence
            if unchanged and (session.workspace.public / path).is_file():
                linked.add(path)
                continue
            files[path] = _bucket(
                session.register, year.year, year.bits, prefix, listed.version, row.sequence
            )
            new += 1
        session.environment.progress("publishing", len(files), len(files) + 1)
    files |= _signed(session.workspace, session.register, row, facts, site, signer)
    sealed, unchanged_links = private_links.files(
        session.workspace, session.register, session.workspace.public
    )
    files |= sealed
    linked |= unchanged_links
    kept = unreferenced_files.kept_files(session.workspace, session.register, row, files.keys() | linked)
    staged = switch.stage(session.workspace.public, linked | kept, files)
    switch.commit(staged, session.workspace.public)
    with session.register.transaction():
        unreferenced_files.note(session.workspace, session.register, row, files, linked, kept)
        Publications(session.register).finish(row.sequence)
    size = sum(map(len, files.values()))
    session.environment.progress("publishing", 1, 1)
    return PublishOutcome(row.sequence, row.next_update, len(files) + len(linked), len(files), size, new)


def _signed(
    workspace: Workspace,
    register: Register,
    row: Publication,
    facts: list[YearFacts],
    site: Mapping[str, bytes],
    signer: Signer,
) -> dict[str, bytes]:
    """Shards, head, pages.json, and the pages with the head inlined."""
    issuer_id = workspace.keystore.pin().issuer_id
    stamp = PublicationStamp(issuer_id, row.sequence, row.issued_at, row.next_update, row.manifest_version)
    shards = {path: data for year in facts for path, data in shard_files(year, stamp, signer)}
    listing = pages.encode(pages.of(site))
    events = head.EventsState(count=row.events, chain=row.chain)
    top = head_file(stamp, facts, shards, hashlib.sha256(listing).hexdigest(), events, signer)
    inlined = {path: pages.inlined(data, top) for path, data in site.items()}
    return {**inlined, **shards, paths.PAGES: listing, paths.HEAD: top}


def _years(register: Register, sequence: int) -> Iterator[YearFacts]:
    publications, certificates = Publications(register), Certificates(register)
    for year, (bits, closed) in publications.years().items():
        exceptions = tuple(certificates.exceptions(year, sequence))
        yield YearFacts(year, bits, closed, publications.buckets(year, bits), exceptions)


def _bucket(register: Register, year: int, bits: int, prefix: int, version: int, sequence: int) -> bytes:
    last = prefix + (1 << (24 - bits)) - 1
    entries = Certificates(register).entries(year, prefix, last, sequence)
    return bucket_file(register.secret(), year, bits, prefix, version, entries)[1]


def _digest(site: Mapping[str, bytes]) -> str:
    return hashlib.sha256(pages.encode(pages.of(site))).hexdigest()


def _count(workspace: Workspace) -> int:
    return sum(1 for path in workspace.public.rglob("*") if path.is_file())
