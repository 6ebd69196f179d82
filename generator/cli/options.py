"""Options that several commands share, and the opening of a workspace."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from generator.cli import terminal
from generator.cli.environment import open_environment
from generator.edge import disk
from generator.flow.shared import place
from generator.flow.shared.session import Environment, Session
from generator.flow.shared.workspace import Workspace, load_workspace

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="The folder that holds portal.yaml.", show_default="here")
]
PassphraseFd = Annotated[
    int | None,
    typer.Option(help="Read passphrases from this file descriptor: one for all, or lines key=passphrase."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
HERE = Path()


def earlier_names(names: Mapping[str, str]) -> type[TyperCommand]:
    """For `app.command(cls=...)`: earlier words of a command (earlier -> now) still work, unlisted."""

    class Renamed(TyperCommand):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            """As typed now."""
            parts = [(word, *word.partition("=")) for word in args]
            return super().parse_args(
                ctx,
                [names[head] + sign + rest if head in names else word for word, head, sign, rest in parts],
            )

    return Renamed


Serial = Annotated[str, typer.Argument(metavar="CERTIFICATE", help="Such as NW-26-000001.")]


@contextlib.contextmanager
def opened(root: Path, passphrase_fd: int | None = None) -> Iterator[tuple[Workspace, Environment]]:
    """The workspace, locked against other runs, and its environment."""
    with terminal.progress_bar() as progress:
        environment = open_environment(passphrase_fd, progress)
        workspace = load_workspace(root.resolve())
        terminal.open_workspace.root = workspace.root
        terminal.open_workspace.kind = workspace.portal.organisation.kind
        with disk.locked(workspace.certificates / ".lock", environment.sleep):
            yield workspace, environment


@contextlib.contextmanager
def opened_register(
    root: Path, passphrase_fd: int | None = None, *, anywhere: bool = False
) -> Iterator[Session]:
    """The workspace with its register. Of a copy, only what changes nothing may be done: `anywhere`."""
    with (
        opened(root, passphrase_fd) as (workspace, environment),
        workspace.register(environment.randomness) as register,
    ):
        session = Session(workspace, register, environment)
        if not anywhere:
            place.check(session)
        yield session
