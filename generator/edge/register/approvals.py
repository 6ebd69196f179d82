"""Approvals in the register: received through the event chain, in its order, and consumed once.

The row keeps the envelope; that it counts, from when, and in which order, is the chain's to say. A
row without its event, or an event without its row, is a fault: no approval can be slipped in, and
none revived by removing its withdrawal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog, LoggedEvent
from generator.formats.approval import Approval, StandingApproval
from generator.model.value import ClaimId, Instant, Serial
from generator.rules.received_approvals import ReceivedApproval

_EVENT = "approval_received"
_STANDING = "standing/"


class Approvals:
    """Receives approvals within the caller's transaction, and finds them as the chain has them."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def receive(
        self, at: Instant, opened: Approval | StandingApproval, envelope: bytes, draft: bytes
    ) -> bool:
        """Keep an approval and its event; False if this very one is here already."""
        single = isinstance(opened, Approval)
        claim_id = opened.claim_id if isinstance(opened, Approval) else None
        added = self._register.change(
            "INSERT INTO approvals (claim_id, received_at, person, role, decision, envelope, draft)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            *(claim_id, at, opened.person, opened.role, opened.decision, envelope, draft if single else None),
        )
        if added == 1:
            details = {"person": opened.person, "role": opened.role, "decision": opened.decision}
            subject = opened.claim_id if isinstance(opened, Approval) else _STANDING + opened.programme
            EventLog(self._register).append(
                at, _EVENT, subject, {**details, "approval_sha256": hashlib.sha256(envelope).hexdigest()}
            )
        return added == 1

    def of_claim(self, claim_id: ClaimId) -> tuple[list[ReceivedApproval], str]:
        """A claim's approvals in the order of the chain, and how rows and chain differ (else empty)."""
        rows = self._register.rows("SELECT envelope, draft FROM approvals WHERE claim_id = ?", claim_id)
        return _paired(rows, EventLog(self._register).of(claim_id, _EVENT))

    def standing(self) -> tuple[list[ReceivedApproval], str]:
        """Every standing approval in the order of the chain, and how rows and chain differ."""
        rows = self._register.rows("SELECT envelope, draft FROM approvals WHERE claim_id IS NULL")
        return _paired(rows, EventLog(self._register).under(_STANDING, _EVENT))

    def first_event(self) -> int:
        """The earliest event on which an approval of a claim that waits can rest."""
        row = self._register.row(
            "SELECT min(seq) FROM event_details WHERE (subject >= ? AND subject < ?) OR subject IN"
            " (SELECT claim_id FROM claims LEFT JOIN certificates USING (claim_id) WHERE serial IS NULL)",
            *(_STANDING, _STANDING[:-1] + chr(ord("/") + 1)),
        )
        return int(row[0]) if row and row[0] else 1

    def consume(self, envelopes: Iterable[bytes], serial: Serial) -> None:
        """Let these approvals serve this certificate and no other (the table refuses a second)."""
        self._register.change_many(
            "INSERT INTO consumed VALUES (?, ?)",
            ((hashlib.sha256(one).hexdigest(), serial) for one in envelopes),
        )

    def consumed_by(self, envelope: bytes) -> str | None:
        """The certificate that an approval served, if it did."""
        row = self._register.row(
            "SELECT serial FROM consumed WHERE approval_sha256 = ?", hashlib.sha256(envelope).hexdigest()
        )
        return str(row[0]) if row else None


def _paired(
    rows: list[tuple[bytes, bytes | None]], events: list[LoggedEvent]
) -> tuple[list[ReceivedApproval], str]:
    kept = {hashlib.sha256(envelope).hexdigest(): (envelope, draft) for envelope, draft in rows}
    found, fault = [], ""
    for event in events:
        named = str(event.details.get("approval_sha256"))
        if not event.good:
            fault = f"event {event.seq} was altered"
        if named not in kept:
            fault = fault or f"an approval received on {event.at} is no longer in the register"
            continue
        envelope, draft = kept.pop(named)
        found.append(ReceivedApproval(event.at, envelope, draft or b""))
    if kept:
        fault = "holds an approval that the event chain never received"
    return found, fault
