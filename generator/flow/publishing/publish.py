"""Publishing, in five steps that a killed run can be cut between (DESIGN 4, Publication).

1. The pages are built, and the last publication is looked at: it may want finishing, or nothing is to do.
2. A new publication's row and what it takes in are noted in the register, in one transaction.
3. In the same transaction everything that it is made of is read once (`snapshot`).
4. The files follow from that alone (`rules.publication.plan`); how its buckets are named is noted too.
5. The files are written beside `public/` and switched in at once; the row is marked done.

`public/` is a function of the register and the row: a run that was killed after step 4 is finished with the
same row and gives the same bytes. Only what changed is written; the rest is linked from what is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.crypto import cipher
from generator.edge import switch
from generator.edge.register.contacts import Contacts
from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import PageSets, Publication, Publications
from generator.edge.register.runs import Runs
from generator.edge.register.site_files import SiteFiles
from generator.errors import Place, Refused
from generator.flow.office.keys import live_online, online_signer
from generator.flow.publishing import site_pages, snapshot
from generator.flow.publishing.codes import PUBLISH_PRIVATE, PUBLISH_STATUS, ROLLBACK_PAGES
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Session
from generator.model.keyring import Signer
from generator.model.value import Digest, Instant, Serial, instant, later, seconds, utc_day
from generator.rules import public_content
from generator.rules.publication import PublicationPlan, pages_digest, plan

_PAGES_FROM = "pages_from"  # the switch that names the earlier pages to be shown


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The outcome: which publication is current, and what was written for it, if anything."""

    sequence: int
    next_update: Instant
    files: int
    written: int
    bytes_written: int
    new: int


def publish_status(session: Session) -> PublishOutcome:
    """An urgent publication: what waits goes out with the pages as they are, without building them.

    Raises `Refused` where there is no finished publication to build on.
    """
    last = _last(session)
    site = site_pages.published_pages(session.workspace)
    if last is None or not last.done or pages_digest(site) != last.facts_sha256:
        fix = "run `certportal publish`"
        what = "the published pages are not those of the last publication"
        raise Refused(PUBLISH_STATUS.at(Place(session.workspace.shown(session.workspace.public)), what, fix))
    return _publish_new(session, last, site)


def publish(session: Session, *, rewrite: bool = False) -> PublishOutcome:
    """Bring `public/` up to date; makes a new publication only if something changed or time asks for it.

    `rewrite` writes every file anew, where one in `public/` was changed or lost.
    """
    last = _last(session)
    site = _pages(session)
    if last is not None and _is_resumed(session, last, site):
        if not last.done:
            # A killed publication is finished with its own row before anything else is looked at.
            _publish_again(session, last, site)
        if not _waiting(session) and not _half_over(last, session.now):
            whole = rollback_guard.published_sequence(session.workspace) == last.sequence
            if whole and not rewrite:
                return PublishOutcome(last.sequence, last.next_update, _count(session), 0, 0, 0)
            return _publish_again(session, last, site, rewrite)
    return _publish_new(session, last, site, rewrite)


def roll_back(session: Session, to: int | None = None) -> PublishOutcome:
    """Publish the pages of an earlier publication (`to`; else those before the present ones).

    Only pages go back. Certificates and their status are taken from the register as it is, and the sequence
    only grows, so nothing that was revoked can come back to life (docs/operations.md).
    """
    sets, publications = PageSets(session.register), Publications(session.register)
    last = publications.last()
    wanted = sets.of(to) if to is not None else sets.before(last.facts_sha256 if last else "")
    if wanted is None:
        kept = ", ".join(str(sequence) for sequence in sets.sequences()) or "none"
        what = "its pages are not kept" if to else "there are no earlier pages"
        fix = f"name one of: {kept}" if kept != "none" else "correct the pages in site_src and publish"
        raise Refused(ROLLBACK_PAGES.at(Place(subject=f"publication {to or ''}".strip()), what, fix))
    with session.register.transaction():
        Runs(session.register).set_switch(_PAGES_FROM, wanted, session.now)
        EventLog(session.register).append(session.now, "pages_rolled_back", "pages", {"pages_sha256": wanted})
    return publish(session)


def resume_pages(session: Session) -> None:
    """Build pages from site_src again from the next publication on."""
    with session.register.transaction():
        Runs(session.register).set_switch(_PAGES_FROM, None, session.now)
        EventLog(session.register).append(session.now, "pages_resumed", "pages", {})


def _last(session: Session) -> Publication | None:
    """The last publication, once `public/` is whole and not ahead of this register."""
    switch.recover(session.workspace.public)
    rollback_guard.check(session)
    return Publications(session.register).last()


def _pages(session: Session) -> dict[str, bytes]:
    """The pages as built now, or the earlier ones that a rollback chose."""
    chosen = Runs(session.register).switch(_PAGES_FROM)
    kept = PageSets(session.register).read(chosen) if chosen else {}
    if kept and pages_digest(kept) == chosen:
        return kept
    return site_pages.build(session.workspace, has_links=Publications(session.register).has_links())


def _is_resumed(session: Session, last: Publication, site: Mapping[str, bytes]) -> bool:
    """Whether the last publication can be made once more: same pages and manifest, and a key of its day."""
    current = session.workspace.keystore.manifest()
    same = pages_digest(site) == last.facts_sha256 and current.version == last.manifest_version
    return same and bool(live_online(current, last.issued_at))


def _waiting(session: Session) -> bool:
    """Whether something issued or changed is in no publication yet."""
    return Publications(session.register).waits() or bool(_unlinked(session))


def _unlinked(session: Session) -> list[Serial]:
    """Serials that are to get a private link with the next publication."""
    delivery, contacts = session.workspace.portal.delivery, Contacts(session.register)
    if delivery.mode != "link":
        return []
    waiting = contacts.unlinked(delivery.since)
    if not delivery.link_days:
        return waiting
    return [
        serial
        for serial in waiting
        if (published := contacts.published_at(serial)) is not None
        and later(utc_day(published), days=_link_wait(session, serial)) <= utc_day(session.now)
    ]


def _link_wait(session: Session, serial: Serial) -> int:
    """How many days after its certificate a link is published: drawn, and always the same of one certificate.

    Who keeps every night's site cannot tell by the day which entry a link belongs to.
    """
    drawn = cipher.mac(session.register.secret(), b"certportal/link-wait/v1\0" + serial.encode())
    return 1 + drawn[0] % session.workspace.portal.delivery.link_days


def _half_over(last: Publication, now: Instant) -> bool:
    """Whether less than half of the period is left."""
    begun, ends = seconds(last.issued_at), seconds(last.next_update)
    return seconds(now) > begun + (ends - begun) // 2


def _publish_again(
    session: Session, row: Publication, site: Mapping[str, bytes], rewrite: bool = False
) -> PublishOutcome:
    """A publication that the register has already, made and switched in with its own row."""
    signer = _signer(session, row.issued_at)
    return _switch_in(session, _planned(session, row, site, signer, rewrite))


def _publish_new(
    session: Session, last: Publication | None, site: Mapping[str, bytes], rewrite: bool = False
) -> PublishOutcome:
    """The next publication, with everything that waits; its signer is found before anything is noted."""
    # Instants only go forward, also where the clock went back.
    issued_at = instant(max(seconds(session.now), seconds(last.issued_at) + 1 if last else 0))
    signer = _signer(session, issued_at)
    with session.register.transaction():
        row = _take(session, last.sequence + 1 if last else 1, issued_at, pages_digest(site))
        PageSets(session.register).add(row.facts_sha256, site)
        made = _planned(session, row, site, signer, rewrite)
        Publications(session.register).list_buckets(made.listed)
    return _switch_in(session, made)


def _planned(
    session: Session, row: Publication, site: Mapping[str, bytes], signer: Signer, rewrite: bool
) -> PublicationPlan:
    """What is to be published. Raises `Refused` where any of it is private, before anything is noted."""
    made = plan(snapshot.read(session, row, site, rewrite=rewrite), signer)
    secrets = session.environment.secrets()
    found = ((path, public_content.private(path, data, secrets)) for path, data in made.files.items())
    fix = "move it out of site_src, and ask how it came there; nothing was published"
    problems = [PUBLISH_PRIVATE.at(Place(f"public/{path}"), why, fix) for path, why in found if why]
    if problems:
        raise Refused(problems)
    return made


def _signer(session: Session, at: Instant) -> Signer:
    return online_signer(session.workspace, session.environment, session.workspace.keystore.manifest(), at)


def _take(session: Session, sequence: int, issued_at: Instant, facts_sha256: Digest) -> Publication:
    """Note a publication's row and all that it takes in, inside the caller's transaction."""
    publications, trail = Publications(session.register), EventLog(session.register)
    trail.append(session.now, "publication_planned", f"publication {sequence}", {"sequence": sequence})
    publications.take(sequence)
    for serial in _unlinked(session):
        Contacts(session.register).make_link(serial, sequence)
    next_update = later(issued_at, days=session.workspace.portal.publish.period_days)
    version = session.workspace.keystore.manifest().version
    row = Publication(sequence, issued_at, next_update, version, *trail.state(), facts_sha256, 0)
    publications.add(row)
    return row


def _switch_in(session: Session, made: PublicationPlan) -> PublishOutcome:
    """Write the files beside `public/`, switch, and mark the publication done."""
    session.environment.progress("publishing", 0, 1)
    public = session.workspace.public
    staged = switch.stage(public, made.unchanged | made.in_grace, made.files)
    switch.commit(staged, public)
    with session.register.transaction():
        SiteFiles(session.register).published(made)
        Publications(session.register).finish(made.stamp.sequence)
    session.environment.progress("publishing", 1, 1)
    return PublishOutcome(
        sequence=made.stamp.sequence,
        next_update=made.stamp.next_update,
        files=len(made.referenced),
        written=len(made.files),
        bytes_written=sum(map(len, made.files.values())),
        new=len(made.listed),
    )


def _count(session: Session) -> int:
    return sum(1 for path in session.workspace.public.rglob("*") if path.is_file())
