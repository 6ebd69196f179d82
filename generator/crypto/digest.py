"""SHA-256 as the hex digits that statements, rosters and the register hold."""

from __future__ import annotations

import hashlib

from generator.model.value import Digest


def sha256(data: bytes) -> Digest:
    """The digest of these bytes."""
    return Digest(hashlib.sha256(data).hexdigest())
