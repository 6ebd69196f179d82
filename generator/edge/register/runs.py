"""Runs in the register: what each night did, step by step, and the switches of the office."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from generator.edge.register.database import Register
from generator.model.value import Instant


@dataclass(frozen=True, slots=True)
class Run:
    """A run. `events`: how many events the trail held when the last finished run before it had ended."""

    id: int
    started_at: str
    state: str
    events: int


class Runs:
    """Rows of runs; each step is noted when it ends, so a killed run shows how far it came."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def begin(self, kind: str, at: Instant) -> Run:
        """A new run, inside a transaction; a run that never ended is marked interrupted."""
        self._register.change(
            "UPDATE runs SET state = 'interrupted', ended_at = ? WHERE kind = ? AND state = 'running'",
            at,
            kind,
        )
        events = self._finished_events(kind)
        self._register.change(
            "INSERT INTO runs (kind, started_at, state, events) VALUES (?, ?, 'running', ?)",
            kind,
            at,
            events,
        )
        found = self._register.row("SELECT max(id) FROM runs")
        return Run(int(found[0]) if found else 1, at, "running", events)

    def _finished_events(self, kind: str) -> int:
        row = self._register.row(
            "SELECT json_extract(report, '$.events') FROM runs WHERE kind = ? AND state = 'ended'"
            " ORDER BY id DESC LIMIT 1",
            kind,
        )
        return int(row[0] or 0) if row else 0

    def last_ended(self, run: Run) -> int:
        """The last run of its kind that ended before this one; 0 where there is none."""
        row = self._register.row(
            "SELECT coalesce(max(id), 0) FROM runs WHERE state = 'ended' AND id < ?"
            " AND kind = (SELECT kind FROM runs WHERE id = ?)",
            run.id,
            run.id,
        )
        return int(row[0]) if row else 0

    def running(self, kind: str) -> int:
        """How many runs have begun and not ended: one that was killed, if asked before `begin`."""
        row = self._register.row("SELECT count(*) FROM runs WHERE kind = ? AND state = 'running'", kind)
        return int(row[0]) if row else 0

    def interrupted(self, kind: str) -> int:
        """How many runs were cut short since the last that ended."""
        row = self._register.row(
            "SELECT count(*) FROM runs WHERE kind = ? AND state = 'interrupted' AND id >"
            " (SELECT coalesce(max(id), 0) FROM runs WHERE kind = ? AND state = 'ended')",
            kind,
            kind,
        )
        return int(row[0]) if row else 0

    def step(self, run: Run, name: str, state: str, words: str) -> None:
        """Note how a step ended."""
        self._register.change(
            "INSERT INTO run_steps VALUES (?, ?, ?, ?) ON CONFLICT (run, step)"
            " DO UPDATE SET state = excluded.state, words = excluded.words",
            run.id,
            name,
            state,
            words,
        )

    def end(self, run: Run, at: Instant, report: dict[str, Any]) -> None:
        """The run is over; `report` (plain data, with `events`) is kept."""
        self._register.change(
            "UPDATE runs SET state = 'ended', ended_at = ?, report = ? WHERE id = ?",
            at,
            json.dumps(report, sort_keys=True),
            run.id,
        )

    def happened(self, kind: str, since: int) -> int:
        """How many events of a kind are in the trail after the first `since`."""
        row = self._register.row("SELECT count(*) FROM events WHERE kind = ? AND seq > ?", kind, since)
        return int(row[0]) if row else 0

    def round_trip(self) -> int:
        """The newest publication that was read back and found good; 0 before the first."""
        row = self._register.row("SELECT max(sequence) FROM round_trips")
        return int(row[0] or 0) if row else 0

    def round_trip_done(self, sequence: int, scanned: int) -> None:
        """Note a publication that was read back."""
        self._register.change("INSERT OR REPLACE INTO round_trips VALUES (?, ?)", sequence, scanned)

    def switch(self, name: str) -> str | None:
        """The value of a switch, or None where it is off."""
        row = self._register.row("SELECT value FROM switches WHERE name = ?", name)
        return str(row[0]) if row else None

    def set_switch(self, name: str, value: str | None, at: Instant) -> None:
        """Turn a switch on with a value, or off."""
        self._register.change("DELETE FROM switches WHERE name = ?", name)
        if value is not None:
            self._register.change("INSERT INTO switches VALUES (?, ?, ?)", name, value, at)
