"""Commands on what claims rest on: check, export, pending."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.faults import drafted
from generator.cli.options import HERE, AsJson, WorkspaceOption, earlier_names, opened_register
from generator.cli.terminal import counted, data, grouped, line, problems
from generator.edge import disk
from generator.errors import Place, UsageError
from generator.flow.importing import import_claims, records
from generator.flow.office import evidence_folder, pending
from generator.sheets import centre_file
from generator.sheets.codes import LAYOUT_NAME
from generator.sheets.layouts import SUFFIXES, Form, form_of
from generator.terms import CLAIM


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(check)
    app.command(cls=earlier_names({"evidence-pack": evidence_folder.NAME}))(export)
    app.command("pending")(pending_)


def check(workspace: WorkspaceOption = HERE, as_json: AsJson = False) -> None:
    """Say what is new and what is wrong. Reads everything in certificates/ and writes nothing."""
    with opened_register(workspace) as session:
        found = import_claims.preview(session)
    if as_json:
        listed = [problem.plain() for problem in found.problems]
        fresh = {"new_records": len(found.records.records), "new_claims": found.new}
        data({**fresh, "amended": found.amended, "same": found.same, "problems": listed})
    else:
        for name, count in found.records.counts.items():
            line(f"{name}: {count} records")
        line(f"records: {len(found.records.records)} new or changed, {found.records.same} known already")
        line(f"{CLAIM}s: {found.new} new, {found.amended} amended, {found.same} known already")
        problems(found.problems)
        grouped(found.reported)
        drafted(found, written=False)
        line(
            "Nothing was written. Next: `certportal import --write`."
            if not found.problems
            else "Correct these."
        )
    if found.problems:
        raise SystemExit(1)


def export(
    kind: Annotated[
        str,
        typer.Argument(help="A layout: learners, results, claims, centres, people; or evidence-folder."),
    ],
    out: Annotated[Path, typer.Option(help=f"A {SUFFIXES} file; an evidence folder is .xlsx or .md.")],
    empty: Annotated[bool, typer.Option("--empty", help="Only the columns: a file to fill in.")] = False,
    centre: Annotated[str | None, typer.Option(help="Of one centre only; for evidence-folder.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write what the register holds, in our layout. No cell can be taken for a formula."""
    if kind == evidence_folder.NAME:
        _evidence(out, centre, workspace)
        return
    form = _form(out)
    if empty:
        disk.write(out, records.empty(kind, form), private=True)
        line(f"{out}: fill it in, then {_next(kind, out)}.")
        return
    with opened_register(workspace) as session:
        if kind == "claims":
            content = import_claims.export(session.register, form)
        elif kind == centre_file.KIND:
            content = centre_file.write(session.workspace.centres.values(), form)
        elif kind == "people":
            content = records.export_people(session.workspace, form)
        else:
            content = records.export(session.register, kind, form)
    disk.write(out, content, private=True)
    line(f"{kind} in {out}; private, readable by you alone.")


def _evidence(out: Path, centre: str | None, workspace: Path) -> None:
    """Write the evidence register by clause, and say what is missing."""
    with opened_register(workspace) as session:
        found = evidence_folder.folder(session, centre)
        disk.write(out, evidence_folder.written(found, out), private=True)
    for section in found.sections:
        gaps = "; ".join(section.gaps)
        line(f"  {section.name:9} {counted(len(section.rows), 'line'):>9}  {gaps}".rstrip())
    line(f"Evidence of {found.of} by clause in {out}; private, readable by you alone.")


def pending_(
    confirm: Annotated[
        Path | None, typer.Option(help="Write the registrations to be confirmed to this .csv file.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Show what waits for somebody. Registrations, unclaimed results, holds, reports, evidence, approvals."""
    with opened_register(workspace) as session:
        found = pending.pending(session)
        if confirm is not None:
            disk.write(confirm, pending.confirm_list(session.register), private=True)
    if as_json:
        names = ("list", "where", "what", "who", "on")
        data([{name: getattr(item, name) for name in names} for item in found])
        return
    shown = ""
    for item in found:
        if item.list != shown:
            line(item.list.capitalize(), "bold")
            shown = item.list
        line(f"  {item.where}: {item.what}{f' ({item.on})' if item.on else ''} - {item.who}")
    line(
        f"{counted(len(found), 'thing')} wait{'s' if len(found) == 1 else ''}." if found else "Nothing waits."
    )
    if confirm is not None:
        line(f"To be signed off: {confirm}. Fill it in, put it into certificates/records/, and import.")


def _next(kind: str, out: Path) -> str:
    """What is done with a filled-in file of a layout."""
    if kind == "people":
        return f"`certportal staff import {out}`"
    folder = kind if kind in ("claims", centre_file.KIND) else "records"
    return f"put it into certificates/{folder}/ and `certportal check`"


def _form(path: Path) -> Form:
    form = form_of(path)
    if form is None:
        fix = f"end its name in {SUFFIXES}"
        raise UsageError(LAYOUT_NAME.at(Place(str(path)), "says no form", fix))
    return form
