"""The pages of the site for a publication, and the key manifests beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator.edge import disk, site_builder, site_source
from generator.edge.codes import SITE_PAGES
from generator.errors import Malformed, Place, Refused
from generator.flow.publishing.codes import PAGE_MARKUP
from generator.flow.shared.workspace import Workspace, installed_site_source
from generator.formats import pages, paths
from generator.formats.key_phrase import phrase
from generator.formats.manifest import encode_pin
from generator.model.keyring import Manifest
from generator.render import pages as portal
from generator.rules import public_content

NOTICE = """# A published verification site

Everything in this folder is made by `certportal publish` and replaced as a whole; changes made by hand are
lost. It holds nothing that is not public, and can be copied to any web host as it is.
"""


def build(workspace: Workspace, *, has_links: bool = False) -> dict[str, bytes]:
    """Every page and asset, with the head's place left empty; the same bytes for the same inputs.

    `has_links`: private links were sent, which open the learner's own page whatever is sent today.
    """
    return _built(workspace, workspace.site_source, has_links)


def _built(workspace: Workspace, source: Path, has_links: bool) -> dict[str, bytes]:
    facts = _facts(workspace)
    built = site_builder.build(source, facts.for_theme())
    fix = "take it out of the page or template, and ask who put it there"
    problems = [PAGE_MARKUP.at(Place(subject=path), what, fix) for path, what in public_content.faults(built)]
    if problems:
        raise Refused(problems)
    try:
        pages_of = portal.publishable(built, site_source.scripts(source), facts)
    except (Malformed, UnicodeDecodeError) as error:
        fix = "mend the theme or the script; the installed site_src shows how it must be"
        raise Refused(SITE_PAGES.at(Place(source.name), str(error), fix)) from None
    if workspace.portal.delivery.mode != "link" and not has_links:
        # The learner's own page opens private links, and there are none.
        pages_of.pop(paths.PRIVATE_PAGE, None)
    return {**pages_of, "README.md": NOTICE.encode()}


def own_pages(workspace: Workspace) -> dict[str, str]:
    """How the published pages differ from those that came with certportal, filled in as portal.yaml is today.

    Path -> `new`, `changed` or `left out`.
    """
    published = published_pages(workspace)
    if not published:
        return {}
    has_links = paths.PRIVATE_PAGE in published
    shipped, found = _built(workspace, installed_site_source(), has_links), {}
    for path in sorted({*shipped, *published}):
        if path not in shipped:
            found[path] = "new"
        elif path not in published:
            found[path] = "left out"
        elif shipped[path] != published[path]:
            found[path] = "changed"
    return found


def _facts(workspace: Workspace) -> portal.SiteFacts:
    """What the pages say of the organisation: its name from the key manifest, the rest from portal.yaml."""
    store, settings = workspace.keystore, workspace.portal
    pin = store.pin()
    contact = settings.organisation.contact
    return portal.SiteFacts(
        organisation=store.manifest().name,
        email=contact.email,
        telephone=contact.telephone,
        address=contact.address,
        origin=settings.site.origin,
        languages=settings.site.languages,
        accent=settings.site.accent,
        sample=settings.sample,
        phrase=phrase(pin.issuer_id),
        pin_json=encode_pin(pin),
        manifest_json=store.manifest_bytes(),
    )


def published_pages(workspace: Workspace) -> dict[str, bytes]:
    """The pages and assets as published now, the head's place emptied; none where they cannot be read."""
    listing = workspace.public / paths.PAGES
    if not listing.is_file():
        return {}
    try:
        listed = pages.decode(disk.read(listing, pages.CAP, paths.PAGES)).pages
        read = {page.path: disk.read(workspace.public / page.path, pages.CAP, page.path) for page in listed}
    except (Malformed, Refused):
        # The caller holds them against what the register knows, finds none, and says what mends it.
        return {}
    return {path: pages.inlined(data, b"") for path, data in read.items()}


def with_manifests(workspace: Workspace, current: Manifest) -> Mapping[str, bytes]:
    """Every version of the key manifest, and the newest under its own name."""
    store = workspace.keystore
    found = {
        paths.manifest_version(version): store.manifest_bytes(version)
        for version in range(1, current.version + 1)
    }
    found[paths.MANIFEST] = found[paths.manifest_version(current.version)]
    return found
