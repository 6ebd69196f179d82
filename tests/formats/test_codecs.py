"""Every codec gives back what it took, and refuses every other byte with `Malformed` alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import Malformed
from generator.formats import (
    approval,
    bucket,
    envelope,
    head,
    manifest,
    pages,
    record,
    roster,
    statement,
    status,
    strict_json,
)
from generator.formats.envelope import Envelope
from generator.model.keyring import Pin, RootKeys
from tests import small_site as small
from tests.examples import examples
from tests.formats import binary_values, values


@dataclass(frozen=True)
class Codec:
    """A format: how its values look, and both ways."""

    values: st.SearchStrategy[Any]
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]


def _json(value: Any) -> bytes:
    return strict_json.encode(value.plain())


def _decode_approval(kind: str) -> Callable[[bytes], Any]:
    return lambda data: approval.decode(Envelope(kind, data, ()))


def _roster(data: bytes) -> Any:
    return roster.verified(data, small.GENESIS.root, small.ISSUER_ID)


def _envelope(data: bytes) -> Envelope:
    return envelope.decode(data, envelope.HEAD, 10_000)


def _grave(data: bytes) -> Any:
    return record.Tombstone(data, envelope.Signature("00" * 8, bytes(64))).erased()


CODECS = {
    "strict_json": Codec(
        values.json_values, strict_json.encode, lambda data: strict_json.decode(data, 100_000)
    ),
    "statement": Codec(values.statements(), statement.encode, statement.decode),
    "draft": Codec(
        values.statements().map(lambda item: item.draft()), statement.draft_bytes, statement.decode_draft
    ),
    "manifest": Codec(values.manifests(), _json, manifest.decode),
    "pin": Codec(
        st.builds(
            lambda one, name, version: Pin(
                issuer_id=small.ISSUER_ID,
                name=name,
                manifest_version=version,
                root=RootKeys(keys=(one.public,)),
            ),
            values.signers,
            values.texts,
            values.versions,
        ),
        manifest.encode_pin,
        manifest.decode_pin,
    ),
    "roster": Codec(values.rosters(), lambda item: roster.sign(item, [small.ROOT]), _roster),
    "approval": Codec(
        values.approvals(),
        _json,
        _decode_approval(envelope.APPROVAL),
    ),
    "standing": Codec(
        values.standing_approvals(),
        _json,
        _decode_approval(envelope.STANDING),
    ),
    "head": Codec(values.heads(), _json, head.decode),
    "pages": Codec(values.page_lists, pages.encode, pages.decode),
    "record": Codec(binary_values.records, record.encode, record.decode),
    "grave": Codec(
        st.builds(
            lambda number, day: record.ErasedRecord(issuer_id=small.ISSUER_ID, number=number, erased_on=day),
            values.numbers,
            values.days,
        ),
        _json,
        _grave,
    ),
    "bucket": Codec(binary_values.buckets(), bucket.encode, bucket.decode),
    "shard": Codec(binary_values.shards(), status.encode, status.decode),
    "envelope": Codec(
        st.builds(
            Envelope,
            st.just(envelope.HEAD),
            st.binary(max_size=200),
            st.lists(values.signatures, min_size=1, max_size=3).map(tuple),
        ),
        envelope.encode,
        _envelope,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CODECS)
@given(data=st.data())
@settings(max_examples=examples(40))
def test_round_trip(name: str, data: st.DataObject) -> None:
    codec = CODECS[name]
    value = data.draw(codec.values)
    raw = codec.encode(value)
    assert codec.decode(raw) == value
    assert codec.encode(codec.decode(raw)) == raw


@pytest.mark.parametrize("name", CODECS)
@given(data=st.data())
@settings(max_examples=examples(15))
def test_changed_bytes(name: str, data: st.DataObject) -> None:
    """Malformed, or another value whose one spelling this is. No other exception."""
    codec = CODECS[name]
    raw = codec.encode(data.draw(codec.values))
    randomness = random.Random(raw)
    for changed in _changes(raw, randomness):
        try:
            value = codec.decode(changed)
        except Malformed:
            continue
        assert codec.encode(value).rstrip(b"\n") == changed.rstrip(b"\n")


def _changes(raw: bytes, randomness: random.Random) -> list[bytes]:
    changed = []
    for _ in range(12):
        at = randomness.randrange(len(raw))
        changed.append(raw[:at] + bytes([raw[at] ^ randomness.randrange(1, 256)]) + raw[at + 1 :])
        changed.append(raw[:at] + raw[at + 1 :])
        changed.append(raw[:at] + bytes([randomness.randrange(256)]) + raw[at:])
        changed.append(raw[:at])
        changed.append(raw[at:])
        end = randomness.randrange(len(raw))
        changed.append(raw[: min(at, end)] + raw[max(at, end) :])
        changed.append(raw + raw[at:])
        # Digits, brackets and quotes exchanged for one another are the likeliest to parse.
        changed.append(
            raw[:at]
            + randomness.choice([b"0", b"-1", b"9" * 20, b'"', b"[]", b"{}", b"true"])
            + raw[at + 1 :]
        )
    return changed


@pytest.mark.parametrize("name", CODECS)
@given(raw=st.binary(max_size=200))
@settings(max_examples=examples(50))
def test_any_bytes(name: str, raw: bytes) -> None:
    codec = CODECS[name]
    try:
        value = codec.decode(raw)
    except Malformed:
        return
    assert codec.encode(value).rstrip(b"\n") == raw.rstrip(b"\n")


JSON = [
    "statement", "draft", "manifest", "pin", "approval", "standing", "head", "pages", "grave",
]  # fmt: skip


@pytest.mark.parametrize("name", JSON)
@given(data=st.data(), other=values.json_values)
@settings(max_examples=examples(25))
def test_fields_of_other_types(name: str, data: st.DataObject, other: Any) -> None:
    """A field replaced, removed, added or doubled: never accepted, but for its own value again."""
    codec = CODECS[name]
    raw = codec.encode(data.draw(codec.values)).rstrip(b"\n")
    fields = strict_json.decode(raw, 100_000)
    field = data.draw(st.sampled_from(sorted(fields)))
    for changed in (
        {**fields, field: other},
        {**fields, field: [fields[field]]},
        {**fields, field: None},
        {**fields, "extra": other},
        {**fields, field: True} if field == "v" else {**fields, "v": 2},
        {key: value for key, value in fields.items() if key != field},
    ):
        spelled = strict_json.encode(changed)
        if spelled == raw:
            continue
        try:
            value = codec.decode(spelled)
        except Malformed:
            continue
        assert codec.encode(value).rstrip(b"\n") == spelled
        assert "extra" not in changed
        assert changed["v"] is not True
