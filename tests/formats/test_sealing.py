"""Entries and exceptions: only their number opens them, and a hostile plaintext is refused."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.crypto import cipher
from generator.errors import Malformed
from generator.formats import bucket, entry, status
from generator.formats.derivation import RecordKeys, derive
from generator.formats.record import FRAME_CAP
from tests import small_site as small
from tests.examples import examples
from tests.formats import binary_values, values

MINE = derive(small.number_of("valid"), small.ISSUER_ID)


@given(st.binary(max_size=3000), values.numbers)
@settings(max_examples=examples(40))
def test_an_entry_opens_with_its_number_alone(frame: bytes, other: str) -> None:
    sealed = entry.seal(MINE, frame)
    assert entry.unseal(MINE, sealed) == frame
    assert len(sealed.sealed) % 128 == 16
    for derived in (derive(other, small.ISSUER_ID), derive(small.number_of("valid"), "ab" * 32)):
        with pytest.raises(Malformed):
            entry.unseal(derived, sealed)


@given(st.binary(min_size=1, max_size=600), st.data())
@settings(max_examples=examples(40))
def test_any_bit_of_an_entry(frame: bytes, data: st.DataObject) -> None:
    sealed = entry.seal(MINE, frame)
    for field in ("nonce", "sealed"):
        raw = getattr(sealed, field)
        bit = data.draw(st.integers(0, len(raw) * 8 - 1))
        bent = bytearray(raw)
        bent[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Malformed):
            entry.unseal(MINE, replace(sealed, **{field: bytes(bent)}))


@pytest.mark.parametrize("length", [0, FRAME_CAP - 1, FRAME_CAP])
def test_the_largest_frame(length: int) -> None:
    assert len(entry.unseal(MINE, entry.seal(MINE, bytes(length)))) == length


def test_a_frame_too_large() -> None:
    with pytest.raises(Malformed):
        entry.seal(MINE, bytes(FRAME_CAP + 1))
    with pytest.raises(Malformed, match="too much"):
        entry.unseal(MINE, _sealed(_packed(bytes(FRAME_CAP + 1))))


def test_a_bomb_is_not_inflated() -> None:
    bomb = _packed(bytes(10_000_000))
    assert len(bomb) < entry.SEALED_CAP
    with pytest.raises(Malformed, match="too much"):
        entry.unseal(MINE, _sealed(bomb))


def test_two_streams_in_one() -> None:
    with pytest.raises(Malformed):
        entry.unseal(MINE, _sealed(_packed(b"one") + _packed(b"two")))


def test_a_stream_without_its_end() -> None:
    renderer = zlib.compressobj(9, zlib.DEFLATED, -15)
    open_ended = renderer.compress(b"frame") + renderer.flush(zlib.Z_SYNC_FLUSH)
    with pytest.raises(Malformed):
        entry.unseal(MINE, _sealed(open_ended))


def test_any_deflate_will_do() -> None:
    """Other machines deflate otherwise: stored, fixed, in several blocks."""
    frame = b"the very same frame" * 20
    stored = zlib.compressobj(0, zlib.DEFLATED, -15)
    fixed = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_FIXED)
    blocks = zlib.compressobj(9, zlib.DEFLATED, -15)
    halves = blocks.compress(frame[:100]) + blocks.flush(zlib.Z_FULL_FLUSH) + blocks.compress(frame[100:])
    for packed in (
        stored.compress(frame) + stored.flush(),
        fixed.compress(frame) + fixed.flush(),
        halves + blocks.flush(),
    ):
        assert entry.unseal(MINE, _sealed(packed)) == frame


def _packed(frame: bytes) -> bytes:
    renderer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return renderer.compress(frame) + renderer.flush()


def _sealed(packed: bytes) -> entry.Entry:
    plaintext = len(packed).to_bytes(2, "big") + packed
    return _encrypted(MINE, plaintext + bytes(-len(plaintext) % 128))


def _encrypted(derived: RecordKeys, plaintext: bytes) -> entry.Entry:
    nonce = cipher.mac(derived.nonce_key(), plaintext)[:12]
    bound = b"certportal/entry/v1\0" + derived.year.to_bytes(2, "big") + derived.tag
    return entry.Entry(derived.tag, nonce, cipher.seal(derived.record_key(), nonce, plaintext, bound))


@given(st.binary(max_size=300))
def test_any_plaintext(plaintext: bytes) -> None:
    try:
        entry.unseal(MINE, _encrypted(MINE, plaintext))
    except Malformed:
        return
    assert len(plaintext) % 128 == 0


def test_a_tombstone_keeps_its_records_size() -> None:
    whole = entry.seal(MINE, bytes(range(256)) * 5)
    erased = entry.seal(MINE, b"short", size=entry.plaintext_size(whole))
    assert len(erased.sealed) == len(whole.sealed)
    assert entry.unseal(MINE, erased) == b"short"


def test_no_nonce_serves_two_plaintexts() -> None:
    nonces = {entry.seal(MINE, bytes([value])).nonce for value in range(256)}
    exceptions = {
        status.seal(MINE, status.StatusException("suspended", "2026-11-20", code)).nonce
        for code in range(256)
    }
    assert len(nonces | exceptions) == 512
    assert entry.seal(MINE, b"same") == entry.seal(MINE, b"same")


@given(binary_values.exceptions, values.numbers, values.numbers)
def test_exceptions(item: status.StatusException, mine: str, other: str) -> None:
    derived = derive(mine, small.ISSUER_ID)
    sealed = status.seal(derived, item)
    assert (len(sealed.tag), len(sealed.nonce), len(sealed.sealed)) == (16, 12, 64)
    assert status.unseal(derived, sealed) == item
    if other != mine:
        with pytest.raises(Malformed):
            status.unseal(derive(other, small.ISSUER_ID), sealed)


@given(st.binary(min_size=48, max_size=48))
def test_any_plaintext_of_an_exception(plain: bytes) -> None:
    tag = MINE.status_tag()
    bound = b"certportal/status/v1\0" + MINE.year.to_bytes(2, "big") + tag
    forged = status.SealedException(tag, bytes(12), cipher.seal(MINE.status_key(), bytes(12), plain, bound))
    try:
        item = status.unseal(MINE, forged)
    except Malformed:
        return
    assert item.kind in ("reinstated", "revoked", "suspended", "superseded")


@pytest.mark.parametrize("day", ["1969-12-31", "1970-01-01"])
def test_a_day_before_all_exceptions(day: str) -> None:
    with pytest.raises(Malformed):
        status.unseal(MINE, status.seal(MINE, status.StatusException("revoked", day)))


@pytest.mark.parametrize("real", range(11))
def test_decoys_fill_to_eight(real: int) -> None:
    entries = [entry.seal(derive(small.number_of(f"d{rank}"), small.ISSUER_ID), b"x") for rank in range(real)]
    made = bucket.filled(small.SECRET, 2026, 3, 0x200000, 4, entries)
    assert len(made.entries) == max(8, real)
    assert {item.tag for item in entries} <= {item.tag for item in made.entries}
    assert bucket.decode(bucket.encode(made)) == made
    assert made == bucket.filled(small.SECRET, 2026, 3, 0x200000, 4, entries[::-1])
    other = bucket.filled(b"\1" * 32, 2026, 3, 0x200000, 4, entries)
    assert real >= 8 or other != made


def test_decoys_do_not_change_with_the_version() -> None:
    """Otherwise every publication would tell which entries are real."""
    one, two = (bucket.filled(small.SECRET, 2026, 3, 0x200000, version, []) for version in (4, 5))
    assert one.entries == two.entries


def test_a_proof_changes_no_digest() -> None:
    made = bucket.filled(small.SECRET, 2026, 0, 0, 4, [])
    assert bucket.listed(replace(made, proof=b"proof")) == bucket.listed(made)
    for other in (
        replace(made, version=5),
        replace(made, entries=made.entries[1:]),
        replace(made, year=2025),
    ):
        assert bucket.listed(other) != bucket.listed(made)
