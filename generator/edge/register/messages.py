"""Messages in the register: one row for each event that is told to somebody, sent once (docs/delivery.md).

waiting -> handing -> sent; handing is committed before the first byte of the message leaves, so a
run that was killed knows which message may or may not have arrived: it becomes `doubt`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from generator.crypto.cipher import mac
from generator.edge.mail_journal import JournalEntry
from generator.edge.register.database import Register
from generator.edge.register.state_changes import GOOD
from generator.model.value import ClaimId, Instant, Serial

State = Literal["waiting", "handing", "sent", "failed", "doubt", "bounced", "cancelled"]
_COLUMNS = (
    "key, kind, serial, message_id, created_at, state, attempts, next_at, changed_at, reply, recipient,"
    " sent_to"
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its idempotency key. `reply` is the server's code, never its words.

    About a certificate it has a `serial`; otherwise `recipient` is a learner (`NF041/NF04131`) or a
    centre (`NF041`), and None where it goes to the office itself.
    """

    key: str
    kind: str
    serial: Serial | None
    message_id: str
    created_at: Instant
    state: State
    attempts: int
    next_at: str
    changed_at: Instant
    reply: str
    recipient: str | None = None
    sent_to: str = field(default="", repr=False)

    @property
    def to_office(self) -> bool:
        """Whether it is the office's own: a report or a warning."""
        return self.serial is None and self.recipient is None


class Messages:
    """Every message ever caused, and what became of it."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def enqueue(
        self,
        key: str,
        kind: str,
        serial: Serial | None,
        domain: str,
        at: Instant,
        recipient: str | None = None,
    ) -> bool:
        """Have a message sent, inside a transaction; False if this event has caused its message already.

        The Message-ID is an HMAC of the key: the same at each attempt, and nobody's to guess.
        """
        name = mac(self._register.secret(), b"message-id\0" + key.encode()).hex()[:32]
        added = self._register.change(
            "INSERT INTO messages (key, kind, serial, message_id, created_at, state, attempts, next_at,"
            " changed_at, reply, recipient) VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, ?, '', ?)"
            " ON CONFLICT DO NOTHING",
            key,
            kind,
            serial,
            f"<{name}@{domain}>",
            at,
            at,
            at,
            recipient,
        )
        return added == 1

    def due(self, now: Instant) -> list[Message]:
        """Messages whose time has come, the oldest first."""
        return self._all("state = 'waiting' AND next_at <= ? ORDER BY created_at, key", now)

    def in_state(self, state: State) -> list[Message]:
        """Messages of a state, by key."""
        return self._all("state = ? ORDER BY key", state)

    def find(self, key: str) -> Message | None:
        """The message of this key."""
        return next(iter(self._all("key = ?", key)), None)

    def by_message_id(self, message_id: str) -> Message | None:
        """The message that a bounce names."""
        return next(iter(self._all("message_id = ?", message_id)), None)

    def of_serial(self, serial: Serial) -> list[Message]:
        """What was sent about a certificate, the oldest first."""
        return self._all("serial = ? ORDER BY created_at, key", serial)

    def to_recipient(self, recipient: str) -> list[Message]:
        """What was sent to a learner or centre besides messages about certificates, the oldest first."""
        return self._all("recipient = ? ORDER BY created_at, key", recipient)

    def forget(self, recipient: str) -> list[str]:
        """Send nothing more to a learner, and keep no sign of who it was; the keys of their messages."""
        keys = [item.key for item in self.to_recipient(recipient)]
        self._register.change(
            "UPDATE messages SET recipient = 'erased', sent_to = '', reply = '',"
            " state = CASE state WHEN 'sent' THEN 'sent' ELSE 'cancelled' END WHERE recipient = ?",
            recipient,
        )
        return keys

    def moved(self, key: str, state: State, at: Instant, reply: str = "", next_at: str | None = None) -> None:
        """Note what became of a message; `handing` counts as an attempt."""
        self._register.change(
            "UPDATE messages SET state = ?, changed_at = ?, reply = ?, next_at = coalesce(?, next_at),"
            " attempts = attempts + ? WHERE key = ?",
            state,
            at,
            reply,
            next_at,
            int(state == "handing"),
            key,
        )

    def handing(self, key: str, addresses: Iterable[str], at: Instant) -> None:
        """Note that a message is handed over now, and to whom: a keyed digest of each address."""
        self.moved(key, "handing", at)
        digests = " ".join(sorted(map(self._digest, addresses)))
        self._register.change("UPDATE messages SET sent_to = ? WHERE key = ?", digests, key)

    def went_to(self, message: Message, address: str) -> bool:
        """Whether a message was last handed over for this address."""
        return self._digest(address) in message.sent_to.split()

    def report_taken(self, report: bytes) -> bool:
        """Whether this very report was taken before."""
        return (
            self._register.row("SELECT 1 FROM taken_reports WHERE digest = ?", self._mac(report)) is not None
        )

    def take_report(self, report: bytes, at: Instant) -> None:
        """Remember a report, so that it is taken once."""
        self._register.change(
            "INSERT INTO taken_reports VALUES (?, ?) ON CONFLICT DO NOTHING", self._mac(report), at
        )

    def journal_name(self, event: str) -> str:
        """The name in the mail journal of the letter that an event causes."""
        return self._mac(b"journal\0" + event.encode())

    def known_sent(self, key: str, entry: JournalEntry) -> None:
        """Note a message of which the mail journal says that it has gone."""
        self.moved(key, "sent", entry.at, entry.reply)
        self._register.change("UPDATE messages SET attempts = ? WHERE key = ?", entry.attempt, key)

    def _digest(self, address: str) -> str:
        return self._mac(b"address\0" + address.casefold().encode())

    def _mac(self, data: bytes) -> str:
        return mac(self._register.secret(), b"mail\0" + data).hex()[:32]

    def undone(self, key: str, at: Instant) -> None:
        """A handing over that can be done again without harm: as if it had not begun."""
        self._register.change(
            "UPDATE messages SET state = 'waiting', attempts = attempts - 1, changed_at = ? WHERE key = ?",
            at,
            key,
        )

    def tried(self, key: str, at: Instant, reply: str, next_at: str) -> None:
        """An attempt that ended before the message was handed over."""
        self._register.change(
            "UPDATE messages SET state = 'waiting', attempts = attempts + 1, changed_at = ?, reply = ?,"
            " next_at = ? WHERE key = ?",
            at,
            reply,
            next_at,
            key,
        )

    def counts(self) -> dict[str, int]:
        """How many messages are in each state."""
        rows = self._register.rows("SELECT state, count(*) FROM messages GROUP BY state ORDER BY state")
        return {str(state): int(count) for state, count in rows}

    def unannounced(self, upto: int, since: str | None) -> Iterator[tuple[Serial, ClaimId]]:
        """Serial and claim of issued certificates with an address, live up to a publication, not yet told.

        Of one to which something was done: only where it was reinstated, and that is live too.
        """
        rows = self._register.rows(
            "SELECT c.serial, c.claim_id FROM certificates c JOIN contacts a USING (claim_id)"  # noqa: S608 - made of constants only
            " LEFT JOIN messages m ON m.key = 'issued/' || c.serial"
            " LEFT JOIN exceptions e ON e.serial = c.serial"
            " WHERE c.sequence <= ? AND c.entry IS NOT NULL AND c.statement IS NOT NULL AND m.key IS NULL"
            f" AND (e.serial IS NULL OR e.waiting IS NULL AND e.sequence <= ?) AND c.issued_on >= ?{GOOD}"
            " ORDER BY c.serial",
            upto,
            upto,
            since or "",
        )
        return ((Serial(serial), ClaimId(claim_id)) for serial, claim_id in rows)

    def _all(self, condition: str, *values: object) -> list[Message]:
        sql = f"SELECT {_COLUMNS} FROM messages WHERE {condition}"  # noqa: S608 - made of constants only
        return [Message(*row) for row in self._register.rows(sql, *values)]
