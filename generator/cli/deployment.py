"""Commands for the site's places: deploy, rollback."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import data, line, problems
from generator.edge import host_configuration
from generator.errors import Place, UsageError
from generator.flow.night.round_trip import round_trip
from generator.flow.publishing import deployment, live_check, publish
from generator.flow.publishing.codes import DEPLOY_NAME
from generator.flow.shared import rollback_guard
from generator.flow.shared.workspace import load_workspace


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(deploy)
    app.command()(rollback)


def deploy(
    target: Annotated[str | None, typer.Argument(help="One target of portal.yaml; all of them.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Look at the live site as the public does.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Copy every file anew.")] = False,
    host_config: Annotated[
        bool, typer.Option("--host-config", help="Write the web host's configuration.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """Copy what changed to the host. Head last; or look at what the public sees there."""
    if host_config:
        _host_config(workspace, target)
        return
    with opened_register(workspace, passphrase_fd) as session:
        wanted = deployment.chosen(session.workspace, target)
        if not wanted:
            fix = "add a section `deploy` to portal.yaml (docs/deploy.md)"
            raise UsageError(DEPLOY_NAME.at(Place("portal.yaml", column="deploy"), "names no target", fix))
        if check:
            _say_check([live_check.check(session, item) for item in wanted], as_json)
            return
        # Before anything else is asked of it: an older register knows neither what is out nor what to send.
        rollback_guard.check(session)
        round_trip(session)
        done = deployment.deploy(session, target, full=full)
    if as_json:
        data([{name: getattr(item, name) for name in item.__slots__} for item in done])
        return
    for item in done:
        removed = f", {item.removed} removed" if item.removed else ""
        line(f"{item.target}: publication {item.sequence}, {item.put} files copied{removed}")
        for advice in item.advice:
            line(f"  {advice}", "yellow")
    line("Next: `certportal deploy --check`.")


def _say_check(looked: list[live_check.LiveCheck], as_json: bool) -> None:
    if as_json:
        data(
            [
                {
                    "target": item.target,
                    "place": item.place,
                    "sequence": item.sequence,
                    "next_update": item.next_update,
                    "verified": item.verified,
                    "problems": [problem.plain() for problem in item.problems],
                    "advice": item.advice,
                }
                for item in looked
            ]
        )
    else:
        for item in looked:
            line(
                f"{item.target} ({item.place}): publication {item.sequence}, good until {item.next_update};"
                f" {item.verified} certificates verified"
            )
            problems(item.problems)
            for advice in item.advice:
                line(f"  {advice}", "yellow")
    if any(item.problems for item in looked):
        raise SystemExit(1)


def _host_config(workspace: Path, target: str | None) -> None:
    opened = load_workspace(workspace.resolve())
    for item in deployment.chosen(opened, target):
        written = host_configuration.WRITERS.get(item.host)
        if written is None:
            line(f"{item.name}: {item.host} takes no configuration; the pages carry their own policy")
            continue
        name, write = written
        domain = urlsplit(item.url or opened.portal.site.origin).hostname or ""
        root = item.bucket or item.path or "/srv/verify"
        line(f"# ---- {item.name}: {name}", "bold")
        line(write(domain, root, item.precompress))


def rollback(
    to: Annotated[int | None, typer.Option(help="A publication; the one with the pages before.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Build pages from site_src again.")] = False,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Show earlier pages again. Under a new publication; certificates and status stay as they are."""
    with opened_register(workspace, passphrase_fd) as session:
        if resume:
            publish.resume_pages(session)
            line("Pages are built from site_src again. Next: `certportal publish`.")
            return
        done = publish.roll_back(session, to)
    line(f"Publication {done.sequence} shows the earlier pages; nothing else went back.")
    line("Next: `certportal deploy`; correct site_src; then `certportal rollback --resume`.")
