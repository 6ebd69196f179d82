"""The key manifest and the pin that a verifier holds beforehand (SPEC, chapter Keys)."""

from __future__ import annotations

from collections.abc import Iterable

from generator.crypto import ed25519
from generator.crypto.digest import sha256
from generator.errors import Malformed
from generator.formats import envelope, strict_json
from generator.model.keyring import Manifest, Pin, RootKeys, Signer
from generator.model.value import Digest

CAP = 262_144
PIN_CAP = 8_192


def sign(manifest: Manifest, roots: Iterable[Signer]) -> bytes:
    """The published file, signed by the root (and, after a change of root, by the previous one)."""
    payload = strict_json.encode(manifest.plain())
    return envelope.encode(envelope.sign(envelope.MANIFEST, payload, roots))


def split(data: bytes) -> envelope.Envelope:
    """The envelope, nothing verified. Raises `Malformed`."""
    return envelope.decode(data, envelope.MANIFEST, CAP)


def verified(data: bytes, trusted: RootKeys, issuer_id: Digest) -> Manifest:
    """The manifest in a file that these root keys signed, of this issuer. Raises `Malformed`.

    Checks, in this order: the trusted root's threshold; the fields; that the root named inside
    has signed too; the issuer id; every public key.
    """
    outer = split(data)
    payload = envelope.verified(outer, raw_keys(trusted), trusted.threshold)
    manifest = decode(payload)
    envelope.verified(outer, raw_keys(manifest.root), manifest.root.threshold)
    if (manifest.issuer_id or digest(payload)) != issuer_id:
        raise Malformed("the manifest is of another issuer")
    return manifest


def decode(payload: bytes) -> Manifest:
    """A manifest from its payload. Raises `Malformed`, also for a key that cannot be one."""
    manifest = Manifest.of(strict_json.decode(payload, CAP))
    if strict_json.encode(manifest.plain()) != payload:
        raise Malformed("another spelling of the same manifest")
    for key in manifest.keys:
        if ed25519.key_id(ed25519.checked_public_key(key.public)) != key.id:
            raise Malformed("a key's id does not follow from the key")
    return manifest


def digest(payload: bytes) -> Digest:
    """SHA-256 of the payload: of the genesis it is the issuer id, of others the next's `previous`."""
    return sha256(payload)


def raw_keys(root: RootKeys) -> list[bytes]:
    """The root's public keys, checked."""
    return [ed25519.checked_public_key(public) for public in root.keys]


def encode_pin(pin: Pin) -> bytes:
    """`root.json`: what a verifier keeps."""
    return strict_json.encode(pin.plain()) + b"\n"


def decode_pin(data: bytes) -> Pin:
    """A pin from its file. Raises `Malformed`."""
    pin = Pin.of(strict_json.decode(data.removesuffix(b"\n"), PIN_CAP))
    if encode_pin(pin).removesuffix(b"\n") != data.removesuffix(b"\n"):
        raise Malformed("another spelling of the same pin")
    raw_keys(pin.root)
    return pin
