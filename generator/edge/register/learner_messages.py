"""Messages to learners that an event caused, once each; the night sends them (docs/delivery.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.edge.register.database import Register
from generator.formats import strict_json
from generator.model.value import Instant

_CAP = 65_536


@dataclass(frozen=True, slots=True)
class LearnerMessage:
    """A message to a learner (`NF041/NF04131`); the payload names no more than it must."""

    message_id: int
    event_key: str
    kind: str
    recipient: str
    created_at: Instant
    payload: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Under which delivery knows it; no learner can be read from it."""
        return f"{self.kind}/{self.message_id}"


class LearnerMessages:
    """Puts messages out within the caller's transaction."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def put(self, event_key: str, kind: str, recipient: str, at: Instant, payload: Mapping[str, Any]) -> bool:
        """Have a message written; False if this event has caused its message already."""
        added = self._register.change(
            "INSERT INTO learner_messages (event_key, kind, recipient, created_at, payload)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            *(event_key, kind, recipient, at, strict_json.encode(dict(payload))),
        )
        return added == 1

    def all(self) -> list[LearnerMessage]:
        """Every message, oldest first."""
        return list(self._found("1 = 1"))

    def of(self, recipient: str) -> list[LearnerMessage]:
        """The messages to one learner."""
        return list(self._found("recipient = ?", recipient))

    def find(self, message_id: int) -> LearnerMessage | None:
        """One message."""
        return next(self._found("id = ?", message_id), None)

    def unsent(self, since: str | None) -> Iterator[LearnerMessage]:
        """Messages put out on a day or later, none of which was handed to delivery yet."""
        handed = "SELECT 1 FROM messages m WHERE m.key = learner_messages.kind || '/' || learner_messages.id"
        return self._found(f"created_at >= ? AND NOT EXISTS ({handed})", since or "")

    def _found(self, condition: str, *values: object) -> Iterator[LearnerMessage]:
        rows = self._register.rows(
            "SELECT id, event_key, kind, recipient, created_at, payload FROM learner_messages"  # noqa: S608 - made of constants only
            f" WHERE {condition} ORDER BY id",
            *values,
        )
        return (
            LearnerMessage(rank, key, kind, who, at, strict_json.decode(payload, _CAP))
            for rank, key, kind, who, at, payload in rows
        )
