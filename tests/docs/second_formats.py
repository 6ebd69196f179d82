"""Formats of the second verifier: JSON, envelopes, keys, numbers; from site_src/docs/spec.md alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TYPE = "application/vnd.certportal."
Read = Callable[[str], bytes | None]


class Stop(Exception):
    """`unreachable`: step and reason."""


def need(right: bool, step: int, reason: str = "damaged") -> None:
    if not right:
        raise Stop(step, reason)


# ---------------------------------------------------------------- chapters JSON, Envelope, Keys


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parsed(data: bytes, step: int) -> Any:
    try:
        value = json.loads(data.decode())
        need(canonical(value) == data, step)
    except (ValueError, RecursionError):
        raise Stop(step, "damaged") from None
    return value


def signed(public: str, payload_type: str, payload: bytes, signature: bytes) -> bool:
    kind = (TYPE + payload_type).encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, pae)
    except (InvalidSignature, ValueError):
        return False
    return True


def opened(data: bytes, payload_type: str, step: int) -> tuple[bytes, list[tuple[str, bytes]]]:
    outer = parsed(data, step)
    need(isinstance(outer, dict) and outer.keys() == {"payload", "payloadType", "signatures"}, step)
    need(outer["payloadType"] == TYPE + payload_type, step)
    try:
        payload = base64.b64decode(outer["payload"], validate=True)
        found = [(one["keyid"], base64.b64decode(one["sig"], validate=True)) for one in outer["signatures"]]
    except (ValueError, TypeError, KeyError):
        raise Stop(step, "damaged") from None
    need(base64.b64encode(payload).decode() == outer["payload"], step)
    return payload, found


def key_id(public: str) -> str:
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def by_threshold(root: dict[str, Any], payload: bytes, found: list[tuple[str, bytes]]) -> bool:
    good = {
        key
        for key in root["keys"]
        for name, signature in found
        if name == key_id(key) and signed(key, "manifest.v1+json", payload, signature)
    }
    return len(good) >= root["threshold"]


def manifest_under(data: bytes, root: dict[str, Any], issuer_id: str) -> dict[str, Any] | None:
    try:
        payload, found = opened(data, "manifest.v1+json", 3)
        if not by_threshold(root, payload, found):
            return None
        manifest: dict[str, Any] = parsed(payload, 3)
    except Stop:
        return None
    its_issuer = manifest.get("issuer_id") or hashlib.sha256(payload).hexdigest()
    good = by_threshold(manifest["root"], payload, found) and its_issuer == issuer_id
    return manifest if good else None


def read_manifest(read: Read, pin: dict[str, Any]) -> dict[str, Any]:
    data = read("manifest.json")
    if data is None:
        raise Stop(3, "missing")
    manifest = manifest_under(data, pin["root"], pin["issuer_id"])
    root, version = pin["root"], pin["manifest_version"]
    while manifest is None:
        version += 1
        step = read(f"m/{version}.json")
        known = step and manifest_under(step, root, pin["issuer_id"])
        need(bool(known) and known["version"] == version and version <= pin["manifest_version"] + 64, 3)
        manifest, root = (known if step == data else None), known["root"]
    need(manifest["version"] >= pin["manifest_version"], 3, "outdated")
    return manifest


def online(manifest: dict[str, Any], name: str, what: str, body: bytes, signature: bytes, step: int) -> Any:
    key = next((key for key in manifest["keys"] if key["id"] == name and key["role"] == "online"), None)
    need(key is not None and signed(key["public"], what, body, signature), step)
    return key


def in_window(key: dict[str, Any], issued_at: str, next_update: str, step: int) -> None:
    period = datetime.fromisoformat(next_update) - datetime.fromisoformat(issued_at)
    good = key["start"] <= issued_at < key.get("until", "9999-12-31T23:59:59Z")
    need(good and timedelta() < period <= timedelta(days=35), step, "key_window")
    need("cutoff" not in key, step, "key_cut_off")


# ---------------------------------------------------------------- chapters Number and Derivation


def read_number(typed: str) -> tuple[str, str]:
    plain = "".join(
        char for char in typed if char not in " \t\r\n\u00a0\u202f-\u2010\u2011\u2012\u2013\u2014\u2212"
    )
    if len(typed) > 200:
        return "", "length"
    if not plain.isascii():
        return "", "alphabet"
    folded = plain.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    if any(char not in ALPHABET for char in folded) or not folded[:4].isdigit():
        return "", "alphabet" if len(folded) == 24 else "length"
    if len(folded) != 24:
        return "", "length"
    if folded[0] == "0":
        return "", "alphabet"
    first = second = 0
    for char in folded:
        first = times(first, 2) ^ ALPHABET.index(char)
        second = times(second, 4) ^ ALPHABET.index(char)
    return ("", "check") if first or second else (folded, "")


def times(left: int, right: int) -> int:
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (0b100101 if left & 16 else 0)
        right >>= 1
    return product


def derived(number: str, issuer_id: str, use: str, length: int) -> bytes:
    key = hmac.digest(bytes.fromhex(issuer_id), number.encode(), "sha256")
    return hmac.digest(key, b"certportal/v1/" + use.encode() + b"\x01", "sha256")[:length]
