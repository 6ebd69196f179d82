"""Holds: placed, looked at by their end, released, and what they withhold; reasons go at erasure."""

from __future__ import annotations

from typing import Any

from generator.edge.register.database import Register
from generator.edge.register.holds import Holds
from generator.edge.register.publications import Publications
from generator.model.hold import Hold
from tests.edge.register.rows import LATER, NOW, issued, published


def hold(subject: str, **more: Any) -> Hold:
    fields = {
        "scope": "claim",
        "kind": "identity",
        "owner": "e.off",
        "reason": "whose",
        "until": "2026-12-24",
    }
    return Hold.of({**fields, "subject": subject, **more})


def placed(register: Register, subject: str, withheld: tuple[str, ...] = (), **more: Any) -> int:
    with register.transaction():
        return Holds(register).place(hold(subject, **more), NOW, list(withheld))


def test_a_hold_comes_back_as_it_was_placed(register: Register) -> None:
    permission = {"reference": "P/12", "given_on": "2026-11-20"}
    rank = placed(register, "C1", scope="centre", kind="fees", permission=permission)
    held = Holds(register).find(rank)
    assert held is not None
    assert (held.scope, held.subject, held.kind, held.owner, held.reason, held.until, held.placed_at) == (
        "centre",
        "C1",
        "fees",
        "e.off",
        "whose",
        "2026-12-24",
        NOW,
    )
    assert (held.permission_reference, held.permission_on, held.released_at) == ("P/12", "2026-11-20", None)
    assert Holds(register).find(rank + 1) is None


def test_holds_are_looked_at_by_their_end_and_kept_when_released(register: Register) -> None:
    late, early = placed(register, "a", until="2027-01-01"), placed(register, "b", until="2026-12-01")
    holds = Holds(register)
    assert [one.hold_id for one in holds.in_force()] == [early, late]
    with register.transaction():
        holds.release(early, LATER)
    assert [one.hold_id for one in holds.in_force()] == [late]
    assert [(one.hold_id, one.released_at) for one in holds.all()] == [(late, None), (early, LATER)]
    assert holds.on("claim", "b") == []
    assert [one.hold_id for one in holds.ever_on("claim", "b")] == [early]
    assert holds.ever_on("centre", "b") == [], "a centre of that name is not on hold"


def test_what_is_withheld_is_not_published_until_every_hold_is_released(register: Register) -> None:
    serial, free = issued(register, "L1"), issued(register, "L2")
    first, second = placed(register, "C1", (serial,), scope="centre"), placed(register, "x", (serial,))
    holds = Holds(register)
    assert holds.withheld(first) == [serial]
    assert [one.hold_id for one in holds.withholding(serial)] == [first, second]
    published(register, 1)
    assert sequences(register) == {serial: None, free: 1}
    for rank in (first, second):
        assert not Publications(register).waits(), "what is withheld does not wait for a publication"
        with register.transaction():
            holds.release(rank, LATER)
    assert Publications(register).waits()
    published(register, 2)
    assert sequences(register) == {serial: 2, free: 1}


def sequences(register: Register) -> dict[str, int | None]:
    return dict(register.rows("SELECT serial, sequence FROM certificates"))


def test_erasure_takes_the_reasons_of_holds_on_a_person_and_leaves_a_centres(register: Register) -> None:
    person, centre = placed(register, "C1"), placed(register, "C1", scope="centre")
    other = placed(register, "other")
    holds = Holds(register)
    with register.transaction():
        holds.erase(["C1", "nobody"])
    reasons = {one.hold_id: one.reason for one in holds.all()}
    assert reasons == {person: None, centre: "whose", other: "whose"}
