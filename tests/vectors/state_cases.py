"""Every state of a certificate, fresh and stale, on an undisturbed site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.formats import verification_code
from tests import small_site as small
from tests.vectors.case import case, swap


def state_cases() -> Iterator[dict[str, Any]]:
    numbers = small.small_site().numbers
    for name in (
        "valid", "reinstated", "expiring", "closed_year", "nasty",
        *(f"script_{rank}" for rank in range(40, 45)),
    ):  # fmt: skip
        yield case(name, numbers[name], "valid", 12)
    yield case("revoked", numbers["revoked"], "revoked", 10, changed_on="2026-11-21", reason_code=1)
    yield case("revoked in a closed year", numbers["revoked_closed_year"], "revoked", 10)
    yield case("suspended", numbers["suspended"], "suspended", 10, until="2026-12-31", reason_code=2)
    yield case("suspended, past its until", numbers["suspended"], "suspended", 10, now="2027-02-01T00:00:00Z")
    yield case("superseded", numbers["superseded"], "superseded", 10, successor=None)
    yield case(
        "superseded, newer one named", numbers["superseded_with_successor"], "superseded", 10,
        successor=numbers["valid"],
    )  # fmt: skip
    yield case("erased", numbers["erased"], "erased", 9, changed_on="2026-11-21")
    yield case("erased outranks revoked", numbers["erased_and_revoked"], "erased", 9)
    yield case("expired", numbers["expired"], "expired", 11)
    yield case("not found", small.number_of("nobody"), "not_found", 6)
    yield case("not found, no such year", small.number_of("nobody", 2024), "not_found", 4)
    yield case("as grouped", verification_code.grouped(numbers["valid"]), "valid", 12)
    yield case(
        "check symbols", swap(numbers["valid"], 12), "malformed", 1, "check", suggestion=numbers["valid"]
    )
    yield case("too short", numbers["valid"][:20], "malformed", 1, "length", suggestion=None)
    yield case("Cyrillic", numbers["valid"][:8] + "А" + numbers["valid"][9:], "malformed", 1, "alphabet")


def freshness_cases() -> Iterator[dict[str, Any]]:
    numbers, after = small.small_site().numbers, "2026-12-13T02:00:01Z"
    yield case("to the second", numbers["valid"], "valid", 12, now=small.NEXT)
    yield case("past next_update", numbers["valid"], "stale", 4, "old", now=after)
    yield case("bad news from a stale shard", numbers["revoked"], "revoked", 10, now=after)
    yield case("expired from a stale shard", numbers["expired"], "expired", 11, now=after)
    dates = {"checked_at": small.NOW, "next_update": small.NEXT}
    nobody, no_year = small.number_of("nobody"), small.number_of("nobody", 2024)
    yield case("not found in a stale bucket", nobody, "stale", 6, "absent", now=after, **dates)
    yield case("no such year, stale", no_year, "stale", 4, "absent", now=after, **dates)
    yield case("no such year, with the head's dates", no_year, "not_found", 4, **dates)
    yield case("device clock years behind", numbers["valid"], "valid", 12, now="2019-01-01T00:00:00Z")
    yield case("device clock years ahead", numbers["valid"], "stale", 4, "old", now="2031-01-01T00:00:00Z")
