"""What a host can do to published files: the answer is `unreachable`, or true all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator.crypto.ed25519 import SeedSigner
from generator.formats import bucket, entry, paths, record, statement
from generator.formats.derivation import derive
from tests import altered_site as altered
from tests import small_site as small
from tests.vectors.case import case


def damage_cases() -> Iterator[dict[str, Any]]:
    """Files missing, replaced, cut short, or of another place."""
    site = small.small_site()
    asked = site.numbers["valid"]
    shard, held = altered.places(asked)
    for path, step in {paths.HEAD: 3, shard: 4, held: 5, paths.MANIFEST: 3}.items():
        yield case(f"{path} missing", asked, "unreachable", step, "missing", files={path: None})
        for name, data in (("empty", b""), ("HTML", b"<!doctype html><title>Welcome</title>")):
            yield case(f"{path} is {name}", asked, "unreachable", step, "damaged", files={path: data})
        half = site.files[path][: len(site.files[path]) // 2]
        yield case(f"{path} cut short", asked, "unreachable", step, "damaged", files={path: half})
    other = next(path for path in site.files if path.startswith("r/2026") and path != held)
    yield case("another bucket", asked, "unreachable", 5, "damaged", files={held: site.files[other]})
    yield case(
        "another year's shard", asked, "unreachable", 4, "damaged",
        files={shard: site.files[paths.shard(2025, 0, 0)]},
    )  # fmt: skip
    yield from _bucket_cases(asked, held)
    yield from _older_cases(asked, shard, held)
    yield from _entry_cases(asked)


def _bucket_cases(asked: str, path: str) -> Iterator[dict[str, Any]]:
    """No bucket but the one that the shard names is believed, least of all on what it leaves out."""
    left_out = altered.without_entry(asked)
    yield case(
        "the entry left out", asked, "unreachable", 5, "damaged", files={path: bucket.encode(left_out)}
    )
    newer = bucket.encode(replace(left_out, version=left_out.version + 1))
    yield case(
        "the entry left out of a newer bucket", asked, "unreachable", 5, "outdated", files={path: newer}
    )
    data = small.small_site().files[path]
    at = data.index(derive(asked, small.ISSUER_ID).tag) + 15
    bent = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    yield case("one bit of the tag", asked, "unreachable", 5, "damaged", files={path: bent})
    absent = small.number_of("nobody")
    _, its_path = altered.places(absent)
    held = bucket.decode(small.small_site().files[its_path])
    fewer = bucket.encode(replace(held, entries=held.entries[1:]))
    yield case(
        "not found needs the true bucket", absent, "unreachable", 5, "damaged", files={its_path: fewer}
    )
    with_proof = bucket.encode(replace(bucket.decode(data), proof=b"later"))
    yield case("a log proof changes nothing yet", asked, "valid", 12, files={path: with_proof})
    erased = small.small_site().numbers["erased"]
    frame = record.encode(
        record.sign(
            statement.encode(small.small_site().statements["erased"]),
            record.Files(small.pdf_digest("erased")),
            small.CERTIFICATE,
        )
    )
    kept = altered.with_entry(erased, entry.seal(derive(erased, small.ISSUER_ID), frame))
    yield case(
        "a host that kept what was erased", erased, "unreachable", 5, "damaged",
        files={altered.places(erased)[1]: bucket.encode(kept)},
    )  # fmt: skip


def _older_cases(asked: str, shard: str, held: str) -> Iterator[dict[str, Any]]:
    older = small.small_site(6, "2026-11-21T02:00:00Z", "2026-12-12T02:00:00Z").files
    newer = small.small_site(8, "2026-11-22T08:00:00Z", "2026-12-13T08:00:00Z").files
    yield case("an older bucket", asked, "unreachable", 5, "outdated", files={held: older[held]})
    yield case("an older shard", asked, "unreachable", 4, "outdated", files={shard: older[shard]})
    both = {shard: older[shard], held: older[held]}
    yield case("an older shard and bucket", asked, "unreachable", 4, "outdated", files=both)
    yield case("an older head", asked, "valid", 12, files={paths.HEAD: older[paths.HEAD]})
    fresh = {path: newer[path] for path in (shard, held)}
    yield case("head cached, the rest newer", asked, "valid", 12, files=fresh)
    yield case("only the bucket newer", asked, "unreachable", 5, "outdated", files={held: newer[held]})
    yield case("only the shard newer", asked, "unreachable", 5, "outdated", files={shard: newer[shard]})


def _entry_cases(asked: str) -> Iterator[dict[str, Any]]:
    """What an issuer would have to publish itself, and must not be believed even then."""
    site = small.small_site()
    derived = derive(asked, small.ISSUER_ID)
    body = statement.encode(site.statements["valid"])
    good = record.sign(body, record.Files(small.pdf_digest("valid")), small.CERTIFICATE)
    stranger = record.sign(body, good.files, SeedSigner.of(altered.STRANGER, "certificate"))
    mixed = replace(good, files=record.Files(small.pdf_digest("another")))
    frames = {
        "record by a stranger": (8, record.encode(stranger)),
        "record with another PDF": (8, record.encode(mixed)),
        "a genuine record of another number": (9, frame_for(site, "reinstated")),
        "an erased other": (9, frame_for(site, "erased")),
        "a frame of nothing": (8, b"\x01\x00"),
    }
    for name, (step, frame) in frames.items():
        yield case(name, asked, "unreachable", step, "damaged", files=altered.with_frame(asked, frame))
    broken = entry.Entry(derived.tag, b"\0" * 12, b"\0" * 144)
    yield case(
        "an entry that does not open", asked, "unreachable", 7, "damaged",
        files=altered.listed(altered.with_entry(asked, broken)),
    )  # fmt: skip


def frame_for(site: small.SmallSite, name: str) -> bytes:
    """The frame published for one of the small site's names."""
    return small.frame_of(name, site.statements[name])
