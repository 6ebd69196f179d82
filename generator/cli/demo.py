"""`certportal demo`: the whole main job on the sample workspace, and what to look at afterwards."""

from __future__ import annotations

import typer

from generator.cli.options import HERE, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import grouped, line, moment, problems
from generator.flow import demo as flow


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command()(demo)


def demo(workspace: WorkspaceOption = HERE, passphrase_fd: PassphraseFd = None) -> None:
    """Do the whole main job on the sample. From keys to audited site; safe to repeat."""
    with opened_register(workspace, passphrase_fd) as session:
        if session.workspace.portal.sample:
            line(
                f"{session.workspace.portal.organisation.name}: a sample organisation, invented learners",
                "bold",
            )
        done = flow.run(session, lambda text: line(f"  {text}"))
    verdicts = ", ".join(f"{count} {kind}" for kind, count in sorted(done.verdicts.items()))
    line(f"  audit      {done.audited.files} files re-read; {verdicts}")
    grouped(done.issued.problems)
    problems(done.audited.problems)
    line()
    line(f"{done.certificates} certificates in certificates/issued/, the site in public/.", "bold")
    line(f"Good until {moment(done.published.next_update)}; a look-up shows the host one bucket, of which")
    line(f"at least {done.audited.smallest} entries are real certificates.")
    line()
    line("Next:")
    line(f"  open {done.sample_file}")
    line(f"  .venv/bin/certportal verify {done.sample_file} --site public")
    line("  make serve    # the site in a browser")
    if done.audited.problems or done.issued.held:
        raise SystemExit(1)
