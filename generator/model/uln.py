"""The unique learner number: ten digits, of which the last checks the others (LRS specification).

Weights 10 down to 2 on the first nine digits, their sum modulo 11 subtracted from 10; a number whose
remainder is 0 is never given out. A wrong number is reported, never mended.
"""

from __future__ import annotations

import re

_ULN = re.compile(r"[1-9][0-9]{9}", re.ASCII)
TEMPORARY = "9999999999"


def fault(uln: str) -> str:
    """What is wrong with it; empty where its check digit holds."""
    if not _ULN.fullmatch(uln):
        return "is not ten digits"
    rest = sum(int(digit) * weight for digit, weight in zip(uln, range(10, 1, -1), strict=False)) % 11
    return "" if rest and 10 - rest == int(uln[9]) else "fails its check digit"


def is_good(uln: str) -> bool:
    """Whether this is a well-formed number with the right check digit."""
    return not fault(uln)


def complaint(uln: str) -> str | None:
    """What is wrong with it, in the words of a report; None where nothing is."""
    wrong = fault(uln)
    if uln == TEMPORARY and wrong:
        return f"{uln} stands for a learner whose number is not known yet"
    if not wrong:
        return None
    shown = uln if _ULN.fullmatch(uln) else f"`{uln}`"
    return f"{shown} {wrong}"
