"""The verification number: 90 random bits that open one record (SPEC, chapter Number).

Canonical form: 24 ASCII characters, 4 year digits, 18 random Crockford base32 symbols and 2
Reed-Solomon check symbols over GF(32) with x^5+x^2+1. Every slip of one or two symbols is found.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.errors import Malformed
from generator.model.value import VerificationCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 24
RANDOM_BITS = 90
# What people write between the groups; nothing else is skipped, so a look-alike letter is seen.
_BETWEEN = frozenset(" -\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2212\u202f")
_FOLD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_INPUT_CAP = 200

_EXP = [1]
for _ in range(61):
    _doubled = _EXP[-1] << 1
    _EXP.append(_doubled ^ 0b100101 if _doubled & 32 else _doubled)
_LOG = {_EXP[power]: power for power in range(31)}
# Generator polynomial (x - a)(x - a^2) = x^2 + _G1 x + _G0 for the primitive element a = 2.
_G1, _G0 = _EXP[1] ^ _EXP[2], _EXP[3]


def _times(left: int, right: int) -> int:
    return _EXP[_LOG[left] + _LOG[right]] if left and right else 0


def _check_symbols(data: list[int]) -> tuple[int, int]:
    high = low = 0
    for symbol in data:
        feedback = symbol ^ high
        high, low = low ^ _times(_G1, feedback), _times(_G0, feedback)
    return high, low


def _syndromes(symbols: list[int]) -> tuple[int, int]:
    first = second = 0
    for symbol in symbols:
        first = _times(first, _EXP[1]) ^ symbol
        second = _times(second, _EXP[2]) ^ symbol
    return first, second


def encode(year: int, random_bits: int) -> VerificationCode:
    """The canonical number of a year (four digits) and 90 random bits."""
    if not 1000 <= year <= 9999 or not 0 <= random_bits < 1 << RANDOM_BITS:
        raise Malformed("a number is made of a four-digit year and 90 bits")
    data = [int(digit) for digit in str(year)]
    data += [random_bits >> shift & 31 for shift in range(RANDOM_BITS - 5, -5, -5)]
    symbols = "".join(ALPHABET[symbol] for symbol in [*data[4:], *_check_symbols(data)])
    return VerificationCode(f"{year}{symbols}")


@dataclass(frozen=True, slots=True)
class TypedCode:
    """What somebody typed: the number, or why it is none and, for one slip, what was likely meant."""

    number: VerificationCode | None
    reason: str = ""
    suggestion: VerificationCode | None = None


def read(text: str) -> TypedCode:
    """Read what was typed, pasted or scanned. `reason` is `length`, `alphabet` or `check`."""
    if len(text) > _INPUT_CAP:
        return TypedCode(None, "length")
    plain = "".join(char for char in text if char not in _BETWEEN)
    if not plain.isascii():
        return TypedCode(None, "alphabet")
    folded = plain.upper().translate(_FOLD)
    if any(char not in ALPHABET for char in folded) or not folded[:4].isdigit():
        return TypedCode(None, "alphabet" if len(folded) == LENGTH else "length")
    if len(folded) != LENGTH:
        return TypedCode(None, "length")
    if folded[0] == "0":
        return TypedCode(None, "alphabet")
    symbols = [ALPHABET.index(char) for char in folded]
    if _syndromes(symbols) == (0, 0):
        return TypedCode(VerificationCode(folded))
    return TypedCode(None, "check", _corrected(symbols))


def decode(text: str) -> VerificationCode:
    """The canonical number in canonical text. Raises `Malformed` for anything else."""
    typed = read(text)
    if typed.number is None or typed.number != text:
        raise Malformed(f"not a canonical verification number ({typed.reason or 'spelling'})")
    return typed.number


def grouped(number: VerificationCode) -> str:
    """As printed: 2026-XXXXX-XXXXX-XXXXX-XXXXX."""
    return "-".join((number[:4], *(number[at : at + 5] for at in range(4, LENGTH, 5))))


def _corrected(symbols: list[int]) -> VerificationCode | None:
    """The number that one wrong symbol, not in the year, would explain; None where there is none."""
    first, second = _syndromes(symbols)
    if not first or not second:
        return None
    # S1 = e a^j and S2 = e a^2j, so a^j = S2/S1; j counts symbols from the end.
    position = LENGTH - 1 - (_LOG[second] - _LOG[first]) % 31
    if position < 4:
        return None
    error = _EXP[(2 * _LOG[first] - _LOG[second]) % 31]
    mended = [*symbols[:position], symbols[position] ^ error, *symbols[position + 1 :]]
    return VerificationCode("".join(ALPHABET[symbol] for symbol in mended))
