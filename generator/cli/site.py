"""Commands for the site: publish, audit, verify, serve."""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from generator.cli.codes import SITE_MISSING
from generator.cli.environment import now
from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, earlier_names, opened_register
from generator.cli.terminal import data, exactly, line, moment, problems, progress_bar
from generator.cli.verdicts import describe
from generator.edge import web_server
from generator.edge.register.site_files import SiteFiles
from generator.edge.sites import open_site
from generator.errors import Place, Refused
from generator.flow.publishing import audit_after_issue, audit_register, site_pages, verification
from generator.flow.publishing.audit import Audit, audit_site
from generator.flow.publishing.publish import publish, publish_status
from generator.flow.shared.workspace import load_workspace
from generator.formats import paths
from generator.model.verdict import EXIT_CODES

RootOption = Annotated[Path | None, typer.Option("--root", help="The root file to trust; keys/root.json.")]
SiteOption = Annotated[
    str | None, typer.Option(help="A folder or an address.", show_default="the workspace's public/")
]
_NUMBER_CAP = 4096


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("publish", cls=earlier_names({"--afresh": "--rewrite"}))(publish_)
    app.command()(audit)
    app.command()(verify)
    app.command()(serve)


def publish_(
    status_only: Annotated[
        bool, typer.Option("--status-only", help="Publish what waits at once, without building the pages.")
    ] = False,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Write every file anew, if one in public/ was changed or lost.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """Bring public/ up to date and switch it in whole."""
    with opened_register(workspace, passphrase_fd) as session:
        if status_only:
            done = publish_status(session)
        else:
            done = publish(session, rewrite=rewrite)
    if as_json:
        data({name: getattr(done, name) for name in done.__slots__})
        return
    if done.written:
        size = f"{done.bytes_written / 1024:,.0f} KB"
        line(f"Publication {done.sequence}: {done.files} files, {done.written} of them written ({size})")
    else:
        line(f"Publication {done.sequence} is up to date; nothing changed")
    line(f"Good until {moment(done.next_update)}. Next: `certportal audit --site public`.")


def audit(
    site: SiteOption = None,
    root: RootOption = None,
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Re-read everything published. Needs nothing but the root; a workspace is compared with its register."""
    pin = verification.pin_for(workspace, root)
    source = open_site(site or str(workspace / "public"))
    known: frozenset[str] = frozenset()
    ours = root is None and (workspace / "certificates" / "register.db").exists()
    if ours:
        with opened_register(workspace, anywhere=True) as session:
            known = SiteFiles(session.register).unreferenced()
    with progress_bar() as progress:
        found, tree = audit_site(source, pin, now(), progress, known)
    if tree is not None and ours:
        with opened_register(workspace, anywhere=True) as session:
            audit_register.audit_register(session, tree, found)
            audit_register.audit_verdicts(session, source, found)
            audit_after_issue.audit_after_issue(session, found)
            found.own_pages = site_pages.own_pages(session.workspace)
    if as_json:
        listed = [problem.plain() for problem in found.problems]
        members = {name: getattr(found, name) for name in found.__slots__ if name != "problems"}
        data({**members, "problems": listed})
    else:
        _say_audit(found)
    if found.problems:
        raise SystemExit(1)


def serve(
    port: Annotated[int, typer.Option(help="The port on this machine.")] = 8000,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Show public/ on this machine. Sends the headers that a real host sends."""
    folder = load_workspace(workspace.resolve()).public
    if not (folder / paths.INDEX).is_file():
        fix = "run `certportal publish`, or `make demo` for the sample"
        raise Refused(SITE_MISSING.at(Place(str(folder)), "there is no site to show yet", fix))
    with web_server.serving(folder, port) as origin:
        line(f"The site is at {origin}/ until you press Ctrl-C.")
        line("A copy says so: its address is not the one in the key manifest.")
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _say_audit(found: Audit) -> None:
    line(f"{found.files} files: {found.buckets} buckets with {found.entries} entries")
    if found.certificates is not None:
        line(f"{found.certificates} certificates agree with the register and verify as issued")
    if found.smallest is not None:
        line(f"a look-up shows the host one bucket, of which at least {found.smallest} entries are real")
    if found.own_pages:
        listed = ", ".join(f"{path} ({how})" for path, how in found.own_pages.items())
        line(f"pages unlike those that came with certportal, as portal.yaml fills them today: {listed}")
    problems(found.problems)
    if not found.problems:
        line(f"Nothing is wrong. Publication {found.sequence} is good until {moment(found.next_update)}.")


def verify(
    asked: Annotated[
        str, typer.Argument(metavar="PDF|CODE", help="A file or a verification code; - reads it.")
    ],
    site: SiteOption = None,
    root: RootOption = None,
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Say whether a certificate is genuine and current."""
    pin = verification.pin_for(workspace, root)
    question = sys.stdin.read(_NUMBER_CAP).strip() if asked == "-" else asked
    verdict = verification.verdict_for(question, site or str(workspace / "public"), pin, now())
    if as_json:
        data(verification.as_plain(verdict))
    else:
        for text, style in describe(verdict, pin.name):
            exactly(text, style)
    raise SystemExit(EXIT_CODES[verdict.kind])
