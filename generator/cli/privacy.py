"""The command for a learner's own data: access. Erasing is among the commands after issue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.codes import ACCESS_FOLDER
from generator.cli.options import HERE, WorkspaceOption, opened_register
from generator.cli.terminal import line
from generator.edge import disk
from generator.errors import Place, UsageError
from generator.flow.after_issue import subject_access


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(access)


def access(
    centre: Annotated[str, typer.Argument(help="The centre's number.")],
    learner: Annotated[str, typer.Argument(help="The centre's own reference of the learner.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder for the export.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Give one learner's data out. Everything held, as text, JSON and PDFs; of nobody else."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "is there already and not empty"
        raise UsageError(ACCESS_FOLDER.at(Place(str(out)), what, "name a new or empty folder"))
    with opened_register(workspace) as session:
        files = subject_access.export(session, centre, learner)
    for name, content in files.items():
        disk.write(out / name, content, private=True)
    line(f"{len(files)} files in {out}: {', '.join(sorted(files))}")
    line("Before you give it out: read what is marked `to read before giving out`: it may speak of others.")
