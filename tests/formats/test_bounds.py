"""The bounds of each format, tried on both sides: the last that is allowed, and the first that is not."""

from __future__ import annotations

import hashlib
import hmac
import zlib
from typing import Any

import pytest

from generator.crypto import cipher
from generator.crypto.ed25519 import SeedSigner
from generator.errors import Malformed
from generator.formats import (
    bucket,
    entry,
    envelope,
    pages,
    private_link,
    status,
    strict_json,
    verification_code,
)
from generator.formats.bucket import ABSENT, Bucket, Listed
from generator.formats.derivation import PREFIX_BITS_MAX, derive
from generator.formats.entry import PAD, Entry
from generator.formats.frame import unsigned
from generator.formats.status import SealedException, Shard, StatusException

ISSUER = "1" * 64
CODE = verification_code.encode(2026, 12345)
KEYS = derive(CODE, ISSUER)
SIGNER = SeedSigner.of(bytes(32), "certificate")


# ------------------------------------------------------------ verification codes


@pytest.mark.parametrize(("year", "bits"), [(1000, 0), (9999, 2**90 - 1)])
def test_a_code_of_the_first_and_last_year_is_read_back(year: int, bits: int) -> None:
    assert verification_code.decode(verification_code.encode(year, bits)) == verification_code.encode(
        year, bits
    )


@pytest.mark.parametrize(("year", "bits"), [(999, 0), (10000, 0), (2026, -1), (2026, 2**90)])
def test_no_code_is_made_beyond(year: int, bits: int) -> None:
    with pytest.raises(Malformed, match="four-digit year and 90 bits"):
        verification_code.encode(year, bits)


def test_a_slip_is_noticed_and_mended_and_only_the_canonical_spelling_is_stored() -> None:
    slip = CODE[:-1] + ("0" if CODE[-1] != "0" else "2")
    typed = verification_code.read(slip)
    assert (typed.number, typed.reason, typed.suggestion) == (None, "check", CODE)
    for text in (slip, CODE.lower(), verification_code.grouped(CODE), f" {CODE}"):
        with pytest.raises(Malformed, match="not a canonical verification number"):
            verification_code.decode(text)
    assert verification_code.read(verification_code.grouped(CODE)).number == CODE
    assert [len(part) for part in verification_code.grouped(CODE).split("-")] == [4, 5, 5, 5, 5]


def test_what_is_typed_may_be_long_but_not_endless() -> None:
    spaced = CODE + " " * (200 - len(CODE))
    assert verification_code.read(spaced).number == CODE
    assert verification_code.read(spaced + " ").reason == "length"
    assert verification_code.read("0" + CODE[1:]).reason == "alphabet", "no year begins with 0"


# ------------------------------------------------------------ canonical JSON


def test_exactly_as_many_bytes_as_are_allowed_are_read() -> None:
    assert strict_json.decode(b'{"a":1}', 7) == {"a": 1}
    with pytest.raises(Malformed, match="longer than the 6 bytes allowed"):
        strict_json.decode(b'{"a":1}', 6)


@pytest.mark.parametrize("value", [2**53 - 1, -(2**53 - 1)])
def test_integers_that_every_reader_keeps_exactly(value: int) -> None:
    assert strict_json.decode(strict_json.encode(value), 99) == value
    with pytest.raises(Malformed, match="beyond 2\\^53-1"):
        strict_json.encode(value + (1 if value > 0 else -1))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("e\u0301", "normal form C"),
        ("\ud83c", "half of a character"),
        ({"Name": 1}, "field name"),
        ({"a-b": 1}, "field name"),
        ({"a" * 65: 1}, "field name"),
        ({1: 1}, "field name"),
        (1.5, "float has no canonical form"),
        (b"x", "bytes has no canonical form"),
    ],
)
def test_what_has_no_canonical_form(value: Any, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        strict_json.encode(value)


def test_names_and_texts_of_any_script_that_have_one() -> None:
    value = {"a" * 64: "é", "b_2C": [True, None, "王"]}
    assert strict_json.decode(strict_json.encode(value), 999) == value


# ------------------------------------------------------------ envelopes


def test_what_is_signed_is_as_dsse_says() -> None:
    # The example of the DSSE specification.
    example = envelope.pae("http://example.com/HelloWorld", b"hello world")
    assert example == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


@pytest.mark.parametrize(("count", "good"), [(1, True), (16, True), (0, False), (17, False)])
def test_an_envelope_has_up_to_sixteen_signatures(count: int, good: bool) -> None:
    data = envelope.encode(envelope.sign(envelope.STATEMENT, b"{}", [SIGNER] * count))
    if good:
        assert len(envelope.decode(data, envelope.STATEMENT, 9999).signatures) == count
    else:
        with pytest.raises(Malformed, match="between 1 and 16"):
            envelope.decode(data, envelope.STATEMENT, 9999)


@pytest.mark.parametrize("kind", [envelope.HEAD, envelope.STATUS, envelope.MANIFEST, envelope.APPROVAL])
def test_a_certificate_key_signs_certificates_only(kind: str) -> None:
    with pytest.raises(Malformed, match="a certificate key may not sign"):
        envelope.sign_bytes(kind, b"{}", SIGNER)
    for own in (envelope.STATEMENT, envelope.RECORD, envelope.TOMBSTONE):
        assert len(envelope.sign_bytes(own, b"{}", SIGNER)) == 64


# ------------------------------------------------------------ private links

LINK = private_link.derive(bytes(16), ISSUER)
FILE = private_link.encode(LINK, CODE, "NW-26-000001.pdf", b"%PDF")


def test_a_link_of_another_version_or_cut_short_is_none() -> None:
    assert private_link.decode(LINK, FILE)[1] == b"%PDF"
    least = 1 + cipher.NONCE_BYTES + cipher.TAG_BYTES
    smaller, larger = FILE[: least + 32_768], FILE + bytes(4_096)
    for data in (b"\x01" + FILE[1:], b"\x03" + FILE[1:], b"", FILE[: least - 1], smaller, larger):
        with pytest.raises(Malformed, match="no private link of a version that is known"):
            private_link.decode(LINK, data)
    with pytest.raises(Malformed) as refused:
        private_link.decode(LINK, FILE[:-1] + bytes([FILE[-1] ^ 1]))
    assert "version" not in str(refused.value), "long enough, but not sealed so"


@pytest.mark.parametrize(
    ("size", "plain"), [(1, 65_536), (65_400, 65_536), (65_536, 131_072), (131_072, 262_144)]
)
def test_links_of_many_certificates_are_of_one_size(size: int, plain: int) -> None:
    data = private_link.encode(LINK, CODE, "NW-26-000001.pdf", bytes(size))
    assert len(data) == 1 + cipher.NONCE_BYTES + plain + cipher.TAG_BYTES
    assert len(private_link.decode(LINK, data)[1]) == size


def test_a_file_too_large_for_a_link_is_refused() -> None:
    with pytest.raises(Malformed, match="too large for a private link"):
        private_link.encode(LINK, CODE, "NW-26-000001.pdf", bytes(private_link.CAP - 50))


def sealed_link(plain: bytes) -> bytes:
    plain = plain.ljust(max(65_536, 1 << (len(plain) - 1).bit_length()), b"\0")
    nonce = cipher.mac(LINK.nonce_key, plain)[: cipher.NONCE_BYTES]
    return b"\x02" + nonce + cipher.seal(LINK.key, nonce, plain, b"certportal/v1/link" + LINK.id)


def facts(size: int, pdf: bytes = b"%PDF") -> bytes:
    said = {"v": 1, "file": "NW-26-000001.pdf", "number": CODE, "pdf_bytes": size}
    listed = strict_json.encode(said)
    return len(listed).to_bytes(4, "big") + listed + pdf


def test_a_link_says_how_long_its_pdf_is_and_nothing_follows_it() -> None:
    assert sealed_link(facts(4)) == FILE
    for plain, why in (
        (facts(4) + b"x", "another length"),
        (facts(70_000), "another length"),
        (facts(4) + bytes(65_536), "another length"),
        ((4097).to_bytes(4, "big") + bytes(8192), "too long"),
    ):
        with pytest.raises(Malformed, match=why):
            private_link.decode(LINK, sealed_link(plain))


# ------------------------------------------------------------ entries and buckets


def sealed_entry(packed: bytes, *, length: int | None = None, pad: bytes = b"\0") -> Entry:
    plain = unsigned(len(packed) if length is None else length, 2) + packed
    plain = plain.ljust(-(-len(plain) // PAD) * PAD, pad)
    nonce = cipher.mac(KEYS.nonce_key(), plain)[: cipher.NONCE_BYTES]
    bound = b"certportal/entry/v1\0" + unsigned(KEYS.year, 2) + KEYS.tag
    return Entry(KEYS.tag, nonce, cipher.seal(KEYS.record_key(), nonce, plain, bound))


def deflated(frame: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(frame) + packer.flush()


def test_an_entry_holds_one_stream_and_zeros() -> None:
    stream = deflated(b"frame")
    assert entry.unseal(KEYS, sealed_entry(stream)) == b"frame"
    for spoilt, why in (
        (sealed_entry(stream + b"x"), "bytes left over"),
        (sealed_entry(stream[:-1]), "bytes left over"),
        (sealed_entry(deflated(bytes(20_001))), "inflates to too much"),
        (sealed_entry(b"\xff\xff"), "does not inflate"),
        (sealed_entry(stream, pad=b"x"), "padding"),
        (sealed_entry(stream, length=len(stream) + 500), "padding"),
    ):
        with pytest.raises(Malformed, match=why):
            entry.unseal(KEYS, spoilt)
    assert entry.unseal(KEYS, sealed_entry(deflated(bytes(20_000)))) == bytes(20_000)


def stub(tag: int, sealed: int = PAD + 16) -> Entry:
    return Entry(bytes([tag]) * 16, bytes(12), bytes(sealed))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (Bucket(2026, PREFIX_BITS_MAX, 0, 1, ()), ""),
        (Bucket(2026, 2, 3 << 22, 1, (stub(1), stub(2))), ""),
        (Bucket(2026, PREFIX_BITS_MAX + 1, 0, 1, ()), "prefix or version"),
        (Bucket(2026, 2, 1 << 21, 1, ()), "prefix or version"),
        (Bucket(2026, 2, 3 << 22, 0, ()), "prefix or version"),
        (Bucket(2026, 0, 0, 1, (stub(2), stub(1))), "not in order"),
        (Bucket(2026, 0, 0, 1, (stub(1), stub(1))), "not in order"),
        (Bucket(2026, 0, 0, 1, (stub(1, PAD),)), "length"),
        (Bucket(2026, 0, 0, 1, (stub(1, PAD + 17),)), "length"),
    ],
)
def test_a_bucket_is_of_a_possible_place_and_in_order(changed: Bucket, why: str) -> None:
    data = bucket.encode(changed)
    if not why:
        assert bucket.decode(data) == changed
        assert bucket.decode(data).find(b"\x07" * 16) is None
        for known in changed.entries:
            assert bucket.decode(data).find(known.tag) == known
        return
    with pytest.raises(Malformed, match=why):
        bucket.decode(data)


def test_decoys_look_like_records_and_differ() -> None:
    filled = bucket.filled(b"secret", 2026, 0, 0, 1, [stub(1)])
    assert len(filled.entries) == 8
    assert len({known.tag for known in filled.entries}) == 8
    lengths = {len(known.sealed) - 16 for known in filled.entries if known != stub(1)}
    assert lengths <= {896, 1024, 1152, 1280}, "a decoy is told by its length"
    assert bucket.decode(bucket.encode(filled)) == filled
    assert bucket.size(len(known.encode()) for known in filled.entries) == len(bucket.encode(filled))


# ------------------------------------------------------------ status shards


def shard(**changes: Any) -> Shard:
    fields: dict[str, Any] = {
        "year": 2026,
        "bits": 0,
        "prefix": 0,
        "sequence": 7,
        "issued_at": "2026-11-22T02:00:00Z",
        "next_update": "9999-12-31T23:59:59Z",
        "manifest_version": 1,
        "buckets": (Listed(1, bytes(16)),),
        "exceptions": (),
    }
    return Shard(**{**fields, **changes})


def sealed(tag: int) -> SealedException:
    return SealedException(bytes([tag]) * 16, bytes(12), bytes(64))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (shard(), ""),
        (shard(bits=1, buckets=(ABSENT, Listed(1, b"d" * 16))), ""),
        (shard(exceptions=(sealed(1), sealed(2))), ""),
        (shard(bits=9, prefix=1 << 23, buckets=(ABSENT,) * 256), ""),
        (shard(bits=9, prefix=1 << 22, buckets=(ABSENT,) * 256), "prefix is impossible"),
        (shard(bits=PREFIX_BITS_MAX + 1, buckets=(ABSENT,) * 256), "prefix is impossible"),
        (shard(bits=1), "every bucket below it"),
        (shard(buckets=(Listed(0, b"d" * 16),)), "not there"),
        (shard(exceptions=(sealed(2), sealed(1))), "not in order"),
        (shard(exceptions=(sealed(1), sealed(1))), "not in order"),
    ],
)
def test_a_shard_names_every_bucket_and_its_exceptions_in_order(changed: Shard, why: str) -> None:
    body = status.encode(changed)
    if not why:
        assert status.decode(body) == changed
        for known in changed.exceptions:
            assert status.decode(body).find(known.tag) == known
        assert status.decode(body).find(b"\x07" * 16) is None
        return
    with pytest.raises(Malformed, match=why):
        status.decode(body)


def test_a_shard_does_not_claim_more_exceptions_than_are_allowed() -> None:
    body = status.encode(shard())
    with pytest.raises(Malformed, match="more exceptions than allowed"):
        status.decode(body[:-4] + unsigned(status.EXCEPTIONS_CAP + 1, 4))
    with pytest.raises(Malformed) as refused:
        status.decode(body[:-4] + unsigned(status.EXCEPTIONS_CAP, 4))
    assert "than allowed" not in str(refused.value)


@pytest.mark.parametrize(("bits", "expected"), [(0, 0), (8, 0), (9, 1), (16, 8)])
def test_a_shard_tells_the_host_eight_bits_less(bits: int, expected: int) -> None:
    assert status.shard_bits(bits) == expected


def test_an_exception_is_sealed_under_a_nonce_of_its_own_kind() -> None:
    item = StatusException("suspended", "2026-11-22", 2, "9999-12-31", CODE)
    made = status.seal(KEYS, item)
    assert status.unseal(KEYS, made) == item
    bound = b"certportal/status/v1\0" + unsigned(2026, 2) + made.tag
    plain = cipher.unseal(KEYS.status_key(), made.nonce, made.sealed, bound)
    expected = hmac.new(KEYS.nonce_key(), b"status\0" + plain, hashlib.sha256).digest()[:12]
    assert made.nonce == expected, "a record with these bytes would have the same nonce"


def sealed_exception(plain: bytes) -> SealedException:
    tag, nonce = KEYS.status_tag(), bytes(12)
    bound = b"certportal/status/v1\0" + unsigned(2026, 2) + tag
    return SealedException(tag, nonce, cipher.seal(KEYS.status_key(), nonce, plain, bound))


@pytest.mark.parametrize(
    ("kind", "day", "until", "rest", "why"),
    [
        (3, 1, 0, b"", ""),
        (4, 1, 0, b"", "kind that is not known"),
        (0, 0, 0, b"", "kind that is not known"),
        (0, 2_932_896, 2_932_896, b"", ""),
        (0, 2_932_897, 0, b"", "after the year 9999"),
        (0, 1, 2_932_897, b"", "after the year 9999"),
        (0, 1, 0, bytes(24) + b"x", "kind that is not known"),
        (0, 1, 0, "é".encode(), "successor is not a number"),
    ],
)
def test_exceptions_of_unknown_kinds_or_days_are_none(
    kind: int, day: int, until: int, rest: bytes, why: str
) -> None:
    plain = unsigned(kind, 1) + b"\0" + unsigned(day, 4) + unsigned(until, 4) + rest
    item = sealed_exception(plain.ljust(48, b"\0"))
    if not why:
        assert status.unseal(KEYS, item).changed_on in ("1970-01-02", "9999-12-31")
        return
    with pytest.raises(Malformed, match=why):
        status.unseal(KEYS, item)


# ------------------------------------------------------------ pages


def test_the_list_of_pages_is_in_order_and_each_is_there_once() -> None:
    made = pages.of({"b.html": b"2", "a.html": b"1"})
    assert [page.path for page in made.pages] == ["a.html", "b.html"]
    assert pages.decode(pages.encode(made)) == made
    plain = made.plain()
    for listed in (plain["pages"][::-1], [plain["pages"][0]] * 2):
        with pytest.raises(Malformed, match="not in order"):
            pages.decode(strict_json.encode({**plain, "pages": listed}))
