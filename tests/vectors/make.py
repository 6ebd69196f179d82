"""The test vectors that Python and JavaScript share, made from the codecs and the small site.

`python -m tests.vectors.make` writes them again; a test compares what is committed. Bytes are hex
in the codec files and base64 in verdict.json. Read README.md beside this file.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.crypto import cipher
from generator.crypto.ed25519 import SeedSigner
from generator.rules.comparing import printed_day
from generator.wire import (
    bucket,
    entry,
    envelope,
    events,
    layout,
    manifest,
    number,
    pages,
    phrase,
    record,
    statement,
    status,
    strict_json,
)
from generator.wire.derivation import derive
from tests import small_site as small

HERE = Path(__file__).parent
LATER = "2026-11-23T00:00:00Z"


def _number() -> dict[str, Any]:
    good = [
        {"year": year, "random": f"{bits:023x}", "number": number.encode(year, bits)}
        for year, bits in ((2026, 0), (2026, 2**90 - 1), (1000, 1), (9999, 2**89), (2026, int("135" * 7, 16)))
    ]
    whole = small.number_of("valid")
    slip = _swap(whole, 9)
    typed = [
        whole,
        number.grouped(whole),
        number.grouped(whole).lower(),
        whole.replace("0", "O").replace("1", "l"),
        f"  {number.grouped(whole)}\n",
        slip,
        _swap(_swap(whole, 9), 15),
        _swap(whole, 0, "3"),
        _swap(whole, 2, "9"),
        whole[:-1],
        whole + "0",
        whole[:8] + "U" + whole[9:],
        whole[:8] + "А" + whole[9:],
        "0" + whole[1:],
        "A" + whole[1:],
        "",
        "1" * 201,
        "%32%30%32%36",
        whole[:12] + "\u2011" + whole[12:],
        whole[:12] + "\u200b" + whole[12:],
    ]
    read = [{"typed": text, **_typed(text)} for text in typed]
    return {"encode": good, "read": read, "grouped": {"number": whole, "printed": number.grouped(whole)}}


def _typed(text: str) -> dict[str, Any]:
    found = number.read(text)
    return {"number": found.number, "reason": found.reason, "suggestion": found.suggestion}


def _swap(text: str, at: int, by: str | None = None) -> str:
    other = by or number.ALPHABET[(number.ALPHABET.index(text[at]) + 7) % 32]
    return text[:at] + other + text[at + 1 :]


def _derivation() -> dict[str, Any]:
    cases = []
    for name in ("valid", "expired"):
        value = small.small_site().numbers[name]
        derived = derive(value, small.ISSUER_ID)
        cases.append(
            {
                "number": value,
                "issuer_id": small.ISSUER_ID,
                "locator": derived.locator.hex(),
                "tag": derived.tag.hex(),
                "prefix": {str(bits): f"{derived.prefix(bits):06x}" for bits in (0, 1, 8, 11, 24)},
                "record_key": derived.record_key().hex(),
                "nonce_key": derived.nonce_key().hex(),
                "status_tag": derived.status_tag().hex(),
                "status_key": derived.status_key().hex(),
                "badge_id": derived.badge_id().hex(),
            }
        )
    return {
        "derive": cases,
        "phrase": {"issuer_id": small.ISSUER_ID, "words": phrase.phrase(small.ISSUER_ID)},
    }


def _strict_json() -> dict[str, Any]:
    values: list[Any] = [
        {},
        [],
        {"a": 1, "b": [True, False, None], "c": {"d_1": -(2**53 - 1)}},
        {"text": 'quote " backslash \\ slash / tab \t line \n low \x01 high \x7f \u2028'},
        {"payloadType": "Zoë", "payload": "王 小明", "name": "श्रीकांत 🎓"},
        {"b": 1, "a": 2, "aB": 3, "a_": 4, "a0": 5},
        "text",
        0,
    ]
    bad = {
        "space": b'{"a": 1}',
        "order": b'{"b":1,"a":2}',
        "duplicate": b'{"a":1,"a":1}',
        "float": b'{"a":1.0}',
        "exponent": b'{"a":1e2}',
        "minus_zero": b'{"a":-0}',
        "too_large": b'{"a":9007199254740992}',
        "escaped": b'{"a":"\\u0041"}',
        "escaped_slash": b'{"a":"\\/"}',
        "upper_case_escape": b'{"a":"\\u001F"}',
        "surrogate": b'{"a":"\\ud800"}',
        "not_nfc": '{"a":"e\u0301"}'.encode(),
        "not_utf8": b'{"a":"\xff"}',
        "bom": b'\xef\xbb\xbf{"a":1}',
        "number_like_name": b'{"1":1}',
        "upper_case_name": b'{"A":1}',
        "proto_name": b'{"__proto__":1}',
        "left_over": b'{"a":1}\n',
        "nan": b'{"a":NaN}',
        "too_deep": b"[" * 14 + b"]" * 14,
        "empty": b"",
    }
    return {
        "valid": [{"value": value, "bytes": strict_json.encode(value).hex()} for value in values],
        "invalid": [{"why": why, "bytes": data.hex()} for why, data in bad.items()],
    }


def _envelope() -> dict[str, Any]:
    certified = small.small_site().statements["valid"]
    payload = statement.encode(certified)
    good = envelope.encode(envelope.sign(envelope.STATEMENT, payload, [small.CERTIFICATE]))
    wrong_role = envelope.encode(
        envelope.Envelope(
            envelope.STATEMENT,
            payload,
            (
                envelope.Signature(
                    small.ONLINE.key_id, small.ONLINE.sign(envelope.pae(envelope.STATEMENT, payload))
                ),
            ),
        )
    )
    return {
        "pae": [
            {"type": kind, "payload": body.hex(), "bytes": envelope.pae(kind, body).hex()}
            for kind, body in (("", b""), (envelope.HEAD, b"{}"), (envelope.RECORD, bytes(range(256))))
        ],
        "roles": dict(sorted(envelope.ROLE_OF.items())),
        "signed": {
            "type": envelope.STATEMENT,
            "public": small.CERTIFICATE.public,
            "key_id": small.CERTIFICATE.key_id,
            "payload": payload.hex(),
            "bytes": good.hex(),
        },
        "not_signed_by_that_key": [
            {"why": "another key", "bytes": wrong_role.hex()},
            {"why": "payload changed", "bytes": good.replace(b"e", b"f", 1).hex()},
            {"why": "another type", "bytes": good.replace(b"statement", b"manifests").hex()},
            {"why": "base64 padding bits", "bytes": good.replace(b'=="', b'="').hex()},
            {"why": "no signature", "bytes": _unsigned(good)},
        ],
    }


def _unsigned(data: bytes) -> str:
    outer = json.loads(data)
    outer["signatures"] = []
    return strict_json.encode(outer).hex()


def _records() -> dict[str, Any]:
    certified = small.small_site().statements["valid"]
    body = statement.encode(certified)
    plain = record.sign(body, record.Files(small.pdf_digest("valid")), small.CERTIFICATE)
    badged = record.sign(body, record.Files(small.pdf_digest("valid"), bytes(range(32))), small.CERTIFICATE)
    grave = record.Grave(issuer_id=small.ISSUER_ID, number=certified.number, erased_on="2026-11-21")
    derived = derive(certified.number, small.ISSUER_ID)
    sealed = entry.seal(derived, record.encode(plain))
    frame = record.encode(plain)
    return {
        "record": {"statement": body.decode(), "pdf_sha256": plain.files.pdf.hex(), "bytes": frame.hex()},
        "badged": {"badge_sha256": bytes(range(32)).hex(), "bytes": record.encode(badged).hex()},
        "tombstone": {
            "payload": strict_json.encode(grave.plain()).decode(),
            "bytes": record.encode(record.bury(grave, small.CERTIFICATE)).hex(),
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
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = press.compress(frame) + press.flush()
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


def _buckets() -> dict[str, Any]:
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


def _statuses() -> dict[str, Any]:
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
            "versions": list(shard.versions),
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
            {"why": "a version missing", "bytes": status.encode(replace(shard, versions=shard.versions[1:])).hex()},
            {"why": "order", "bytes": status.encode(replace(shard, exceptions=shard.exceptions[::-1])).hex()},
        ],
        "bits": [
            {"bits": bits, "prefix": "abcdef", "shard_bits": status.shard_bits(bits),
             "shard_prefix": f"{status.shard_prefix(0xABCDEF, bits):06x}",
             "path": layout.shard(2026, bits, 0xABCDEF)}
            for bits in (0, 8, 9, 16, 24)
        ],
    }  # fmt: skip


def _heads() -> dict[str, Any]:
    files = small.small_site().files
    page = b"<p>before</p>" + pages.HEAD_OPEN + b"{}" + pages.HEAD_CLOSE + b"after"
    event = events.Event(seq=1, at=small.NOW, kind="claim_imported", commitment="cd" * 32)
    return {
        "head": {"public": small.ONLINE.public, "bytes": files[layout.HEAD].hex()},
        "manifest": {
            "root": small.ROOT.public,
            "issuer_id": small.ISSUER_ID,
            "bytes": files[layout.MANIFEST].hex(),
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


Changes = dict[str, bytes | None]


def _case(
    name: str, asked: str, kind: str, step: int, reason: str = "", now: str = LATER, **more: Any
) -> dict[str, Any]:
    return {"name": name, "number": asked, "now": now, "kind": kind, "step": step, "reason": reason, **more}


def _states() -> Iterator[dict[str, Any]]:
    numbers = small.small_site().numbers
    for name in (
        "valid", "reinstated", "expiring", "closed_year", "nasty",
        *(f"script_{rank}" for rank in range(40, 45)),
    ):  # fmt: skip
        yield _case(name, numbers[name], "valid", 12)
    yield _case("revoked", numbers["revoked"], "revoked", 10, changed_on="2026-11-21", reason_code=1)
    yield _case("revoked in a closed year", numbers["revoked_closed_year"], "revoked", 10)
    yield _case("suspended", numbers["suspended"], "suspended", 10, until="2026-12-31", reason_code=2)
    yield _case(
        "suspended, past its until", numbers["suspended"], "suspended", 10, now="2027-02-01T00:00:00Z"
    )
    yield _case("superseded", numbers["superseded"], "superseded", 10, successor=None)
    yield _case(
        "superseded, newer one named", numbers["superseded_with_successor"], "superseded", 10,
        successor=numbers["valid"],
    )  # fmt: skip
    yield _case("erased", numbers["erased"], "erased", 9, changed_on="2026-11-21")
    yield _case("erased outranks revoked", numbers["erased_and_revoked"], "erased", 9)
    yield _case("expired", numbers["expired"], "expired", 11)
    yield _case("not found", small.number_of("nobody"), "not_found", 6)
    yield _case("not found, no such year", small.number_of("nobody", 2024), "not_found", 4)
    yield _case("as grouped", number.grouped(numbers["valid"]), "valid", 12)
    yield _case(
        "check symbols", _swap(numbers["valid"], 12), "malformed", 1, "check", suggestion=numbers["valid"]
    )
    yield _case("too short", numbers["valid"][:20], "malformed", 1, "length", suggestion=None)
    yield _case("Cyrillic", numbers["valid"][:8] + "А" + numbers["valid"][9:], "malformed", 1, "alphabet")


def _freshness() -> Iterator[dict[str, Any]]:
    numbers, after = small.small_site().numbers, "2026-12-13T02:00:01Z"
    yield _case("to the second", numbers["valid"], "valid", 12, now=small.NEXT)
    yield _case("past next_update", numbers["valid"], "stale", 4, "old", now=after)
    yield _case("bad news from a stale shard", numbers["revoked"], "revoked", 10, now=after)
    yield _case("expired from a stale shard", numbers["expired"], "expired", 11, now=after)
    yield _case("not found in a stale bucket", small.number_of("nobody"), "stale", 6, "absent", now=after)
    yield _case("no such year, stale", small.number_of("nobody", 2024), "stale", 4, "absent", now=after)
    yield _case("device clock years behind", numbers["valid"], "valid", 12, now="2019-01-01T00:00:00Z")
    yield _case("device clock years ahead", numbers["valid"], "stale", 4, "old", now="2031-01-01T00:00:00Z")


def _damage() -> Iterator[dict[str, Any]]:
    site, asked = small.small_site(), small.small_site().numbers["valid"]
    derived = derive(asked, small.ISSUER_ID)
    bits = 2
    places = {
        3: layout.HEAD,
        4: layout.shard(2026, bits, derived.prefix(bits)),
        5: layout.bucket(2026, bits, derived.prefix(bits)),
    }
    for step, path in {**places, 2: layout.MANIFEST}.items():
        at = max(step, 3)
        yield _case(f"{path} missing", asked, "unreachable", at, "missing", files={path: None})
        for name, data in (("empty", b""), ("HTML", b"<!doctype html><title>Welcome</title>")):
            yield _case(f"{path} is {name}", asked, "unreachable", at, "damaged", files={path: data})
        half = site.files[path][: len(site.files[path]) // 2]
        yield _case(f"{path} cut short", asked, "unreachable", at, "damaged", files={path: half})
    other = next(path for path in site.files if path.startswith("r/2026") and path != places[5])
    yield _case("another bucket", asked, "unreachable", 5, "damaged", files={places[5]: site.files[other]})
    yield _case(
        "another year's shard", asked, "unreachable", 4, "damaged",
        files={places[4]: site.files[layout.shard(2025, 0, 0)]},
    )  # fmt: skip
    yield from _rollback(asked, places)
    yield from _wrong_keys(asked, places)
    yield from _wrong_entries(asked, bits, places[5])


def _rollback(asked: str, places: dict[int, str]) -> Iterator[dict[str, Any]]:
    older = small.small_site(6, "2026-11-21T02:00:00Z", "2026-12-12T02:00:00Z").files
    newer = small.small_site(8, "2026-11-22T08:00:00Z", "2026-12-13T08:00:00Z").files
    yield _case("an older bucket", asked, "unreachable", 5, "outdated", files={places[5]: older[places[5]]})
    yield _case("an older shard", asked, "unreachable", 4, "outdated", files={places[4]: older[places[4]]})
    yield _case("an older head", asked, "valid", 12, files={layout.HEAD: older[layout.HEAD]})
    fresh = {path: newer[path] for path in (places[4], places[5])}
    yield _case("head cached, the rest newer", asked, "valid", 12, files=fresh)
    yield _case("only the bucket newer", asked, "valid", 12, files={places[5]: newer[places[5]]})


def _wrong_keys(asked: str, places: dict[int, str]) -> Iterator[dict[str, Any]]:
    shard = status.decode(status.split(small.small_site().files[places[4]]).body)
    stranger = SeedSigner.of(small.seed("stranger"), "online")
    by_stranger = status.sign(shard, stranger)
    yield _case("shard by a stranger", asked, "unreachable", 4, "damaged", files={places[4]: by_stranger})
    late = replace(shard, issued_at="2026-12-25T00:00:00Z", next_update="2026-12-30T00:00:00Z")
    yield _case(
        "shard outside its key's window", asked, "unreachable", 4, "key_window",
        files={places[4]: status.sign(late, small.ONLINE)},
    )  # fmt: skip
    long = replace(shard, next_update="2027-01-01T00:00:00Z")
    yield _case(
        "shard good for more than 35 days", asked, "unreachable", 4, "key_window",
        files={places[4]: status.sign(long, small.ONLINE)},
    )  # fmt: skip
    posing = SeedSigner(
        "online", small.CERTIFICATE.public, small.CERTIFICATE.key_id, small.CERTIFICATE._secret
    )
    yield _case(
        "shard by the certificate key", asked, "unreachable", 4, "damaged",
        files={places[4]: status.sign(shard, posing)},
    )  # fmt: skip
    renamed = small.GENESIS.model_copy(update={"name": "Northfeild Awarding"})
    yield _case(
        "another genesis by the same root", asked, "unreachable", 3, "damaged",
        files={layout.MANIFEST: manifest.sign(renamed, [small.ROOT])},
    )  # fmt: skip
    forged_root = manifest.sign(small.GENESIS, [SeedSigner.of(small.seed("stranger"), "root")])
    yield _case(
        "manifest by a stranger", asked, "unreachable", 3, "damaged", files={layout.MANIFEST: forged_root}
    )


def _wrong_entries(asked: str, bits: int, path: str) -> Iterator[dict[str, Any]]:
    site = small.small_site()
    held = bucket.decode(site.files[path])
    derived = derive(asked, small.ISSUER_ID)

    def with_frame(frame: bytes) -> Changes:
        mine = entry.seal(derived, frame)
        kept = [item for item in held.entries if item.tag != derived.tag]
        entries = tuple(sorted([*kept, mine], key=lambda item: item.tag))
        return {path: bucket.encode(replace(held, entries=entries))}

    body = statement.encode(site.statements["valid"])
    files = record.Files(small.pdf_digest("valid"))
    good = record.sign(body, files, small.CERTIFICATE)
    stranger = record.sign(body, files, SeedSigner.of(small.seed("stranger"), "certificate"))
    yield _case("record by a stranger", asked, "unreachable", 8, "damaged",
                files=with_frame(record.encode(stranger)))  # fmt: skip
    mixed = replace(good, files=record.Files(small.pdf_digest("another")))
    yield _case("record with another PDF", asked, "unreachable", 8, "damaged",
                files=with_frame(record.encode(mixed)))  # fmt: skip
    other = frame_for(site, "reinstated")
    yield _case("a genuine record of another number", asked, "unreachable", 9, "damaged",
                files=with_frame(other))  # fmt: skip
    yield _case("an erased other", asked, "unreachable", 9, "damaged",
                files=with_frame(frame_for(site, "erased")))  # fmt: skip
    yield _case("a frame of nothing", asked, "unreachable", 8, "damaged", files=with_frame(b"\x01\x00"))
    kept = tuple(item for item in held.entries if item.tag != derived.tag)
    broken = entry.Entry(derived.tag, b"\0" * 12, b"\0" * 144)
    entries = tuple(sorted([*kept, broken], key=lambda item: item.tag))
    yield _case("an entry that does not open", asked, "unreachable", 7, "damaged",
                files={path: bucket.encode(replace(held, entries=entries))})  # fmt: skip


def frame_for(site: small.SmallSite, name: str) -> bytes:
    """The frame published for one of the small site's names."""
    return small.frame_of(name, site.statements[name])


def _verdict() -> dict[str, Any]:
    site = small.small_site()
    cases = [*_states(), *_freshness(), *_damage()]
    for case in cases:
        changed = case.pop("files", {})
        case["files"] = {path: data if data is None else _b64(data) for path, data in changed.items()}
    return {
        "pin": manifest.encode_pin(small.PIN).decode(),
        "site": {path: _b64(data) for path, data in sorted(site.files.items())},
        "cases": cases,
    }


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "number": _number,
    "derivation": _derivation,
    "strict_json": _strict_json,
    "envelope": _envelope,
    "record": _records,
    "bucket": _buckets,
    "status": _statuses,
    "head": _heads,
    "verdict": _verdict,
}


def text(name: str) -> str:
    """A vector file's text."""
    return json.dumps(FILES[name](), ensure_ascii=True, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for made in FILES:
        (HERE / f"{made}.json").write_text(text(made))
