"""Keys, their one role each, and the manifest by which the root vouches for them (SPEC, Keys)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Protocol

from generator.model.value import (
    Count,
    Digest,
    Distinct,
    Field,
    Instant,
    KeyId,
    Text,
    Value,
    model_validator,
    seconds,
    written,
)

Role = Literal["root", "certificate", "online", "log", "person", "badge", "seal"]
PublishedRole = Literal["certificate", "online", "log", "badge"]
PublicKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Origin = Annotated[
    str,
    written(
        r"^https?://[a-z0-9.-]{1,200}(:[0-9]{1,5})?$",
        "https:// and a host in small letters, without a path",
    ),
]

ONLINE_WINDOW_DAYS = 35


class Signer(Protocol):
    """A private key somewhere: in memory, in a token, behind a prompt."""

    @property
    def key_id(self) -> KeyId: ...
    @property
    def role(self) -> Role: ...
    @property
    def public(self) -> str: ...
    def sign(self, message: bytes) -> bytes: ...


class RootKeys(Value):
    """The root keys, and how many distinct ones must sign."""

    threshold: Annotated[int, Field(ge=1, le=9)] = 1
    keys: Annotated[tuple[PublicKey, ...], Field(min_length=1, max_length=9), Distinct]

    @model_validator(mode="after")
    def _reachable(self) -> RootKeys:
        if self.threshold > len(self.keys):
            raise ValueError("threshold is higher than the number of keys")
        return self


class Cutoff(Value):
    """Reserved for the transparency log: nothing the key signed counts unless logged before `log_index`."""

    log_index: Count


class Key(Value):
    """A public key with its role and the window in which it may sign; open-ended without `until`."""

    id: KeyId
    role: PublishedRole
    public: PublicKey
    start: Instant
    until: Instant | None = None
    cutoff: Cutoff | None = None

    @model_validator(mode="after")
    def _window(self) -> Key:
        if self.until is not None and self.until <= self.start:
            raise ValueError("until is not after start")
        if self.role == "online" and not self._short():
            raise ValueError(f"an online key's window is at most {ONLINE_WINDOW_DAYS} days")
        return self

    def _short(self) -> bool:
        length = seconds(self.until) - seconds(self.start) if self.until else None
        return length is not None and length <= ONLINE_WINDOW_DAYS * 86400

    def covers(self, moment: Instant) -> bool:
        """Whether the key may sign what carries this instant."""
        return self.start <= moment and (self.until is None or moment < self.until)


class OriginFrom(Value):
    """An address at which the site is published, and since when; `until` when it has moved away."""

    origin: Origin
    start: Instant
    until: Instant | None = None


class Manifest(Value):
    """The root's list of keys and origins. Version 1 is the genesis: its digest is the issuer id."""

    v: Literal[1] = 1
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    issuer_id: Digest | None = None
    previous: Digest | None = None
    name: Text
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")]
    sample: Literal[True] | None = None
    created_at: Instant
    expires_at: Instant
    root: RootKeys
    keys: Annotated[tuple[Key, ...], Field(max_length=400)]
    origins: Annotated[tuple[OriginFrom, ...], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _consistent(self) -> Manifest:
        if (self.version == 1) != (self.issuer_id is None) or (self.version == 1) != (self.previous is None):
            raise ValueError("issuer_id and previous are for every version but the first")
        if self.expires_at <= self.created_at:
            raise ValueError("expires_at is not after created_at")
        publics = [key.public for key in self.keys] + list(self.root.keys)
        if len(set(publics)) != len(publics) or len({key.id for key in self.keys}) != len(self.keys):
            raise ValueError("a key appears twice; each key has one role")
        return self

    def find(self, key_id: KeyId, role: Role) -> Key | None:
        """The key of this id if it has this role."""
        return next((key for key in self.keys if key.id == key_id and key.role == role), None)

    def of_role(self, role: Role) -> Iterator[Key]:
        """All keys of one role, in the manifest's order."""
        return (key for key in self.keys if key.role == role)


class Pin(Value):
    """What a verifier trusts beforehand: the issuer id, and root keys as of a manifest version."""

    v: Literal[1] = 1
    issuer_id: Digest
    name: Text
    manifest_version: Annotated[int, Field(ge=1, le=1_000_000)]
    root: RootKeys
