"""Which of the exhaustive tests a run takes: all of them, or a sample that is another one each day.

`make exhaustive` takes all. Everything else takes one of each test's cases, and of tests without cases
one in four; the day decides which, so that within some days all of them have run somewhere.
CERTPORTAL_EXHAUSTIVE is `all`, or the number of a day to repeat what was red then.
"""

import os
import time
import zlib
from collections.abc import Iterable

ALONE = 4  # a test without cases runs every so many days
CHOSEN = os.environ.get("CERTPORTAL_EXHAUSTIVE", "")


def day() -> int:
    """The number of the day whose sample is taken; days since 1970-01-01 in UTC."""
    return int(CHOSEN) if CHOSEN.isdecimal() else int(time.time()) // 86400


def sampled(names: Iterable[str], number: int) -> set[str]:
    """Of exhaustive tests by their node ids: those of one day."""
    families: dict[str, list[str]] = {}
    for name in names:
        families.setdefault(name.partition("[")[0], []).append(name)
    taken = set()
    for family, cases in families.items():
        turn = number + zlib.crc32(family.encode())
        if len(cases) > 1:
            taken.add(sorted(cases)[turn % len(cases)])
        elif turn % ALONE == 0:
            taken.add(cases[0])
    return taken
