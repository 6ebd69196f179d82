"""Commands for resending, replacing and reissuing certificates."""

from __future__ import annotations

from typing import Annotated

import typer

from generator.cli.codes import REISSUE_FIELD, REPLACE_FIELD
from generator.cli.confirmation import As, Yes, confirm, shown
from generator.cli.options import HERE, PassphraseFd, Serial, WorkspaceOption, opened_register
from generator.cli.terminal import line
from generator.errors import Malformed, Place, UsageError
from generator.flow.after_issue import cases, lifecycle, reissue, replacement
from generator.flow.after_issue.replacement import PlannedReplacement
from generator.model.case import AdverseEffect, Corrections, Request
from generator.model.verdict import VERDICT_WORDS
from generator.model.wording import Wording
from generator.terms import CLAIM, UNIT, sentence, spoken

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(resend)
    group = typer.Typer(help="A new certificate for an old one.", no_args_is_help=True)
    group.command("request")(request_)
    group.command("ask", hidden=True)(request_)
    group.command()(withdraw)
    group.command()(link)
    app.add_typer(group, name="replace")
    cohort = typer.Typer(help="Many certificates made anew after an error of ours.", no_args_is_help=True)
    cohort.command("open")(reissue_open)
    cohort.command()(release)
    app.add_typer(cohort, name="reissue")


def resend(certificate: Serial, as_: As, yes: Yes = None, workspace: WorkspaceOption = HERE) -> None:
    """Send the same file again. It keeps its number, and goes with the next night's messages."""
    with opened_register(workspace) as session:
        again = lifecycle.plan_resend(session, certificate)
    lines = [
        ("file", again.file),
        ("SHA-256", again.pdf_sha256),
        ("to", "the address that the learner has here"),
    ]
    shown(f"Resend {certificate}: the very file that was issued", lines)
    confirm(certificate, yes)
    with opened_register(workspace) as session:
        lifecycle.resend(session, again, as_)
    line("It goes out with the next night's messages; nothing else changes.")


def request_(
    certificate: Serial,
    because: Annotated[str, typer.Option(help="damage, loss, error or name; kept in the office.")],
    evidence: Annotated[str, typer.Option(help="What was seen, such as `passport`; never its number.")],
    seen_by: Annotated[str, typer.Option(help="Who saw it: a handle on the roster.")],
    seen_on: Annotated[str, typer.Option(help="When, YYYY-MM-DD.")],
    as_: As,
    name: Annotated[str | None, typer.Option(help="The name to print; else as before.")] = None,
    fee_paid: Annotated[str | None, typer.Option(help="The receipt of the fee.")] = None,
    fee_waived: Annotated[str | None, typer.Option(help="Why no fee is asked.")] = None,
    consent: Annotated[
        bool, typer.Option("--consent", help="The learner lets the old certificate lead to the new one.")
    ] = False,
    yes: Yes = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Ask for a replacement. Two roles approve it, then it is issued and replaces the old one."""
    request = _request(
        {
            "old_serial": certificate,
            "because": because,
            "evidence": {"what": evidence, "seen_by": seen_by, "seen_on": seen_on},
            "fee_paid": fee_paid,
            "fee_waived": fee_waived,
            "consent": consent,
        }
    )
    corrections: dict[str, object] = {"learner": {"name": name}} if name else {}
    with opened_register(workspace) as session:
        planned = replacement.plan(session, request, corrections)
        roles = session.workspace.portal.policy.after_issue.replace
    shown(f"Replace {certificate}", _changes(planned))
    confirm(certificate, yes)
    with opened_register(workspace) as session:
        claim_id = replacement.ask(session, planned, as_)
    names = " and ".join(spoken(role) for role in roles)
    line(
        f"Registered as {CLAIM} {claim_id}. Next: {names}:"
        f" `certportal approve {claim_id} --as ... --role ...`,"
    )
    line("then `certportal issue` and `certportal publish --status-only`.")


def withdraw(
    claim: Annotated[str, typer.Argument(help="The claim of the replacement.")],
    as_: As,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Withdraw a request for a replacement that is not issued."""
    with opened_register(workspace) as session:
        replacement.withdraw(session, claim, as_)
    line(f"Withdrawn: {claim}. The certificate stays as it is.")


def link(
    certificate: Serial,
    because: Annotated[str, typer.Option(help="Why you look; it is kept with your name.")],
    as_: As,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """See which certificate follows which. Few may, with their own key, and every look is an event."""
    with opened_register(workspace, passphrase_fd) as session:
        found = replacement.link(session, certificate, as_, because)
    for text in found or ["has no replacement and is none"]:
        line(f"{certificate} {text}")
    line(f"This look was recorded: {as_}, {because}", "dim")


def reissue_open(
    certificate: Annotated[list[str], typer.Argument(help="Every certificate that is wrong.")],
    because: Annotated[str, typer.Option(help="What was wrong.")],
    effect: Annotated[str, typer.Option(help="What it meant for the learners.")],
    mitigation: Annotated[str, typer.Option(help="What is done about it.")],
    as_: As,
    regulator_told: Annotated[str | None, typer.Option(help="When and under which reference.")] = None,
    completed_on: Annotated[str | None, typer.Option(help="The right day, YYYY-MM-DD.")] = None,
    signatory: Annotated[list[str] | None, typer.Option(help="The right one: `Name, Title`.")] = None,
    template: Annotated[str | None, typer.Option(help="The right template.")] = None,
    yes: Yes = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Open the reissue of a cohort. The record of adverse effect, and a preview of every change."""
    opening = _cohort(
        tuple(certificate),
        because,
        as_,
        {"what": effect, "mitigation": mitigation, "regulator_told": regulator_told},
        {"completed_on": completed_on, "signatories": _signatories(signatory), "template": template},
    )
    with opened_register(workspace) as session:
        cohort = reissue.plan(session, opening)
    for planned in cohort.planned[:_SHOWN]:
        shown(f"Reissue {planned.request.old_serial}", _changes(planned))
    if len(cohort.planned) > _SHOWN:
        line(f"and {len(cohort.planned) - _SHOWN} more, alike")
    case_id = cohort.case.case_id
    confirm(case_id, yes)
    with opened_register(workspace) as session:
        reissue.open_cohort(session, cohort)
    line(f"Case {case_id} is open about {len(cohort.planned)} certificates.")
    line(
        f"Next: `certportal case decide {case_id} --outcome reissue --as ... --role ...`, once for each role."
    )


def release(
    case: Annotated[str, typer.Argument(help="The closed case of reissue.")],
    yes: Yes = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Let a decided reissue go on. The next `issue` makes the new certificates."""
    with opened_register(workspace) as session:
        serials = list(reissue.plan_release(session, case))
    lines = [
        ("certificates", f"{len(serials)}, {serials[0]} to {serials[-1]}"),
        ("messages", "one to each holder"),
    ]
    shown(f"Reissue on case {case}", lines)
    confirm(case, yes)
    with opened_register(workspace) as session:
        reissue.release(session, case, serials)
    line("Next: `certportal issue`, then `certportal publish --status-only`.")


def _changes(planned: PlannedReplacement) -> list[tuple[str, str]]:
    lines = [("achieved", f"{planned.before.completed_on}, grades and {UNIT}s as certified")]
    lines += [(_field(name), f"{old} -> {new}") for name, old, new in planned.differences()]
    return [
        *lines,
        ("template", planned.template),
        ("the old one", f"{VERDICT_WORDS['superseded']}; the qualification is valid"),
    ]


def _field(name: str) -> str:
    """What a field of a certificate is called where it is printed."""
    printed = Wording.model_fields.get(name)
    return str(printed.default) if printed else sentence(name.replace("_", " ").capitalize())


def _request(fields: dict[str, object]) -> Request:
    found, wrong = Request.tried(fields)
    if found is None:
        fix = "correct it and run the command again"
        raise UsageError(
            REPLACE_FIELD.at(Place(subject=f"replace {field}"), what, fix) for field, what in wrong
        )
    return found


def _signatories(given: list[str] | None) -> list[dict[str, str]] | None:
    if not given:
        return None
    pairs = [item.rpartition(",") for item in given]
    return [{"name": name.strip(), "title": title.strip()} for name, _, title in pairs]


def _cohort(
    serials: tuple[str, ...], because: str, by: str, effect: dict[str, object], fields: dict[str, object]
) -> cases.Opening:
    try:
        corrections = Corrections.of({name: value for name, value in fields.items() if value is not None})
        harm = AdverseEffect.of({name: value for name, value in effect.items() if value is not None})
    except Malformed as error:
        fix = "correct it and run the command again"
        raise UsageError(REISSUE_FIELD.at(Place(subject="reissue"), str(error), fix)) from None
    return cases.Opening("reissue", serials, because, by, corrections=corrections, effect=harm)
