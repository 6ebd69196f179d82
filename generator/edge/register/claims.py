"""Claims in the register."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from generator.crypto.cipher import mac
from generator.edge.register.database import Register, Row
from generator.formats import strict_json
from generator.model.claim import Claim
from generator.model.value import ClaimId, Instant, Serial

_CLAIM_CAP = 65_536
_COLUMNS = "c.claim_id, c.salt, c.body, c.source, k.serial, r.draft, r.template, r.request"
_TABLES = (
    "claims c LEFT JOIN certificates k ON k.claim_id = c.claim_id"
    " LEFT JOIN replacements r ON r.claim_id = c.claim_id"
)


@dataclass(frozen=True, slots=True)
class Replaces:
    """What a claim for a replacement prints: a corrected draft of the old certificate, and its grounds."""

    draft: bytes
    template: str
    request: bytes


@dataclass(frozen=True, slots=True)
class RegisteredClaim:
    """A claim as registered; `serial` once it is certified."""

    claim_id: ClaimId
    salt: str
    claim: Claim
    source: str
    serial: Serial | None
    replacement: Replaces | None = None


class Claims:
    """Claims by their identity."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._secret = register.secret()

    def find(self, claim: Claim) -> RegisteredClaim | None:
        """The registered claim with the same identity."""
        return self._one("c.identity = ?", self._identity(claim))

    def by_id(self, claim_id: str) -> RegisteredClaim | None:
        """The claim of this id."""
        return self._one("c.claim_id = ?", claim_id)

    def uncertified(self) -> Iterator[RegisteredClaim]:
        """Claims without a certificate, in the order of their sources' arrival."""
        sql = (
            f"SELECT {_COLUMNS} FROM {_TABLES}"  # noqa: S608 - made of constants only
            " WHERE k.serial IS NULL AND c.body IS NOT NULL ORDER BY c.rowid"
        )
        return (_held(row) for row in self._register.rows(sql))

    def certified(self) -> Iterator[RegisteredClaim]:
        """Claims with a certificate that are not erased."""
        sql = (
            f"SELECT {_COLUMNS} FROM {_TABLES}"  # noqa: S608 - made of constants only
            " WHERE k.serial IS NOT NULL AND c.body IS NOT NULL ORDER BY k.serial"
        )
        return (_held(row) for row in self._register.each(sql))

    def add(self, claim: Claim, source: str, at: Instant) -> ClaimId:
        """Register a claim; its new random id (20 hex digits)."""
        identity = self._identity(claim)
        claim_id = ClaimId(self._register.randomness(f"claim-id/{identity.hex()}", 10).hex())
        salt = self._register.randomness(f"claim-salt/{identity.hex()}", 16).hex()
        self._register.change(
            "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?)", claim_id, identity, salt, _body(claim), source, at
        )
        self._register.change(
            "INSERT INTO claim_subjects VALUES (?, ?, ?, ?, ?)",
            *(claim_id, f"{claim.centre}/{claim.learner_ref}", claim.programme, claim.version, claim.kind),
        )
        return claim_id

    def amend(self, claim_id: ClaimId, claim: Claim, source: str) -> None:
        """Replace an uncertified claim's content; approvals given for the old no longer match."""
        self._register.change(
            "UPDATE claims SET body = ?, source = ? WHERE claim_id = ?", _body(claim), source, claim_id
        )

    def is_erased(self, claim: Claim) -> bool:
        """Whether a claim of this identity was here and was erased."""
        row = self._register.row(
            "SELECT 1 FROM claims WHERE identity = ? AND body IS NULL", self._identity(claim)
        )
        return row is not None

    def of_learner(self, centre: str, learner_ref: str) -> list[RegisteredClaim]:
        """Every claim of one learner, by the centre's own reference; people are never joined by name."""
        # The text is looked for first, so that only few claims are decoded.
        needle = b'"learner_ref":' + strict_json.encode(learner_ref)
        rows = self._register.rows(
            f"SELECT {_COLUMNS} FROM {_TABLES} WHERE instr(c.body, ?) > 0 ORDER BY c.rowid",  # noqa: S608 - made of constants only
            needle,
        )
        held = [_held(row) for row in rows]
        return [item for item in held if (item.claim.centre, item.claim.learner_ref) == (centre, learner_ref)]

    def erase(self, claim_id: ClaimId) -> None:
        """Remove a claim's content and what would let its approvals be guessed at; their digests stay."""
        self._register.change(
            "UPDATE claims SET salt = NULL, body = NULL, source = 'erased' WHERE claim_id = ?", claim_id
        )
        self._register.change("DELETE FROM claim_subjects WHERE claim_id = ?", claim_id)
        rows = self._register.rows(
            "SELECT id, envelope FROM approvals WHERE claim_id = ? AND length(envelope) > 32", claim_id
        )
        for rank, envelope in rows:
            # Whoever holds the approval can still show that this is the one that was consumed.
            self._register.change(
                "UPDATE approvals SET draft = NULL, envelope = ? WHERE id = ?",
                hashlib.sha256(envelope).digest(),
                rank,
            )

    def of_subject(
        self, about: str, programme: str, version: str, kind: str
    ) -> list[tuple[ClaimId, str, Serial | None]]:
        """A learner's claims for one thing: id, source, serial once it is certified."""
        rows = self._register.rows(
            "SELECT s.claim_id, c.source, k.serial FROM claim_subjects s JOIN claims c USING (claim_id)"
            " LEFT JOIN certificates k USING (claim_id)"
            " WHERE s.subject = ? AND s.programme = ? AND s.version = ? AND s.kind = ? ORDER BY c.rowid",
            *(about, programme, version, kind),
        )
        return [
            (ClaimId(claim_id), str(source), None if serial is None else Serial(serial))
            for claim_id, source, serial in rows
        ]

    def about(self, about: str) -> list[tuple[RegisteredClaim, Instant]]:
        """Every claim about a learner (`NF041/NF04131`) that is not erased, and when it was imported."""
        rows = self._register.rows(
            f"SELECT {_COLUMNS}, c.imported_at FROM {_TABLES}"  # noqa: S608 - made of constants only
            " JOIN claim_subjects s ON s.claim_id = c.claim_id"
            " WHERE s.subject = ? AND c.body IS NOT NULL ORDER BY c.rowid",
            about,
        )
        return [(_held(row[:-1]), Instant(row[-1])) for row in rows]

    def subjects(self) -> list[str]:
        """Every learner for whom something was claimed and not erased."""
        sql = (
            "SELECT DISTINCT s.subject FROM claim_subjects s JOIN claims c USING (claim_id)"
            " WHERE c.body IS NOT NULL ORDER BY 1"
        )
        return [str(about) for (about,) in self._register.rows(sql)]

    def programmes_of(self, about: str) -> list[tuple[str, str]]:
        """The programmes, with their versions, that a learner was claimed for."""
        sql = "SELECT DISTINCT programme, version FROM claim_subjects WHERE subject = ?"
        return [(str(programme), str(version)) for programme, version in self._register.rows(sql, about)]

    def only_erased(self, about: str) -> bool:
        """Whether a learner was claimed for, and all of it was erased."""
        sql = (
            "SELECT count(*), count(c.body) FROM claim_subjects s JOIN claims c USING (claim_id)"
            " WHERE s.subject = ?"
        )
        claims, kept = self._register.rows(sql, about)[0]
        return bool(claims) and not kept

    def last_of_learner(self, claim_id: ClaimId) -> str | None:
        """The learner (`NF041/NF04131`) of a claim beside which nothing of theirs is left; else None."""
        row = self._register.row(
            "SELECT s.subject FROM claim_subjects s WHERE s.claim_id = ? AND NOT EXISTS (SELECT 1 FROM"
            " claim_subjects o JOIN claims c ON c.claim_id = o.claim_id WHERE o.subject = s.subject"
            " AND o.claim_id != s.claim_id AND c.body IS NOT NULL)",
            claim_id,
        )
        return str(row[0]) if row else None

    def _one(self, condition: str, value: object) -> RegisteredClaim | None:
        row = self._register.row(
            f"SELECT {_COLUMNS} FROM {_TABLES}"  # noqa: S608 - made of constants only
            f" WHERE {condition} AND c.body IS NOT NULL",
            value,
        )
        return _held(row) if row else None

    def _identity(self, claim: Claim) -> bytes:
        return mac(self._secret, b"claim-identity\0" + strict_json.encode(list(claim.identity())))


def _held(row: Row) -> RegisteredClaim:
    claim_id, salt, body, source, serial, draft, template, request = row
    replaces = Replaces(draft, template, request) if draft is not None else None
    claim = Claim.of(strict_json.decode(body, _CLAIM_CAP))
    return RegisteredClaim(claim_id, salt, claim, source, serial, replaces)


def _body(claim: Claim) -> bytes:
    return strict_json.encode(claim.plain())
