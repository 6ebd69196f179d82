"""Claims in the register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.crypto.cipher import mac
from generator.edge.register.database import Register, Row
from generator.model.claim import Claim
from generator.wire import strict_json

_CLAIM_CAP = 65_536
_COLUMNS = "c.claim_id, c.salt, c.body, c.source, k.serial"


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A claim as registered; `serial` once it is certified."""

    claim_id: str
    salt: str
    claim: Claim
    source: str
    serial: str | None


class Claims:
    """Claims by their identity."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._secret = register.secret()

    def find(self, claim: Claim) -> HeldClaim | None:
        """The registered claim with the same identity."""
        return self._one("c.identity = ?", self._identity(claim))

    def by_id(self, claim_id: str) -> HeldClaim | None:
        """The claim of this id."""
        return self._one("c.claim_id = ?", claim_id)

    def uncertified(self) -> Iterator[HeldClaim]:
        """Claims without a certificate, in the order of their sources' arrival."""
        sql = (
            f"SELECT {_COLUMNS} FROM claims c LEFT JOIN certificates k USING (claim_id)"  # noqa: S608 - made of constants only
            " WHERE k.serial IS NULL AND c.body IS NOT NULL ORDER BY c.rowid"
        )
        return (_held(row) for row in self._register.rows(sql))

    def add(self, claim: Claim, source: str, at: str) -> str:
        """Register a claim; its new random id (20 hex digits)."""
        identity = self._identity(claim)
        claim_id = self._register.dice(f"claim-id/{identity.hex()}", 10).hex()
        salt = self._register.dice(f"claim-salt/{identity.hex()}", 16).hex()
        self._register.change(
            "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?)", claim_id, identity, salt, _body(claim), source, at
        )
        self._register.change(
            "INSERT INTO claim_subjects VALUES (?, ?, ?, ?, ?)",
            *(claim_id, f"{claim.centre}/{claim.learner_ref}", claim.programme, claim.version, claim.kind),
        )
        return claim_id

    def amend(self, claim_id: str, claim: Claim, source: str) -> None:
        """Replace an uncertified claim's content; approvals given for the old no longer match."""
        self._register.change(
            "UPDATE claims SET body = ?, source = ? WHERE claim_id = ?", _body(claim), source, claim_id
        )

    def of_subject(
        self, about: str, programme: str, version: str, kind: str
    ) -> list[tuple[str, str, str | None]]:
        """A learner's claims for one thing: id, source, serial once it is certified."""
        rows = self._register.rows(
            "SELECT s.claim_id, c.source, k.serial FROM claim_subjects s JOIN claims c USING (claim_id)"
            " LEFT JOIN certificates k USING (claim_id)"
            " WHERE s.subject = ? AND s.programme = ? AND s.version = ? AND s.kind = ? ORDER BY c.rowid",
            *(about, programme, version, kind),
        )
        return [(str(claim_id), str(source), serial) for claim_id, source, serial in rows]

    def _one(self, condition: str, value: object) -> HeldClaim | None:
        row = self._register.row(
            f"SELECT {_COLUMNS} FROM claims c LEFT JOIN certificates k USING (claim_id)"  # noqa: S608 - made of constants only
            f" WHERE {condition} AND c.body IS NOT NULL",
            value,
        )
        return _held(row) if row else None

    def _identity(self, claim: Claim) -> bytes:
        return mac(self._secret, b"claim-identity\0" + strict_json.encode(list(claim.identity())))


def _held(row: Row) -> HeldClaim:
    claim_id, salt, body, source, serial = row
    return HeldClaim(claim_id, salt, Claim.of(strict_json.decode(body, _CLAIM_CAP)), source, serial)


def _body(claim: Claim) -> bytes:
    return strict_json.encode(claim.plain())
