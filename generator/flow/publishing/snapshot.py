"""Reading from the register, once, what one of its publications is made of (`rules.publication`)."""

from __future__ import annotations

from collections.abc import Mapping, Set

from generator.edge.register.publications import Publication, PublicationRows, Publications
from generator.flow.mailing.letters import pdf_of
from generator.flow.publishing import site_pages
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import head, paths, private_link
from generator.model.value import Digest, later
from generator.rules.publication import (
    BucketPlace,
    NewLink,
    PublicationSnapshot,
    PublicationStamp,
)


def read(
    session: Session, row: Publication, site: Mapping[str, bytes], *, rewrite: bool = False
) -> PublicationSnapshot:
    """A publication's snapshot: a function of the register, its row there, and what `public/` holds.

    `site` is the pages of that row; `rewrite` takes no bucket and no private link for good that is published.
    """
    workspace, register = session.workspace, session.register
    stamp = PublicationStamp(
        workspace.keystore.pin().issuer_id,
        row.sequence,
        row.issued_at,
        row.next_update,
        row.manifest_version,
    )
    publications = Publications(register)
    published = {
        path: since for path, since in publications.files().items() if (workspace.public / path).is_file()
    }
    good = published.keys() if not rewrite else frozenset[str]()
    # A bucket newer than what is in `public/` was planned by a run that never switched.
    newest = min(rollback_guard.published_sequence(workspace), row.sequence - 1)

    def is_published(place: BucketPlace, version: int) -> bool:
        return version <= newest and paths.bucket(*place) in good

    found = publications.rows(row.sequence, published, is_published)
    links, live_links = _links(workspace, found, stamp.issuer_id, good)
    return PublicationSnapshot(
        stamp=stamp,
        events=head.EventsState(chain=row.chain),
        secret=found.secret,
        years=found.years,
        site=site,
        manifests=site_pages.with_manifests(workspace, workspace.keystore.manifest()),
        links=links,
        live_links=live_links | (found.kept_links & found.files.keys()),
        published=found.files,
        grace_from=later(row.issued_at, days=-workspace.portal.publish.grace_days),
        erased=found.erased,
    )


def _links(
    workspace: Workspace, found: PublicationRows, issuer_id: Digest, good: Set[str]
) -> tuple[tuple[NewLink, ...], frozenset[str]]:
    """Private links whose file is to be made, and the paths of those published: a file never changes."""
    made: list[NewLink] = []
    live: set[str] = set()
    for issued, secret in found.links:
        derived = private_link.derive(secret, issuer_id)
        if derived.path in good:
            live.add(derived.path)
        else:
            made.append(NewLink(derived, issued.number, f"{issued.serial}.pdf", pdf_of(workspace, issued)))
    return tuple(made), frozenset(live)
