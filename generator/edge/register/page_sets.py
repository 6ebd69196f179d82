"""Pages of earlier publications, kept for a rollback: a few of the newest, by the digest of their list."""

from __future__ import annotations

from collections.abc import Mapping

from generator.edge.register.database import Register
from generator.model.value import Digest

KEPT = 10


class PageSets:
    """Blanked pages and assets (path -> bytes) by `publications.facts_sha256`."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def add(self, facts_sha256: Digest, site: Mapping[str, bytes]) -> None:
        """Keep the pages of a publication that is being planned; forget the oldest."""
        self._register.change_many(
            "INSERT INTO page_sets VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            ((facts_sha256, path, data) for path, data in sorted(site.items())),
        )
        self._register.change(
            "DELETE FROM page_sets WHERE facts_sha256 NOT IN (SELECT facts_sha256 FROM publications"
            " GROUP BY facts_sha256 ORDER BY max(sequence) DESC LIMIT ?) AND facts_sha256 <> ?",
            KEPT,
            facts_sha256,
        )

    def read(self, facts_sha256: str) -> dict[str, bytes]:
        """The pages; empty if they are no longer kept."""
        rows = self._register.rows(
            "SELECT path, content FROM page_sets WHERE facts_sha256 = ? ORDER BY path", facts_sha256
        )
        return {path: bytes(content) for path, content in rows}

    def of(self, sequence: int) -> Digest | None:
        """The pages that a publication had, if they are kept."""
        return self._one("WHERE p.sequence = ?", sequence)

    def before(self, facts_sha256: str) -> Digest | None:
        """The newest other pages than these."""
        return self._one("WHERE p.facts_sha256 <> ? ORDER BY p.sequence DESC", facts_sha256)

    def sequences(self) -> list[int]:
        """The publications whose pages are kept."""
        rows = self._register.rows(
            "SELECT sequence FROM publications WHERE facts_sha256 IN (SELECT facts_sha256 FROM page_sets)"
            " ORDER BY sequence"
        )
        return [int(sequence) for (sequence,) in rows]

    def _one(self, condition: str, value: object) -> Digest | None:
        row = self._register.row(
            "SELECT p.facts_sha256 FROM publications p JOIN page_sets s USING (facts_sha256) "  # noqa: S608 - made of constants only
            + condition,
            value,
        )
        return Digest(row[0]) if row else None
