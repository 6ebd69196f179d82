"""Key files: the passphrase opens them, and nothing else does anything."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.crypto import key_file
from generator.crypto.key_file import FILE_CAP, NONCE_BYTES, SALT_BYTES, KeyFileLock, role_of, unlock
from generator.errors import Malformed
from tests.examples import examples

SEED = bytes(range(32))
LOCKER = KeyFileLock("correct horse", b"s" * SALT_BYTES, "minimal")
TEXT = LOCKER.lock(SEED, "certificate", b"n" * NONCE_BYTES)


def test_there_and_back() -> None:
    signer = unlock(TEXT, "correct horse")
    assert (signer.role, signer.sign(b"m")[:0]) == ("certificate", b"")
    assert role_of(TEXT) == "certificate"
    assert SEED.hex() not in TEXT
    assert unlock(TEXT.rstrip("\n"), "correct horse") == unlock(TEXT.replace("\n", "\r\n"), "correct horse")


@pytest.mark.parametrize(
    "passphrase", ["", "correct hors", "Correct horse", "correct horse ", "c\u00f4rrect horse"]
)
def test_a_wrong_passphrase(passphrase: str) -> None:
    with pytest.raises(Malformed, match="passphrase"):
        unlock(TEXT, passphrase)


def test_two_keys_of_one_locker() -> None:
    other = LOCKER.lock(SEED[::-1], "online", b"m" * NONCE_BYTES)
    assert unlock(other, "correct horse").role == "online"
    assert unlock(other, "correct horse").public != unlock(TEXT, "correct horse").public


@given(st.integers(0, len(TEXT) - 2), st.characters(min_codepoint=32, max_codepoint=126))
@settings(max_examples=examples(60))
def test_any_character_exchanged(at: int, char: str) -> None:
    """The words before the box are under its key too: a role or a limit cannot be rewritten."""
    damaged = TEXT[:at] + char + TEXT[at + 1 :]
    if damaged == TEXT:
        return
    limits = damaged.split(" ")[4:6]
    if all(limit.isdigit() and int(limit) > 10**5 for limit in limits[1:]):
        return  # costs memory before it fails
    with pytest.raises(Malformed):
        unlock(damaged, "correct horse")


@pytest.mark.parametrize("role", ["root", "online", "person"])
def test_another_role_does_not_open(role: str) -> None:
    with pytest.raises(Malformed):
        unlock(TEXT.replace("certificate", role), "correct horse")


def _with(place: int, word: str) -> str:
    words = TEXT.split(" ")
    words[place] = word
    return " ".join(words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "certportal-key v1",
        TEXT * 2,
        TEXT + " ",
        " " + TEXT,
        TEXT.replace("v1", "v2"),
        TEXT.upper(),
        TEXT[:-3],
        _with(2, "nobody"),
        _with(4, "0"),
        _with(4, "-1"),
        _with(4, "+1"),
        _with(4, "1_0"),
        _with(4, "\u0661"),
        _with(4, "5"),  # above what libsodium calls sensitive
        _with(4, "9" * 5000),
        _with(5, "0"),
        _with(5, "1"),
        _with(5, "8191"),
        _with(5, str(2**31)),
        _with(5, str(2**64)),
        _with(6, "00"),
        _with(6, "zz" * 16),
        _with(6, "AA" * 16),
        _with(7, "00" * 71),
        _with(7, "00" * 73),
        _with(3, "0" * 16),
        "x" * (FILE_CAP + 1),
        "x" * 10_000_000,
    ],
)
def test_damaged_and_hostile_files(text: str) -> None:
    """Refused before a hostile limit costs anything."""
    before = time.perf_counter()
    with pytest.raises(Malformed):
        unlock(text, "correct horse")
    assert time.perf_counter() - before < 2


def test_effort() -> None:
    """Real key files cost what libsodium calls moderate."""
    ops, mem = key_file._EFFORT["moderate"]
    assert ops >= 3
    assert mem >= 256 * 2**20
