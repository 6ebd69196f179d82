"""Ten thousand events are checked in one reading: the cost is counted here, the time in bench_trail."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register import event_log as room
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from tests.bench.bench_trail import filled


@pytest.mark.parametrize("count", [10, 1_000])
def test_the_trail_is_read_once_and_each_event_hashed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    calls = {"link": 0, "commitment": 0, "each": 0, "rows": 0}

    def counted(owner: object, name: str) -> None:
        act = getattr(owner, name)

        def counting(*given: object, **named: object) -> object:
            calls[name] += 1
            return act(*given, **named)

        monkeypatch.setattr(owner, name, counting)

    with filled(tmp_path / "register.db", count) as register:
        for owner, name in ((room, "link"), (room, "commitment"), (Register, "each"), (Register, "rows")):
            counted(owner, name)
        assert EventLog(register).check() == []
    assert calls == {"link": count, "commitment": count, "each": 1, "rows": 0}


@pytest.mark.slow
def test_ten_thousand_events_with_one_edited_near_the_end(tmp_path: Path) -> None:
    with filled(tmp_path / "register.db", 10_000) as register:
        assert EventLog(register).check() == []
        with register.transaction():
            register.change("UPDATE events SET kind = 'claim_imported' WHERE seq = 9999")
        [problem] = EventLog(register).check()
        assert "event 9999 was altered" in problem.what
