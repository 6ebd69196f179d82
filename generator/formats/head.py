"""The head: the one signed file from which every other published path follows (SPEC, chapter Head)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Literal

from generator.errors import Malformed
from generator.formats import envelope, strict_json
from generator.formats.derivation import PREFIX_BITS_MAX
from generator.model.keyring import Signer
from generator.model.value import Digest, Field, Instant, Value, model_validator

CAP = 65_536
_PAYLOAD_CAP = 40_000

Sequence = Annotated[int, Field(ge=1, le=2**32 - 1)]
# A signed note has several lines, so it is no `Text`.
Checkpoint = Annotated[str, Field(min_length=1, max_length=4096)]


class PublishedYear(Value):
    """A year of issue: how many bits of the locator name its buckets; closed = no more entries."""

    year: Annotated[int, Field(ge=1000, le=9999)]
    bits: Annotated[int, Field(ge=0, le=PREFIX_BITS_MAX)]
    closed: bool


class EventsState(Value):
    """The register's event chain when this was published; a restored older register shows here.

    How many events there are stays in the register: an outsider would read the office's days from it.
    """

    chain: Digest


class Head(Value):
    """`shards_sha256` and `pages_sha256` as `shards_digest` and the bytes of pages.json give them.

    `log` is reserved: a signed-note checkpoint once the transparency log exists.
    """

    v: Literal[1] = 1
    issuer_id: Digest
    sequence: Sequence
    issued_at: Instant
    next_update: Instant
    manifest_version: Annotated[int, Field(ge=1, le=1_000_000)]
    years: Annotated[tuple[PublishedYear, ...], Field(max_length=400)]
    shards_sha256: Digest
    pages_sha256: Digest
    events: EventsState
    log: Checkpoint | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Head:
        years = [item.year for item in self.years]
        if years != sorted(set(years)):
            raise ValueError("years are not in order")
        if self.next_update <= self.issued_at:
            raise ValueError("next_update is not after issued_at")
        return self

    def find(self, year: int) -> PublishedYear | None:
        """The year, if certificates of it are published."""
        return next((item for item in self.years if item.year == year), None)


def sign(head: Head, signer: Signer) -> bytes:
    """The published file, signed by the online key."""
    payload = strict_json.encode(head.plain())
    return envelope.encode(envelope.sign(envelope.HEAD, payload, [signer]))


def split(data: bytes) -> envelope.Envelope:
    """The envelope with its one signature, nothing verified. Raises `Malformed`.

    With two, a key out of its window could hide behind the name of one that is in it.
    """
    outer = envelope.decode(data, envelope.HEAD, CAP)
    if len(outer.signatures) != 1:
        raise Malformed("a head has one signature")
    return outer


def decode(payload: bytes) -> Head:
    """A head from its verified payload. Raises `Malformed`."""
    head = Head.of(strict_json.decode(payload, _PAYLOAD_CAP))
    if strict_json.encode(head.plain()) != payload:
        raise Malformed("another spelling of the same head")
    return head


def shards_digest(shards: Iterable[bytes]) -> Digest:
    """SHA-256 over the SHA-256 digests of all shard files, in the order of their paths."""
    total = hashlib.sha256()
    for data in shards:
        total.update(hashlib.sha256(data).digest())
    return Digest(total.hexdigest())
