"""Private keys at rest: argon2id (RFC 9106) over a passphrase, then a libsodium SecretBox.

The file is one line of JSON-free text, so that it survives copying and says what it is:
`certportal-key v1 ROLE KEYID OPSLIMIT MEMLIMIT SALT BOX`, the last two in hex. The box's key is
HMAC-SHA256(argon2id(passphrase), all before BOX), so that a line edited elsewhere does not open.
"""

from __future__ import annotations

from typing import Literal, get_args

from nacl import bindings, exceptions
from nacl.pwhash import argon2id

from generator.crypto.cipher import mac
from generator.crypto.ed25519 import SeedSigner
from generator.errors import Malformed
from generator.model.keyring import Role

Effort = Literal["minimal", "moderate"]
_EFFORT: dict[Effort, tuple[int, int]] = {
    "minimal": (argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN),
    "moderate": (argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE),
}
# A hostile key file must not make us spend gigabytes or minutes before the passphrase is tried.
_OPS_CAP, _MEM_CAP = argon2id.OPSLIMIT_SENSITIVE, argon2id.MEMLIMIT_SENSITIVE
SALT_BYTES = argon2id.SALTBYTES
NONCE_BYTES = bindings.crypto_secretbox_NONCEBYTES
FILE_CAP = 1024


class KeyFileLock:
    """Locks keys under one passphrase; argon2id runs once, each key has its own random nonce."""

    def __init__(self, passphrase: str, salt: bytes, effort: Effort = "moderate") -> None:
        self._cost = _EFFORT[effort]
        self._salt = salt
        ops, mem = self._cost
        self._key = argon2id.kdf(32, passphrase.encode(), salt, opslimit=ops, memlimit=mem)

    def lock(self, seed: bytes, role: Role, nonce: bytes) -> str:
        """The key file's text for a 32-byte seed; `nonce` (24 bytes) must be random."""
        ops, mem = self._cost
        head = _head(role, SeedSigner.of(seed, role).key_id, ops, mem, self._salt)
        box = nonce + bindings.crypto_secretbox(seed, nonce, mac(self._key, head.encode()))
        return f"{head} {box.hex()}\n"


def unlock(text: str, passphrase: str) -> SeedSigner:
    """The signer in a key file. Raises `Malformed` if it is not one or the passphrase is wrong."""
    role, identity, ops, mem, salt, box = _fields(text)
    stretched = argon2id.kdf(32, passphrase.encode(), salt, opslimit=ops, memlimit=mem)
    key = mac(stretched, _head(role, identity, ops, mem, salt).encode())
    try:
        seed = bindings.crypto_secretbox_open(box[NONCE_BYTES:], box[:NONCE_BYTES], key)
    except exceptions.CryptoError:
        raise Malformed("the passphrase does not open this key file") from None
    signer = SeedSigner.of(seed, role)
    if signer.key_id != identity:
        raise Malformed("the key file names another key than it holds")
    return signer


def role_of(text: str) -> Role:
    """The role that the key file states (proved only by `unlock`)."""
    return _fields(text)[0]


def _head(role: Role, identity: str, ops: int, mem: int, salt: bytes) -> str:
    return f"certportal-key v1 {role} {identity} {ops} {mem} {salt.hex()}"


def _fields(text: str) -> tuple[Role, str, int, int, bytes, bytes]:
    words = text.removesuffix("\n").removesuffix("\r").split(" ")
    if (
        len(text) > FILE_CAP
        or not text.isascii()
        or len(words) != 8
        or words[:2] != ["certportal-key", "v1"]
        or words[2] not in get_args(Role)
    ):
        raise Malformed("this is not a certportal key file")
    role: Role = words[2]  # type: ignore[assignment]  # checked against the closed set above
    try:
        ops, mem = int(words[4]), int(words[5])
        salt, box = bytes.fromhex(words[6]), bytes.fromhex(words[7])
    except ValueError:
        raise Malformed("the key file is damaged") from None
    if " ".join(words[:7]) != _head(role, words[3], ops, mem, salt) or words[7] != box.hex():
        raise Malformed("the key file is damaged")
    if not argon2id.OPSLIMIT_MIN <= ops <= _OPS_CAP or not argon2id.MEMLIMIT_MIN <= mem <= _MEM_CAP:
        raise Malformed("the key file is damaged")
    if len(salt) != SALT_BYTES or len(box) != NONCE_BYTES + 32 + bindings.crypto_secretbox_MACBYTES:
        raise Malformed("the key file is damaged")
    return role, words[3], ops, mem, salt, box
