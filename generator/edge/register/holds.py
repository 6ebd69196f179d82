"""Holds in the register: placed, released, and the certificates that they withhold."""

from __future__ import annotations

from dataclasses import dataclass

from generator.edge.register.database import Register
from generator.model.hold import Hold, HoldKind, HoldScope
from generator.model.value import Instant


@dataclass(frozen=True, slots=True)
class RegisteredHold:
    """A hold as registered. `reason` and `permission_reference` are None after an erasure."""

    hold_id: int
    scope: HoldScope
    subject: str
    kind: HoldKind
    owner: str
    reason: str | None
    until: str
    placed_at: str
    released_at: str | None
    permission_reference: str | None = None
    permission_on: str | None = None


class Holds:
    """Places, finds and releases holds; inside the caller's transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def place(self, hold: Hold, at: Instant, withheld: list[str]) -> int:
        """Place a hold that withholds these certificates; its id."""
        self._register.change(
            "INSERT INTO holds (scope, subject, kind, owner, reason, until, placed_at,"
            " permission_reference, permission_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            hold.scope,
            hold.subject,
            hold.kind,
            hold.owner,
            hold.reason,
            hold.until,
            at,
            hold.permission.reference if hold.permission else None,
            hold.permission.given_on if hold.permission else None,
        )
        row = self._register.row("SELECT max(hold_id) FROM holds")
        hold_id = int(row[0]) if row else 0
        self._register.change_many(
            "INSERT INTO withheld (serial, hold_id) VALUES (?, ?)", ((serial, hold_id) for serial in withheld)
        )
        return hold_id

    def release(self, hold_id: int, at: Instant) -> None:
        """Release a hold: what it withheld is published next."""
        self._register.change("UPDATE holds SET released_at = ? WHERE hold_id = ?", at, hold_id)

    def find(self, hold_id: int) -> RegisteredHold | None:
        """One hold."""
        row = self._register.row(f"{_SELECT} WHERE hold_id = ?", hold_id)
        return RegisteredHold(*row) if row else None

    def in_force(self) -> list[RegisteredHold]:
        """Every hold that is not released, by its end."""
        rows = self._register.rows(f"{_SELECT} WHERE released_at IS NULL ORDER BY until, hold_id")
        return [RegisteredHold(*row) for row in rows]

    def all(self) -> list[RegisteredHold]:
        """Every hold there ever was, in the order of placing."""
        return [RegisteredHold(*row) for row in self._register.rows(f"{_SELECT} ORDER BY hold_id")]

    def on(self, scope: HoldScope, subject: str) -> list[RegisteredHold]:
        """The standing holds on one subject."""
        rows = self._register.rows(
            f"{_SELECT} WHERE released_at IS NULL AND scope = ? AND subject = ?", scope, subject
        )
        return [RegisteredHold(*row) for row in rows]

    def ever_on(self, scope: HoldScope, subject: str) -> list[RegisteredHold]:
        """Every hold on one subject, released or not."""
        return [
            RegisteredHold(*row)
            for row in self._register.rows(f"{_SELECT} WHERE scope = ? AND subject = ?", scope, subject)
        ]

    def withheld(self, hold_id: int) -> list[str]:
        """The certificates that a hold withholds."""
        rows = self._register.rows("SELECT serial FROM withheld WHERE hold_id = ? ORDER BY serial", hold_id)
        return [str(serial) for (serial,) in rows]

    def withholding(self, serial: str) -> list[RegisteredHold]:
        """The standing holds that keep a certificate from being published."""
        rows = self._register.rows(
            f"{_SELECT} JOIN withheld USING (hold_id) WHERE serial = ? AND released_at IS NULL", serial
        )
        return [RegisteredHold(*row) for row in rows]

    def erase(self, subjects: list[str]) -> None:
        """Remove the reasons and references of holds on these claims and certificates."""
        for subject in subjects:
            self._register.change(
                "UPDATE holds SET reason = NULL, permission_reference = NULL"
                " WHERE scope != 'centre' AND subject = ?",
                subject,
            )


_SELECT = (
    "SELECT hold_id, scope, subject, kind, owner, reason, until, placed_at, released_at,"
    " permission_reference, permission_on FROM holds"
)
