"""Sheets that are looked at: registrations, staff lists, unknown ones (docs/import.md)."""

from __future__ import annotations

from pathlib import Path

from generator.cli.codes import IMPORT_PROPOSE
from generator.cli.faults import alike
from generator.cli.terminal import counted, data, line
from generator.errors import Place, UsageError
from generator.flow.importing import import_sources, sheet_previews
from generator.flow.importing.import_sources import Options
from generator.flow.shared.session import Environment
from generator.flow.shared.workspace import Workspace


def preview(
    opened: Workspace, environment: Environment, path: Path, options: Options, write: bool, as_json: bool
) -> None:
    """A registration sheet, kept with --write; or a staff list against the roster."""
    found = sheet_previews.look(opened, path, options)
    if found.shape == "staff_list":
        return _staff(opened, environment, path, options, as_json)
    kept = sheet_previews.keep_registrations(opened, path, found) if write else None
    if as_json:
        data({"shape": found.shape, "rows": found.rows, "good": found.good, "faults": found.faults})
    else:
        line(f"{path.name}: {found.title} · {found.rows} rows, {found.good} good", "bold")
        for remark in found.remarks:
            line(f"  {remark}", "dim")
        alike(found.problems)
        line(f"Kept as {opened.shown(kept)}." if kept else "Nothing was written.")
    if found.faults:
        raise SystemExit(1)
    return None


def _staff(opened: Workspace, environment: Environment, path: Path, options: Options, as_json: bool) -> None:
    found = sheet_previews.compare_staff_list(opened, environment, path, options)
    people = opened.shown(found.people) if found.people else None
    if as_json:
        listed = [{"person": one.person, "what": one.what} for one in found.differences]
        whole = {"shape": "staff_list", "rows": found.rows, "faults": len(found.problems)}
        data({**whole, "differences": listed, "not_listed": found.not_listed, "people": people})
    else:
        line(f"{path.name}: {found.title} \u00b7 {counted(found.rows, 'row')}", "bold")
        for remark in found.remarks:
            line(f"  {remark}", "dim")
        alike(found.problems)
        for one in found.differences:
            line(f"  {one.person:16} {one.what}")
        for person in found.not_listed:
            line(f"  {person:16} holds a role on the roster and is not in this list", "dim")
        if not found.differences and not found.problems:
            line("Everybody in it is on the roster as here.")
        line("Nothing was written: the roster is signed, and a sheet cannot change it.")
        if people:
            line(f"Who is missing there: {people}. Look through it, fill in the empty days, then")
            line(f"`certportal staff import {people}`, or `certportal staff add` one by one.")
        if any(one.ends for one in found.differences):
            line("A role ends with `certportal staff end PERSON --role ROLE --until DAY`.")
    if found.problems:
        raise SystemExit(1)


def propose(opened: Workspace, files: list[Path], options: Options) -> None:
    """A proposal how an unknown sheet could be read, with the reason for each column."""
    if len(files) != 1:
        fix = "certportal import --propose grades.xlsx"
        raise UsageError(IMPORT_PROPOSE.at(Place(subject="--propose"), "takes one file", fix))
    proposal, entry = sheet_previews.propose(opened, files[0], options)
    sheet = f", sheet `{proposal.sheet}`" if proposal.sheet else ""
    line(
        f"{files[0].name}: most like a {proposal.shape.title}; headings on line {proposal.line}{sheet}",
        "bold",
    )
    for guess in proposal.guesses:
        line(f"  {guess.name:<24} {guess.heading:<28} {guess.why}")
    for name in proposal.missing:
        line(
            f"  {name:<24} {'?':<28} nothing like it was found: write its heading, or add the column",
            "yellow",
        )
    if proposal.unused:
        line(f"  not used: {', '.join(proposal.unused)}", "dim")
    line(f"  dates: {proposal.dates}: {proposal.dates_why}")
    if proposal.shape.name in import_sources.CLAIM_SHAPES:
        line()
        line("Proposed for certificates/claims/sources.yaml, under `sources:`; read it before you keep it:")
        line(entry)
    line("Nothing was written.")
