"""Kill a night at each of its writes, run it again, and compare with a night that nobody disturbed.

`python -m tests.flow.night_killing FOLDER [FIRST STEP]` tries every STEP-th write from FIRST on, of a first
night and of the one after it; see killing.py for how. Compared are the register's rows, every issued PDF, the
site, the live site and the outbox, byte for byte. The report and the log tell of each run, and the rows of
runs count them; these differ as they must, but the headline may not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests import workshop
from tests.flow import killing
from tests.flow.killing import Point
from tests.flow.night_office import NEXT, NIGHT, claims, night, office, opened

_OF_EACH_RUN = ("runs", "run_steps", "sqlite_sequence")


def first_night(root: Path) -> None:
    """Five certificates from the claim file to the learners' mail."""
    _ended_well(root, NIGHT)


def second_night(root: Path) -> None:
    """One course certificate more, under the standing approval."""
    _ended_well(root, NEXT)


def _ended_well(root: Path, at: str) -> None:
    done = night(root, at)
    if done.exit_code != 0:
        raise RuntimeError(str([step for step in done.steps if step.state != "ok"]))


def between(root: Path) -> Path:
    """A first night behind it, and a sixth learner's course finished."""
    first_night(root)
    (root / "certificates/claims/claims.yaml").write_text(claims(range(1, 7)), "utf-8")
    return root


def state(root: Path) -> dict[str, object]:
    """What must be the same however often a night was killed."""
    rows = workshop.register_content(root)
    days = sorted((root / "certificates/reports").glob("2026-*.json"))
    return {
        "register": {name: _lasting(found) for name, found in rows.items() if name not in _OF_EACH_RUN},
        "files": {
            path: data
            for path, data in workshop.tree(root, "certificates", "keys", "public", "live").items()
            if "/reports/" not in path and "/outbox/report-" not in path
        },
        "reports": sorted(path.name for path in (root / "certificates/outbox").glob("report-*")),
        "headlines": [json.loads(path.read_text("utf-8"))["headline"] for path in days],
        "strays": sorted(path.name for path in root.iterdir() if path.name.startswith(".")),
    }


def _lasting(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows without the mark of how far the last audit had read the trail."""
    return [row for row in rows if row[0] != "audited_events"]


def calm(
    act: Callable[[Path], None], source: Path, folder: Path
) -> tuple[dict[str, object], dict[str, object]]:
    """The state after one undisturbed night, and after another on the same day."""
    place = killing.copied(source, folder / "calm")
    states = []
    for _ in range(2):
        if killing.run(act, place) != 0:
            raise RuntimeError("the undisturbed night failed")
        states.append(state(place))
    return states[0], states[1]


def _ended(root: Path) -> int:
    """How many nights came to their end."""
    with opened(root) as (_, register, _door):
        return len(register.rows("SELECT id FROM runs WHERE state = 'ended'"))


def survived(
    act: Callable[[Path], None], source: Path, folder: Path, chosen: list[Point]
) -> list[tuple[Point, str]]:
    """The points after which a second run did not give what an undisturbed run gives, and what differs."""
    wanted, wanted_twice = calm(act, source, folder)
    bad = []
    for at in chosen:
        spoiled = killing.copied(source, folder / "spoiled")
        if killing.run(act, spoiled, at) == 0:
            raise RuntimeError(f"the night ended before {at[0]} {at[1]}")
        # Killed after its last commit, while the files were closed: what follows is a night of its own.
        right = wanted_twice if _ended(spoiled) > _ended(source) else wanted
        if killing.run(act, spoiled) != 0:
            bad.append((at, "the second run failed"))
            continue
        found = state(spoiled)
        if found != right:
            bad.append((at, _difference(right, found)))
    return bad


def _difference(wanted: dict[str, object], found: dict[str, object]) -> str:
    """Where two states differ: the parts, and of these the tables or files."""
    words = []
    for name, part in wanted.items():
        other = found[name]
        if isinstance(part, dict) and isinstance(other, dict):
            keys = sorted(key for key in part.keys() | other.keys() if part.get(key) != other.get(key))
            words += [f"{name} {key}" for key in keys]
        elif part != other:
            words.append(f"{name}: {part} became {other}")
    return "; ".join(words)


def main(folder: Path, first: int, step: int) -> int:
    """Both nights; prints how many points were survived."""
    begin = office(folder / "first")
    later = between(killing.copied(begin, folder / "second"))
    failures = 0
    for name, act, source in (("first night", first_night, begin), ("second night", second_night, later)):
        everything = killing.points(act, source, folder)
        chosen = everything[first::step]
        bad = survived(act, source, folder, chosen)
        failures += len(bad)
        alive = len(chosen) - len(bad)
        print(f"{name}: killed at {len(chosen)} of {len(everything)} writes, {alive} survived", flush=True)
        for at, what in bad:
            print(f"  not survived: {at}: {what}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    place, begin_at, stride = Path(sys.argv[1]), *(int(word) for word in (*sys.argv[2:], "0", "1")[:2])
    sys.exit(main(place, begin_at, stride))
