"""Commands that change a certificate's state after issue: revoke, suspend, reinstate, erase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from generator.cli.codes import ERASE_WHAT
from generator.cli.confirmation import As, Yes, confirm, shown
from generator.cli.options import HERE, PassphraseFd, Serial, WorkspaceOption, opened_register
from generator.cli.terminal import line
from generator.edge.register.database import Register
from generator.edge.register.state_changes import StateChange
from generator.errors import Place, UsageError
from generator.flow.after_issue import erasure, lifecycle
from generator.flow.shared import certificate_states
from generator.flow.shared.session import Session
from generator.formats import statement
from generator.model.case import REASON_WORDS
from generator.model.verdict import VERDICT_WORDS
from generator.terms import CLAIM

CaseOption = Annotated[str, typer.Option("--case", help="The closed case that decided it.")]
NEXT = "Next: `certportal publish --status-only`."
# What the site makes of each state: its first line, and whether it still shows the certificate's fields.
_SHOWN = 5
_SITE = {
    "revoked": f"{VERDICT_WORDS['revoked']}, the day and the reason; none of the certificate's fields",
    "suspended": f"{VERDICT_WORDS['suspended']}, the days and the reason; none of the certificate's fields",
    "reinstated": f"{VERDICT_WORDS['valid']}, with the notice that it was reinstated",
    "superseded": f"{VERDICT_WORDS['superseded']}; the qualification is valid",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(revoke)
    app.command()(suspend)
    app.command()(reinstate)
    app.command()(erase)


def revoke(certificate: Serial, case: CaseOption, yes: Yes = None, workspace: WorkspaceOption = HERE) -> None:
    """Revoke a certificate on a closed case."""
    _decided("Revoke", lifecycle.plan_revoke, certificate, case, yes, workspace)


def reinstate(
    certificate: Serial, case: CaseOption, yes: Yes = None, workspace: WorkspaceOption = HERE
) -> None:
    """Reinstate a certificate. It takes an appeal, or an investigation that found nothing."""
    _decided("Reinstate", lifecycle.plan_reinstate, certificate, case, yes, workspace)


def _decided(
    title: str,
    planning: Callable[[Session, str, str], lifecycle.PlannedChange],
    certificate: str,
    case: str,
    yes: str | None,
    workspace: Path,
) -> None:
    """What a closed case decided: shown, confirmed by the typed number, done."""
    with opened_register(workspace) as session:
        plan = planning(session, certificate, case)
        _show(title, session.register, plan.before, plan.change, plan.people)
    confirm(certificate, yes)
    with opened_register(workspace) as session:
        lifecycle.apply_planned(session, plan)
    line(f"{certificate} is {plan.change.kind} in the register. {NEXT}")


def suspend(
    certificate: Serial,
    until: Annotated[str, typer.Option(help="The day on which it is looked at again, YYYY-MM-DD.")],
    because: Annotated[str, typer.Option(help="Kept in the office, never published.")],
    as_: As,
    role: Annotated[str, typer.Option(help="The role in which you suspend.")],
    yes: Yes = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Suspend a certificate at once. One authorised person signs; the end date lifts nothing."""
    with opened_register(workspace) as session:
        plan = lifecycle.plan_suspend(session, certificate, until, because, (as_, role))
        _show("Suspend", session.register, plan.before, plan.change, (as_,))
    confirm(certificate, yes)
    with opened_register(workspace, passphrase_fd) as session:
        lifecycle.suspend(session, plan)
    line(f"{certificate} is suspended in the register (case {plan.case.case_id}). {NEXT}")


def erase(
    certificate: Annotated[str, typer.Argument(metavar="CERTIFICATE", help="Such as NW-26-000001.")] = "",
    case: Annotated[str, typer.Option("--case", help="The closed case that decided it.")] = "",
    finish: Annotated[bool, typer.Option("--finish", help="Finish an erasure that was interrupted.")] = False,
    yes: Yes = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Erase a certificate's personal data. Register, folders and published record, for good."""
    if finish:
        with opened_register(workspace) as session:
            done = erasure.finish(session)
        line(f"Finished: {', '.join(done)}" if done else "Nothing was left to finish.")
        return
    if not certificate or not case:
        fix = "certportal erase NW-26-000001 --case C-26-000001"
        raise UsageError(ERASE_WHAT.at(Place(subject="erase"), "names no certificate and case", fix))
    with opened_register(workspace) as session:
        plan = erasure.plan(session, certificate, case)
        shown(f"Erase {certificate}, on case {case}, decided by {' and '.join(plan.people)}", _losses(plan))
    confirm(certificate, yes)
    with opened_register(workspace, passphrase_fd) as session:
        erasure.erase(session, plan)
    line(f"{certificate} is erased here. Next: `certportal publish`.")
    for name in _yours(plan):
        line(f"Then remove the row from {name}.")
    line("Let backups run out (docs/privacy.md).")


def _losses(plan: erasure.ErasurePlan) -> Iterator[tuple[str, str]]:
    yield "register", f"{CLAIM}, approvals' drafts, statement, case and the details of its events: removed"
    yield "events", f"{plan.events} keep their place in the chain and lose their details"
    yield "file", f"{plan.file}: removed"
    record = "a record of the same size without personal data"
    yield "site", f"{VERDICT_WORDS['erased']}, {plan.erased_on}; {record}"
    yield "stays", "serial, number, dates of issue and erasure, and that a case decided it"
    if plan.made_here:
        yield "our files", f"the learner is taken out of {_some(plan.made_here)}"
    named = [*_yours(plan), "backups and earlier copies"]
    yield "not here", f"still naming the learner: {', '.join(named)}"
    if plan.also:
        yield (
            "not these",
            f"{', '.join(plan.also)}: the learner's other certificates, each decided for itself",
        )


def _yours(plan: erasure.ErasurePlan) -> list[str]:
    """The office's own files that name the learner; the claim's with its line, as it was imported."""
    more = [name for name in plan.put_in if not plan.source.startswith(f"{name}:")]
    return [*([plan.source] if plan.source else []), *more]


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _show(verb: str, held: Register, before: str, change: StateChange, people: tuple[str, ...]) -> None:
    found = certificate_states.certificate(held, change.serial)
    lines = []
    if found.statement is not None:
        printed = statement.decode(found.statement)
        lines = [
            ("holder", printed.learner.name),
            ("certificate", f"{printed.label}: {printed.programme.title}, issued {printed.issued_on}"),
        ]
    now = f"from {change.changed_on}" + (f", looked at again on {change.until}" if change.until else "")
    lines += [
        ("now", before),
        ("then", f"{change.kind}, {now}"),
        ("decided", f"case {change.case_id}, by {' and '.join(people)}"),
        ("site", _SITE[change.kind]),
        ("public reason", REASON_WORDS[change.reason_code]),
    ]
    shown(f"{verb} {change.serial}", lines)
