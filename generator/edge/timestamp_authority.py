"""A time-stamping authority over HTTP (RFC 3161, 3.4): an independent word for when a seal was made.

Optional. A stamped file depends on an outside service and cannot be made again byte for byte.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass

from generator.crypto import timestamp
from generator.edge.codes import SEAL_TIMESTAMP
from generator.edge.deadline import LOOK_SECONDS, within
from generator.errors import Malformed, Place, Problem, Refused

_CAP = 65_536


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """One authority. `seed`: 16 random bytes of this run, from which comes the nonce of each question.

    A seed, not a source of randomness: it can be sent to the processes that print. `seconds`: how long an
    answer may take, from the question to its last byte.
    """

    url: str
    seed: bytes
    seconds: float = LOOK_SECONDS

    def token(self, digest: bytes) -> bytes:
        """The TimeStampToken over a SHA-256 digest. Raises `Refused` where none is to be had."""
        # Tied to the question, and not to be foreseen by whoever does not hold the seed.
        nonce = int.from_bytes(hmac.digest(self.seed, digest, hashlib.sha256)[:8], "big")
        if not self.url.startswith(("https://", "http://")):
            raise Refused(self._problem("its address is not one of http or https"))
        request = urllib.request.Request(  # noqa: S310  the scheme is checked above
            self.url,
            timestamp.query(digest, nonce),
            {"Content-Type": timestamp.QUERY_TYPE, "Accept": timestamp.REPLY_TYPE},
        )
        try:
            return timestamp.token(within(self.seconds, lambda: self._asked(request)), digest, nonce)
        except (OSError, http.client.HTTPException) as error:
            raise Refused(self._problem(f"does not answer: {error}")) from None
        except Malformed as error:
            raise Refused(self._problem(str(error))) from None

    def _asked(self, request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=self.seconds) as reply:  # noqa: S310  of http or https, checked by `token`
                return bytes(reply.read(_CAP))
        except urllib.error.HTTPError as error:
            with error:
                raise OSError(f"HTTP {error.code}") from None

    def _problem(self, what: str) -> Problem:
        fix = "try again later, name another authority, or seal without a timestamp"
        return SEAL_TIMESTAMP.at(Place(subject=f"time-stamping authority {self.url}"), what, fix)
