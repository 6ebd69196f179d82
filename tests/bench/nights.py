"""What a night costs: of 155, of 1,000 on 10,000, and of nothing; and an urgent suspension beside it.

`python -m tests.bench.nights [OLD NEW]` makes a workspace in a temporary folder, issues OLD course
certificates under a standing approval, then times one night with NEW more, one with nothing new, and the
urgent publication of one suspension. PDFs are made by the real press with the sample's template; mail goes
to the outbox (of the OLD ones only where they are few), the live site is a folder, 40 codes are read back.
Memory is the peak of that night's process alone; files and bytes are those of the site that changed.
"""

from __future__ import annotations

import csv
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from generator.flow.after_issue import lifecycle
from generator.flow.publishing import publish
from tests import workshop
from tests.flow.night.night_office import FOLDER, REPORTS, night, opened

FIRST, SECOND, THIRD = "2026-11-22T02:10:00Z", "2026-11-23T02:10:00Z", "2026-11-24T02:10:00Z"
_MAILED = 1_000
_SHEET = "certificates/claims/moodle-completion-care101.csv"


def learners(root: Path, count: int) -> None:
    """A completion report of so many learners, all of them finished."""
    path = root / _SHEET
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    heading, model = rows[0], next(row for row in rows[1:] if row[-1])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        for rank in range(count):
            name = f"Learner {_letters(rank)}"
            writer.writerow([str(100_000 + rank), name, f"l{rank}@example.org", *model[3:]])


def _letters(rank: int) -> str:
    return "".join(chr(65 + rank // 26**place % 26) + chr(97 + rank // 26**place % 26) for place in (2, 1, 0))


def office(root: Path, count: int) -> None:
    """The sample with its course only, its standing approval, and so many learners."""
    workshop.sample(root)
    (root / "certificates/claims/unit-grades-L3IT-2026.csv").unlink()
    sources = root / "certificates/claims/sources.yaml"
    text = sources.read_text("utf-8")
    start, end = text.index("  - file: unit"), text.index("  - file: moodle")
    sources.write_text(text[:start] + text[end:], "utf-8")
    settings = root / "portal.yaml"
    since = "  since: 2026-11-23\n" if count > _MAILED else ""
    settings.write_text(settings.read_text("utf-8") + REPORTS + since + FOLDER, "utf-8")
    learners(root, count)
    workshop.prepare(root, FIRST)
    workshop.approve_all(root, FIRST)


def timed(root: Path, at: str, name: str) -> None:
    """One night in a process of its own: seconds by step, peak memory, what changed."""
    before = _inodes(root)
    child = os.fork()
    if child == 0:
        begun = time.perf_counter()
        done = night(root, at, watch=time.perf_counter)
        spent = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        steps = ", ".join(f"{step.name} {step.seconds:.1f}" for step in done.steps if step.seconds >= 0.05)
        headline = done.report.headline if done.report else "no report"
        print(f"{name}: {headline}; {spent:.1f} s, {peak:.0f} MB at the most; {steps}", flush=True)
        os._exit(done.exit_code)
    os.waitpid(child, 0)
    after = _inodes(root)
    new = [path for path, mark in after.items() if before.get(path) != mark]
    size = sum((root / path).stat().st_size for path in new)
    print(f"  {len(new)} of {len(after)} published files are new, {size / 1024:,.0f} KB", flush=True)


def urgent(root: Path, at: str) -> None:
    """One certificate suspended, and its status published without building a page."""
    with opened(root, at) as session:
        who = ("m.castell", "quality_nominee")
        serial, until = "NW-26-000001", "2026-12-31"
        plan = lifecycle.plan_suspend(session, serial, until, "a question is open", who)
        lifecycle.suspend(session, plan)
    with opened(root, at) as session:
        begun = time.perf_counter()
        done = publish.publish_status(session)
        spent = time.perf_counter() - begun
    size = done.bytes_written / 1024
    print(f"urgent: {spent:.2f} s; {done.written} of {done.files} files written, {size:,.0f} KB", flush=True)


def _inodes(root: Path) -> dict[str, int]:
    return {
        path.relative_to(root).as_posix(): path.stat().st_ino
        for path in (root / "public").rglob("*")
        if path.is_file()
    }


def main(old: int, new: int) -> None:
    """The nights."""
    with tempfile.TemporaryDirectory(prefix="certportal-nights-") as folder:
        root = Path(folder) / "workspace"
        office(root, old)
        timed(root, FIRST, f"night of {old} on nothing")
        learners(root, old + new)
        timed(root, SECOND, f"night of {new} on {old}")
        timed(root, THIRD, f"night of nothing on {old + new}")
        urgent(root, THIRD)


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:3]]
    if counts:
        main(counts[0], counts[1])
    else:
        main(155, 155)
        main(10_000, 1_000)
