"""Kill a night at each of its writes, run it again, and compare with a night that nobody disturbed.

`python -m tests.flow.night.night_killing FOLDER [FIRST STEP]` tries every STEP-th write from FIRST on, of
three nights and a recovery; see killing.py for how. Each point is a line of FOLDER/points.jsonl, and a
run that was cut short goes on after the last one. A folder in memory, below /dev/shm, spares the disk.

After a night whose mail goes to the outbox, the register's rows, every issued PDF, the site, the live site
and the outbox must agree byte for byte. The report and the log tell of each run, and the rows of runs count
them; these differ as they must, but the headline may not. A mail server cannot be asked what it took, so
after a night with one nobody may have a mail twice, and who has none is on the list for a person.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.edge.register.messages import Messages
from tests import workshop
from tests.flow.mailing import mail_server
from tests.flow.night.killed_nights import (
    before_first,
    before_mails,
    before_recovery,
    before_second,
    first_night,
    mails,
    recovery_from_the_site,
    second_night,
)
from tests.flow.night.night_office import opened
from tests.flow.publishing import killing
from tests.flow.publishing.killing import Point

_OF_EACH_RUN = ("runs", "run_steps", "sqlite_sequence")
_JOURNAL = "certificates/mail-journal.txt"
_STATES = ("waiting", "handing", "sent", "bounced", "failed", "doubt", "cancelled")
Act = Callable[[Path], None]
State = dict[str, Any]


# ------------------------------------------------------------ what must be the same


def state(root: Path) -> State:
    """What must be the same however often a night was killed."""
    rows = workshop.register_content(root)
    days = sorted((root / "certificates/reports").glob("2026-*.json"))
    return {
        "register": {name: _lasting(found) for name, found in rows.items() if name not in _OF_EACH_RUN},
        "files": {
            path: data
            for path, data in workshop.tree(root, "certificates", "keys", "public", "../live").items()
            if "/reports/" not in path and "/outbox/report-" not in path and path != _JOURNAL
        },
        "journal": _outcomes(root),
        "reports": sorted(path.name for path in (root / "certificates/outbox").glob("report-*")),
        "headlines": [json.loads(path.read_text("utf-8"))["headline"] for path in days],
        "strays": sorted(path.name for path in root.iterdir() if path.name.startswith(".")),
    }


def _outcomes(root: Path) -> list[str]:
    """What the mail journal says came of each letter, as often as it says so, attempts left aside.

    A letter that was under way when the night was killed is begun twice and has one outcome.
    """
    journal = root / _JOURNAL
    lines = journal.read_text("utf-8").splitlines() if journal.exists() else []
    return [line for line in lines if line and " handing " not in line]


def _lasting(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows without the mark of how far the last audit had read the trail."""
    return [row for row in rows if row[0] != "audited_events"]


def _difference(wanted: State, found: State) -> str:
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


def _ended(root: Path) -> int:
    """How many nights came to their end."""
    with opened(root) as session:
        return len(session.register.rows("SELECT id FROM runs WHERE state = 'ended'"))


class Outboxes:
    """Judges a night that was killed and run again by an undisturbed one."""

    def __init__(self, act: Act, source: Path, folder: Path) -> None:
        self._act, self._before = act, _ended(source)
        place = killing.copied(source, folder / "calm/workspace")
        self._calm = []
        for _ in range(2):
            if killing.run(act, place) != 0:
                raise RuntimeError("the undisturbed night failed")
            self._calm.append(state(place))

    def fresh(self) -> None:
        """Nothing outside the folder remembers anything."""

    def again(self, root: Path) -> str:
        """Run the killed night again; what differs then, or nothing."""
        # Killed after its last commit, while the files were closed: what follows is a night of its own.
        wanted = self._calm[_ended(root) > self._before]
        if killing.run(self._act, root) != 0:
            return "the second run failed"
        return _difference(wanted, state(root))


class Servers:
    """Judges a night over SMTP by what the server took and what the register says of it."""

    def __init__(self, act: Act, manners: mail_server.Manners) -> None:
        self._act, self._manners = act, manners

    def fresh(self) -> None:
        """The server forgets what it took before."""
        self._manners.taken.clear()

    def again(self, root: Path) -> str:
        """Run the killed night again; whoever has two mails, or none and is on no list."""
        if killing.run(self._act, root) != 0:
            return "the second run failed"
        with opened(root) as session:
            messages = Messages(session.register)
            states = {item.serial: item.state for name in _STATES for item in messages.in_state(name)}  # type: ignore[arg-type]  # all there are
        taken, bad = self._manners.counts(), []
        for serial, learner in (("NW-26-000001", 1), ("NW-26-000002", 4)):
            count, said = taken[f"learner{learner}@example.org"], states.get(serial)
            if not (said == "sent" and count == 1) and not (said == "doubt" and count <= 1):
                bad.append(f"{serial} was taken {count} times and is {said}")
        if Counter(states.values())["doubt"] > 1:
            bad.append("one kill, and more than one message in doubt")
        return "; ".join(bad)


# ------------------------------------------------------------ every point


@dataclass(frozen=True, slots=True)
class Case:
    """A night to kill: what it does, from which folder, and who judges the outcome."""

    name: str
    act: Act
    source: Path
    check_claim: Outboxes | Servers


def attempt(case: Case, folder: Path, at: Point) -> str:
    """Kill one copy of a night at a point, run it again; what is wrong then, or nothing."""
    case.check_claim.fresh()
    spoiled = killing.copied(case.source, folder / "spoiled/workspace")
    if killing.run(case.act, spoiled, at) == 0:
        raise RuntimeError(f"the night ended before {at[0]} {at[1]}")
    return case.check_claim.again(spoiled)


def survived(case: Case, folder: Path, first: int, step: int) -> int:
    """Every STEP-th point of a night; prints how many were survived, returns how many were not."""
    log = folder / "points.jsonl"
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    known = {(line["call"], line["count"]): line["wrong"] for line in lines if line["night"] == case.name}
    # Once in this process: what is compiled and cached here, the children need not make again.
    case.act(killing.copied(case.source, folder / "warm/workspace"))
    everything = killing.points(case.act, case.source, folder)
    chosen = everything[first::step]
    with log.open("a", encoding="utf-8") as file:
        for rank, at in enumerate(chosen, 1):
            if at in known:
                continue
            begun = time.monotonic()
            known[at] = attempt(case, folder, at)
            seconds = round(time.monotonic() - begun, 2)
            line = {"night": case.name, "call": at[0], "count": at[1], "wrong": known[at]}
            line |= {"rank": rank, "of": len(chosen), "seconds": seconds}
            print(json.dumps(line), file=file, flush=True)
    bad = [at for at in chosen if known[at]]
    alive = len(chosen) - len(bad)
    print(f"{case.name}: killed at {len(chosen)} of {len(everything)} writes, {alive} survived", flush=True)
    for at in bad:
        print(f"  not survived: {at}: {known[at]}", flush=True)
    return len(bad)


def main(folder: Path, first: int, step: int) -> int:
    """All nights; 1 where one was not survived."""
    failures = 0
    for name, act, prepare in (
        ("first night", first_night, before_first),
        ("second night", second_night, before_second),
        ("recovery", recovery_from_the_site, before_recovery),
    ):
        source = folder / name.replace(" ", "-") / "workspace"
        if not source.exists():
            prepare(source)
        failures += survived(Case(name, act, source, Outboxes(act, source, folder)), folder, first, step)
    manners = mail_server.Manners()
    with mail_server.serving(manners, folder) as (port, trust):
        source = folder / "night-over-smtp/workspace"
        shutil.rmtree(source, ignore_errors=True)
        check_claim = Servers(mails, manners)
        case = Case("night over SMTP", mails, before_mails(source, port, trust), check_claim)
        failures += survived(case, folder, first, step)
    return 1 if failures else 0


if __name__ == "__main__":
    place, begin_at, stride = Path(sys.argv[1]), *(int(word) for word in (*sys.argv[2:], "0", "1")[:2])
    place.mkdir(parents=True, exist_ok=True)
    sys.exit(main(place, begin_at, stride))
