"""Options that several verbs share, and the opening of a workspace."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from generator.cli import show
from generator.cli.door import open_door
from generator.edge import disk
from generator.edge.register.database import Register
from generator.flow import workspace as workspaces
from generator.flow.workspace import Door, Workspace

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="The folder that holds portal.yaml.", show_default="here")
]
PassphraseFd = Annotated[
    int | None,
    typer.Option(help="Read passphrases from this file descriptor: one for all, or lines key=passphrase."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
HERE = Path()
Opened = tuple[Workspace, Register, Door]
Serial = Annotated[str, typer.Argument(metavar="CERTIFICATE", help="Such as NW-26-000001.")]


@contextlib.contextmanager
def opened(root: Path, passphrase_fd: int | None = None) -> Iterator[tuple[Workspace, Door]]:
    """The workspace, locked against other runs, and the door."""
    with show.bar() as progress:
        door = open_door(passphrase_fd, progress)
        workspace = workspaces.load(root.resolve())
        show.open_workspace.root = workspace.root
        with disk.locked(workspace.certificates / ".lock", door.sleep):
            yield workspace, door


@contextlib.contextmanager
def opened_register(root: Path, passphrase_fd: int | None = None) -> Iterator[Opened]:
    """The workspace with its register."""
    with opened(root, passphrase_fd) as (workspace, door), workspace.register(door.dice) as register:
        yield workspace, register, door
