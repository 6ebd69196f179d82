"""RFC 3161: the question put to a time-stamping authority, and the token in its answer."""

from __future__ import annotations

from typing import Protocol

from generator.crypto.der import INTEGER, OCTETS, SEQUENCE, der, integer, oid, read
from generator.errors import Malformed

QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"
# Space kept for a token with the authority's certificates.
TOKEN_ROOM = 12_288
_SHA256 = der(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"))
_BOOLEAN_TRUE = b"\x01\x01\xff"


class Timestamper(Protocol):
    """Who vouches for the time. A stamped file cannot be made again byte for byte."""

    def token(self, digest: bytes) -> bytes:
        """The TimeStampToken (DER) over a SHA-256 digest."""


def query(digest: bytes, nonce: int) -> bytes:
    """TimeStampReq with the authority's certificate asked for."""
    imprint = der(SEQUENCE, _SHA256, der(OCTETS, digest))
    return der(SEQUENCE, integer(1), imprint, integer(nonce), _BOOLEAN_TRUE)


def token(reply: bytes, digest: bytes, nonce: int) -> bytes:
    """The token of a TimeStampResp. Raises `Malformed` for a refusal or an answer to another question."""
    tag, body, _ = read(reply)
    status_tag, status, after = read(body)
    code_tag, code, _ = read(status)
    if (tag, status_tag, code_tag) != (SEQUENCE, SEQUENCE, INTEGER):
        raise Malformed("not a timestamp response")
    if int.from_bytes(code, "big") > 1:
        raise Malformed(f"the time-stamping authority refused (status {int.from_bytes(code, 'big')})")
    _, _, end = read(body, after)
    found = body[after:end]
    if der(OCTETS, digest) not in found or integer(nonce) not in found:
        raise Malformed("the timestamp is about something else")
    if len(found) > TOKEN_ROOM:
        raise Malformed(f"the timestamp is longer than {TOKEN_ROOM} bytes")
    return found
