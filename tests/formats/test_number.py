"""The number against an independent Reed-Solomon codec, and against what people type."""

from __future__ import annotations

import itertools
import random
import unicodedata

import pytest
import reedsolo
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Malformed
from generator.formats import verification_code
from generator.formats.verification_code import ALPHABET
from tests.formats.values import numbers


def oracle() -> reedsolo.RSCodec:
    """GF(32) with x^5+x^2+1; the first root of the generator is a^1."""
    return reedsolo.RSCodec(2, nsize=31, fcr=1, prim=0x25, generator=2, c_exp=5)


def symbols(text: str) -> bytearray:
    return bytearray(ALPHABET.index(char) for char in text)


def spelled(data: bytes) -> str:
    return "".join(ALPHABET[symbol] for symbol in data)


def sample(count: int) -> list[str]:
    randomness = random.Random("numbers")
    return [
        verification_code.encode(randomness.randrange(1000, 10000), randomness.getrandbits(90))
        for _ in range(count)
    ]


def test_check_symbols_are_reed_solomon() -> None:
    codec = oracle()
    for text in sample(300):
        assert spelled(codec.encode(symbols(text[:22]))) == text


@pytest.mark.exhaustive
@pytest.mark.slow
def test_every_single_slip_is_found_and_mended() -> None:
    """148,800 slips: each place of 200 numbers, each other symbol."""
    slips = missed = 0
    for text in sample(200):
        for at, char in itertools.product(range(24), ALPHABET):
            if char == text[at]:
                continue
            slips += 1
            typed = verification_code.read(text[:at] + char + text[at + 1 :])
            missed += typed.number is not None
            if at >= 4:
                assert typed.suggestion == text
            else:
                assert typed.suggestion is None  # never one that alters the year
    assert (slips, missed) == (148_800, 0)


@pytest.mark.slow
def test_two_slips_never_pass() -> None:
    randomness = random.Random("two slips")
    texts = sample(100)
    for _ in range(80_000):
        text = randomness.choice(texts)
        one, two = randomness.sample(range(24), 2)
        slip = list(text)
        for at in (one, two):
            slip[at] = randomness.choice(ALPHABET.replace(text[at], ""))
        assert verification_code.read("".join(slip)).number is None


def test_every_exchange_of_two_symbols_is_found() -> None:
    for text in sample(20):
        for one, two in itertools.combinations(range(24), 2):
            if text[one] != text[two]:
                slip = list(text)
                slip[one], slip[two] = slip[two], slip[one]
                assert verification_code.read("".join(slip)).number is None


def test_suggestions_are_the_oracles() -> None:
    """Whatever was typed: the suggestion is what the independent codec corrects to, outside the year."""
    codec, randomness = oracle(), random.Random("suggestions")
    given = suggested = 0
    for text in sample(400):
        slip = list(text)
        for at in randomness.sample(range(24), randomness.choice((1, 2, 3))):
            slip[at] = randomness.choice("0123456789" if at < 4 else ALPHABET)
        typed = verification_code.read("".join(slip))
        if typed.reason != "check":
            continue
        given += 1
        try:
            mended = spelled(codec.decode(symbols("".join(slip)))[1])
        except reedsolo.ReedSolomonError:
            mended = ""
        wanted = mended if mended[:4] == "".join(slip[:4]) else None
        assert typed.suggestion == (wanted or None)
        suggested += typed.suggestion is not None
    assert given > 300
    assert suggested > 100


@given(numbers)
def test_there_and_back(text: str) -> None:
    assert verification_code.read(text).number == text
    assert verification_code.read(verification_code.grouped(text)).number == text
    assert verification_code.decode(text) == text
    bits = 0
    for char in text[4:22]:
        bits = bits << 5 | ALPHABET.index(char)
    assert verification_code.encode(int(text[:4]), bits) == text


@pytest.mark.slow
@given(numbers, st.data())
def test_as_people_type_it(text: str, data: st.DataObject) -> None:
    spoken = ""
    for char in text:
        looks = {"0": "0Oo", "1": "1IiLl"}.get(char, char + char.lower())
        between = data.draw(st.sampled_from(["", "", "", " ", "-", "\u2013", "\u00a0", "\n", "\t"]))
        spoken += between + data.draw(st.sampled_from(looks))
    assert verification_code.read(spoken).number == text


@given(st.text(max_size=60))
def test_anything_typed(text: str) -> None:
    typed = verification_code.read(text)
    if typed.number is None:
        assert typed.reason in ("length", "alphabet", "check")
        assert typed.suggestion is None or verification_code.read(typed.suggestion).number == typed.suggestion
    else:
        assert verification_code.decode(typed.number) == typed.number


@given(numbers, st.integers(0, 23), st.characters(min_codepoint=128))
def test_look_alike_letters_are_seen(text: str, at: int, char: str) -> None:
    """Full-width, Cyrillic and mathematical letters are not folded: a paste from elsewhere is told so."""
    typed = verification_code.read(text[:at] + char + text[at + 1 :])
    assert typed.number is None
    assert typed.reason in ("alphabet", "length")
    assert unicodedata.category(char) != "Nd" or typed.reason == "alphabet"


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-", "0026" + "0" * 20, "U" * 24, "2026" + "0" * 21, " " * 201, "\ud800" * 24]
)
def test_what_is_none(text: str) -> None:
    assert verification_code.read(text).number is None
    with pytest.raises(Malformed):
        verification_code.decode(text)


@pytest.mark.parametrize(("year", "bits"), [(999, 0), (10000, 0), (2026, -1), (2026, 1 << 90)])
def test_bounds_of_encoding(year: int, bits: int) -> None:
    with pytest.raises(Malformed):
        verification_code.encode(year, bits)
