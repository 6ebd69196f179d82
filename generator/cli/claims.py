"""Commands from claim to certificate: approve, issue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from generator.cli.codes import APPROVE_DECISION, APPROVE_WHO
from generator.cli.environment import open_environment
from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import counted, data, grouped, line, problems
from generator.edge import disk
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.database import Register
from generator.errors import ClaimsOnHold, Place, Problem, Refused, UsageError
from generator.flow.after_issue.codes import CLAIM_UNKNOWN
from generator.flow.certifying import approval_files, approvals, issuing, printing
from generator.formats.approval import Decision
from generator.model.value import later
from generator.terms import CLAIM, spoken


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(approve)
    app.command()(issue)
    app.command()(pdf)


def approve(
    claim: Annotated[
        list[str] | None, typer.Argument(help="Claim ids, or an approval file; or --all.")
    ] = None,
    as_: Annotated[str, typer.Option("--as", help="Your handle on the roster.")] = "",
    role: Annotated[str, typer.Option(help="The role in which you decide.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Every claim that is not certified yet.")] = False,
    standing: Annotated[
        str, typer.Option(help="Give a standing approval of this course's automatic issue.")
    ] = "",
    until: Annotated[str | None, typer.Option(help="Last day of a standing approval; in a year.")] = None,
    decision: Annotated[str, typer.Option(help="approve, refuse, query or withdraw.")] = "approve",
    note: Annotated[str | None, typer.Option(help="What you ask, or why you refuse.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write an approval file, or the answer file to one.")
    ] = None,
    answer: Annotated[Path | None, typer.Option(help="Receive an answer file.")] = None,
    key: Annotated[Path | None, typer.Option(help="Your key file, where it is not in keys/private/.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Of an approval file, only this claim.")] = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Sign claims with your own key. You sign everything that will be printed, as it is now."""
    listed = claim or []
    if len(listed) == 1 and disk.is_file(Path(listed[0])):
        answering = _Answering(as_, role, _decision(decision), note, tuple(only or ()))
        _sign_file(Path(listed[0]), answering, out, key, passphrase_fd)
        return
    making = out is not None and not as_
    if not (answer or making) and (not as_ or not role or not (listed or all_ or standing)):
        fix = "certportal approve --all --as h.adeyemi --role lead_internal_verifier"
        raise UsageError(
            APPROVE_WHO.at(Place(subject="approve"), "does not say who approves what in which role", fix)
        )
    with opened_register(workspace, passphrase_fd) as session:
        faults: list[Problem] = []
        if making and out is not None:
            made, faults = approval_files.make(session, _wanted(session.register, listed))
            approval_files.write(out, made)
            said = f"{len(made.claims)} {CLAIM}s in {out}"
            line(f"{said}. Next: `certportal approve {out} --as ... --out FILE`.")
            problems(faults)
            return
        if answer is not None:
            signed = approval_files.signed(answer)
        elif standing:
            last = until or later(session.today, days=365)
            withdrawn = _decision(decision) == "withdraw"
            signed = approvals.sign_standing(
                session, as_, role, standing, last, "withdraw" if withdrawn else "approve"
            )
        else:
            signed, faults = approvals.sign_claims(
                session, as_, role, _wanted(session.register, listed), _decision(decision), note
            )
        done = approvals.receive(session, signed)
    who = f"{as_} ({spoken(role)}): " if as_ else ""
    line(f"{who}{done.received} signed and received, {done.known} known already")
    problems(faults)
    line("Next: the other roles approve, then `certportal issue`.")


@dataclass(frozen=True, slots=True)
class _Answering:
    """Who answers an approval file, in which role, with what; `only` names claims, or none for all."""

    person: str
    role: str
    decision: Decision
    note: str | None
    only: tuple[str, ...]


def _sign_file(
    path: Path, answering: _Answering, out: Path | None, key: Path | None, passphrase_fd: int | None
) -> None:
    """Decide on an approval file, away from the workspace: shows what will be printed."""
    if not answering.person or not answering.role or out is None or key is None:
        fix = "certportal approve FILE --as h.adeyemi --role lead_internal_verifier --key FILE --out ANSWER"
        raise UsageError(APPROVE_WHO.at(Place(str(path)), "does not say who approves with which key", fix))
    asked = approval_files.read(path)
    for item in asked.claims:
        if not answering.only or item.claim_id in answering.only:
            draft = item.draft
            grade = f", {draft.grade}" if draft.grade else ""
            line(f"  {item.claim_id} {draft.learner.name}: {draft.label}, {draft.programme.title}{grade}")
            for unit in draft.units or ():
                line(f"      {unit.code} {unit.title}{f': {unit.grade}' if unit.grade else ''}")
    signer = approval_files.key(key, open_environment(passphrase_fd).passphrase, answering.person)
    answer = approval_files.answer(
        asked, signer, answering.person, answering.role, answering.decision, answering.note, answering.only
    )
    approval_files.write(out, answer)
    line(
        f"{len(answer.approvals)} decisions in {out}. Next, where it came from:"
        f" `certportal approve --answer {out.name}`."
    )


def _wanted(held: Register, ids: list[str]) -> list[RegisteredClaim]:
    claims = Claims(held)
    return list(claims.uncertified()) if not ids else [_found(claims, claim_id) for claim_id in ids]


def _decision(decision: str) -> Decision:
    match decision:
        case "approve" | "refuse" | "query" | "withdraw":
            return decision
    fix = "approve, refuse, query or withdraw"
    raise UsageError(APPROVE_DECISION.at(Place(subject="--decision"), f"`{decision}` is no decision", fix))


def _found(claims: Claims, claim_id: str) -> RegisteredClaim:
    found = claims.by_id(claim_id)
    if found is None:
        raise Refused(
            CLAIM_UNKNOWN.at(Place(subject=claim_id), f"no such {CLAIM}", "copy the id from the held list")
        )
    return found


def issue(
    workspace: WorkspaceOption = HERE, passphrase_fd: PassphraseFd = None, as_json: AsJson = False
) -> None:
    """Issue every approved claim. What is not approved as it would be printed is held, with the reason."""
    with opened_register(workspace, passphrase_fd) as session:
        done = issuing.issue(session)
    if as_json:
        listed = [problem.plain() for problem in done.problems]
        reported = [problem.plain() for problem in done.reported]
        data({"issued": done.issued, "held": done.held, "problems": listed, "reported": reported})
    else:
        line(f"{counted(done.issued, 'certificate')} issued, {counted(done.held, CLAIM)} held")
        grouped(done.problems)
        if done.reported:
            line("Reported, and not held:")
            grouped(done.reported)
        if done.issued:
            line("Next: `certportal publish`.")
    if done.held:
        raise SystemExit(ClaimsOnHold.exit_code)


def pdf(
    serial: Annotated[str, typer.Argument(help="The certificate number, such as NW-26-000001.")],
    out: Annotated[Path | None, typer.Option(help="Put it here; else back to its place if missing.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Make an issued PDF again. Proves that it is the very file that was issued."""
    with opened_register(workspace) as session:
        made = printing.reprint(session, serial, out)
    where = f"; put to {made.path}" if made.restored else f", as in {made.path}"
    line(f"{made.serial}: made again, byte for byte as issued{where}")
    line(f"SHA-256 {made.pdf_sha256}", "dim")
