"""The pages of the site for a publication, and the key manifests beside them."""

from __future__ import annotations

from collections.abc import Mapping

from generator.edge import disk, site_builder, site_source
from generator.errors import Malformed, Refused
from generator.flow.shared.workspace import Workspace
from generator.formats import pages, paths
from generator.formats.key_phrase import phrase
from generator.formats.manifest import encode_pin
from generator.model.keyring import Manifest
from generator.render import pages as portal

NOTICE = """# A published verification site

Everything in this folder is made by `certportal publish` and replaced as a whole; changes made by hand are
lost. It holds nothing that is not public, and can be copied to any web host as it is.
"""


def build(workspace: Workspace, *, has_links: bool = False) -> dict[str, bytes]:
    """Every page and asset, with the head's place left empty; the same bytes for the same inputs.

    `has_links`: private links were sent, which open the learner's own page whatever is sent today.
    """
    facts = _facts(workspace)
    source = workspace.site_source
    built = site_builder.build(source, facts.for_theme())
    pages_of = portal.publishable(built, site_source.scripts(source), facts)
    if workspace.portal.delivery.mode != "link" and not has_links:
        # The learner's own page opens private links, and there are none.
        pages_of.pop(paths.PRIVATE_PAGE, None)
    return {**pages_of, "README.md": NOTICE.encode()}


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
