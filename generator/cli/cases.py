"""Commands for cases: open, decide, close, list."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from generator.cli.codes import CASE_KIND
from generator.cli.confirmation import As
from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import data, line
from generator.edge.register.cases import Cases, RegisteredCase
from generator.errors import Place, UsageError
from generator.flow.after_issue import cases, reissue
from generator.flow.shared import rulings
from generator.model.case import OUTCOMES, REASON_WORDS, REASONS, CaseKind, Outcome
from generator.rules.codes import DECISION_OUTCOME
from generator.terms import spoken

_NEXT = {
    "revoke": "certportal revoke {serial} --case {case}",
    "reinstate": "certportal reinstate {serial} --case {case}",
    "erase": "certportal erase {serial} --case {case}",
    "reissue": "certportal reissue release {case}",
}
_OPENED_HERE: tuple[CaseKind, ...] = ("revocation", "appeal", "erasure")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Cases: what a decision after issue rests on.", no_args_is_help=True)
    group.command("open")(open_)
    group.command()(decide)
    group.command()(close)
    group.command("list")(list_)
    app.add_typer(group, name="case")


def open_(
    certificate: Annotated[str, typer.Argument(help="The certificate number, such as NW-26-000001.")],
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(_OPENED_HERE)}.")],
    because: Annotated[str, typer.Option(help="What it is about; kept in the office, never published.")],
    as_: As,
    party: Annotated[list[str] | None, typer.Option(help="A member of staff who may not decide.")] = None,
    appeals: Annotated[str | None, typer.Option(help="The case that an appeal is against.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Open a case about one certificate. Whoever assessed or verified the learner is a party by itself."""
    opening = cases.Opening(_kind(kind), (certificate,), because, as_, tuple(party or ()), appeals)
    with opened_register(workspace) as session:
        case = cases.draw_up(session, opening)
        with session.register.transaction():
            cases.open_case(session, case)
        roles = rulings.deciders(session, held=None, case=case).roles
    line(f"Case {case.case_id}: {case.kind} of {certificate}, opened by {as_}")
    line(f"Parties, who decide nothing: {', '.join(case.parties) or 'none'}")
    names = " and ".join(spoken(role) for role in roles)
    line(f"Next: {names} decide: `certportal case decide {case.case_id} --outcome ... --as ... --role ...`")


def decide(
    case: Annotated[str, typer.Argument(help="The case, such as C-26-000001.")],
    outcome: Annotated[str, typer.Option(help=f"One of: {', '.join(get_args(Outcome))}.")],
    role: Annotated[str, typer.Option(help="The role in which you decide.")],
    as_: As,
    code: Annotated[int | None, typer.Option(help="The public reason code (docs/afterwards.md).")] = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Sign a decision on a case with your own key."""
    wanted = _outcome(outcome)
    reason = REASONS[wanted][0] if code is None else code
    with opened_register(workspace, passphrase_fd) as session:
        reissue.decide(session, case, (wanted, reason, None), (as_, role))
    line(f"{as_} ({spoken(role)}): {outcome} in case {case}, signed and received")
    if reason:
        line(f"If so decided, the site says: {REASON_WORDS[reason]}")
    line(f"Next: the other roles decide, then `certportal case close {case}`.")


def close(
    case: Annotated[str, typer.Argument(help="The case, such as C-26-000001.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Close a case. Every role that the policy names must have decided alike."""
    with opened_register(workspace) as session:
        ruling = reissue.close(session, case)
        found = cases.held_case(session.register, case).case
    line(f"Case {case} is closed: {ruling.outcome}, decided by {' and '.join(ruling.people)}")
    serial = found.subjects[0] if found else ""
    if ruling.outcome in _NEXT:
        line(f"Next: `{_NEXT[ruling.outcome].format(serial=serial, case=case)}`")
    else:
        line("Nothing changes; a suspension may be lifted with `certportal reinstate`.")


def list_(workspace: WorkspaceOption = HERE, as_json: AsJson = False) -> None:
    """Cases that are open, or decided and not carried out."""
    with opened_register(workspace) as session:
        found = Cases(session.register).open_ones()
    if as_json:
        data([{"case": item.case_id, "kind": item.kind, "outcome": item.outcome} for item in found])
        return
    for item in found:
        line(_described(item))
    if not found:
        line("No case is open. Next: `certportal case open`.")


def _described(item: RegisteredCase) -> str:
    case = item.case
    about = f"{len(case.subjects)} certificates" if case and len(case.subjects) > 1 else ""
    about = about or (case.subjects[0] if case else "(erased)")
    state = f"decided: {item.outcome}, not carried out" if item.closed_at else "waits for decisions"
    return f"{item.case_id}  {item.kind:11} {about:14} {state}"


def _kind(kind: str) -> CaseKind:
    for known in _OPENED_HERE:
        if kind == known:
            return known
    fix = f"one of: {', '.join(_OPENED_HERE)}; a suspension and a reissue open their own"
    raise UsageError(CASE_KIND.at(Place(subject="--kind"), f"`{kind}` is no kind of case", fix))


def _outcome(outcome: str) -> Outcome:
    known: dict[str, Outcome] = {item: item for items in OUTCOMES.values() for item in items}
    if outcome not in known or outcome == "suspend":
        fix = f"one of: {', '.join(sorted(set(known) - {'suspend'}))}"
        raise UsageError(DECISION_OUTCOME.at(Place(subject="--outcome"), f"`{outcome}` is no outcome", fix))
    return known[outcome]
