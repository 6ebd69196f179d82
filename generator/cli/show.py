"""What a person reads in the terminal: plain when piped, coloured and with a progress bar otherwise."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from generator.errors import Problem, Refused

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
_SHOWN_PROBLEMS = 40


def line(text: str = "", style: str = "") -> None:
    """One line of the answer."""
    out.print(Text(text, style=style))


def data(value: Any) -> None:
    """One JSON object, for machines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, sort_keys=False) + "\n")


def problems(found: Iterable[Problem]) -> None:
    """Each problem: where, what, why, and below it how to fix it."""
    listed = list(found)
    for problem in listed[:_SHOWN_PROBLEMS]:
        head = Text()
        head.append(problem.where, style="bold")
        head.append(f": {problem.code}: ", style="yellow")
        head.append(problem.what + (f" ({problem.why})" if problem.why else ""))
        err.print(head)
        err.print(Text(f"  fix: {problem.fix}", style="dim"))
    if len(listed) > _SHOWN_PROBLEMS:
        err.print(Text(f"and {len(listed) - _SHOWN_PROBLEMS} more", style="dim"))


def grouped(found: Iterable[Problem]) -> None:
    """Many problems of one kind as one line with their number; single ones in full."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in found:
        kinds.setdefault((problem.code, problem.what, problem.fix), []).append(problem)
    for (code, what, fix), members in kinds.items():
        if len(members) < 4:
            problems(members)
            continue
        head = Text(f"{len(members)} claims", style="bold")
        head.append(f": {code}: ", style="yellow")
        head.append(what)
        err.print(head)
        err.print(Text(f"  fix: {fix}", style="dim"))


@contextlib.contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
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


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into its problems on the screen and its exit code."""
    try:
        yield
    except Refused as refused:
        problems(refused.problems)
        raise SystemExit(refused.exit_code) from None
    except KeyboardInterrupt:
        err.print("stopped; nothing is lost, run the command again to go on")
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(1) from None
