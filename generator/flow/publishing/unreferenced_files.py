"""Files that nothing refers to any more: they stay a while, for pages still open in browsers (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Mapping

from generator.edge.register.database import Register
from generator.edge.register.erasures import Erasures
from generator.edge.register.publications import Publication
from generator.edge.register.site_files import SiteFiles
from generator.flow.shared.workspace import Workspace
from generator.formats import private_link
from generator.model.value import later


def kept_files(workspace: Workspace, register: Register, row: Publication, referenced: set[str]) -> set[str]:
    """Published files that this publication leaves out, and that are not yet due to go.

    A private link's file goes at once: whoever deletes it means it. So do old buckets when a certificate was
    erased: one of them may still hold its record.
    """
    tombstones = Erasures(register).erased_in(row.sequence)
    since = later(row.issued_at, days=-workspace.portal.publish.grace_days)
    return {
        item.path
        for item in SiteFiles(register).all()
        if item.path not in referenced
        and (since < row.issued_at if item.unreferenced_at is None else item.unreferenced_at > since)
        and not private_link.is_path(item.path)
        and not (tombstones and item.path.startswith("r/"))
        and (workspace.public / item.path).is_file()
    }


def note(
    workspace: Workspace,
    register: Register,
    row: Publication,
    files: Mapping[str, bytes],
    linked: set[str],
    kept: set[str],
) -> None:
    """Keep in the register what public/ holds now, in the transaction that finishes the publication."""
    rows = SiteFiles(register)
    known = {item.path for item in rows.all()}
    # A register from before these rows existed: what was linked is read once.
    unknown = {path: (workspace.public / path).read_bytes() for path in linked - known}
    referenced = files.keys() | linked
    rows.written({**unknown, **files}, referenced, row.sequence, row.issued_at)
    rows.removed(known - referenced - kept)


def allowed(workspace: Workspace, register: Register) -> frozenset[str]:
    """Files that an audit of public/ may find though nothing refers to them."""
    return frozenset(item.path for item in SiteFiles(register).all() if item.unreferenced_at is not None)
