"""What was done to certificates after issue: every state with its evidence, and its sealed exception."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.edge.register.database import Register
from generator.formats.status import SealedException
from generator.model.value import Day, Serial
from generator.rules.state_transitions import State


@dataclass(frozen=True, slots=True)
class StateChange:
    """One state of a certificate, the day it came, and the case on which it rests (none: a replacement)."""

    serial: Serial
    kind: State
    changed_on: Day
    reason_code: int = 0
    until: Day | None = None
    case_id: str | None = None


class StateChanges:
    """Adds states and keeps the exception that publishes the newest; inside the caller's transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def last(self, serial: str) -> StateChange | None:
        """The newest change of a certificate; None where nothing was done to it."""
        row = self._register.row(f"{_SELECT} WHERE serial = ? ORDER BY id DESC LIMIT 1", serial)
        return StateChange(*row) if row else None

    def state(self, serial: str) -> State:
        """The state of an issued certificate."""
        last = self.last(serial)
        return last.kind if last else "valid"

    def of(self, serial: Serial) -> list[StateChange]:
        """Every change of a certificate, oldest first."""
        return [
            StateChange(*row)
            for row in self._register.rows(f"{_SELECT} WHERE serial = ? ORDER BY id", serial)
        ]

    def all(self) -> Iterator[StateChange]:
        """Every change there was, by certificate and time."""
        return (StateChange(*row) for row in self._register.each(f"{_SELECT} ORDER BY serial, id"))

    def add(self, change: StateChange) -> None:
        """Add a state."""
        self._register.change(
            "INSERT INTO changes (serial, kind, changed_on, reason_code, until, case_id)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            change.serial,
            change.kind,
            change.changed_on,
            change.reason_code,
            change.until,
            change.case_id,
        )

    def publish_next(self, serial: Serial, year: int, prefix: int, sealed: SealedException) -> None:
        """Have this exception published with the next publication, also where one is under way."""
        data = sealed.tag + sealed.nonce + sealed.sealed
        self._register.change(
            "INSERT INTO exceptions (serial, year, prefix, sealed) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (serial) DO UPDATE SET waiting = excluded.sealed",
            serial,
            year,
            prefix,
            data,
        )

    def sealed(self, serial: str) -> SealedException | None:
        """The newest exception of a certificate, published or waiting."""
        row = self._register.row("SELECT coalesce(waiting, sealed) FROM exceptions WHERE serial = ?", serial)
        return SealedException(row[0][:16], row[0][16:28], row[0][28:]) if row else None

    def waiting(self) -> set[str]:
        """Certificates whose newest state is not published yet: an exception or a tombstone waits."""
        rows = self._register.rows(
            "SELECT serial FROM exceptions WHERE sequence IS NULL OR waiting IS NOT NULL"
            " UNION SELECT serial FROM certificates JOIN erasures USING (serial) WHERE sequence IS NULL"
        )
        return {str(serial) for (serial,) in rows}

    def live(self, serial: Serial, upto: int) -> bool:
        """Whether the newest state of a certificate is in a publication up to this one."""
        row = self._register.row(
            "SELECT waiting IS NULL AND sequence <= ? FROM exceptions WHERE serial = ?", upto, serial
        )
        return row is None or bool(row[0])

    def suspended_until(self) -> list[StateChange]:
        """Certificates that are suspended now, by the day on which that is to be looked at again."""
        rows = self._register.rows(
            f"{_SELECT} WHERE id IN (SELECT max(id) FROM changes GROUP BY serial)"  # noqa: S608 - made of constants only
            " AND kind = 'suspended' ORDER BY until, serial"
        )
        return [StateChange(*row) for row in rows]


# Of a certificate c: nothing was done to it, or it was reinstated since.
GOOD = (
    " AND coalesce((SELECT h.kind FROM changes h WHERE h.serial = c.serial ORDER BY h.id DESC LIMIT 1),"
    " 'reinstated') = 'reinstated'"
)
_SELECT = "SELECT serial, kind, changed_on, reason_code, until, case_id FROM changes"
