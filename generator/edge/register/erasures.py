"""Erasures in the register: which certificate, when, on which case, and a file that may be left."""

from __future__ import annotations

from dataclasses import dataclass

from generator.edge.register.database import Register
from generator.model.value import Day, Serial


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure. `file` names the PDF (relative to the workspace) until it is known to be gone."""

    serial: Serial
    erased_on: Day
    case_id: str
    file: str | None


class Erasures:
    """Adds and finds erasures; inside the caller's transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def add(self, erasure: Erasure) -> None:
        """Note an erasure whose file is still there."""
        self._register.change(
            "INSERT INTO erasures VALUES (?, ?, ?, ?)",
            erasure.serial,
            erasure.erased_on,
            erasure.case_id,
            erasure.file,
        )

    def finished(self, serial: Serial) -> None:
        """Note that nothing is left of it outside the register."""
        self._register.change("UPDATE erasures SET file = NULL WHERE serial = ?", serial)

    def find(self, serial: Serial) -> Erasure | None:
        """The erasure of a certificate."""
        row = self._register.row("SELECT * FROM erasures WHERE serial = ?", serial)
        return Erasure(*row) if row else None

    def all(self) -> list[Erasure]:
        """Every erasure, by serial."""
        return [Erasure(*row) for row in self._register.rows("SELECT * FROM erasures ORDER BY serial")]

    def unfinished(self) -> list[Erasure]:
        """Erasures of which a file may be left: a run was killed."""
        rows = self._register.rows("SELECT * FROM erasures WHERE file IS NOT NULL ORDER BY serial")
        return [Erasure(*row) for row in rows]
