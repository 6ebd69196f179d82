"""The event chain: what happened in the office, in order, without a personal datum (SPEC, Events).

commitment = SHA-256 over salt (16 bytes) and the canonical JSON of the details
hash       = SHA-256 over the hash before (32 bytes) and the canonical JSON of the event

Salt and details live in a row that can be deleted; the chain stays whole.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from generator.crypto.digest import sha256
from generator.formats import strict_json
from generator.model.value import Count, Digest, Field, Instant, Value

GENESIS = Digest("0" * 64)


class Event(Value):
    """One event; `kind` is a word like `claim_imported`, the rest is in the commitment."""

    v: Literal[1] = 1
    seq: Count
    at: Instant
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,39}$")]
    commitment: Digest


def commitment(salt: bytes, details: dict[str, Any]) -> Digest:
    """What the event holds of its details (plain data)."""
    return sha256(salt + strict_json.encode(details))


def link(before: Digest, event: Event) -> Digest:
    """The chain's hash after this event (64 hex digits); `GENESIS` comes before the first."""
    return sha256(bytes.fromhex(before) + strict_json.encode(event.plain()))
