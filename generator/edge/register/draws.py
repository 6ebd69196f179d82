"""Draws in the register: which claims are compared with the records, chosen once (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Sequence

from generator.crypto.cipher import mac
from generator.crypto.digest import sha256
from generator.edge.register.database import Register
from generator.formats import strict_json
from generator.model.value import Instant


class Draws:
    """Draws over claims that were in no draw before; nobody can steer or repeat one."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._secret = register.secret()

    def draw(self, claim_ids: Sequence[str], percent: int, least: int, at: Instant) -> tuple[str, list[str]]:
        """Keep a draw over these new claims: its digest, and the chosen ids.

        Each claim's rank is an HMAC, under the register's secret, of all sorted ids and its own; the
        lowest are taken, rounded up. Raises `ValueError` without claims.
        """
        listed = sorted(claim_ids)
        if not listed:
            raise ValueError("a draw is over at least one claim")
        digest = sha256(strict_json.encode(listed))
        size = min(len(listed), max(least, -(-len(listed) * percent // 100)))
        chosen = sorted(listed, key=lambda one: mac(self._secret, f"draw\0{digest}\0{one}".encode()))[:size]
        self._register.change(
            "INSERT INTO draws (at, digest, claims) VALUES (?, ?, ?)", at, digest, len(listed)
        )
        row = self._register.row("SELECT max(id) FROM draws")
        self._register.change_many(
            "INSERT INTO drawn VALUES (?, ?, ?)",
            ((claim_id, row[0] if row else 0, int(claim_id in chosen)) for claim_id in listed),
        )
        return digest, chosen

    def sampled(self, claim_id: str) -> bool | None:
        """Whether a claim was chosen; None while it is in no draw."""
        row = self._register.row("SELECT sampled FROM drawn WHERE claim_id = ?", claim_id)
        return bool(row[0]) if row else None
