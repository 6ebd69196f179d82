"""What a visitor's program asks of a web server on this machine, and what it is answered."""

from __future__ import annotations

import urllib.error
import urllib.request
from email.message import Message


def asked(address: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body of an answer; the compression asked for is left on."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, headers=given)  # noqa: S310 - a loopback address made here
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same loopback address
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()
