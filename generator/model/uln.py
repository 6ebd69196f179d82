"""The unique learner number: ten digits, of which the last checks the others (LRS specification).

Weights 10 down to 2 on the first nine digits, their sum modulo 11 subtracted from 10; a number whose
remainder is 0 is never given out. A wrong number is reported, never mended.
"""

from __future__ import annotations

import re

_ULN = re.compile(r"[1-9][0-9]{9}", re.ASCII)
TEMPORARY = "9999999999"


def is_good(uln: str) -> bool:
    """Whether this is a well-formed number with the right check digit."""
    if not _ULN.fullmatch(uln):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(uln, range(10, 1, -1), strict=False)) % 11
    return rest != 0 and 10 - rest == int(uln[9])


def complaint(uln: str) -> str | None:
    """What is wrong with it, in the words of a report; None where nothing is."""
    if is_good(uln):
        return None
    if uln == TEMPORARY:
        return f"{uln} stands for a learner whose number is not known yet"
    if not _ULN.fullmatch(uln):
        return f"`{uln}` is not ten digits"
    return f"{uln} fails its check digit"
