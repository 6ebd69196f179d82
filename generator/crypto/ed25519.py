"""Ed25519 by libsodium (RFC 8032): sign, verify strictly, and load keys with doubt.

Verifiers disagree on malformed keys, so a public key is checked when it is loaded (canonical,
on the curve, in the main subgroup), and nothing is ever identified by its signature bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from nacl import bindings, exceptions

from generator.errors import Malformed
from generator.model.keyring import Role
from generator.model.value import KeyId

SEED_BYTES = 32
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


def key_id(public: bytes) -> KeyId:
    """First 8 bytes of SHA-256 over the raw public key, as 16 hex digits. A hint, not an identity."""
    return KeyId(hashlib.sha256(public).hexdigest()[:16])


def checked_public_key(public_hex: str) -> bytes:
    """The 32 raw bytes of a public key. Raises `Malformed` for a weak or impossible one."""
    raw = bytes.fromhex(public_hex)
    if len(raw) != PUBLIC_BYTES or not bindings.crypto_core_ed25519_is_valid_point(raw):
        raise Malformed("the public key is not a valid Ed25519 point")
    return raw


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` is by this public key."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except (exceptions.BadSignatureError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class SeedSigner:
    """A private key held in memory as its 32-byte seed. Never printed: repr shows the id only."""

    role: Role
    public: str
    key_id: KeyId
    _secret: bytes = field(repr=False)

    @classmethod
    def of(cls, seed: bytes, role: Role) -> SeedSigner:
        """The signer of this seed (32 bytes)."""
        if len(seed) != SEED_BYTES:
            raise Malformed("an Ed25519 seed is 32 bytes")
        public, secret = bindings.crypto_sign_seed_keypair(seed)
        return cls(role, public.hex(), key_id(public), secret)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message`."""
        return bindings.crypto_sign(message, self._secret)[:SIGNATURE_BYTES]
