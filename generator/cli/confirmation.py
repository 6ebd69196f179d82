"""Showing exactly what will change, and asking for its number to be typed before anything is done."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from generator.cli.codes import CONFIRM
from generator.cli.terminal import err, exactly, line
from generator.errors import Place, UsageError

Yes = Annotated[
    str | None,
    typer.Option(
        "--yes", metavar="SERIAL", help="For scripts: the certificate or case number, instead of typing it."
    ),
]
As = Annotated[str, typer.Option("--as", help="Your handle on the roster.")]


def shown(title: str, lines: Iterable[tuple[str, str]]) -> None:
    """A title, and under it what is now and what will be."""
    line(title, "bold")
    listed = list(lines)
    width = max((len(label) for label, _ in listed), default=0)
    for label, text in listed:
        exactly(f"  {label:{width}}  {text}")


def confirm(number: str, yes: str | None) -> None:
    """Go on only if this very number is typed or given. Raises `UsageError`; nothing was done yet."""
    if yes is None:
        if not sys.stdin.isatty():
            fix = f"add `--yes {number}`"
            raise UsageError(CONFIRM.at(Place(subject=number), "waits for its number to be typed", fix))
        err.print(f"Type {number} to go on, anything else to stop: ", end="")
        yes = sys.stdin.readline().strip()
    if yes != number:
        what = f"`{yes}` was given; nothing was done"
        raise UsageError(CONFIRM.at(Place(subject=number), what, f"type or give {number} exactly"))
