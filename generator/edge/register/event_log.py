"""The register's event trail: appended, chained, never changed (SPEC, chapter Events)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.edge.codes import CLOCK_BACK, EVENT_CHAIN
from generator.edge.register.database import Register, Row
from generator.errors import Malformed, Place, Problem, Refused
from generator.formats import strict_json
from generator.formats.events import GENESIS, Event, commitment, link
from generator.model.value import Digest, Instant, seconds

SALT_BYTES = 16
# A clock may be put right by a little; more is refused.
CLOCK_SLACK_SECONDS = 120


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event with its details. `good`: details, commitment and link to the event before agree."""

    seq: int
    at: Instant
    kind: str
    details: Mapping[str, Any]
    hash: str
    good: bool


class EventLog:
    """Appends to the chain within the caller's transaction, and checks it whole."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def append(self, at: Instant, kind: str, subject: str, details: dict[str, Any]) -> None:
        """Add an event. `details` is committed to with a fresh salt; `subject` finds it again."""
        seq, before = self.state()
        salt = self._register.randomness(f"event-salt/{seq + 1}", SALT_BYTES)
        whole = {"subject": subject, **details}
        event = Event(seq=seq + 1, at=at, kind=kind, commitment=commitment(salt, whole))
        self._register.change(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
            event.seq,
            at,
            kind,
            event.commitment,
            link(before, event),
        )
        self._register.change(
            "INSERT INTO event_details VALUES (?, ?, ?, ?)",
            event.seq,
            subject,
            salt,
            strict_json.encode(whole),
        )

    def about(self, subject: str) -> list[tuple[int, str, str, dict[str, Any]]]:
        """The events of a subject whose details are kept: number, instant, kind, details."""
        rows = self._register.rows(
            "SELECT e.seq, e.at, e.kind, d.details FROM event_details d JOIN events e USING (seq)"
            " WHERE d.subject = ? ORDER BY e.seq",
            subject,
        )
        return [(seq, at, kind, strict_json.decode(data, len(data))) for seq, at, kind, data in rows]

    def erase(self, subjects: list[str]) -> int:
        """Remove salt and details of every event of these subjects; the chain stays whole. How many."""
        return sum(
            self._register.change("DELETE FROM event_details WHERE subject = ?", subject)
            for subject in subjects
        )

    def silent(self) -> int:
        """How many events have no details any more."""
        row = self._register.row(
            "SELECT count(*) FROM events LEFT JOIN event_details d USING (seq) WHERE d.seq IS NULL"
        )
        return int(row[0]) if row else 0

    def state(self) -> tuple[int, Digest]:
        """How many events there are, and the chain's hash after the last."""
        last = self._register.row("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
        return (int(last[0]), Digest(last[1])) if last else (0, GENESIS)

    def hash_at(self, seq: int) -> Digest | None:
        """The chain's hash after this many events."""
        if seq == 0:
            return GENESIS
        found = self._register.row("SELECT hash FROM events WHERE seq = ?", seq)
        return Digest(found[0]) if found else None

    def of(self, subject: str, kind: str | None = None) -> list[LoggedEvent]:
        """The events about a subject in their order, each compared with its commitment and its link."""
        rows = self._register.rows(
            "SELECT e.seq, e.at, e.kind, e.commitment, e.hash, p.hash, d.salt, d.details"
            " FROM event_details d JOIN events e USING (seq) LEFT JOIN events p ON p.seq = e.seq - 1"
            " WHERE d.subject = ? AND (? IS NULL OR e.kind = ?) ORDER BY e.seq",
            *(subject, kind, kind),
        )
        return [_logged_event(row, subject) for row in rows]

    def under(self, prefix: str, kind: str) -> list[LoggedEvent]:
        """The events of a kind about every subject that begins so."""
        rows = self._register.rows(
            "SELECT DISTINCT subject FROM event_details WHERE subject >= ? AND subject < ?",
            *(prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)),
        )
        found = [event for (subject,) in rows for event in self.of(subject, kind)]
        return sorted(found, key=lambda event: event.seq)

    def check_clock(self, now: Instant) -> None:
        """Refuse to add to the chain at an instant well before its last event (a clock set back)."""
        last = self._register.row("SELECT max(at) FROM events")
        if last and last[0] and seconds(now) < seconds(last[0]) - CLOCK_SLACK_SECONDS:
            what = f"the clock says {now}, but the register was used at {last[0]}"
            raise Refused(CLOCK_BACK.at(Place(str(self._register.path)), what, "set the clock right"))

    def check(self, after: int = 0) -> list[Problem]:
        """Read the chain after this many events; a problem names the first event that was altered."""
        before, expected = self.hash_at(after) or GENESIS, after + 1
        rows = self._register.each(
            "SELECT e.seq, e.at, e.kind, e.commitment, e.hash, d.salt, d.details"
            " FROM events e LEFT JOIN event_details d USING (seq) WHERE e.seq > ? ORDER BY e.seq",
            after,
        )
        for seq, at, kind, committed, stored, salt, details in rows:
            try:
                event = Event(seq=seq, at=at, kind=kind, commitment=committed)
                good = seq == expected and link(before, event) == stored
                if details is not None:
                    plain = strict_json.decode(details, len(details))
                    good = good and commitment(salt, plain) == committed
            except (Malformed, ValueError):
                good = False
            if not good:
                what = f"event {seq} was altered, or one before it removed"
                fix = "restore the register from the backup and report it"
                return [EVENT_CHAIN.at(Place(str(self._register.path)), what, fix)]
            before, expected = stored, expected + 1
        return []


def _logged_event(row: Row, subject: str) -> LoggedEvent:
    seq, at, kind, committed, stored, before, salt, details = row
    plain: dict[str, Any] = {}
    try:
        plain = strict_json.decode(details, len(details))
        event = Event(seq=seq, at=at, kind=kind, commitment=committed)
        linked = link(GENESIS if seq == 1 else Digest(before or ""), event) == stored
        good = linked and commitment(salt, plain) == committed and plain.get("subject") == subject
    except (Malformed, ValueError):
        good = False
    return LoggedEvent(seq, at, kind, plain, stored, good)
