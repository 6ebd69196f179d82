"""`certportal import`: what a sheet holds, what is wrong with it by row and column, and taking it in."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated, get_args

import typer

from generator.cli import previews
from generator.cli.codes import IMPORT_DATES, IMPORT_ENCODING
from generator.cli.faults import drafted, faults
from generator.cli.options import HERE, AsJson, WorkspaceOption, earlier_names, opened_register
from generator.cli.terminal import counted, data, grouped, line
from generator.edge.register.database import Register
from generator.edge.register.held_rows import HeldRows
from generator.errors import ClaimsOnHold, Place, UsageError
from generator.flow.importing import import_claims, import_sources, marked_copy, sheet_previews
from generator.flow.importing.import_findings import ImportPreview, SourceCount
from generator.flow.importing.import_sources import Options
from generator.flow.importing.marked_copy import SheetAnswer
from generator.flow.importing.name_questions import DIFFERENT, SAME, Question
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.sheets.delimited import ENCODINGS
from generator.sheets.written_day import DateStyle
from generator.terms import CLAIM

_KINDS = {"qualification": "full", "units": "unit", "course": "course"}
_PAPERS = ("despatch_list", "received", "handovers")
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", cls=earlier_names({"--learn": "--propose"}))(import_)


def import_(
    file: Annotated[
        list[Path] | None, typer.Argument(help="Sheets to read; every file of certificates/claims/ if none.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Register the claims if there is no fault.")] = False,
    accept_good: Annotated[
        bool, typer.Option("--accept-good", help="Register the good claims and hold the others.")
    ] = False,
    propose: Annotated[bool, typer.Option("--propose", help="Propose how to read an unknown sheet.")] = False,
    answer: Annotated[Path | None, typer.Option(help="Questions, with the answers filled in.")] = None,
    held: Annotated[bool, typer.Option("--held", help="List the rows that are held.")] = False,
    programme: Annotated[str | None, typer.Option(help="Programme, where several are possible.")] = None,
    version: Annotated[str | None, typer.Option(help="Version of the programme.")] = None,
    centre: Annotated[str | None, typer.Option(help="Centre number, where there are several.")] = None,
    registrations: Annotated[str | None, typer.Option(help="Registration sheet to compare with.")] = None,
    dates: Annotated[
        str, typer.Option(help="day_first or month_first, if the dates do not say.")
    ] = "unknown",
    sheet: Annotated[str | None, typer.Option(help="Sheet of the workbook, where several fit.")] = None,
    encoding: Annotated[str | None, typer.Option(help="For example windows-1252.")] = None,
    date_cells_right: Annotated[
        bool, typer.Option("--date-cells-right", help="Real dates among text dates are as they were meant.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Read claims from sheets. Shows what is new and what is wrong; --write takes it in."""
    reading = (_style(dates), sheet, _encoding(encoding), date_cells_right)
    options = Options(programme, version, centre, registrations, *reading)
    with opened_register(workspace) as session:
        if held:
            return _held(session.register, as_json)
        if propose:
            return previews.propose(session.workspace, file or [], options)
        answers = sheet_previews.answered(session.workspace, answer) if answer else {}
        inputs, others = _inputs(session.workspace, file, options)
        for path in others:
            previews.preview(session.workspace, session.environment, path, options, write, as_json)
        if others and not inputs:
            return None
        found = import_claims.preview(session, inputs, answers)
        if found.questions and not answer and sys.stdin.isatty() and not as_json:
            answers = _asked(found.questions)
            found = import_claims.preview(session, inputs, answers)
        written = accept_good or (write and not found.faults)
        if written:
            import_claims.write(session, found)
        made = marked_copy.answer(session, found)
        questions = sheet_previews.ask(session.workspace, found.questions) if found.questions else None
        if as_json:
            _as_json(session.workspace, found, made, written)
        else:
            _say(session, found, made, questions, written)
    if found.faults and not written:
        raise SystemExit(1)
    if found.held:
        raise SystemExit(ClaimsOnHold.exit_code)
    return None


def _inputs(
    opened: Workspace, files: list[Path] | None, options: Options
) -> tuple[list[import_sources.Input] | None, list[Path]]:
    """The sheets that claim something, and those that do not; None for all of the workspace's."""
    if not files:
        return None, []
    inputs, others = [], []
    for path in files:
        item = import_sources.of_file(opened, path, options)
        if item is None:
            others.append(path)
        else:
            inputs.append(item)
    return inputs, others


def _say(
    session: Session, found: ImportPreview, made: list[SheetAnswer], questions: Path | None, written: bool
) -> None:
    opened = session.workspace
    for source in found.sources:
        (_list if source.rows else _claims)(opened, source)
    if any(not source.rows for source in found.sources) or not found.sources:
        line(f"{found.new} new, {found.amended} amended, {found.same} known already")
    if any(source.rows for source in found.sources):
        line("records: {} new, {} changed, {} known already".format(*found.records.listed))
    if found.faults:
        line(f"{counted(found.faults, 'fault')}, {counted(found.held, 'row')} to be held:")
        faults(session, found)
    grouped(found.reported)
    drafted(found, written)
    _answers(opened, made)
    if questions:
        shown = opened.shown(questions)
        line(f"{counted(len(found.questions), 'name')} spelt otherwise than registered: {shown}")
        line(f"  fill in same or different, then `certportal import ... --answer {shown}`")
    if written:
        _written(found)
    elif found.faults:
        _correct(found)
    else:
        line("Nothing was written. Next: the same with `--write`.")


def _correct(found: ImportPreview) -> None:
    line("Nothing was written.")
    listed = sum(source.rows for source in found.sources)
    good = found.listed if listed else 0
    good += found.new + found.amended + found.same
    line(
        "Next: correct the sheet and run again"
        + ("." if not good else f", or `--accept-good` to take the {good} good rows")
    )
    if good:
        line(f"and hold {found.held}.")


def _claims(opened: Workspace, source: SourceCount) -> None:
    kinds = " · ".join(f"{count} {_KINDS[kind]} {CLAIM}s" for kind, count in sorted(source.claims.items()))
    waiting = f" · {source.unfinished} learners not finished yet" if source.unfinished else ""
    centre = opened.centres.get(source.centre)
    title = " · ".join(
        part for part in (source.file, source.programme, centre.name if centre else "") if part
    )
    line(title, "bold")
    line(f"  {kinds or 'no claims'}{waiting}")
    for remark in source.remarks:
        line(f"  {remark}", "dim")


def _answers(opened: Workspace, made: list[SheetAnswer]) -> None:
    for answered in made:
        line(f"Report: {opened.shown(answered.report)}")
        if answered.copy:
            line(f"Marked copy: {opened.shown(answered.copy)}")
        for remark in answered.remarks:
            line(f"  {remark}", "dim")


def _list(opened: Workspace, source: SourceCount) -> None:
    centre = opened.centres.get(source.centre)
    parts = (source.file, source.programme, centre.name if centre else "")
    line(" \u00b7 ".join(part for part in parts if part), "bold")
    line(f"  {counted(source.rows, 'row')}")
    for remark in source.remarks:
        line(f"  {remark}", "dim")


def _written(found: ImportPreview) -> None:
    kept = f", {counted(found.held, 'row')} held (`certportal import --held`)" if found.held else ""
    if found.records.problems:
        line("Records with a fault were left out: correct those of certificates/records/.", "yellow")
    line(f"Registered{kept}.")
    if any(source.shape in _PAPERS for source in found.sources):
        line(
            f"Next: `certportal received` says what differs from the {CLAIM}s, where each is,"
            " and who must act."
        )
    elif any(not source.rows for source in found.sources):
        line("Next: `certportal approve --all --as PERSON --role ROLE`, once for each role.")


def _as_json(opened: Workspace, found: ImportPreview, made: list[SheetAnswer], written: bool) -> None:
    listed = [problem.plain() for problem in found.problems]
    data(
        {
            "new": found.new,
            "amended": found.amended,
            "known": found.same,
            "records": dict(zip(("new", "changed", "known"), found.records.listed, strict=True)),
            "held": found.held,
            "faults": found.faults,
            "drafted": [draft.report for draft in found.drafts],
            "written": written,
            "problems": listed,
            "questions": [question.number for question in found.questions],
            "reports": [opened.shown(answered.report) for answered in made],
            "copies": [opened.shown(answered.copy) for answered in made if answered.copy],
        }
    )


def _held(kept: Register, as_json: bool) -> None:
    rows = HeldRows(kept)
    if as_json:
        return data(
            [
                {"file": row.file, "row": row.line, "faults": [fault.code for fault in row.faults]}
                for row in rows.all()
            ]
        )
    line(f"{counted(rows.count(), 'row')} held")
    for row in islice(rows.all(), 1000):
        line(f"  {row.file}:{row.line}, since {row.held_at[:10]}")
        for fault in row.faults:
            line(f"    {fault.code}: {fault.what}", "dim")
    return None


def _asked(questions: tuple[Question, ...]) -> dict[str, str]:
    """One question for all of them, then one by one if that is wished."""
    line(f"{counted(len(questions), 'name')} spelt otherwise than registered:")
    for question in questions[:_SHOWN]:
        line(f"  {question.learner_ref:<12} {question.in_sheet}  ->  {question.registered}")
    said = typer.prompt("Take the registered spelling: all, none, each, or later?", default="later")
    if said == "all":
        return {question.number: SAME for question in questions}
    if said == "none":
        return {question.number: DIFFERENT for question in questions}
    if said != "each":
        return {}
    return {
        question.number: SAME
        if typer.confirm(f"{question.in_sheet} is {question.registered}?")
        else DIFFERENT
        for question in questions
    }


def _style(dates: str) -> DateStyle:
    for style in get_args(DateStyle):
        if style == dates:
            found: DateStyle = style
            return found
    known = ", ".join(get_args(DateStyle))
    raise UsageError(
        IMPORT_DATES.at(Place(subject="--dates"), f"`{dates}` is no style of dates", f"one of: {known}")
    )


def _encoding(encoding: str | None) -> str | None:
    if encoding is None or encoding in ENCODINGS:
        return encoding
    fix = f"one of: {', '.join(ENCODINGS)}"
    raise UsageError(IMPORT_ENCODING.at(Place(subject="--encoding"), f"`{encoding}` is not known", fix))
