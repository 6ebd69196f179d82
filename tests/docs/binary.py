"""The worked examples of records, entries, buckets and shards."""

from __future__ import annotations

from typing import Any

from generator.crypto import cipher
from generator.formats import bucket, entry, record, status, strict_json
from generator.formats.derivation import derive
from tests import small_site as small

Fields = dict[str, str]


def record_example(given: Fields, every: dict[str, Fields]) -> Fields:
    body = every["statement"]["payload"].encode()
    made = record.sign(body, record.Files(bytes.fromhex(given["PDF SHA-256"])), small.CERTIFICATE)
    frame = record.encode(made)
    at = 1 + 2 + len(body)
    if record.decode(frame) != made:
        raise ValueError("the record does not come back")
    return {
        "PDF SHA-256": given["PDF SHA-256"],
        "frame before the statement": frame[:3].hex(),
        "frame after the statement": frame[at:].hex(),
        "record signature is over": made.signed()[1][1].hex(),
    }


def tombstone_example(given: Fields, _: Any) -> Fields:
    erased = record.ErasedRecord.of(strict_json.decode(given["payload"].encode(), 1024))
    tombstones = record.sign_tombstone(erased, small.CERTIFICATE)
    if tombstones.erased() != erased:
        raise ValueError("the tombstone does not come back")
    return {"payload": given["payload"], "frame": record.encode(tombstones).hex()}


def entry_example(given: Fields, every: dict[str, Fields]) -> Fields:
    derived = derive(given["number"], small.ISSUER_ID)
    plaintext = bytes.fromhex(given["plaintext"])
    nonce = cipher.mac(derived.nonce_key(), plaintext)[:12]
    bound = b"certportal/entry/v1\0" + derived.year.to_bytes(2, "big") + derived.tag
    made = entry.Entry(derived.tag, nonce, cipher.seal(derived.record_key(), nonce, plaintext, bound))
    # The deflated bytes may be anybody's; what they inflate to may not.
    if entry.unseal(derived, made).hex() != every["tombstone"]["frame"]:
        raise ValueError("the entry does not open to the tombstone")
    return {
        "number": given["number"],
        "plaintext": given["plaintext"],
        "nonce": nonce.hex(),
        "bound": bound.hex(),
        "entry": made.encode().hex(),
    }


def bucket_example(given: Fields, every: dict[str, Fields]) -> Fields:
    raw = bytes.fromhex(every["entry"]["entry"])
    made = bucket.Bucket(
        int(given["year"]),
        int(given["bits"]),
        int(given["prefix"], 16),
        int(given["version"]),
        (entry.Entry(raw[:16], raw[16:28], raw[30:]),),
    )
    data = bucket.encode(made)
    if bucket.decode(data) != made:
        raise ValueError("the bucket does not come back")
    return {
        **{name: given[name] for name in ("year", "bits", "prefix", "version")},
        "bytes": data.hex(),
        "digest": bucket.listed(made).digest.hex(),
    }


def exception_example(given: Fields, _: Any) -> Fields:
    derived = derive(given["number"], small.ISSUER_ID)
    item = status.StatusException(
        given["kind"],  # type: ignore[arg-type]  # an unknown one raises below
        given["changed on"],
        int(given["reason code"]),
        given["until"],
    )
    sealed = status.seal(derived, item)
    if status.unseal(derived, sealed) != item:
        raise ValueError("the exception does not come back")
    bound = b"certportal/status/v1\0" + derived.year.to_bytes(2, "big") + sealed.tag
    plain = cipher.unseal(derived.status_key(), sealed.nonce, sealed.sealed, bound)
    return {
        **{name: given[name] for name in ("number", "kind", "reason code", "changed on", "until")},
        "plaintext": plain.hex(),
        "bytes": (sealed.tag + sealed.nonce + sealed.sealed).hex(),
    }


def shard_example(given: Fields, every: dict[str, Fields]) -> Fields:
    raw = bytes.fromhex(every["exception"]["bytes"])
    named = bucket.Listed(int(every["bucket"]["version"]), bytes.fromhex(every["bucket"]["digest"]))
    made = status.Shard(
        int(every["bucket"]["year"]),
        0,
        0,
        int(given["sequence"]),
        given["issued at"],
        given["next update"],
        int(given["manifest version"]),
        (named,),
        (status.SealedException(raw[:16], raw[16:28], raw[28:]),),
    )
    data = status.sign(made, small.ONLINE)
    if status.decode(status.split(data).body) != made:
        raise ValueError("the shard does not come back")
    return {
        **{name: given[name] for name in ("sequence", "issued at", "next update", "manifest version")},
        "bytes": data.hex(),
    }
