"""Verbs on what claims rest on: check, export, pending."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.options import HERE, AsJson, WorkspaceOption, opened_register
from generator.cli.show import data, grouped, line, many, problems
from generator.edge import disk
from generator.errors import Misused, Problem
from generator.flow import import_claims, pending, records
from generator.wire.layouts import FORMS, Form


def register(app: typer.Typer) -> None:
    """Add the verbs to the command."""
    app.command()(check)
    app.command()(export)
    app.command("pending")(pending_)


def check(workspace: WorkspaceOption = HERE, as_json: AsJson = False) -> None:
    """Say what is new and what is wrong. Reads everything in certificates/ and writes nothing."""
    with opened_register(workspace) as (opened, held, door):
        found = import_claims.preview(opened, held, door)
    if as_json:
        listed = [
            {"code": one.code, "where": one.where, "what": one.what, "fix": one.fix} for one in found.problems
        ]
        fresh = {"new_records": len(found.records.records), "new_claims": len(found.new)}
        data({**fresh, "amended": len(found.amended), "same": found.same, "problems": listed})
    else:
        for name, count in found.records.counts.items():
            line(f"{name}: {count} records")
        line(f"records: {len(found.records.records)} new or changed, {found.records.same} known already")
        line(f"claims: {len(found.new)} new, {len(found.amended)} amended, {found.same} known already")
        problems(found.problems)
        grouped(found.reported)
        line(
            "Nothing was written. Next: `certportal import --write`."
            if not found.problems
            else "Correct these."
        )
    if found.problems:
        raise SystemExit(1)


def export(
    kind: Annotated[str, typer.Argument(help="A layout: learners, results, claims, people.")],
    out: Annotated[Path, typer.Option(help="A .csv, .yaml or .jsonl file.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write what the register holds, in our layout. No cell can be taken for a formula."""
    form = _form(out)
    with opened_register(workspace) as (opened, held, _):
        if kind == "claims":
            content = import_claims.export(held, form)
        elif kind == "people":
            content = records.export_people(opened, form)
        else:
            content = records.export(held, kind, form)
    disk.write(out, content, private=True)
    line(f"{kind} in {out}; private, readable by you alone.")


def pending_(
    confirm: Annotated[
        Path | None, typer.Option(help="Write the registrations to be confirmed to this .csv file.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Show what waits for somebody. Registrations, unclaimed results, holds, reports, evidence, approvals."""
    with opened_register(workspace) as (opened, held, door):
        found = pending.pending(opened, held, door)
        if confirm is not None:
            disk.write(confirm, pending.confirm_list(held), private=True)
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
    line(f"{many(len(found), 'thing')} wait{'s' if len(found) == 1 else ''}." if found else "Nothing waits.")
    if confirm is not None:
        line(f"To be signed off: {confirm}. Fill it in, put it into certificates/records/, and import.")


def _form(path: Path) -> Form:
    form = FORMS.get(path.suffix)
    if form is None:
        fix = "end its name in .csv, .yaml or .jsonl"
        raise Misused(Problem("LAYOUT-NAME", str(path), "says no form", fix))
    return form
