"""Mail: sent to the outbox folder or to a server over SMTP, and what comes back of it (docs/delivery.md).

The adapter for smtplib. `handing` is called when the server has agreed to take the message and before
its first byte leaves: from there on, silence means that nobody can know whether it arrived.

What a mail server reports back are delivery status notifications (RFC 3464), or a list in CSV. Only two
things are read of a report: which message of ours it is about, and whether it says that the message will
never arrive. The rest is somebody else's text and is left alone.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage, Message
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr, parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from generator.edge import disk
from generator.edge.deadline import sending, within
from generator.errors import Malformed
from generator.model.delivery import Smtp
from generator.model.value import Instant, instant

# What the folder answers where a server would answer with a code: nobody has got it yet.
OUTBOX = "outbox"
_REPLY_CAP = 65_536  # bytes
Outcome = Literal["sent", "later", "refused", "doubt", "down"]
Handing = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one attempt. `code` is the server's, `down` means that no server was reached."""

    outcome: Outcome
    code: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message as handed to a carrier."""

    key: str
    sender: str
    recipients: tuple[str, ...]
    data: bytes


class MailTransport(Protocol):
    """A way for mail to leave."""

    def send(self, parcel: OutgoingMessage, handing: Handing) -> Reply:
        """Try once."""

    def close(self) -> None:
        """Say goodbye."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    subtype: str
    data: bytes


def compose(
    *,
    message_id: str,
    at: Instant,
    sender: tuple[str, str],
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    attachment: Attachment | None = None,
) -> bytes:
    """The message's bytes, the same each time: its date and boundaries follow from the message."""
    letter = EmailMessage(policy=SMTP_POLICY)
    letter["From"] = formataddr(sender)
    letter["To"] = recipient
    letter["Subject"] = subject
    letter["Date"] = format_datetime(datetime.fromisoformat(at))
    letter["Message-ID"] = message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text, cte="quoted-printable")
    if html:
        letter.add_alternative(html, subtype="html", cte="quoted-printable")
    if attachment:
        letter.add_attachment(
            attachment.data, maintype="application", subtype=attachment.subtype, filename=attachment.name
        )
    for rank, part in enumerate(letter.walk()):
        if part.is_multipart():
            part.set_boundary(f"=-{message_id[1:25]}-{rank}")
    return letter.as_bytes()


class OutboxFolder:
    """A folder of .eml files, one for each message by its key: writing one twice changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, parcel: OutgoingMessage, handing: Handing) -> Reply:
        """Write the file."""
        handing()
        disk.write(self._folder / f"{parcel.key.replace('/', '-')}.eml", parcel.data, private=True)
        return Reply("sent", OUTBOX)

    def close(self) -> None:
        """Nothing to close."""


class _Lines:
    """What a mail server says, line by line; an answer that goes on and on is broken off."""

    def __init__(self, file: Any) -> None:
        self._file, self._held = file, 0

    def readline(self, most: int) -> bytes:
        """The next line. Raises `OSError` where one answer has too many."""
        line: bytes = self._file.readline(most)
        # Of an answer of several lines all but the last have a hyphen after the code (RFC 5321, 4.2.1).
        self._held = self._held + len(line) if line[3:4] == b"-" else 0
        if self._held > _REPLY_CAP:
            raise OSError("an answer without an end")
        return line

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Session(smtplib.SMTP):
    """A session that reads no answer without an end."""

    def __setattr__(self, name: str, value: object) -> None:
        # smtplib opens this file itself, once at the start and once after TLS.
        super().__setattr__(name, _Lines(value) if name == "file" and value is not None else value)


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class SmtpTransport:
    """One connection to the mail server, opened when first needed and again after it broke."""

    def __init__(self, settings: Smtp, password: Callable[[], str]) -> None:
        self._settings = settings
        self._password = password
        self._limit = float(settings.timeout_seconds)
        self._server: smtplib.SMTP | None = None

    def send(self, parcel: OutgoingMessage, handing: Handing) -> Reply:
        """Try once. A broken connection before `handing` is `down`, after it `doubt`."""
        handed = False
        try:
            server = self._connected()
            code, words = within(self._limit, lambda: self._asked(server, parcel))
            if code != 354:
                return self._refusal(server, code, words)
            handing()
            handed = True
            most = sending(len(parcel.data), self._limit)
            code, words = within(most, lambda: self._body(server, parcel.data))
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            return Reply("down", f"{error.smtp_code} the server does not take this user and password")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Reply("doubt" if handed else "down", _reason(error))
        if code == 250:
            return Reply("sent", "250")
        return Reply("later" if 400 <= code < 500 else "refused", _code(code, words))

    def close(self) -> None:
        """Say goodbye."""
        server = self._server
        if server is not None:
            try:
                within(self._limit, server.quit)
            except (OSError, smtplib.SMTPException):
                self._drop()
        self._server = None

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            # Asked for before the server is: a person may be at the keyboard.
            password = self._password() if self._settings.user else ""
            self._server = within(self._limit, lambda: self._opened(password))
        return self._server

    def _opened(self, password: str) -> smtplib.SMTP:
        wanted = self._settings
        context = ssl.create_default_context(cafile=wanted.ca_file)
        if wanted.security == "tls":
            server: smtplib.SMTP = _TlsSession(wanted.host, wanted.port, timeout=self._limit, context=context)
        else:
            server = _Session(wanted.host, wanted.port, timeout=self._limit)
        try:
            server.ehlo_or_helo_if_needed()
            if wanted.security == "starttls":
                # Refused where the server does not offer it: a password is never sent in the clear.
                server.starttls(context=context)
                server.ehlo()
            if wanted.user:
                server.login(wanted.user, password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server

    @staticmethod
    def _asked(server: smtplib.SMTP, parcel: OutgoingMessage) -> tuple[int, bytes]:
        """The answer to sender, recipients and the wish to send: 354 where the message may follow."""
        code, words = server.mail(parcel.sender)
        taken = False
        if code == 250:
            for recipient in parcel.recipients:
                code, words = server.rcpt(recipient)
                taken = taken or code in (250, 251)
        return server.docmd("DATA") if taken else (code, words)

    def _refusal(self, server: smtplib.SMTP, code: int, words: bytes = b"") -> Reply:
        if code == 421 or code < 0:
            self._drop()
            return Reply("down", _code(code, words))
        within(self._limit, server.rset)
        return Reply("later" if 400 <= code < 500 else "refused", _code(code, words))

    @staticmethod
    def _body(server: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
        """The message with its dots doubled, and the final one (RFC 5321, 4.5.2)."""
        stuffed = data.replace(b"\r\n.", b"\r\n..")
        server.send((b"." + stuffed if stuffed.startswith(b".") else stuffed) + b".\r\n")
        return server.getreply()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _code(code: int, words: bytes) -> str:
    """The codes only: a server's words may repeat the address."""
    first = words.split(b" ", 1)[0].decode("ascii", errors="replace")
    enhanced = first if first.count(".") == 2 and first.replace(".", "").isdigit() else ""
    return f"{code} {enhanced}".strip()


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "no starttls"
    return "disconnected" if isinstance(error, smtplib.SMTPServerDisconnected) else "unreachable"


BOUNCE_CAP = 2_000_000
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_MESSAGE_ID = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9.-]{1,190}>")
_ADDRESS = re.compile(r"[^\s,;<>\"']+@[^\s,;<>\"']+")
_INSTANT = re.compile(
    r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:[0-2][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
)
_RETURNED = ("message/rfc822", "text/rfc822-headers")
_PARTS = 60


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message of ours that failed for good; `status` is the enhanced code, such as 5.1.1.

    `recipient` is the address that could not be reached and `at` when that was said; both are empty where a
    list does not say them. `report` tells this report from every other.
    """

    message_id: str
    status: str
    recipient: str
    at: Instant | None
    report: bytes = field(repr=False)


def read_bounces(data: bytes) -> list[Bounce]:
    """The failures that a report names; none for a mere delay. Raises `Malformed` for no report.

    Which message it is about says the header of the message that it returns, and nothing else in it: its text
    may quote anybody's.
    """
    if len(data) > BOUNCE_CAP:
        raise Malformed(f"is larger than {BOUNCE_CAP:,} bytes")
    try:
        whole = message_from_bytes(data, policy=policy.compat32)
        parts = _parts(whole)
        at = _dated(whole)
    except (ValueError, LookupError, RecursionError, TypeError, OverflowError):
        raise Malformed("is no mail") from None
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if len(reports) != 1:
        raise Malformed("holds no delivery status; save the bounce itself, with its attachments")
    named = [name for part in parts for name in _returned(part)]
    if len(named) != 1 or not _MESSAGE_ID.fullmatch(named[0]):
        raise Malformed("returns no message of ours")
    if at is None:
        raise Malformed("has no date")
    return [
        Bounce(named[0], status, recipient, at, data)
        for action, status, recipient in _statuses(reports[0])
        if action == "failed"
    ]


def _parts(whole: Message) -> list[Message]:
    """The parts of a report (RFC 6522), none of them looked into; none of any other mail."""
    held = whole.get_payload() if whole.get_content_type() == "multipart/report" else []
    parts = [part for part in held if isinstance(part, Message)] if isinstance(held, list) else []
    if len(parts) > _PARTS:
        raise ValueError("too many parts")
    return parts


def _dated(whole: Message) -> Instant | None:
    """When the report was written."""
    written = whole.get("Date")
    if written is None:
        return None
    at = parsedate_to_datetime(str(written))
    return instant(int(at.replace(tzinfo=at.tzinfo or UTC).timestamp()))


def _returned(part: Message) -> list[str]:
    """The Message-IDs in the header of a message that is returned, whole or its header alone."""
    held = part.get_payload()
    if part.get_content_type() == "text/rfc822-headers" and isinstance(held, str):
        held = [message_from_string(held, policy=policy.compat32)]
    first = held[0] if part.get_content_type() in _RETURNED and isinstance(held, list) and held else None
    return (
        [str(name).strip() for name in first.get_all("Message-ID", [])] if isinstance(first, Message) else []
    )


def _statuses(part: Message) -> Iterator[tuple[str, str, str]]:
    """Action, status and address of each recipient that a delivery status tells of."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else []
    for block in blocks:
        if isinstance(block, Message) and block.get("Action"):
            status = _STATUS.search(str(block.get("Status", "")))
            recipient = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip().strip("<>")
            yield str(block["Action"]).strip().lower(), status.group() if status else "5.0.0", recipient


def read_bounce_list(text: str) -> list[Bounce]:
    """A provider's list: lines with a message id and, last, a status; a heading and other lines are left out.

    A line may also say the address and the instant. The same line once more counts once more.
    """
    found, before = [], Counter[str]()
    for line in text.splitlines():
        name, status = _MESSAGE_ID.search(line), _STATUS.search(line.rpartition(",")[2])
        if not name or not status or not status.group().startswith("5"):
            continue
        before[line] += 1
        rest = line.replace(name.group(), "")
        address, at = _ADDRESS.search(rest), _INSTANT.search(rest)
        found.append(
            Bounce(
                name.group(),
                status.group(),
                address.group() if address else "",
                _instant(at.group()) if at else None,
                f"{line}\0{before[line]}".encode(),
            )
        )
    return found


def _instant(text: str) -> Instant | None:
    """An instant that a list states; None for a day that no calendar has."""
    try:
        return instant(int(datetime.fromisoformat(text).timestamp()))
    except ValueError:
        return None
