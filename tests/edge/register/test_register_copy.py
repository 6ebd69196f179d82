"""A copy of the register is read whole, and not a byte of its folder changes."""

from __future__ import annotations

import pytest

from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.register_copy import RegisterCopy
from tests.workshop import NOW


def test_a_copy_says_how_far_it_reaches_and_stays_as_it_is(register: Register) -> None:
    with register.transaction():
        EventLog(register).append(NOW, "claim_imported", "a", {})
    path = register.path.with_name("copy of the register.db")
    register.copy_to(path)
    before = {each: each.read_bytes() for each in path.parent.glob("copy*")}
    with RegisterCopy(path) as copy:
        assert copy.faults() == []
        assert copy.reach() == EventLog(register).state()
    assert {each: each.read_bytes() for each in path.parent.glob("copy*")} == before


@pytest.mark.parametrize("length", [0, 5000, 60_000])
def test_a_copy_cut_short_has_faults(register: Register, length: int) -> None:
    path = register.path.with_name("copy.db")
    register.copy_to(path)
    with path.open("r+b") as file:
        file.truncate(length)
    with RegisterCopy(path) as copy:
        assert copy.faults()
