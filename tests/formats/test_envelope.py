"""DSSE against securesystemslib; thresholds, roles, spellings."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib import dsse
from securesystemslib.signer import SSlibKey

from generator.crypto.ed25519 import SeedSigner
from generator.errors import Malformed
from generator.formats import envelope
from generator.formats.envelope import HEAD, ROLE_OF, Envelope, Signature
from tests import altered_site as altered
from tests import small_site as small
from tests.examples import examples

CAP = 10_000
PAYLOAD = b'{"v":1}'


def oracle_key(signer: SeedSigner) -> SSlibKey:
    return SSlibKey(signer.key_id, "ed25519", "ed25519", {"public": signer.public})


@given(st.binary(max_size=300), st.sampled_from(sorted(ROLE_OF)))
def test_pae_is_the_oracles(payload: bytes, kind: str) -> None:
    assert envelope.pae(kind, payload) == dsse.Envelope(payload, kind, {}).pae()


@given(st.binary(max_size=300))
@settings(max_examples=examples(25))
def test_the_oracle_verifies_ours(payload: bytes) -> None:
    raw = envelope.encode(envelope.sign(HEAD, payload, [small.ONLINE]))
    theirs = dsse.Envelope.from_dict(json.loads(raw))
    assert theirs.verify([oracle_key(small.ONLINE)], 1)
    assert theirs.payload == payload


@pytest.mark.parametrize("threshold", [1, 2, 3])
@pytest.mark.parametrize("signed", [(0,), (0, 0), (0, 1), (0, 1, 1), (0, 1, 2), (2, 2, 2, 1, 1)])
def test_thresholds_count_distinct_keys(signed: tuple[int, ...], threshold: int) -> None:
    roots = [SeedSigner.of(small.seed(f"threshold {rank}"), "root") for rank in range(3)]
    made = envelope.sign(envelope.MANIFEST, PAYLOAD, [roots[rank] for rank in signed])
    keys = [bytes.fromhex(root.public) for root in roots]
    if len(set(signed)) >= threshold:
        assert envelope.verified(made, keys, threshold) == PAYLOAD
    else:
        with pytest.raises(Malformed):
            envelope.verified(made, keys, threshold)


def test_no_threshold_is_no_signature() -> None:
    made = envelope.sign(HEAD, PAYLOAD, [small.ONLINE])
    for keys, threshold in (([], 1), ([bytes.fromhex(small.ONLINE.public)], 0), ([], 0)):
        with pytest.raises(Malformed):
            envelope.verified(made, keys, threshold)


def test_a_key_under_another_name() -> None:
    raw = small.ONLINE.sign(envelope.pae(HEAD, PAYLOAD))
    renamed = Envelope(HEAD, PAYLOAD, (Signature(small.CERTIFICATE.key_id, raw),))
    keys = [bytes.fromhex(signer.public) for signer in (small.ONLINE, small.CERTIFICATE)]
    with pytest.raises(Malformed):
        envelope.verified(renamed, keys)


def test_unknown_signatures_are_passed_over() -> None:
    good = envelope.sign(HEAD, PAYLOAD, [small.ONLINE]).signatures
    stray = SeedSigner.of(altered.STRANGER, "online")
    more = envelope.sign(HEAD, PAYLOAD, [stray]).signatures
    made = Envelope(HEAD, PAYLOAD, more + good)
    assert envelope.verified(made, [bytes.fromhex(small.ONLINE.public)]) == PAYLOAD


@pytest.mark.parametrize("count", [0, 1, 16, 17])
def test_how_many_signatures(count: int) -> None:
    one = envelope.sign(HEAD, PAYLOAD, [small.ONLINE]).signatures
    raw = envelope.encode(Envelope(HEAD, PAYLOAD, one * count))
    if 1 <= count <= 16:
        assert len(envelope.decode(raw, HEAD, CAP).signatures) == count
    else:
        with pytest.raises(Malformed):
            envelope.decode(raw, HEAD, CAP)


def test_the_type_is_the_one_asked_for() -> None:
    raw = envelope.encode(envelope.sign(HEAD, PAYLOAD, [small.ONLINE]))
    for kind in [*(ROLE_OF.keys() - {HEAD}), "application/json", ""]:
        with pytest.raises(Malformed):
            envelope.decode(raw, kind, CAP)


@pytest.mark.parametrize(
    "text", ["", "e30", "e30==", "e31=", "e3 0=", "e30=\n", "-_==", "\u00e9", None, 7, ["e30="]]
)
def test_base64_has_one_spelling(text: object) -> None:
    outer = json.loads(envelope.encode(envelope.sign(HEAD, b"{}", [small.ONLINE])))
    assert outer["payload"] == base64.b64encode(b"{}").decode() == "e30="
    raw = json.dumps({**outer, "payload": text}, separators=(",", ":"), ensure_ascii=False).encode()
    if text == "":
        assert envelope.decode(raw, HEAD, CAP).payload == b""
    else:
        with pytest.raises(Malformed):
            envelope.decode(raw, HEAD, CAP)
