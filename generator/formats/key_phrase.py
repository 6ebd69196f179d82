"""The key phrase: six words over the issuer id, printed beside the QR (SPEC, chapter Issuer id).

The first 66 bits of the issuer id, eleven to a word, from the English list of BIP-39 (words.txt).
It unmasks a false site for genuine paper; it cannot unmask forged paper with a site of its own.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from generator.errors import Malformed
from generator.model.value import Digest

WORDS_SHA256 = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
_WORDS, _BITS = 6, 11


def phrase(issuer_id: Digest) -> str:
    """The six words of an issuer id (64 hex digits)."""
    bits = int(issuer_id, 16) >> (256 - _WORDS * _BITS)
    places = [bits >> shift & 2047 for shift in range((_WORDS - 1) * _BITS, -1, -_BITS)]
    return " ".join(_list()[place] for place in places)


@cache
def _list() -> tuple[str, ...]:
    data = resources.files("generator.formats").joinpath("words.txt").read_bytes()
    if hashlib.sha256(data).hexdigest() != WORDS_SHA256:
        raise Malformed("the word list is not the published one")
    return tuple(data.decode("ascii").split())
