"""What a person reads in the terminal: plain when piped, coloured and with a progress bar otherwise."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from generator.cli import environment
from generator.cli.codes import FAULT
from generator.edge import disk
from generator.errors import Place, Problem, Refused
from generator.model.value import Instant, utc_day
from generator.rules.file_comparison import printed_day
from generator.terms import CLAIM, GENERAL, OrganisationKind, in_words_of

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
_SHOWN_PROBLEMS = 40
FAULT_EXIT_CODE = 70  # EX_SOFTWARE


class OpenWorkspace:
    """The workspace that the running command opened, if it did: where a fault's report goes, and whose words
    are spoken.
    """

    root: Path | None = None
    kind: OrganisationKind = GENERAL


open_workspace = OpenWorkspace()


def line(text: str = "", style: str = "") -> None:
    """One line of the answer, its marked nouns in the words of the organisation."""
    exactly(in_words_of(open_workspace.kind, text), style)


def exactly(text: str, style: str = "") -> None:
    """A line that stays as it is: what is certified, or what somebody wrote."""
    out.print(Text(text, style=style))


def data(value: Any) -> None:
    """One JSON object, for machines: in general words."""
    sys.stdout.write(in_words_of(GENERAL, json.dumps(value, ensure_ascii=False, sort_keys=False)) + "\n")


def problems(found: Iterable[Problem]) -> None:
    """Each problem once: where, what, why, and below it how to fix it."""
    listed = list(dict.fromkeys(found))
    for problem in listed[:_SHOWN_PROBLEMS]:
        head = Text()
        head.append(in_words_of(open_workspace.kind, str(problem.place)), style="bold")
        head.append(f": {problem.code}: ", style="yellow")
        head.append(in_words_of(open_workspace.kind, problem.said))
        err.print(head)
        err.print(Text(f"  fix: {in_words_of(open_workspace.kind, problem.action)}", style="dim"))
    if len(listed) > _SHOWN_PROBLEMS:
        err.print(Text(f"and {len(listed) - _SHOWN_PROBLEMS} more", style="dim"))


def grouped(found: Iterable[Problem]) -> None:
    """Many problems of one kind as one line with their number; single ones in full."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in found:
        kinds.setdefault((problem.code, problem.what, problem.action), []).append(problem)
    for (code, what, action), members in kinds.items():
        if len(members) < 4:
            problems(members)
            continue
        kind = open_workspace.kind
        head = Text(in_words_of(kind, f"{len(members)} {CLAIM}s"), style="bold")
        head.append(f": {code}: ", style="yellow")
        head.append(in_words_of(kind, what))
        err.print(head)
        err.print(Text(f"  fix: {in_words_of(kind, action)}", style="dim"))


def counted(count: int, thing: str) -> str:
    """`1 claim`, `54 claims`, `1,200 claims`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def moment(instant: str) -> str:
    """An instant as people say it, to the minute: `13 December 2026, 08:49 UTC`."""
    return f"{printed_day(utc_day(Instant(instant)))}, {instant[11:16]} UTC"


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback; a bar on a terminal, nothing in a log."""
    if not err.is_terminal:
        yield lambda _label, _done, _total: None
        return
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as shown:
        tasks: dict[str, Any] = {}

        def advance(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = shown.add_task(label, total=total)
            shown.update(tasks[label], completed=done, total=total)

        yield advance


def report_and_exit(fault: BaseException) -> NoReturn:
    """A refusal becomes its problems on the screen and its exit code; a fault of ours one calm line."""
    if isinstance(fault, Refused):
        problems(fault.problems)
        raise SystemExit(fault.exit_code) from None
    if isinstance(fault, KeyboardInterrupt):
        err.print("stopped; nothing is lost, run the command again to go on")
        raise SystemExit(130) from None
    if isinstance(fault, BrokenPipeError):
        # Whoever read has gone; what Python would still flush at the end has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    # What the disk refused where nobody foresaw it is somebody's to mend, and no fault of ours.
    known = disk.problem_of(fault) if isinstance(fault, OSError) else None
    if known is not None:
        problems([known])
        raise SystemExit(1) from None
    problems([_last_resort(fault)])
    raise SystemExit(FAULT_EXIT_CODE) from None


def _last_resort(fault: BaseException) -> Problem:
    """What to send to whom after a fault of certportal itself; nobody is shown a traceback."""
    said = f"certportal stopped at a fault of its own ({type(fault).__name__}); nothing is lost"
    again = "run the command again; if it stops again,"
    report = "".join(traceback.format_exception(fault))
    if open_workspace.root is not None:
        name = f"certificates/reports/fault-{environment.now().replace(':', '')}.txt"
        with contextlib.suppress(Refused, OSError):
            disk.write(open_workspace.root / name, report.encode(), private=True)
            fix = f"{again} send {name} to whoever maintains certportal for you: it says where it stopped"
            return FAULT.at(Place(subject="certportal"), said, fix)
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{last.filename.rpartition('generator/')[2]}:{last.lineno}"
    fix = f"{again} tell whoever maintains certportal for you: {type(fault).__name__} at {place}"
    return FAULT.at(Place(subject="certportal"), said, fix)
