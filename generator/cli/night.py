"""Commands for running it for real: nightly, schedule, backup."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from generator.cli.codes import NIGHTLY_STEP, SCHEDULE_KIND, SCHEDULE_TIME
from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import counted, data, grouped, line
from generator.edge.schedule import Installation, is_time, systemd, windows
from generator.errors import Place, Refused, UsageError
from generator.flow.night import night_run
from generator.flow.night.backup import back_up
from generator.flow.night.backup_folder import BackupFolder
from generator.flow.shared.workspace import installed_site_source, load_workspace
from generator.model.portal import Portal

_STYLES = {"ok": "green", "held": "yellow", "failed": "bold red", "waits": "red", "skipped": "dim"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(nightly)
    app.command()(schedule)
    app.command()(backup)


def nightly(
    skip: Annotated[
        list[str] | None, typer.Option(help=f"Leave out a step: {', '.join(night_run.STEP_NAMES)}.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """The whole night in one go. Safe to kill at any instant and to run again.

    Ends with 0 (all done), 3 (done; something is held, see the report), 1 (a step failed) or
    75 (another run is at work: try again later).
    """
    unknown = sorted(set(skip or ()) - set(night_run.STEP_NAMES))
    if unknown:
        what = f"`{unknown[0]}` is no step"
        fix = f"name one of: {', '.join(night_run.STEP_NAMES)}"
        raise UsageError(NIGHTLY_STEP.at(Place(subject="--skip"), what, fix))
    with opened_register(workspace, passphrase_fd) as session:
        night = night_run.nightly(session, skip or ())
    if as_json:
        steps = [
            {
                "step": step.name,
                "state": step.state,
                "seconds": step.seconds,
                "words": step.words,
                "problems": [problem.plain() for problem in step.problems],
            }
            for step in night.steps
        ]
        headline = night.report.headline if night.report else ""
        data({"run": night.run.id, "headline": headline, "exit": night.exit_code, "steps": steps})
    else:
        _say(night)
    raise SystemExit(night.exit_code)


def _say(night: night_run.Night) -> None:
    for step in night.steps:
        line(f"  {step.name:11}{step.words}  {step.seconds:.1f} s", _STYLES[step.state])
        if step.name not in ("import", "issue") or step.state == "failed":
            grouped(step.problems)
    if night.report is None:
        return
    line(night.report.headline, "bold")
    for row in night.report.mail:
        line(f"  {row.serial}: {row.what}")
    line(f"Report: certificates/reports/{night.report.day}.html (also .txt, .json; the log is .jsonl)")
    if night.report.held:
        line(f"Held: {night.report.held_count}; the report names who must act on each.")


def schedule(
    kind: Annotated[str, typer.Argument(metavar="systemd|windows", help="For which machine.")],
    at: Annotated[str, typer.Option(help="When each night, HH:MM, in the machine's own time.")] = "02:10",
    user: Annotated[str, typer.Option(help="The account that runs it.")] = "certportal",
    out: Annotated[Path | None, typer.Option(help="Write the files there instead of showing them.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Have this machine run the night. Writes a systemd service and timer, or a Windows task."""
    opened = load_workspace(workspace.resolve())
    if not is_time(at):
        raise UsageError(
            SCHEDULE_TIME.at(Place(subject="--at"), f"`{at}` is no time", "write for example 02:10")
        )
    # The virtual environment, the Python behind it, and (in a checkout) the package itself.
    needs = (sys.prefix, sys.base_prefix, str(installed_site_source().parent))
    name = opened.portal.organisation.name
    place = Installation(_program(), str(opened.root), user, at, name, needs, _passphrases(opened.portal))
    match kind:
        case "systemd":
            files = systemd(place)
        case "windows":
            files = windows(place)
        case _:
            raise UsageError(SCHEDULE_KIND.at(Place(subject=kind), "is not known", "systemd or windows"))
    for name, text in files.items():
        if out is None:
            line(f"# ---- {name}", "bold")
            line(text)
            continue
        out.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(text.encode("utf-16" if kind == "windows" else "utf-8"))
        line(f"{out / name}")
    line("Next: docs/operations.md, Run it for real.")


def _passphrases(portal: Portal) -> tuple[str, ...]:
    """What the night asks for under these settings."""
    smtp = portal.delivery.smtp if portal.delivery.transport == "smtp" else None
    asked = {
        "seal": portal.certificate.seal != "none",
        "smtp": smtp is not None and smtp.user is not None,
        "s3": any(target.kind == "s3" for target in portal.deploy),
    }
    return ("online", "certificate", *(name for name, wanted in asked.items() if wanted))


def _program() -> str:
    """The very command that was called, by its full path: a timer has another PATH than a person."""
    called = Path(sys.argv[0])
    beside = Path(sys.executable).with_name("certportal")
    if called.stem == "certportal" and called.is_file():
        return str(called.absolute())
    return str(beside) if beside.is_file() else shutil.which("certportal") or str(called.absolute())


def backup(
    to: Annotated[Path, typer.Argument(help="A folder on another disk; made if it is not there.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Only read again what is there, all of it.")
    ] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Copy what cannot be made again. Register, issued certificates, inputs, public keys, settings.

    Ends with 1 where damage was seen, or where something is not in the copy.
    """
    if verify:
        folder = BackupFolder(to)
        found = folder.verify()
        if found:
            raise Refused(found)
        registers = len(folder.registers())
        line(f"Everything in {to} is as it was backed up; {counted(registers, 'register')}, all whole.")
        return
    with opened_register(workspace, anywhere=True) as session:
        done = back_up(session, to)
    line(f"{done.files} files ({done.new} new) and the register, {done.events} events, in {to}")
    line("Private keys are not in it: keep them and their passphrases in a safe of their own.")
    if done.problems:
        raise Refused(done.problems)
    line("Next: try it once a term, `certportal restore --drill DIR`.")
