"""Commands for what comes due: due, renew, revalidation."""

from __future__ import annotations

from typing import Annotated

import typer

from generator.cli.codes import RENEW_RESULT
from generator.cli.confirmation import Yes, confirm, shown
from generator.cli.options import HERE, AsJson, Serial, WorkspaceOption, opened_register
from generator.cli.terminal import data, line
from generator.errors import Place, UsageError
from generator.flow.after_issue import renewal
from generator.flow.after_issue.revalidation import concerned
from generator.flow.office.due import due_items, request_reminders
from generator.terms import CENTRE, CLAIM, UNIT, spoken

_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(due)
    app.command()(renew)
    app.command()(revalidation)


def due(
    days: Annotated[int, typer.Option(min=0, max=36500, help="How far to look ahead.")] = 90,
    remind: Annotated[
        bool, typer.Option("--remind", help="Put out the reminders whose interval has begun, once each.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Say what comes due. certificates, accreditations, staff, reviews, holds, records kept long enough."""
    with opened_register(workspace) as session:
        made = request_reminders(session) if remind else 0
        found = due_items(session, days)
        today = session.today
    if as_json:
        listed = [{"on": one.on, "kind": one.kind, "subject": one.subject, "what": one.what} for one in found]
        data({"due": listed, "reminded": made})
        return
    for item in found:
        late = "overdue " if item.on < today else ""
        line(f"{item.on}  {item.kind:13} {item.subject}: {late}{item.what}", "yellow" if late else "")
    if not found:
        line(f"Nothing comes due within {days} days.")
    if remind:
        line(f"{made} certificates: a reminder each to learner and {CENTRE} goes out with the next night.")


def renew(
    certificate: Serial,
    completed_on: Annotated[str, typer.Option(help="The day of the new achievement, YYYY-MM-DD.")],
    result: Annotated[list[str], typer.Option(help="A new result: `M1=Completed`; once for each.")],
    version: Annotated[str | None, typer.Option(help="The programme's version; else as before.")] = None,
    yes: Yes = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Claim the renewal of a certificate. It is approved and issued like any other."""
    results = {unit.strip(): grade.strip() for unit, _, grade in (item.partition("=") for item in result)}
    if len(results) != len(result):
        raise UsageError(
            RENEW_RESULT.at(Place(subject="--result"), f"a {UNIT} is given twice", f"give each {UNIT} once")
        )
    with opened_register(workspace) as session:
        claim = renewal.plan(session, certificate, version, completed_on, results)
    lines = [("holder", claim.learner_name), ("programme", f"{claim.programme} {claim.version}")]
    lines += [("completed", claim.completed_on), ("results", ", ".join(result))]
    lines += [("the old one", "stays as it is until it expires")]
    shown(f"Renew {certificate}", lines)
    confirm(certificate, yes)
    with opened_register(workspace) as session:
        again = renewal.plan(session, certificate, version, completed_on, results)
        claim_id = renewal.ask(session, certificate, again)
    line(f"Registered as {CLAIM} {claim_id}. Next: `certportal approve {claim_id} --as ... --role ...`.")


def revalidation(
    programme: Annotated[str, typer.Argument(help="Its code in the catalogue.")],
    version: Annotated[str, typer.Argument(help="Its version.")],
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """The three dates of a qualification, and whom they concern. Issued certificates stay as they are."""
    with opened_register(workspace) as session:
        found = concerned(session, programme, version)
    entry = found.programme
    dates = {
        "last_registration": entry.last_registration,
        "last_claim": entry.last_claim,
        "review": entry.review,
    }
    if as_json:
        whom = {"registered": found.registered, "claims": found.claims, "holders": found.holders}
        data({"programme": programme, "version": version, **dates, **whom})
        return
    line(f"{programme} {version}: {entry.title}", "bold")
    for name, day in dates.items():
        line(f"  {spoken(name)}: {day or 'open'}")
    _listed("registered, not yet claimed", found.registered)
    _listed("claimed, not yet certified", found.claims)
    _listed("hold a certificate, which stays as it is", found.holders)
    if entry.last_claim and found.registered:
        line(
            f"Next: bring their {CLAIM}s by {entry.last_claim},"
            " or name them under `extensions` in the catalogue."
        )


def _listed(label: str, items: tuple[str, ...]) -> None:
    more = f", and {len(items) - _SHOWN} more (--json lists all)" if len(items) > _SHOWN else ""
    line(f"  {len(items)} {label}" + (f": {', '.join(items[:_SHOWN])}{more}" if items else ""))
