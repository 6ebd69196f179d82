"""Everything that one verification number opens, by HKDF-SHA256 (SPEC, chapter Derivation)."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.crypto import cipher
from generator.model.value import Digest, VerificationCode

_INFO = b"certportal/v1/"
TAG_BYTES = 16
PREFIX_BITS_MAX = 24


@dataclass(frozen=True, slots=True)
class RecordKeys:
    """The year and secrets of one number; each secret is made when asked for. Never printed."""

    year: int
    _root: bytes = field(repr=False)
    locator: bytes = field(repr=False)

    @property
    def tag(self) -> bytes:
        """The entry's name in its bucket: the last 16 bytes of the locator."""
        return self.locator[-TAG_BYTES:]

    def prefix(self, bits: int) -> int:
        """The bucket: the locator's leading `bits`, left-aligned in 24 bits."""
        return int.from_bytes(self.locator[:3], "big") >> (24 - bits) << (24 - bits)

    def record_key(self) -> bytes:
        """AES-256 key of the record."""
        return cipher.expand(self._root, _INFO + b"record-key", 32)

    def nonce_key(self) -> bytes:
        """HMAC key from which nonces are made, so that no nonce ever serves two plaintexts."""
        return cipher.expand(self._root, _INFO + b"nonce-key", 32)

    def status_tag(self) -> bytes:
        """The exception's name in its status shard (16 bytes)."""
        return cipher.expand(self._root, _INFO + b"status-tag", TAG_BYTES)

    def status_key(self) -> bytes:
        """AES-256 key of the exception."""
        return cipher.expand(self._root, _INFO + b"status-key", 32)

    def badge_id(self) -> bytes:
        """Reserved for the Open Badge's identifier (16 bytes)."""
        return cipher.expand(self._root, _INFO + b"badge-id", 16)


def derive(number: VerificationCode, issuer_id: Digest) -> RecordKeys:
    """Derive from the 24 canonical characters and the issuer id (64 hex digits)."""
    root = cipher.extract(bytes.fromhex(issuer_id), number.encode("ascii"))
    return RecordKeys(int(number[:4]), root, cipher.expand(root, _INFO + b"locator", 32))
