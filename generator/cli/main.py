"""The command: `certportal`. Each one opens the workspace, calls one flow and says what came of it."""

from __future__ import annotations

import typer

from generator.cli.commands import CommandGroup

app = typer.Typer(
    name="certportal",
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def certportal() -> None:
    """Turn approved claims into signed certificates and a verification site that needs no server."""


def main() -> None:
    """Run the command line."""
    try:
        app()
    except (Exception, KeyboardInterrupt) as fault:
        # Here, because the list of commands needs nothing of what it loads.
        from generator.cli.terminal import report_and_exit

        report_and_exit(fault)


if __name__ == "__main__":
    main()
