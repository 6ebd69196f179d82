"""Where learners are reached: an address, and the secret of a private link; rows that can be deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.edge.register.database import Register
from generator.edge.register.state_changes import GOOD
from generator.formats.private_link import SECRET_BYTES
from generator.model.value import ClaimId, Day, Instant, Serial, VerificationCode


@dataclass(frozen=True, slots=True)
class RegisteredLink:
    """A private link: the certificate's serial, number and day, and the link's secret."""

    serial: Serial
    number: VerificationCode = field(repr=False)
    issued_on: Day
    secret: bytes = field(repr=False)


class Contacts:
    """Addresses by claim, and links by serial."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def put(self, claim_id: ClaimId, email: str) -> None:
        """Keep or replace the address of a claim's learner, inside a transaction."""
        self._register.change(
            "INSERT INTO contacts VALUES (?, ?) ON CONFLICT (claim_id) DO UPDATE SET email = excluded.email",
            claim_id,
            email,
        )

    def forget(self, claim_id: ClaimId) -> None:
        """Delete an address."""
        self._register.change("DELETE FROM contacts WHERE claim_id = ?", claim_id)

    def erase(self, serial: Serial, claim_id: ClaimId) -> None:
        """Delete address and link of an erased certificate, and cancel what has not arrived."""
        self.forget(claim_id)
        self._register.change("DELETE FROM links WHERE serial = ?", serial)
        self._register.change(
            "UPDATE messages SET sent_to = '', reply = '',"
            " state = CASE state WHEN 'sent' THEN 'sent' ELSE 'cancelled' END WHERE serial = ?",
            serial,
        )

    def of(self, claim_id: str) -> str | None:
        """The address, if there is one."""
        row = self._register.row("SELECT email FROM contacts WHERE claim_id = ?", claim_id)
        return str(row[0]) if row else None

    def unlinked(self, since: str | None) -> list[Serial]:
        """Certificates with an address, issued since a day, that have no private link and no message yet.

        None for what is suspended, revoked, superseded or withheld, and none again for a link withdrawn.
        """
        rows = self._register.rows(
            "SELECT c.serial FROM certificates c JOIN contacts USING (claim_id)"  # noqa: S608 - made of constants only
            " LEFT JOIN links l ON l.serial = c.serial LEFT JOIN messages m ON m.key = 'issued/' || c.serial"
            " WHERE c.entry IS NOT NULL AND c.statement IS NOT NULL AND l.serial IS NULL AND m.key IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM withdrawn_links w WHERE w.serial = c.serial)"
            f" AND c.issued_on >= ?{GOOD}{_NOT_WITHHELD} ORDER BY c.serial",
            since or "",
        )
        return [Serial(serial) for (serial,) in rows]

    def published_at(self, serial: Serial) -> Instant | None:
        """When the publication was made that has the certificate; None while it waits for one."""
        row = self._register.row(
            "SELECT p.issued_at FROM certificates JOIN publications p USING (sequence) WHERE serial = ?",
            serial,
        )
        return Instant(row[0]) if row else None

    def make_link(self, serial: Serial, sequence: int) -> None:
        """Give a certificate a private link from a publication on, inside a transaction."""
        secret = self._register.randomness(f"private-link/{serial}", SECRET_BYTES)
        self._register.change("INSERT INTO links VALUES (?, ?, ?)", serial, secret, sequence)

    def withdraw_link(self, serial: Serial, at: Instant) -> bool:
        """Take a private link away for good, inside a transaction; False where there is none."""
        if not self._register.change("DELETE FROM links WHERE serial = ?", serial):
            return False
        self._register.change("INSERT INTO withdrawn_links VALUES (?, ?)", serial, at)
        return True

    def link_withdrawn(self, serial: Serial) -> bool:
        """Whether a certificate's private link was withdrawn."""
        return self._register.row("SELECT 1 FROM withdrawn_links WHERE serial = ?", serial) is not None

    def link_live(self, serial: Serial, upto: int) -> bool:
        """Whether the private link is in a publication up to this one."""
        row = self._register.row("SELECT sequence FROM links WHERE serial = ?", serial)
        return row is not None and int(row[0]) <= upto

    def secret(self, serial: Serial) -> bytes | None:
        """The secret of a certificate's private link."""
        row = self._register.row("SELECT secret FROM links WHERE serial = ?", serial)
        return bytes(row[0]) if row else None

    def links(self) -> Iterator[RegisteredLink]:
        """Every private link whose certificate is published or about to be, by serial."""
        rows = self._register.rows(
            "SELECT l.serial, c.number, c.issued_on, l.secret FROM links l JOIN certificates c USING (serial)"
            " WHERE c.entry IS NOT NULL AND c.statement IS NOT NULL ORDER BY l.serial"
        )
        return (RegisteredLink(*row) for row in rows)


_NOT_WITHHELD = (
    " AND NOT EXISTS (SELECT 1 FROM withheld w JOIN holds h USING (hold_id)"
    " WHERE w.serial = c.serial AND h.released_at IS NULL)"
)
