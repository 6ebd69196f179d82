"""Replacements in the register: the one place that knows which certificate follows which."""

from __future__ import annotations

from dataclasses import dataclass

from generator.crypto.cipher import mac
from generator.edge.register.database import Register, Row
from generator.formats import decision, strict_json
from generator.model.case import Request
from generator.model.value import ClaimId, Instant, Serial


@dataclass(frozen=True, slots=True)
class Replacement:
    """A replacement from its request on. `new_serial` once it is issued; `request` until erasure."""

    claim_id: ClaimId
    old_serial: Serial
    case_id: str | None
    request: Request | None
    draft: bytes | None
    template: str
    withdrawn_at: str | None
    new_serial: Serial | None


class Replacements:
    """Adds and finds replacements; inside the caller's transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def add(
        self, request: Request, draft: bytes, template: str, body: bytes, source: str, at: Instant
    ) -> ClaimId:
        """Register a replacement's own claim (`body`) and what will be printed; the claim's id."""
        rank = self._register.row(
            "SELECT count(*) FROM replacements WHERE old_serial = ?", request.old_serial
        )
        named = [request.old_serial, str(rank[0] if rank else 0)]
        identity = mac(self._register.secret(), b"replacement-identity\0" + strict_json.encode(named))
        claim_id = ClaimId(self._register.randomness(f"claim-id/{identity.hex()}", 10).hex())
        salt = self._register.randomness(f"claim-salt/{identity.hex()}", 16).hex()
        self._register.change(
            "INSERT INTO claims (claim_id, identity, salt, body, source, imported_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            claim_id,
            identity,
            salt,
            body,
            source,
            at,
        )
        # Whose it is: as long as it is kept, nothing that was recorded of the learner may be forgotten.
        self._register.change(
            "INSERT INTO claim_subjects SELECT ?, s.subject, s.programme, s.version, s.kind"
            " FROM certificates k JOIN claim_subjects s ON s.claim_id = k.claim_id WHERE k.serial = ?",
            claim_id,
            request.old_serial,
        )
        self._register.change(
            "INSERT INTO replacements (claim_id, old_serial, case_id, request, draft, template)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            claim_id,
            request.old_serial,
            request.case_id,
            decision.encode_request(request),
            draft,
            template,
        )
        return claim_id

    def of_claim(self, claim_id: str) -> Replacement | None:
        """The replacement that a claim asks for, if it asks for one."""
        row = self._register.row(f"{_SELECT} WHERE r.claim_id = ?", claim_id)
        return _held(row) if row else None

    def of_old(self, serial: str) -> list[Replacement]:
        """Every replacement that was asked for of a certificate, oldest first."""
        rows = self._register.rows(f"{_SELECT} WHERE r.old_serial = ? ORDER BY r.rowid", serial)
        return [_held(row) for row in rows]

    def of_new(self, serial: str) -> Replacement | None:
        """The replacement that a certificate is, if it is one."""
        row = self._register.row(f"{_SELECT} WHERE k.serial = ?", serial)
        return _held(row) if row else None

    def of_case(self, case_id: str) -> list[Replacement]:
        """The replacements of a case of reissue."""
        rows = self._register.rows(f"{_SELECT} WHERE r.case_id = ? ORDER BY r.old_serial", case_id)
        return [_held(row) for row in rows]

    def withdraw(self, claim_id: str, at: Instant) -> None:
        """Withdraw a request that has no number yet: its claim is not looked at again."""
        self._register.change("UPDATE replacements SET withdrawn_at = ? WHERE claim_id = ?", at, claim_id)
        self._register.change("UPDATE claims SET body = NULL, salt = NULL WHERE claim_id = ?", claim_id)

    def erase(self, serial: Serial, claim_id: ClaimId) -> None:
        """Remove what requests for or from a certificate tell; that there was one is kept."""
        self._register.change(
            "UPDATE replacements SET request = NULL, draft = NULL WHERE old_serial = ? OR claim_id = ?",
            serial,
            claim_id,
        )


_SELECT = (
    "SELECT r.claim_id, r.old_serial, r.case_id, r.request, r.draft, r.template, r.withdrawn_at, k.serial"
    " FROM replacements r LEFT JOIN certificates k ON k.claim_id = r.claim_id"
)


def _held(row: Row) -> Replacement:
    claim_id, old, case_id, request, draft, template, withdrawn, new = row
    asked = decision.decode_request(request) if request is not None else None
    return Replacement(claim_id, old, case_id, asked, draft, template, withdrawn, new)
