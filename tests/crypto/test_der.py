"""DER and CMS as an independent parser reads them."""

from __future__ import annotations

import hashlib

import pytest
from asn1crypto import cms as oracle
from asn1crypto import core, tsp  # tsp teaches the parser the attributes of PAdES, too
from hypothesis import given
from hypothesis import strategies as st

from generator.crypto import der, timestamp
from generator.crypto.cms import encode, signed_attributes
from generator.errors import Malformed
from generator.render import seal as seals


@pytest.mark.slow
@given(st.integers(0, 2**200))
def test_integers(value: int) -> None:
    assert core.Integer.load(der.integer(value)).native == value


@given(st.lists(st.integers(0, 2**40), max_size=9), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers(arcs: list[int], first: int, second: int) -> None:
    dotted = ".".join(map(str, (first, second, *arcs)))
    assert core.ObjectIdentifier.load(der.oid(dotted)).dotted == dotted


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths(size: int) -> None:
    written = der.der(der.OCTETS, bytes(size))
    assert core.OctetString.load(written).native == bytes(size)
    assert der.read(written) == (der.OCTETS, bytes(size), len(written))


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x02\x01", b"\x30\x80", b"\x30\x85\x01\x01\x01\x01\x01"]
)
def test_what_ends_early_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        der.read(data)


def test_the_signature_says_what_pades_asks_for() -> None:
    seal = seals.self_made(bytes(32), "Northfield Awarding", "2026-01-01", "2099-12-31")
    digest = hashlib.sha256(b"a file").digest()
    signed = oracle.ContentInfo.load(encode(seal.signer, digest, seal.sign))["content"]
    information = signed["signer_infos"][0]
    found = {one["type"].native: one["values"][0] for one in information["signed_attrs"]}
    assert sorted(found) == ["content_type", "message_digest", "signing_certificate_v2"]
    assert found["message_digest"].native == digest
    certificate = hashlib.sha256(seal.signer.certificate).digest()
    assert found["signing_certificate_v2"]["certs"][0]["cert_hash"].native == certificate
    assert signed["encap_content_info"]["content"].native is None
    assert information["signature_algorithm"]["algorithm"].native == "sha256_ecdsa"
    # What was signed is the attributes as a SET, not under their implicit tag.
    assert information["signed_attrs"].untag().dump() == signed_attributes(seal.signer, digest)


def test_the_question_to_an_authority() -> None:
    question = tsp.TimeStampReq.load(timestamp.query(bytes(32), 2**63))
    assert question["message_imprint"]["hash_algorithm"]["algorithm"].native == "sha256"
    assert question["nonce"].native == 2**63
    assert question["cert_req"].native
