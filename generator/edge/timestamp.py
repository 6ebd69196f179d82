"""A time-stamping authority over HTTP (RFC 3161, 3.4): an independent word for when a seal was made.

Optional. A stamped file depends on an outside service and cannot be made again byte for byte.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from generator.errors import Malformed, Problem, Refused
from generator.wire import timestamp

_CAP = 65_536
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority. `dice` gives random bytes, for the nonce that ties answer to question."""

    url: str
    dice: Callable[[int], bytes]

    def token(self, digest: bytes) -> bytes:
        """The TimeStampToken over a SHA-256 digest. Raises `Refused` where none is to be had."""
        nonce = int.from_bytes(self.dice(8), "big")
        if not self.url.startswith(("https://", "http://")):
            raise Refused(self._problem("its address is not one of http or https"))
        request = urllib.request.Request(  # noqa: S310  the scheme is checked above
            self.url,
            timestamp.query(digest, nonce),
            {"Content-Type": timestamp.QUERY_TYPE, "Accept": timestamp.REPLY_TYPE},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310  of http or https, checked above
                return timestamp.token(reply.read(_CAP), digest, nonce)
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise Refused(self._problem(f"does not answer: {error}")) from None
        except Malformed as error:
            raise Refused(self._problem(str(error))) from None

    def _problem(self, what: str) -> Problem:
        fix = "try again later, name another authority, or seal without a timestamp"
        return Problem("SEAL-TIMESTAMP", f"time-stamping authority {self.url}", what, fix)
