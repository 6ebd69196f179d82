"""Messages that wait for the night, and the reminders that went into them (docs/afterwards.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.edge.register.database import Register
from generator.formats import strict_json
from generator.model.value import Instant

_CAP = 65_536


@dataclass(frozen=True, slots=True)
class RequestedMessage:
    """A message to one recipient (`learner` or `centre`) about a serial; no address and no name."""

    message_id: int
    kind: str
    subject: str
    recipient: str
    details: Mapping[str, Any]
    asked_at: str
    sent_at: str | None


class RequestedMessages:
    """Puts messages out and finds them; inside the caller's transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def put(self, kind: str, subject: str, recipient: str, details: Mapping[str, Any], at: Instant) -> None:
        """Have a message sent by the next night."""
        self._register.change(
            "INSERT INTO outbox (kind, subject, recipient, details, asked_at) VALUES (?, ?, ?, ?, ?)",
            kind,
            subject,
            recipient,
            strict_json.encode(dict(details)),
            at,
        )

    def waiting(self) -> list[RequestedMessage]:
        """Messages that are not sent yet, oldest first."""
        return self._found("sent_at IS NULL")

    def about(self, subject: str) -> list[RequestedMessage]:
        """Every message about a subject."""
        return self._found("subject = ?", subject)

    def sent(self, message_id: int, at: Instant, message: str | None = None) -> None:
        """Note that it went into a message to be sent (its key); None: nothing is left to say."""
        self._register.change(
            "UPDATE outbox SET sent_at = ?, message = ? WHERE id = ?", at, message, message_id
        )

    def in_message(self, key: str) -> list[RequestedMessage]:
        """What a message to a centre is made of."""
        return self._found("message = ?", key)

    def erase(self, subject: str) -> None:
        """Remove every message and reminder about a subject."""
        self._register.change("DELETE FROM outbox WHERE subject = ?", subject)
        self._register.change("DELETE FROM reminders WHERE subject = ?", subject)

    def reminded(self, subject: str, due: str) -> set[int]:
        """At which intervals (days before `due`) a reminder was made already."""
        rows = self._register.rows("SELECT days FROM reminders WHERE subject = ? AND due = ?", subject, due)
        return {int(days) for (days,) in rows}

    def remind(self, subject: str, due: str, days: int, at: Instant) -> None:
        """Note a reminder, so that it is made once."""
        self._register.change("INSERT INTO reminders VALUES (?, ?, ?, ?)", subject, due, days, at)

    def _found(self, condition: str, *values: object) -> list[RequestedMessage]:
        rows = self._register.rows(
            "SELECT id, kind, subject, recipient, details, asked_at, sent_at FROM outbox"  # noqa: S608 - made of constants only
            f" WHERE {condition} ORDER BY id",
            *values,
        )
        return [
            RequestedMessage(rank, kind, subject, recipient, strict_json.decode(details, _CAP), asked, sent)
            for rank, kind, subject, recipient, details, asked, sent in rows
        ]
