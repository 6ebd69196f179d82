"""What a mail server reports back: delivery status notifications (RFC 3464), or a list in CSV.

Only two things are read of a report: which message of ours it is about, and whether it says that
the message will never arrive. The rest is somebody else's text and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from generator.errors import Malformed

CAP = 2_000_000
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_MESSAGE_ID = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9.-]{1,190}>")
_PARTS = 60


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message of ours that failed for good; `status` is the enhanced code, such as 5.1.1."""

    message_id: str
    status: str


def read(data: bytes) -> list[Bounce]:
    """The failures that a report names; none for a mere delay. Raises `Malformed` for no report."""
    if len(data) > CAP:
        raise Malformed(f"is larger than {CAP:,} bytes")
    try:
        whole = message_from_bytes(data, policy=policy.compat32)
        parts = _parts(whole)
    except (ValueError, LookupError, RecursionError):
        raise Malformed("is no mail") from None
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not reports:
        raise Malformed("holds no delivery status; save the bounce itself, with its attachments")
    named = _named(data)
    if not named:
        raise Malformed("names no message of ours")
    failed = [status for part in reports for action, status in _statuses(part) if action == "failed"]
    return [Bounce(message_id, failed[0]) for message_id in named] if failed else []


def _parts(whole: Message) -> list[Message]:
    found = []
    for part in whole.walk():
        found.append(part)
        if len(found) > _PARTS:
            raise ValueError("too many parts")
    return found


def _named(data: bytes) -> list[str]:
    """Message-IDs of our form, wherever the report quotes them: servers differ in how they do."""
    text = data.decode("latin-1")
    return list(dict.fromkeys(_MESSAGE_ID.findall(text)))


def _statuses(part: Message) -> Iterator[tuple[str, str]]:
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else []
    for block in blocks:
        if isinstance(block, Message) and block.get("Action"):
            status = _STATUS.search(str(block.get("Status", "")))
            yield str(block["Action"]).strip().lower(), status.group() if status else "5.0.0"


def read_list(text: str) -> list[Bounce]:
    """A provider's list: lines `message id,status`; a heading and other lines are left out."""
    found = []
    for line in text.splitlines():
        name, status = _MESSAGE_ID.search(line), _STATUS.search(line.rpartition(",")[2])
        if name and status and status.group().startswith("5"):
            found.append(Bounce(name.group(), status.group()))
    return found
