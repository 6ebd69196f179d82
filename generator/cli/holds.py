"""Commands for holds: place, release, list."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from generator.cli.codes import HOLD_FIELD
from generator.cli.confirmation import As
from generator.cli.options import HERE, AsJson, WorkspaceOption, opened_register
from generator.cli.terminal import data, line
from generator.edge.register.holds import Holds
from generator.errors import Place, UsageError
from generator.flow.after_issue import holds
from generator.flow.after_issue.codes import HOLD_PERMISSION
from generator.model.hold import Hold, HoldKind, HoldScope


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Keep claims from issue, certificates from publication.", no_args_is_help=True)
    group.command()(place)
    group.command()(release)
    group.command("list")(list_)
    app.add_typer(group, name="hold")


def place(
    subject: Annotated[str, typer.Argument(help="A claim's id, a certificate number, or a centre's number.")],
    scope: Annotated[str, typer.Option(help=f"One of: {', '.join(get_args(HoldScope))}.")],
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(get_args(HoldKind))}.")],
    because: Annotated[str, typer.Option(help="Kept in the office.")],
    until: Annotated[str, typer.Option(help="The day on which you look at it again, YYYY-MM-DD.")],
    as_: As,
    permission: Annotated[
        str | None, typer.Option(help="For fees: the awarding organisation's reference.")
    ] = None,
    permitted_on: Annotated[str | None, typer.Option(help="The day of that permission, YYYY-MM-DD.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Place a hold; you are its owner. It lasts until it is released, also beyond its day."""
    fields: dict[str, object] = {
        "scope": scope,
        "subject": subject,
        "kind": kind,
        "owner": as_,
        "reason": because,
        "until": until,
    }
    if permission is not None and permitted_on is not None:
        fields["permission"] = {"reference": permission, "given_on": permitted_on}
    elif permission is not None or permitted_on is not None:
        lacks = "--permission" if permission is None else "--permitted-on"
        fix = "give both: the reference of the permission and its day"
        raise UsageError(HOLD_PERMISSION.at(Place(subject=lacks), "half of a permission is none", fix))
    hold, wrong = Hold.tried(fields)
    if hold is None:
        fix = "correct it and run the command again"
        raise UsageError(HOLD_FIELD.at(Place(subject=f"hold {field}"), what, fix) for field, what in wrong)
    with opened_register(workspace) as session:
        hold_id, withheld = holds.place(session, hold)
    line(f"Hold {hold_id} on {scope} {subject}, owner {as_}, to be looked at on {until}")
    if hold.permission is not None:
        line(f"Permitted by the awarding organisation: {permission}, {permitted_on}")
    if withheld:
        line(f"Withheld, not published: {', '.join(withheld)}")
    line(f"Next: settle it, then `certportal hold release {hold_id} --as {as_}`.")


def release(
    hold: Annotated[int, typer.Argument(help="The hold's number.")],
    as_: As,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Release a hold. What it held goes on with the next issue or publication."""
    with opened_register(workspace) as session:
        found = holds.release(session, hold, as_)
    line(f"Hold {hold} on {found.scope} {found.subject} is released.")
    line("Next: `certportal issue`, then `certportal publish`.")


def list_(workspace: WorkspaceOption = HERE, as_json: AsJson = False) -> None:
    """List the holds in force. The one to be reviewed soonest comes first."""
    with opened_register(workspace) as session:
        found = Holds(session.register).in_force()
    if as_json:
        data(
            [
                {
                    name: getattr(item, name)
                    for name in (
                        *("hold_id", "scope", "subject", "kind", "owner", "until"),
                        *("permission_reference", "permission_on"),
                    )
                }
                for item in found
            ]
        )
        return
    for item in found:
        kind = item.kind.replace("_", " ")
        if item.permission_on is not None:
            kind += f" (permitted {item.permission_on}, {item.permission_reference or 'erased'})"
        line(f"{item.hold_id:4}  {item.until}  {item.scope} {item.subject}: {kind}, owner {item.owner}")
    if not found:
        line("Nothing is held.")
