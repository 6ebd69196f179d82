"""HKDF and AES-GCM against the RFC and Wycheproof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.crypto import cipher
from generator.errors import Malformed

WYCHEPROOF = Path(__file__).resolve().parents[1] / "vectors/wycheproof"


def wycheproof(name: str) -> list[dict[str, Any]]:
    groups = json.loads((WYCHEPROOF / name).read_text("utf-8"))["testGroups"]
    return [{**group, **case} for group in groups for case in group["tests"]]


def test_rfc_5869_case_1() -> None:
    key = cipher.extract(bytes(range(13)), b"\x0b" * 22)
    assert key.hex() == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    assert cipher.expand(key, bytes(range(0xF0, 0xFA)), 42).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_rfc_4231_case_2() -> None:
    assert cipher.mac(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_hkdf_wycheproof() -> None:
    cases = [case for case in wycheproof("hkdf_sha256_test.json") if case["result"] == "valid"]
    for case in cases:
        key = cipher.extract(bytes.fromhex(case["salt"]), bytes.fromhex(case["ikm"]))
        assert cipher.expand(key, bytes.fromhex(case["info"]), case["size"]).hex() == case["okm"]
    assert len(cases) > 50


def test_aes_gcm_wycheproof() -> None:
    count = 0
    for case in wycheproof("aes_gcm_test.json"):
        if case["keySize"] != 256 or case["ivSize"] != 96 or case["tagSize"] != 128:
            continue
        count += 1
        key, nonce, bound, message = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg"))
        sealed = bytes.fromhex(case["ct"] + case["tag"])
        if case["result"] == "valid":
            assert cipher.seal(key, nonce, message, bound) == sealed
            assert cipher.unseal(key, nonce, sealed, bound) == message
        else:
            with pytest.raises(Malformed):
                cipher.unseal(key, nonce, sealed, bound)
    assert count > 20


@pytest.mark.slow
@given(st.binary(max_size=80), st.binary(max_size=40), st.data())
def test_nothing_may_change(plain: bytes, bound: bytes, data: st.DataObject) -> None:
    key, nonce = b"k" * 32, b"n" * 12
    sealed = cipher.seal(key, nonce, plain, bound)
    assert cipher.unseal(key, nonce, sealed, bound) == plain
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    bent = bytearray(sealed)
    bent[bit // 8] ^= 1 << bit % 8
    for attempt in (
        (key, nonce, bytes(bent), bound),
        (key, nonce, sealed[:-1], bound),
        (key, nonce, sealed, bound + b"\0"),
        (key, b"m" * 12, sealed, bound),
        (b"j" * 32, nonce, sealed, bound),
        (key, nonce, b"", bound),
    ):
        with pytest.raises(Malformed):
            cipher.unseal(*attempt)
