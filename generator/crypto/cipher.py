"""HKDF-SHA256 (RFC 5869), AES-256-GCM (SP 800-38D) and HMAC-SHA256 (RFC 2104)."""

from __future__ import annotations

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from generator.errors import Malformed

NONCE_BYTES = 12
TAG_BYTES = 16


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes."""
    return hmac.digest(key, message, "sha256")


def extract(salt: bytes, secret: bytes) -> bytes:
    """The extract step of HKDF-SHA256: a 32-byte pseudorandom key."""
    return mac(salt, secret)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """The expand step of HKDF-SHA256: `length` bytes for one use, named by `info`."""
    return HKDFExpand(SHA256(), length, info).derive(key)


def seal(key: bytes, nonce: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """AES-256-GCM: ciphertext followed by its 16-byte tag; `bound` is authenticated, not hidden."""
    return AESGCM(key).encrypt(nonce, plaintext, bound)


def unseal(key: bytes, nonce: bytes, ciphertext: bytes, bound: bytes) -> bytes:
    """The plaintext. Raises `Malformed` when key, nonce, bound bytes or ciphertext do not agree."""
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, bound)
    except (InvalidTag, ValueError):
        raise Malformed("the ciphertext does not open") from None
