"""Ed25519 against RFC 8032 and Wycheproof's hostile signatures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.crypto.ed25519 import SeedSigner, checked_public_key, key_id, verify
from generator.errors import Malformed

# RFC 8032, section 7.1: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
WYCHEPROOF = Path(__file__).resolve().parents[1] / "vectors/wycheproof/ed25519_test.json"

ORDER = 2**252 + 27742317777372353535851937790883648493
WEAK = [
    "00" * 32,
    "01" + "00" * 31,
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # p itself: zero, badly spelled
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "02" + "00" * 31,  # not on the curve
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    signer = SeedSigner.of(bytes.fromhex(seed), "root")
    assert signer.public == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    assert verify(checked_public_key(public), bytes.fromhex(message), bytes.fromhex(signature))


def _wycheproof() -> Iterator[tuple[str, dict[str, Any]]]:
    for group in json.loads(WYCHEPROOF.read_text("utf-8"))["testGroups"]:
        for case in group["tests"]:
            yield group["publicKey"]["pk"], case


def test_wycheproof() -> None:
    count = 0
    for public, case in _wycheproof():
        count += 1
        good = verify(bytes.fromhex(public), bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
        assert good == (case["result"] == "valid"), case["tcId"]
    assert count > 100


@pytest.mark.parametrize("public", WEAK)
def test_weak_and_impossible_keys(public: str) -> None:
    with pytest.raises(Malformed):
        checked_public_key(public)


@given(st.binary(max_size=100), st.integers(0, 511))
def test_one_bit_of_a_signature(message: bytes, bit: int) -> None:
    signer = SeedSigner.of(bytes(32), "root")
    public = checked_public_key(signer.public)
    good = signer.sign(message)
    bent = bytearray(good)
    bent[bit // 8] ^= 1 << bit % 8
    assert verify(public, message, good)
    assert not verify(public, message, bytes(bent))
    assert not verify(public, message + b"\0", good)


def test_s_beyond_the_order_is_refused() -> None:
    """The same signature spelled with S + L: a second spelling, which strict verifiers refuse."""
    signer = SeedSigner.of(bytes(32), "root")
    good = signer.sign(b"m")
    s = int.from_bytes(good[32:], "little") + ORDER
    assert not verify(bytes.fromhex(signer.public), b"m", good[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_signatures_of_other_lengths(length: int) -> None:
    assert not verify(bytes.fromhex(SeedSigner.of(bytes(32), "root").public), b"", bytes(length))


def test_a_signer_does_not_show_its_secret() -> None:
    seed = bytes(range(32))
    signer = SeedSigner.of(seed, "online")
    assert seed.hex() not in repr(signer)
    assert repr(seed) not in repr(signer)
    assert signer.key_id == key_id(bytes.fromhex(signer.public))
    with pytest.raises(Malformed):
        SeedSigner.of(seed[:31], "online")
