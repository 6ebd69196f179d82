"""Commands for whoever designs certificates: template list, template preview."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.options import HERE, WorkspaceOption
from generator.cli.terminal import line, problems
from generator.flow.certifying.template_preview import make_preview
from generator.flow.shared.workspace import Workspace, load_workspace

OUT = Path("certificates/reports/preview")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    templates = typer.Typer(help="Look at the certificates' designs.", no_args_is_help=True)
    templates.command("list")(list_)
    templates.command()(preview)
    app.add_typer(templates, name="template")


def list_(workspace: WorkspaceOption = HERE) -> None:
    """Name every template of the workspace."""
    opened = load_workspace(workspace.resolve())
    for name in _names(opened):
        line(f"{name:16} {opened.template(name).title}")


def preview(
    name: Annotated[list[str] | None, typer.Argument(help="Templates; all of them.")] = None,
    out: Annotated[Path, typer.Option(help="The folder for the pictures.")] = OUT,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Print every template with easy and nasty samples, as PDF and PNG."""
    opened = load_workspace(workspace.resolve())
    made = make_preview(opened.template, name or _names(opened), out)
    for path in made.files:
        line(str(path))
    problems(made.problems)
    line(f"{len(made.files)} files in {out}/. Look at each: nothing may be cut off, crowded or crooked.")
    if made.problems:
        raise SystemExit(1)


def _names(workspace: Workspace) -> list[str]:
    folders = {workspace.root / "site_src" / "templates", workspace.site_source / "templates"}
    found = (path for folder in folders for path in folder.glob("*"))
    return sorted({path.name for path in found if (path / "template.yaml").is_file()})
