"""Paths, prefixes, key phrase, event chain, blanked pages."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.crypto import cipher
from generator.errors import Malformed
from generator.formats import bucket, events, key_phrase, pages, status, strict_json
from generator.formats.derivation import derive
from tests import small_site as small
from tests.formats import values


@given(values.numbers, st.integers(0, 24))
def test_a_prefix_is_the_leading_bits(number: str, bits: int) -> None:
    derived = derive(number, small.ISSUER_ID)
    prefix = derived.prefix(bits)
    whole = int.from_bytes(derived.locator, "big")
    assert prefix >> (24 - bits) == whole >> (256 - bits)
    assert prefix & ((1 << (24 - bits)) - 1) == 0
    own = status.shard_bits(bits)
    assert status.shard_prefix(prefix, bits) == derived.prefix(own)


@given(values.numbers)
def test_a_shard_finds_each_bucket_below_it(number: str) -> None:
    prefix = derive(number, small.ISSUER_ID).prefix(11)
    named = tuple(bucket.Listed(rank + 1, bytes(16)) for rank in range(256))
    shard = status.Shard(2026, 11, status.shard_prefix(prefix, 11), 1, small.NOW, small.NEXT, 1, named, ())
    assert shard.bucket(prefix).version == (prefix >> 13) % 256 + 1


def test_each_use_has_its_own_key() -> None:
    derived = derive(small.number_of("valid"), small.ISSUER_ID)
    made = [
        derived.locator,
        derived.record_key(),
        derived.nonce_key(),
        derived.status_tag(),
        derived.status_key(),
        derived.badge_id(),
    ]
    assert len({key[:16] for key in made} | {derived.tag}) == 7
    assert derived.locator.hex() not in repr(derived)
    root = cipher.extract(bytes.fromhex(small.ISSUER_ID), small.number_of("valid").encode())
    assert derived.record_key() == cipher.expand(root, b"certportal/v1/record-key", 32)


def test_the_key_phrase() -> None:
    assert key_phrase.phrase("0" * 64) == "abandon " * 5 + "abandon"
    assert key_phrase.phrase("f" * 64) == "zoo " * 5 + "zoo"
    one_bit = f"{1 << (256 - 66):064x}"
    assert key_phrase.phrase(one_bit).split()[-1] == "ability"
    assert key_phrase.phrase(f"{1 << (256 - 67):064x}") == key_phrase.phrase("0" * 64)


def test_the_event_chain() -> None:
    salt, details = bytes(range(16)), {"claim": "0123", "file": "a.csv"}
    held = events.commitment(salt, details)
    assert held == hashlib.sha256(salt + strict_json.encode(details)).hexdigest()
    assert held != events.commitment(bytes(16), details)
    chain = [events.GENESIS]
    for seq in range(1, 5):
        event = events.Event(seq=seq, at=small.NOW, kind="claim_imported", commitment=held)
        chain.append(events.link(chain[-1], event))
    assert len(set(chain)) == 5


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=60))
def test_pages_are_digested_without_their_head(before: bytes, after: bytes, head: bytes) -> None:
    if b"<" in head or b"<" in before + after:
        return
    page = before + pages.HEAD_OPEN + head + pages.HEAD_CLOSE + after
    empty = before + pages.HEAD_OPEN + pages.HEAD_CLOSE + after
    assert pages.inlined(empty, head) == page
    assert pages.inlined(page, b"") == empty
    assert pages.digest(page) == pages.digest(empty) == hashlib.sha256(empty).hexdigest()


@pytest.mark.parametrize(
    "page",
    [
        pages.HEAD_OPEN,
        pages.HEAD_OPEN + pages.HEAD_CLOSE + pages.HEAD_OPEN + pages.HEAD_CLOSE,
        pages.HEAD_OPEN + b"{}",
    ],
)
def test_a_page_with_a_broken_head_block(page: bytes) -> None:
    with pytest.raises(Malformed):
        pages.digest(page)


def test_a_head_cannot_close_its_block() -> None:
    with pytest.raises(Malformed):
        pages.inlined(pages.HEAD_OPEN + pages.HEAD_CLOSE, b"</script><script>alert(1)")


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("index.html", True),
        (".well-known/did.json", True),
        (".nojekyll", True),
        ("a/b/c.css", True),
        ("../keys/root.key", False),
        ("a/../../b", False),
        ("/etc/passwd", False),
        ("a//b", False),
        ("a/./b", False),
        ("a b", False),
        ("a\\b", False),
        ("", False),
        ("a" * 201, False),
    ],
)
def test_a_page_stays_inside_the_site(path: str, good: bool) -> None:
    raw = strict_json.encode({"v": 1, "pages": [{"path": path, "sha256": "00" * 32}]})
    if good:
        assert pages.decode(raw).pages[0].path == path
    else:
        with pytest.raises(Malformed):
            pages.decode(raw)
