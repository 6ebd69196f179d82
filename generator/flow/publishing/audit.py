"""Auditing a published site with nothing but the root, as any outsider can (docs/audit.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from generator.edge.sites import FolderSite
from generator.errors import Malformed, Place, Problem
from generator.flow.publishing.codes import AUDIT
from generator.flow.shared.session import Progress, silent
from generator.formats import bucket, head, manifest, pages, paths, private_link, status
from generator.model.keyring import Manifest, Pin
from generator.model.value import Instant
from generator.rules.publication import shard_paths
from generator.rules.published_files import (
    Site,
    Unreachable,
    Unreadable,
    read_bucket,
    read_head,
    read_manifest,
    read_shard,
)

_FIX = "`certportal publish --rewrite` writes it anew; if the host changed the file, ask why"


@dataclass(slots=True)
class Audit:
    """What was read and found. `smallest` is the least number of real entries in any bucket; `own_pages` says
    how the pages differ from those that came with certportal, where the workspace is at hand.
    """

    files: int = 0
    entries: int = 0
    buckets: int = 0
    sequence: int = 0
    next_update: str = ""
    fresh: bool = True
    smallest: int | None = None
    certificates: int | None = None
    own_pages: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, where: str, what: str, fix: str = _FIX) -> None:
        """Note a problem."""
        self.problems.append(AUDIT.at(Place(subject=where), what, fix))


@dataclass(slots=True)
class Tree:
    """The authenticated files, by path."""

    keys: Manifest
    head: head.Head
    shards: dict[str, status.Shard]
    buckets: dict[str, bucket.Bucket]


def audit_site(
    site: Site,
    pin: Pin,
    now: Instant,
    progress: Progress = silent,
    known: frozenset[str] = frozenset(),
    chosen: Callable[[str], bool] | None = None,
) -> tuple[Audit, Tree | None]:
    """Read and check every published file, from the root alone.

    `known` may lie about though nothing refers to them; `chosen` says which buckets and pages are
    looked at where not all are.
    """
    found = Audit()
    expected: set[str] = set()
    try:
        keys = read_manifest(site, pin, again=True)
        top = read_head(site, keys, pin, again=True)
    except Unreachable as failure:
        where = paths.HEAD if failure.step == 3 else "site"
        found.fault(where, f"the head or the key manifest cannot be trusted: {failure.reason}")
        return found, None
    expected |= {paths.HEAD, paths.MANIFEST}
    found.sequence, found.next_update = top.sequence, top.next_update
    found.fresh = now <= top.next_update and now <= keys.expires_at
    if not found.fresh:
        found.fault(paths.HEAD, f"is good until {top.next_update} only", "run `certportal publish`")
    tree = Tree(keys, top, {}, {})
    expected |= _manifests(site, pin, keys, found)
    expected |= _pages(site, top, found, chosen or _every)
    for year in top.years:
        expected |= _year(site, tree, year, found, progress, chosen or _every)
    _digest_of_shards(site, top, found)
    if isinstance(site, FolderSite):
        for path in site.paths():
            if path not in expected and path not in known and not private_link.is_path(path):
                found.fault(
                    path, "is published but nothing refers to it", "remove it; private files stay out"
                )
    found.files = len(expected)
    return found, tree


def _every(_path: str) -> bool:
    return True


def _manifests(site: Site, pin: Pin, keys: Manifest, found: Audit) -> set[str]:
    """Every version of the manifest, each linked to the one before it by digest."""
    expected = set()
    before = None
    for version in range(1, keys.version + 1):
        path = paths.manifest_version(version)
        expected.add(path)
        data = _read(site, path, manifest.CAP, found)
        if data is None:
            continue
        try:
            payload = manifest.split(data).payload
            stated = manifest.decode(payload)
        except Malformed as error:
            found.fault(path, str(error))
            continue
        issuer = manifest.digest(payload) if version == 1 else stated.issuer_id
        if stated.version != version or stated.previous != before or issuer != pin.issuer_id:
            found.fault(path, "does not follow from the version before it")
        before = manifest.digest(payload)
    return expected


def _pages(site: Site, top: head.Head, found: Audit, chosen: Callable[[str], bool]) -> set[str]:
    """pages.json against the head, and every page against pages.json."""
    expected = {paths.PAGES}
    data = _read(site, paths.PAGES, pages.CAP, found)
    if data is None:
        return expected
    if hashlib.sha256(data).hexdigest() != top.pages_sha256:
        found.fault(paths.PAGES, "is not the list that the head names")
        return expected
    published = site.read(paths.HEAD, head.CAP, again=False)
    for page in pages.decode(data).pages:
        expected.add(page.path)
        if not chosen(page.path):
            continue
        content = _read(site, page.path, pages.CAP, found)
        if content is None:
            continue
        try:
            good = pages.digest(content) == page.sha256
            carried = pages.HEAD_OPEN in content
            current = not carried or pages.inlined(content, published) == content
        except Malformed:
            good = current = False
        if not good:
            found.fault(page.path, "differs from the page that was published")
        elif not current:
            found.fault(page.path, "carries another head than the site")
    return expected


def _year(
    site: Site,
    tree: Tree,
    year: head.PublishedYear,
    found: Audit,
    progress: Progress,
    chosen: Callable[[str], bool],
) -> set[str]:
    expected = set()
    shards = shard_paths(year.year, year.bits)
    for rank, path in enumerate(shards):
        expected.add(path)
        prefix = rank << (24 - status.shard_bits(year.bits))
        shard = _tried(
            found, path, partial(read_shard, site, tree.keys, tree.head, year.year, year.bits, prefix, True)
        )
        if shard is None:
            continue
        tree.shards[path] = shard
        if shard.sequence != tree.head.sequence:
            found.fault(path, "is of another publication than the head")
        step = 1 << (24 - year.bits)
        for place, named in enumerate(shard.buckets):
            below = shard.prefix + place * step
            where = paths.bucket(year.year, year.bits, below)
            if named == bucket.ABSENT:
                continue
            expected.add(where)
            if not chosen(where):
                continue
            held = _tried(found, where, partial(read_bucket, site, year.year, year.bits, below, named, True))
            if held is not None:
                tree.buckets[where] = held
                found.buckets += 1
                found.entries += len(held.entries)
        progress("auditing", rank + 1, len(shards))
    return expected


def _digest_of_shards(site: Site, top: head.Head, found: Audit) -> None:
    shards = [path for year in top.years for path in shard_paths(year.year, year.bits)]
    data = [_read(site, path, status.CAP, found) for path in shards]
    whole = [item for item in data if item is not None]
    if len(whole) == len(data) and head.shards_digest(whole) != top.shards_sha256:
        found.fault(paths.HEAD, "names other status shards than are published")


def _read(site: Site, path: str, cap: int, found: Audit) -> bytes | None:
    try:
        return site.read(path, cap, again=False)
    except Unreadable as failure:
        found.fault(path, f"cannot be read: {failure.reason}")
        return None


Trusted = TypeVar("Trusted")


def _tried(found: Audit, path: str, read: Callable[[], Trusted]) -> Trusted | None:
    try:
        return read()
    except Unreachable as failure:
        found.fault(path, f"cannot be trusted: {failure.reason}")
        return None
