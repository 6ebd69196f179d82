"""Verbs from claim to certificate: import, approve, issue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.show import data, grouped, line, many, problems
from generator.edge.register.claims import Claims, HeldClaim
from generator.edge.register.database import Register
from generator.errors import Held, Misused, Problem, Refused
from generator.flow import approve as approving
from generator.flow import import_claims
from generator.flow import issue as issuing
from generator.flow import reprint as reprinting
from generator.flow.workspace import Door, Workspace
from generator.model.value import later
from generator.wire.approval import Decision

_KINDS = {"qualification": "full", "units": "unit", "course": "course"}


def register(app: typer.Typer) -> None:
    """Add the verbs to the command."""
    app.command("import")(import_)
    app.command()(approve)
    app.command()(issue)
    app.command()(pdf)


def import_(
    write: Annotated[bool, typer.Option("--write", help="Register the claims if there is no fault.")] = False,
    accept_good: Annotated[
        bool, typer.Option("--accept-good", help="Register the good claims and hold the others.")
    ] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Read the claim files. Shows what is new and what is wrong; --write takes it in."""
    with opened_register(workspace) as (opened, held, door):
        found = import_claims.preview(opened, held, door)
        written = accept_good or (write and not found.problems)
        if written:
            import_claims.write(held, found, door)
    for source in found.sources:
        kinds = " · ".join(f"{count} {_KINDS[kind]} claims" for kind, count in sorted(source.claims.items()))
        waiting = f" · {source.unfinished} learners not finished yet" if source.unfinished else ""
        line(f"{source.file}: {kinds}{waiting}")
    line(f"{len(found.new)} new, {len(found.amended)} amended, {found.same} known already")
    problems(found.problems)
    if found.problems and not accept_good:
        line(f"Nothing was written: {len(found.problems)} faults in {found.faulty} rows.")
        line("Next: correct them, or `--accept-good` to take the good rows and hold the others.")
        raise SystemExit(1)
    line("Registered." if written else "Nothing was written. Next: `certportal import --write`.")
    if written:
        line("Next: `certportal approve --all --as PERSON --role ROLE`, once for each role.")


def approve(
    claim: Annotated[list[str] | None, typer.Argument(help="Claim ids; or --all.")] = None,
    as_: Annotated[str, typer.Option("--as", help="Your handle on the roster.")] = "",
    role: Annotated[str, typer.Option(help="The role in which you decide.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Every claim that is not certified yet.")] = False,
    standing: Annotated[
        str, typer.Option(help="Give a standing approval of this course's automatic issue.")
    ] = "",
    until: Annotated[str | None, typer.Option(help="Last day of a standing approval; in a year.")] = None,
    decision: Annotated[str, typer.Option(help="approve, refuse, query or withdraw.")] = "approve",
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Sign claims with your own key. You sign everything that will be printed, as it stands now."""
    if not as_ or not role or not (claim or all_ or standing):
        fix = "certportal approve --all --as h.adeyemi --role lead_internal_verifier"
        raise Misused(Problem("APPROVE-WHO", "approve", "says not who approves what in which role", fix))
    with opened_register(workspace, passphrase_fd) as (opened, held, door):
        if standing:
            last = until or later(opened.today(door.now), days=365)
            signed = approving.sign_standing(opened, held, door, as_, role, standing, last)
            faults: list[Problem] = []
        else:
            signed, faults = _sign(opened, held, door, as_, role, claim or [], decision)
        done = approving.receive(opened, held, door, signed)
    line(f"{as_} ({role.replace('_', ' ')}): {done.received} signed and received")
    problems(faults)
    line("Next: the other roles approve, then `certportal issue`.")


def _sign(
    workspace: Workspace, held: Register, door: Door, as_: str, role: str, ids: list[str], decision: str
) -> tuple[list[approving.Signed], list[Problem]]:
    claims = Claims(held)
    wanted = list(claims.uncertified()) if not ids else [_found(claims, claim_id) for claim_id in ids]
    return approving.sign_claims(workspace, held, door, as_, role, wanted, _decision(decision))


def _decision(decision: str) -> Decision:
    match decision:
        case "approve" | "refuse" | "query" | "withdraw":
            return decision
    fix = "approve, refuse, query or withdraw"
    raise Misused(Problem("APPROVE-DECISION", "--decision", f"`{decision}` is no decision", fix))


def _found(claims: Claims, claim_id: str) -> HeldClaim:
    found = claims.by_id(claim_id)
    if found is None:
        raise Refused(Problem("CLAIM-UNKNOWN", claim_id, "no such claim", "copy the id from the held list"))
    return found


def issue(
    workspace: WorkspaceOption = HERE, passphrase_fd: PassphraseFd = None, as_json: AsJson = False
) -> None:
    """Issue every approved claim. What is not approved as it would be printed is held, with the reason."""
    with opened_register(workspace, passphrase_fd) as (opened, held, door):
        done = issuing.issue(opened, held, door)
    if as_json:
        listed = [{"code": item.code, "where": item.where, "what": item.what} for item in done.problems]
        data({"issued": done.issued, "held": done.held, "problems": listed})
    else:
        line(f"{many(done.issued, 'certificate')} issued, {many(done.held, 'claim')} held")
        grouped(done.problems)
        if done.issued:
            line("Next: `certportal publish`.")
    if done.held:
        raise SystemExit(Held.exit_code)


def pdf(
    serial: Annotated[str, typer.Argument(help="The certificate number, such as NW-26-000001.")],
    out: Annotated[Path | None, typer.Option(help="Put it here; else back to its place if missing.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Make an issued PDF again. Proves that it is the very file that was issued."""
    with opened_register(workspace) as (opened, held, door):
        made = reprinting.reprint(opened, held, door, serial, out)
    where = f"; put to {made.path}" if made.restored else f", as in {made.path}"
    line(f"{made.serial}: made again, byte for byte as issued{where}")
    line(f"SHA-256 {made.pdf_sha256}", "dim")
