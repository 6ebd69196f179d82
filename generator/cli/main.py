"""The command: `certportal`. Each verb opens the workspace, calls one flow and says what came of it."""

from __future__ import annotations

import typer

from generator.cli import (
    after_issue,
    behind,
    cases,
    claims,
    coming,
    delivery,
    demo,
    deployment,
    holds,
    importing,
    keys,
    night,
    portal,
    privacy,
    received,
    records,
    recovering,
    replacements,
    templates,
)
from generator.cli.show import refusals

app = typer.Typer(
    name="certportal",
    help="Turn approved claims into signed certificates and a verification site that needs no server.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (keys, records, importing, claims, behind, portal, night, deployment, delivery, templates, demo):
    room.register(app)
for room in (recovering, received, holds, cases, after_issue, replacements, coming, privacy):
    room.register(app)


def main() -> None:
    """Run the command line."""
    with refusals():
        app()


if __name__ == "__main__":
    main()
