"""Cases and the decisions received on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.edge.register.database import Register, Row
from generator.formats import decision
from generator.model.case import Case, CaseKind
from generator.model.value import Instant, Serial
from generator.rules.case_rulings import ReceivedDecision

_COLUMNS = "case_id, kind, appeals, salt, body, closed_at, outcome, roles, used_at"


@dataclass(frozen=True, slots=True)
class RegisteredCase:
    """A case as registered; `salt` and `body` are None after erasure.

    `roles` are those that the policy named when it was closed; `used_at` is when its outcome was carried
    out, which happens once.
    """

    case_id: str
    kind: CaseKind
    appeals: str | None
    salt: bytes | None
    body: bytes | None
    closed_at: str | None
    outcome: str | None
    roles: tuple[str, ...]
    used_at: str | None

    @property
    def case(self) -> Case | None:
        """The case, unless it was erased."""
        return decision.decode_case(self.body) if self.body is not None else None


class Cases:
    """Opens, closes and finds cases; everything inside the caller's transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def next_id(self, year: int) -> str:
        """The id that the next case of a year gets."""
        prefix = f"C-{year % 100:02d}-"
        row = self._register.row("SELECT count(*) FROM cases WHERE case_id LIKE ?", prefix + "%")
        return f"{prefix}{(int(row[0]) if row else 0) + 1:06d}"

    def add(self, case: Case, at: Instant) -> None:
        """Open a case."""
        salt = self._register.randomness(f"case-salt/{case.case_id}", decision.SALT_BYTES)
        body = decision.encode_case(case)
        self._register.change(
            "INSERT INTO cases (case_id, kind, appeals, salt, body, case_sha256, opened_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            case.case_id,
            case.kind,
            case.appeals,
            salt,
            body,
            decision.commitment(salt, body),
            at,
        )
        self._register.change_many(
            "INSERT INTO case_subjects (serial, case_id) VALUES (?, ?)",
            ((serial, case.case_id) for serial in case.subjects),
        )

    def find(self, case_id: str) -> RegisteredCase | None:
        """One case."""
        row = self._register.row(f"SELECT {_COLUMNS} FROM cases WHERE case_id = ?", case_id)  # noqa: S608 - made of constants only
        return _held(row) if row else None

    def of(self, serial: str) -> list[RegisteredCase]:
        """Every case about a certificate, in the order of opening."""
        rows = self._register.rows(
            f"SELECT {_COLUMNS} FROM cases JOIN case_subjects USING (case_id)"  # noqa: S608 - made of constants only
            " WHERE serial = ? ORDER BY opened_at, case_id",
            serial,
        )
        return [_held(row) for row in rows]

    def open_ones(self) -> list[RegisteredCase]:
        """Cases that are not closed, and closed ones whose outcome is not carried out yet."""
        rows = self._register.rows(
            f"SELECT {_COLUMNS} FROM cases WHERE closed_at IS NULL"  # noqa: S608 - made of constants only
            " OR (used_at IS NULL AND outcome != 'dismiss') ORDER BY case_id"
        )
        return [_held(row) for row in rows]

    def receive(self, case_id: str, at: Instant, envelope: bytes) -> bool:
        """Keep a signed decision. False if this very one is here already."""
        added = self._register.change(
            "INSERT INTO decisions (case_id, received_at, envelope) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            case_id,
            at,
            envelope,
        )
        return added == 1

    def decisions(self, case_id: str) -> list[ReceivedDecision]:
        """The decisions on a case, in the order of receipt."""
        rows = self._register.rows(
            "SELECT received_at, envelope FROM decisions WHERE case_id = ? ORDER BY id", case_id
        )
        return [ReceivedDecision(*row) for row in rows]

    def close(self, case_id: str, at: Instant, outcome: str, roles: Iterable[str]) -> None:
        """Close a case with its outcome and the roles that decided it."""
        self._register.change(
            "UPDATE cases SET closed_at = ?, outcome = ?, roles = ? WHERE case_id = ?",
            at,
            outcome,
            " ".join(roles),
            case_id,
        )

    def used(self, case_id: str, at: Instant) -> None:
        """Note that a case's outcome is carried out: it serves no second time."""
        self._register.change("UPDATE cases SET used_at = ? WHERE case_id = ?", at, case_id)

    def erase(self, serial: Serial) -> list[str]:
        """Remove what the cases about this one certificate tell; the cases of which it was done."""
        rows = self._register.rows(
            "SELECT case_id FROM case_subjects WHERE serial = ? AND case_id NOT IN"
            " (SELECT case_id FROM case_subjects GROUP BY case_id HAVING count(*) > 1)",
            serial,
        )
        for (case_id,) in rows:
            self._register.change("UPDATE cases SET salt = NULL, body = NULL WHERE case_id = ?", case_id)
        return [case_id for (case_id,) in rows]


def _held(row: Row) -> RegisteredCase:
    case_id, kind, appeals, salt, body, closed_at, outcome, roles, used_at = row
    named = tuple((roles or "").split())
    return RegisteredCase(case_id, kind, appeals, salt, body, closed_at, outcome, named, used_at)
