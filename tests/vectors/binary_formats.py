"""Vectors of records, buckets, shards and of the head, manifest and pin."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator.crypto import cipher
from generator.formats import (
    bucket,
    entry,
    events,
    manifest,
    pages,
    paths,
    record,
    statement,
    status,
    strict_json,
)
from generator.formats.derivation import derive
from generator.rules.file_comparison import printed_day
from tests import small_site as small


def record_cases() -> dict[str, Any]:
    certified = small.small_site().statements["valid"]
    body = statement.encode(certified)
    plain = record.sign(body, record.Files(small.pdf_digest("valid")), small.CERTIFICATE)
    badged = record.sign(body, record.Files(small.pdf_digest("valid"), bytes(range(32))), small.CERTIFICATE)
    erased = record.ErasedRecord(issuer_id=small.ISSUER_ID, number=certified.number, erased_on="2026-11-21")
    derived = derive(certified.number, small.ISSUER_ID)
    sealed = entry.seal(derived, record.encode(plain))
    frame = record.encode(plain)
    return {
        "record": {"statement": body.decode(), "pdf_sha256": plain.files.pdf.hex(), "bytes": frame.hex()},
        "badged": {"badge_sha256": bytes(range(32)).hex(), "bytes": record.encode(badged).hex()},
        "tombstone": {
            "payload": strict_json.encode(erased.plain()).decode(),
            "bytes": record.encode(record.sign_tombstone(erased, small.CERTIFICATE)).hex(),
        },
        "invalid_frames": [
            {"why": "unknown kind", "bytes": "03" + frame.hex()[2:]},
            {"why": "cut short", "bytes": frame[:-1].hex()},
            {"why": "left over", "bytes": frame.hex() + "00"},
            {"why": "unknown flag", "bytes": _flagged(frame, len(body)).hex()},
        ],
        "entry": {
            "number": certified.number,
            "issuer_id": small.ISSUER_ID,
            "frame": frame.hex(),
            "bytes": sealed.encode().hex(),
        },
        "invalid_entries": [
            {"why": why, "number": certified.number, "bytes": _sealed(derived, plaintext).encode().hex()}
            for why, plaintext in _bad_plaintexts(frame)
        ],
    }


def _flagged(frame: bytes, length: int) -> bytes:
    at = 1 + 2 + length + 8 + 64
    return frame[:at] + b"\x02" + frame[at + 1 :]


def _bad_plaintexts(frame: bytes) -> Iterator[tuple[str, bytes]]:
    renderer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = renderer.compress(frame) + renderer.flush()
    whole = len(packed).to_bytes(2, "big") + packed
    padded = whole.ljust(-(-len(whole) // 128) * 128, b"\0")
    yield "padding not zero", padded[:-1] + b"\1"
    yield "length beyond the end", b"\xff\xff" + padded[2:]
    yield "data after the deflate stream", (len(packed) + 1).to_bytes(2, "big") + padded[2:]
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    large = bomb.compress(bytes(400_000)) + bomb.flush()
    yield "inflates to too much", (len(large).to_bytes(2, "big") + large).ljust(512, b"\0")
    yield "not deflate", (b"\0\4\xff\xff\xff\xff").ljust(128, b"\0")


def _sealed(derived: Any, plaintext: bytes) -> entry.Entry:
    nonce = cipher.mac(derived.nonce_key(), plaintext)[:12]
    bound = b"certportal/entry/v1\0" + derived.year.to_bytes(2, "big") + derived.tag
    return entry.Entry(derived.tag, nonce, cipher.seal(derived.record_key(), nonce, plaintext, bound))


def bucket_cases() -> dict[str, Any]:
    files = small.small_site().files
    path = next(path for path in files if path.startswith("r/2026"))
    held = bucket.decode(files[path])
    data = files[path]
    swapped = bucket.encode(replace(held, entries=held.entries[::-1]))
    return {
        "bucket": {
            "path": path,
            "year": held.year,
            "bits": held.bits,
            "prefix": f"{held.prefix:06x}",
            "version": held.version,
            "tags": [item.tag.hex() for item in held.entries],
            "digest": bucket.listed(held).digest.hex(),
            "bytes": data.hex(),
        },
        "with_proof": {"proof": "00ff", "bytes": bucket.encode(replace(held, proof=b"\x00\xff")).hex()},
        "invalid": [
            {"why": "magic", "bytes": (b"CPB2" + data[4:]).hex()},
            {"why": "cut short", "bytes": data[:-1].hex()},
            {"why": "left over", "bytes": (data + b"\0").hex()},
            {"why": "order", "bytes": swapped.hex()},
            {"why": "twice the same tag", "bytes": _doubled(held).hex()},
            {"why": "version 0", "bytes": bucket.encode(replace(held, version=0)).hex()},
            {"why": "prefix below its bits", "bytes": bucket.encode(replace(held, prefix=1)).hex()},
            {"why": "bits", "bytes": bucket.encode(replace(held, bits=25)).hex()},
        ],
    }


def _doubled(held: bucket.Bucket) -> bytes:
    return bucket.encode(replace(held, entries=(held.entries[0], *held.entries[:-1])))


def status_cases() -> dict[str, Any]:
    site = small.small_site()
    path = next(path for path in site.files if path.startswith("s/2026"))
    signed = status.split(site.files[path])
    shard = status.decode(signed.body)
    derived = derive(site.numbers["suspended"], small.ISSUER_ID)
    sealed = shard.find(derived.status_tag())
    if sealed is None:
        raise LookupError("the small site suspends one certificate")
    opened = status.unseal(derived, sealed)
    body = signed.body
    return {
        "shard": {
            "path": path,
            "public": small.ONLINE.public,
            "year": shard.year,
            "bits": shard.bits,
            "prefix": f"{shard.prefix:06x}",
            "sequence": shard.sequence,
            "issued_at": shard.issued_at,
            "next_update": shard.next_update,
            "manifest_version": shard.manifest_version,
            "buckets": [{"version": item.version, "digest": item.digest.hex()} for item in shard.buckets],
            "exceptions": [item.tag.hex() for item in shard.exceptions],
            "bytes": site.files[path].hex(),
        },
        "exception": {
            "number": site.numbers["suspended"],
            "issuer_id": small.ISSUER_ID,
            "tag": sealed.tag.hex(),
            "nonce": sealed.nonce.hex(),
            "sealed": sealed.sealed.hex(),
            "kind": opened.kind,
            "changed_on": opened.changed_on,
            "until": opened.until,
            "reason_code": opened.reason_code,
        },
        "invalid_bodies": [
            {"why": "magic", "bytes": (b"CPS2" + body[4:]).hex()},
            {"why": "cut short", "bytes": body[:-1].hex()},
            {"why": "left over", "bytes": (body + b"\0").hex()},
            {"why": "a bucket missing", "bytes": status.encode(
                replace(shard, buckets=shard.buckets[1:])).hex()},
            {"why": "digest of no bucket", "bytes": status.encode(
                replace(shard, buckets=(bucket.Listed(0, b"\1" * 16), *shard.buckets[1:]))).hex()},
            {"why": "order", "bytes": status.encode(replace(shard, exceptions=shard.exceptions[::-1])).hex()},
        ],
        "bits": [
            {"bits": bits, "prefix": "abcdef", "shard_bits": status.shard_bits(bits),
             "shard_prefix": f"{status.shard_prefix(0xABCDEF, bits):06x}",
             "path": paths.shard(2026, bits, 0xABCDEF)}
            for bits in (0, 8, 9, 16, 24)
        ],
    }  # fmt: skip


def head_cases() -> dict[str, Any]:
    files = small.small_site().files
    page = b"<p>before</p>" + pages.HEAD_OPEN + b"{}" + pages.HEAD_CLOSE + b"after"
    event = events.Event(seq=1, at=small.NOW, kind="claim_imported", commitment="cd" * 32)
    return {
        "head": {"public": small.ONLINE.public, "bytes": files[paths.HEAD].hex()},
        "manifest": {
            "root": small.ROOT.public,
            "issuer_id": small.ISSUER_ID,
            "bytes": files[paths.MANIFEST].hex(),
        },
        "pin": manifest.encode_pin(small.PIN).hex(),
        "page": {"page": page.decode(), "sha256": pages.digest(page)},
        "event": {
            "before": events.GENESIS,
            "event": event.plain(),
            "hash": events.link(events.GENESIS, event),
        },
        "day": {"day": "2026-06-05", "printed": printed_day("2026-06-05")},
    }
