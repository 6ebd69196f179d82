"""`python -m tests.bench.bench_trail`: the event trail checked whole, 10,000 events in under a minute."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from tests.small_office import NOW, randomness

COUNTS = (1_000, 10_000, 100_000)
BUDGET_SECONDS_AT_10_000 = 60.0


def filled(path: Path, count: int) -> Register:
    """A register with so many events."""
    register = Register(path, randomness)
    with register.transaction():
        trail = EventLog(register)
        for rank in range(count):
            trail.append(
                NOW, "certificate_issued", f"NW-26-{rank % 1_000_000:06d}", {"pdf_sha256": "ab" * 32}
            )
    return register


def main() -> None:
    """Print seconds and microseconds for each event, and the growth between the sizes."""
    before = 0.0
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "register.db", count) as register:
            start = time.perf_counter()
            assert EventLog(register).check() == []
            spent = time.perf_counter() - start
        growth = f", {spent / before:.1f}x" if before else ""
        print(f"{count:>8,} events: {spent:7.3f} s, {spent / count * 1e6:5.1f} us each{growth}")
        if count == 10_000:
            assert spent < BUDGET_SECONDS_AT_10_000
        before = spent


if __name__ == "__main__":
    main()
