"""Reading from the register, once, what one of its publications is made of (`rules.publication`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from generator.edge.register.certificates import Certificates
from generator.edge.register.contacts import Contacts
from generator.edge.register.erasures import Erasures
from generator.edge.register.publications import Publication, Publications
from generator.edge.register.site_files import SiteFiles
from generator.edge.register.site_only import SiteOnly
from generator.flow.mailing.letters import pdf_of
from generator.flow.publishing import site_pages
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Session
from generator.formats import head, paths, private_link
from generator.model.value import Digest, later
from generator.rules.publication import (
    ChangedBucket,
    NewLink,
    PublicationSnapshot,
    PublicationStamp,
    YearFacts,
)


def read(
    session: Session, row: Publication, site: Mapping[str, bytes], *, rewrite: bool = False
) -> PublicationSnapshot:
    """A publication's snapshot: a function of the register, its row there, and what `public/` holds.

    `site` is the pages of that row; `rewrite` takes no bucket and no private link for good that stands.
    """
    workspace, register = session.workspace, session.register
    stamp = PublicationStamp(
        workspace.keystore.pin().issuer_id,
        row.sequence,
        row.issued_at,
        row.next_update,
        row.manifest_version,
    )
    published = {
        item.path: item.unreferenced_at
        for item in SiteFiles(register).all()
        if (workspace.public / item.path).is_file()
    }
    good = published.keys() if not rewrite else frozenset[str]()
    links, standing_links = _links(session, stamp.issuer_id, good)
    return PublicationSnapshot(
        stamp=stamp,
        events=head.EventsState(count=row.events, chain=row.chain),
        secret=register.secret(),
        years=tuple(_years(session, row, good)),
        site=site,
        manifests=site_pages.with_manifests(workspace, workspace.keystore.manifest()),
        links=links,
        standing_links=standing_links | (SiteOnly(register).links() & published.keys()),
        published=published,
        grace_from=later(row.issued_at, days=-workspace.portal.publish.grace_days),
        erased=Erasures(register).erased_in(row.sequence),
    )


def _years(session: Session, row: Publication, good: Set[str]) -> Iterator[YearFacts]:
    """Each year's facts; what stands of its buckets is told from what must be made again."""
    publications, certificates = Publications(session.register), Certificates(session.register)
    # A bucket newer than what stands in `public/` was planned by a run that never switched.
    newest = min(rollback_guard.published_sequence(session.workspace), row.sequence - 1)
    for year, (bits, closed) in publications.years().items():
        listed = publications.buckets(year, bits)
        standing = {
            prefix: item
            for prefix, item in listed.items()
            if item.version <= newest and paths.bucket(year, bits, prefix) in good
        }
        width = 1 << (24 - bits)
        changed = tuple(
            ChangedBucket(
                prefix,
                item.version,
                tuple(certificates.entries(year, prefix, prefix + width - 1, row.sequence)),
            )
            for prefix, item in sorted(listed.items())
            if prefix not in standing
        )
        exceptions = tuple(certificates.exceptions(year, row.sequence))
        yield YearFacts(year, bits, closed, standing, exceptions, changed)


def _links(session: Session, issuer_id: Digest, good: Set[str]) -> tuple[tuple[NewLink, ...], frozenset[str]]:
    """Private links whose file is to be made, and the paths of those that stand: a file never changes."""
    certificates = Certificates(session.register)
    made: list[NewLink] = []
    standing: set[str] = set()
    for link in Contacts(session.register).links():
        derived = private_link.derive(link.secret, issuer_id)
        if derived.path in good:
            standing.add(derived.path)
        elif (issued := certificates.find(link.serial)) is not None:
            pdf = pdf_of(session.workspace, issued)
            made.append(NewLink(derived, link.number, f"{link.serial}.pdf", pdf))
    return tuple(made), frozenset(standing)
