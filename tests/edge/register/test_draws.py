"""Draws over claims that were in none before: of the right size, and nobody's to steer."""

from __future__ import annotations

import pytest

from generator.crypto.digest import sha256
from generator.edge.register.database import Register
from generator.edge.register.draws import Draws
from generator.formats import strict_json
from tests.edge.register.rows import NOW, registered


def drawn(register: Register, claims: list[str], percent: int, least: int) -> tuple[str, list[str]]:
    with register.transaction():
        return Draws(register).draw(claims, percent, least, NOW)


@pytest.mark.parametrize(
    ("claims", "percent", "least", "size"),
    [
        (1, 10, 1, 1),
        (10, 10, 1, 1),
        (11, 10, 1, 2),
        (10, 10, 3, 3),
        (2, 10, 5, 2),
        (4, 100, 1, 4),
        (4, 0, 0, 0),
    ],
)
def test_a_share_is_rounded_up_and_the_least_is_kept_to(
    register: Register, claims: int, percent: int, least: int, size: int
) -> None:
    ids = [registered(register, f"L{rank}") for rank in range(claims)]
    assert len(drawn(register, ids, percent, least)[1]) == size


def test_each_claim_knows_whether_it_was_drawn(register: Register) -> None:
    ids = [registered(register, f"L{rank}") for rank in range(4)]
    new = registered(register, "L9")
    digest, chosen = drawn(register, ids, 50, 1)
    assert digest == sha256(strict_json.encode(sorted(ids)))
    assert len(chosen) == 2
    sampled = {one: Draws(register).sampled(one) for one in (*ids, new)}
    assert sampled == {one: one in chosen for one in ids} | {new: None}


def test_the_order_of_the_claims_steers_nothing_and_the_secret_everything(register: Register) -> None:
    ids = [registered(register, f"L{rank}") for rank in range(12)]

    def tried(order: list[str]) -> set[str]:
        chosen = drawn(register, order, 25, 1)[1]
        with register.transaction():
            register.change("DELETE FROM drawn")
        return set(chosen)

    first = tried(ids)
    assert tried(ids[::-1]) == first
    assert tried(ids[:-1]) != first, "one claim less would have left the draw as it was"
    with register.transaction():
        register.change("UPDATE meta SET value = x'00' WHERE name = 'secret'")
    assert tried(ids) != first, "who knows the ids knows the draw"


def test_a_draw_over_nothing_is_refused(register: Register) -> None:
    with pytest.raises(ValueError, match="at least one claim"):
        drawn(register, [], 10, 1)
    assert register.rows("SELECT * FROM draws") == []
