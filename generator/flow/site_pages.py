"""The pages of the site for a publication, and the key manifests beside them."""

from __future__ import annotations

from collections.abc import Mapping

from generator.edge import disk
from generator.flow.workspace import Workspace
from generator.model.keyring import Manifest
from generator.wire import layout, pages

NOTICE = """# A published verification site

Everything in this folder is made by `certportal publish` and replaced as a whole; changes made by hand are
lost. It holds nothing that is not public, and can be copied to any web host as it is.
"""


def build(workspace: Workspace, issued_at: str) -> dict[str, bytes]:
    """Every page and asset, with the head's place left empty; the same bytes for the same inputs."""
    del issued_at
    return {"README.md": NOTICE.encode()}


def standing(workspace: Workspace) -> dict[str, bytes]:
    """The pages and assets as published now, with the head's place emptied; none where none are."""
    listing = workspace.public / layout.PAGES
    if not listing.is_file():
        return {}
    listed = pages.decode(disk.read(listing, pages.CAP, layout.PAGES)).pages
    read = {page.path: disk.read(workspace.public / page.path, pages.CAP, page.path) for page in listed}
    return {path: pages.inlined(data, b"") for path, data in read.items()}


def with_manifests(workspace: Workspace, current: Manifest) -> Mapping[str, bytes]:
    """Every version of the key manifest, and the newest under its own name."""
    store = workspace.keystore
    found = {
        layout.manifest_version(version): store.manifest_bytes(version)
        for version in range(1, current.version + 1)
    }
    found[layout.MANIFEST] = found[layout.manifest_version(current.version)]
    return found
