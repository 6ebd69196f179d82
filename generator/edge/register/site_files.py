"""The files of public/ as they were last written, and what each deploy target holds of them.

What changed is known from our own plan, never from sizes or times: a revocation may change neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from generator.edge.register.database import Register
from generator.model.value import Instant
from generator.rules.publication import PublicationPlan

UNKNOWN = b""  # in the place of a digest, where nobody can say which bytes a target has


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A published file: its path, SHA-256 and size, and whether anything still refers to it."""

    path: str
    sha256: bytes
    size: int
    sequence: int
    unreferenced_at: str | None


class SiteFiles:
    """Rows that change in the transaction that finishes a publication, or a deployment."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def written(
        self, files: Mapping[str, bytes], referenced: Set[str], sequence: int, at: Instant
    ) -> set[str]:
        """Note what a publication wrote, and what it no longer refers to; the paths of all that is noted."""
        self._register.change_many(
            "INSERT INTO site_files VALUES (?, ?, ?, ?, NULL) ON CONFLICT (path) DO UPDATE SET"
            " sha256 = excluded.sha256, size = excluded.size, sequence = excluded.sequence,"
            " unreferenced_at = NULL WHERE sha256 <> excluded.sha256 OR unreferenced_at IS NOT NULL",
            (
                (path, hashlib.sha256(data).digest(), len(data), sequence)
                for path, data in sorted(files.items())
            ),
        )
        rows = list(self._register.rows("SELECT path, unreferenced_at FROM site_files"))
        left = [(at, path) for path, since in rows if since is None and path not in referenced]
        back = [(None, path) for path, since in rows if since is not None and path in referenced]
        self._register.change_many("UPDATE site_files SET unreferenced_at = ? WHERE path = ?", [*left, *back])
        return {path for path, _ in rows}

    def published(self, plan: PublicationPlan) -> None:
        """Note what `public/` holds after a publication, and what left it."""
        stamp, referenced = plan.stamp, plan.referenced
        known = self.written(plan.files, referenced, stamp.sequence, stamp.issued_at)
        self.removed(known - referenced - plan.in_grace)

    def removed(self, paths: Iterable[str]) -> None:
        """Note which files left the published folder."""
        self._register.change_many("DELETE FROM site_files WHERE path = ?", ((path,) for path in paths))

    def unreferenced(self) -> frozenset[str]:
        """Files of the published folder to which nothing refers: an audit may find them."""
        rows = self._register.rows("SELECT path FROM site_files WHERE unreferenced_at IS NOT NULL")
        return frozenset(path for (path,) in rows)

    def all(self) -> list[SiteFile]:
        """Every file of the published folder, by path."""
        return [SiteFile(*row) for row in self._register.rows(f"{_SELECT} ORDER BY path")]

    def in_grace(self, since: str) -> set[str]:
        """Files that nothing refers to, but have not for long enough to leave: not before `since`."""
        rows = self._register.rows("SELECT path FROM site_files WHERE unreferenced_at >= ?", since)
        return {path for (path,) in rows}

    def changed_in(self, sequence: int) -> set[str]:
        """Paths whose bytes are of this publication."""
        rows = self._register.rows("SELECT path FROM site_files WHERE sequence >= ?", sequence)
        return {path for (path,) in rows}

    def totals(self) -> tuple[int, int]:
        """Files and bytes of the published folder."""
        row = self._register.row("SELECT count(*), coalesce(sum(size), 0) FROM site_files")
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def largest(self) -> int:
        """Bytes of the largest file of the published folder."""
        row = self._register.row("SELECT coalesce(max(size), 0) FROM site_files")
        return int(row[0]) if row else 0

    def deployed(self, target: str) -> dict[str, bytes]:
        """What a target holds: path -> SHA-256, empty where nobody can say."""
        rows = self._register.rows("SELECT path, sha256 FROM deployed WHERE target = ?", target)
        return dict(rows)

    def put(self, target: str, files: Iterable[tuple[str, bytes]]) -> None:
        """Note files that were copied to a target, inside a transaction."""
        self._register.change_many(
            "INSERT INTO deployed VALUES (?, ?, ?) ON CONFLICT (target, path)"
            " DO UPDATE SET sha256 = excluded.sha256",
            ((target, path, digest) for path, digest in files),
        )

    def dropped(self, target: str, paths: Iterable[str]) -> None:
        """Note files that were removed from a target."""
        self._register.change_many(
            "DELETE FROM deployed WHERE target = ? AND path = ?", ((target, path) for path in paths)
        )

    def doubt(self, target: str, paths: Iterable[str]) -> None:
        """Note that nobody can say which bytes a target has at these paths, if any."""
        self.put(target, ((path, UNKNOWN) for path in paths))

    def forget(self, target: str) -> None:
        """Doubt all that a target holds: the next deployment copies it anew, and still removes what left."""
        self._register.change("UPDATE deployed SET sha256 = ? WHERE target = ?", UNKNOWN, target)
        self._register.change("DELETE FROM deployments WHERE target = ?", target)

    def set_live(self, target: str, sequence: int, at: Instant) -> None:
        """Note that a target shows a whole publication."""
        self._register.change(
            "INSERT INTO deployments VALUES (?, ?, ?) ON CONFLICT (target)"
            " DO UPDATE SET sequence = excluded.sequence, at = excluded.at",
            target,
            sequence,
            at,
        )

    def live_sequences(self) -> dict[str, int]:
        """The publication that each target shows."""
        return dict(self._register.rows("SELECT target, sequence FROM deployments"))


_SELECT = "SELECT path, sha256, size, sequence, unreferenced_at FROM site_files"
