"""A second verifier, written from site_src/docs/spec.md alone: it imports nothing of ours.

It is small rather than complete: it checks every signature, binding, digest, window and date of the recipe,
and of the shapes of values only what the recipe needs. The test holds it against the vectors, so that the
specification cannot drift from the code without somebody noticing.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.docs.second_formats import (
    Read,
    Stop,
    derived,
    in_window,
    need,
    online,
    opened,
    parsed,
    read_manifest,
    read_number,
    signed,
)

ORDER = """malformed unreachable forged not_found erased revoked suspended superseded expired stale copy
valid""".split()
Answer = tuple[str, int, str]


def verdict(typed: str, read: Read, pin: dict[str, Any], now: str) -> Answer:
    """Kind, step and reason. The reload is left out: these files do not change."""
    number, reason = read_number(typed)
    if not number:
        return "malformed", 1, reason
    try:
        return look_up(number, read, pin, now)
    except Stop as stop:
        step, reason = stop.args
        return "unreachable", step, reason


def look_up(number: str, read: Read, pin: dict[str, Any], now: str) -> Answer:
    manifest = read_manifest(read, pin)
    head = read_head(read, manifest, pin)
    year = next((item for item in head["years"] if item["year"] == int(number[:4])), None)
    if year is None:
        fresh = max(now, head["issued_at"]) <= min(head["next_update"], manifest["expires_at"])
        return ("not_found", 4, "") if fresh else ("stale", 4, "absent")
    locator = derived(number, pin["issuer_id"], "locator", 32)
    place = int.from_bytes(locator[:3], "big")
    shard = read_shard(read, manifest, head, year["year"], year["bits"], place)
    now = max(now, shard["issued_at"])
    fresh = now <= min(shard["next_update"], manifest["expires_at"])
    entry, step = read_entry(read, shard, year["year"], year["bits"], place, locator[16:])
    if entry is None:
        return ("not_found", step, "") if fresh else ("stale", step, "absent")
    frame = unsealed(number, pin["issuer_id"], entry)
    return judged(number, frame, manifest, pin, shard, now, fresh)


def read_head(read: Read, manifest: dict[str, Any], pin: dict[str, Any]) -> dict[str, Any]:
    data = read("head.json")
    if data is None:
        raise Stop(3, "missing")
    payload, found = opened(data, "head.v1+json", 3)
    need(len(found) == 1, 3)
    key = online(manifest, found[0][0], "head.v1+json", payload, found[0][1], 3)
    head: dict[str, Any] = parsed(payload, 3)
    in_window(key, head["issued_at"], head["next_update"], 3)
    need(head["issuer_id"] == pin["issuer_id"], 3)
    need(head["manifest_version"] == manifest["version"], 3, "outdated")
    return head


def instant(seconds: int) -> str:
    return (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat() + "Z"  # noqa: DTZ001 - it is UTC by the Z


def read_shard(
    read: Read, manifest: dict[str, Any], head: dict[str, Any], year: int, bits: int, place: int
) -> dict[str, Any]:
    own = max(0, bits - 8)
    prefix = place >> (24 - own) << (24 - own)
    data = read(f"s/{year}/{bits}/{prefix:06x}.bin")
    if data is None:
        raise Stop(4, "missing")
    need(len(data) > 108, 4)
    body, name, signature = data[:-72], data[-72:-64].hex(), data[-64:]
    key = online(manifest, name, "status.v1", body, signature, 4)
    # From here on the issuer's own online key has signed every byte.
    its_year, its_bits, high, low, sequence, issued, update, version, count = struct.unpack_from(
        ">4xHBBHIQQIH", body
    )
    shard = {"issued_at": instant(issued), "next_update": instant(update), "year": year}
    in_window(key, shard["issued_at"], shard["next_update"], 4)
    need((its_year, its_bits, high << 16 | low) == (year, bits, prefix), 4)
    need(sequence >= head["sequence"] and version == manifest["version"], 4, "outdated")
    rank = (place >> (24 - bits)) - (prefix >> (24 - bits))
    at = 36 + 20 * rank
    shard["named"] = (int.from_bytes(body[at : at + 4], "big"), body[at + 4 : at + 20])
    rest = body[36 + 20 * count + 4 :]
    shard["exceptions"] = {rest[at : at + 16]: rest[at + 16 : at + 92] for at in range(0, len(rest), 92)}
    return shard


def read_entry(
    read: Read, shard: dict[str, Any], year: int, bits: int, place: int, tag: bytes
) -> tuple[bytes | None, int]:
    version, digest = shard["named"]
    if not version:
        return None, 5
    prefix = place >> (24 - bits) << (24 - bits)
    data = read(f"r/{year}/{bits}/{prefix >> 16:02x}/{prefix:06x}.bin")
    if data is None:
        raise Stop(5, "missing")
    need(data[:4] == b"CPB1" and len(data) >= 18, 5)
    its_year, its_bits, high, low, its_version, count = struct.unpack_from(">4xHBBHIH", data)
    found, at = None, 16
    for _ in range(count):
        need(len(data) >= at + 30, 5)
        length = int.from_bytes(data[at + 28 : at + 30], "big")
        if data[at : at + 16] == tag:
            found = data[at : at + 30 + length]
        at += 30 + length
    need(len(data) == at + 2 + int.from_bytes(data[at : at + 2], "big"), 5)
    need((its_year, its_bits, high << 16 | low) == (year, bits, prefix), 5)
    need(its_version == version, 5, "outdated")
    need(hashlib.sha256(data[:at]).digest()[:16] == digest, 5)
    return found, 6


def unsealed(number: str, issuer_id: str, entry: bytes) -> bytes:
    bound = b"certportal/entry/v1\0" + int(number[:4]).to_bytes(2, "big") + entry[:16]
    try:
        key = AESGCM(derived(number, issuer_id, "record-key", 32))
        plaintext = key.decrypt(entry[16:28], entry[30:], bound)
        end = 2 + int.from_bytes(plaintext[:2], "big")
        inflate = zlib.decompressobj(-15)
        frame = inflate.decompress(plaintext[2:end], 20_001)
    except (InvalidTag, zlib.error):
        raise Stop(7, "damaged") from None
    need(inflate.eof and not inflate.unused_data and len(frame) <= 20_000 and not any(plaintext[end:]), 7)
    return frame


def judged(
    number: str,
    frame: bytes,
    manifest: dict[str, Any],
    pin: dict[str, Any],
    shard: dict[str, Any],
    now: str,
    fresh: bool,
) -> Answer:
    end = 3 + int.from_bytes(frame[1:3], "big")
    need(frame[:1] in (b"\1", b"\2") and len(frame) >= end + 72, 8)
    payload, first, rest = frame[3:end], frame[end : end + 72], frame[end + 72 :]
    tombstones = frame[0] == 2
    signatures = [("tombstone.v1+json" if tombstones else "statement.v1+json", payload, first)]
    if not tombstones:
        need(len(rest) == (177 - 72 + 32 if rest[:1] == b"\1" else 105) and rest[0] < 2, 8)
        signatures.append(("record.v1", hashlib.sha256(payload).digest() + rest[:-72], rest[-72:]))
    keys = [certificate_key(manifest, *item) for item in signatures]
    value = parsed(payload, 8)
    for key in keys:
        day = date.fromisoformat(value["erased_on" if tombstones else "issued_on"])
        start, until = (
            date.fromisoformat(key["start"][:10]),
            date.fromisoformat(key.get("until", "9999-12-31")[:10]),
        )
        need((start - day).days <= 1 and (day - until).days <= 1, 8, "key_window")
    need((value["issuer_id"], value["number"]) == (pin["issuer_id"], number), 9)
    if tombstones:
        return "erased", 9, ""
    answers: list[Answer] = [("valid", 12, "")]
    kind = exception(number, pin["issuer_id"], shard)
    answers += [(kind, 10, "")] if kind else []
    answers += [("expired", 11, "")] if now[:10] > value.get("expires_on", "9999-12-31") else []
    answers += [] if fresh else [("stale", 4, "old")]
    return min(answers, key=lambda answer: ORDER.index(answer[0]))


def certificate_key(manifest: dict[str, Any], what: str, payload: bytes, part: bytes) -> dict[str, Any]:
    name = part[:8].hex()
    key = next((key for key in manifest["keys"] if key["id"] == name and key["role"] == "certificate"), None)
    if key is None or not signed(key["public"], what, payload, part[8:]):
        raise Stop(8, "damaged")
    need("cutoff" not in key, 8, "key_cut_off")
    return key  # type: ignore[no-any-return]  # a JSON object


def exception(number: str, issuer_id: str, shard: dict[str, Any]) -> str:
    tag = derived(number, issuer_id, "status-tag", 16)
    sealed = shard["exceptions"].get(tag)
    if sealed is None:
        return ""
    bound = b"certportal/status/v1\0" + int(number[:4]).to_bytes(2, "big") + tag
    plain = AESGCM(derived(number, issuer_id, "status-key", 32)).decrypt(sealed[:12], sealed[12:], bound)
    return ["", "revoked", "suspended", "superseded"][plain[0]]
