"""What was done to certificates after issue: every state in its order, the newest published next."""

from __future__ import annotations

from typing import Any

from generator.edge.register.database import Register
from generator.edge.register.state_changes import StateChange, StateChanges
from generator.model.value import Day
from tests.edge.register.rows import DAY, exception, issued, published


def changed(register: Register, serial: str, kind: str, **more: Any) -> StateChange:
    made = StateChange(serial, kind, Day(DAY), **more)  # type: ignore[arg-type]  # the test's own words
    with register.transaction():
        StateChanges(register).add(made)
    return made


def test_the_state_is_that_of_the_newest_change(register: Register) -> None:
    serial, changes = issued(register), StateChanges(register)
    assert (changes.state(serial), changes.last(serial), changes.of(serial)) == ("valid", None, [])
    first = changed(register, serial, "suspended", reason_code=2, until=Day("2026-12-24"))
    second = changed(register, serial, "reinstated")
    assert changes.state(serial) == "reinstated"
    assert changes.last(serial) == second
    assert changes.of(serial) == [first, second]


def test_changes_are_walked_by_certificate_and_time(register: Register) -> None:
    first, second = issued(register, "L1"), issued(register, "L2")
    for serial, kind in ((second, "suspended"), (first, "revoked"), (second, "reinstated")):
        changed(register, serial, kind)
    walked = [(one.serial, one.kind) for one in StateChanges(register).all()]
    assert walked == [(first, "revoked"), (second, "suspended"), (second, "reinstated")]


def test_the_newest_exception_waits_and_the_published_one_stays_until_then(register: Register) -> None:
    serial, changes = issued(register), StateChanges(register)
    assert changes.sealed(serial) is None
    with register.transaction():
        changes.publish_next(serial, 2026, 0, exception("suspended"))
    assert changes.waiting() == {serial}
    published(register, 1)
    assert changes.waiting() == set()
    with register.transaction():
        changes.publish_next(serial, 2026, 0, exception("revoked"))
    assert changes.sealed(serial) == exception("revoked")
    out = register.rows("SELECT sealed FROM exceptions")[0][0]
    assert out.endswith(b"suspended"), "what the site shows was overwritten before it was published"
    assert changes.waiting() == {serial}


def test_only_those_suspended_now_are_looked_at_again_by_their_day(register: Register) -> None:
    serials = [issued(register, f"L{rank}") for rank in range(4)]
    for serial, until in zip(serials, ("2026-12-31", "2026-12-01", "2026-12-15", "2026-12-15"), strict=True):
        changed(register, serial, "suspended", until=Day(until))
    changed(register, serials[1], "revoked")
    assert [one.serial for one in StateChanges(register).suspended_until()] == [
        serials[2],
        serials[3],
        serials[0],
    ]
