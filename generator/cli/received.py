"""Commands for certificates on paper: what was received, where each is, who must act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from generator.cli.codes import RECEIVED_EVENT
from generator.cli.options import HERE, AsJson, WorkspaceOption, opened_register
from generator.cli.terminal import counted, data, line
from generator.edge import disk
from generator.errors import Place, UsageError
from generator.flow.office import handover
from generator.flow.office.received import PaperCertificate, PaperCertificates
from generator.model.paper import Handover, HandoverEvent
from generator.sheets.codes import LAYOUT_NAME
from generator.sheets.layouts import FORMS
from generator.terms import spoken

# The life of a paper, but for `printed`: what was printed here nobody knows before it is recorded.
_EVENTS = tuple(event for event in get_args(HandoverEvent) if event != "printed")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Show certificates on paper: received, checked, handed out.")
    group.callback(invoke_without_command=True)(received)
    group.command()(collection)
    group.command()(sheet)
    app.add_typer(group, name="received")


def received(
    context: typer.Context,
    anomalies: Annotated[
        bool, typer.Option("--anomalies", help="Only those that differ from what was claimed.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Show certificates on paper: received, checked, handed out. Each with its state and who must act."""
    if context.invoked_subcommand is not None:
        return
    with opened_register(workspace) as session:
        papers = PaperCertificates(session)
        found = [paper for paper in papers.all() if paper.open or not anomalies]
        awaited = list(papers.awaited())
    if as_json:
        waits = [
            {"learner": one.about, "programme": one.programme, "claimed": one.claimed_on} for one in awaited
        ]
        data({"certificates": [_plain(paper) for paper in found], "awaited": waits})
        return
    for paper in found:
        _show(paper)
    for item in awaited:
        line(
            f"{item.about}: {item.programme} claimed on {item.claimed_on}, and no certificate has come",
            "yellow",
        )
    if not found and not awaited:
        line("Nothing differs." if anomalies else "No certificate was received, and none printed here.")
        return
    withheld = sum(1 for paper in found if paper.state == "withheld")
    line(f"{counted(len(found), 'certificate')}, {withheld} withheld, {len(awaited)} awaited")
    event = "anomaly_closed" if withheld else "EVENT"
    line(
        f"Next: `certportal received sheet --event {event} --out handovers-DAY.xlsx`; fill it in, import it."
    )


def _show(paper: PaperCertificate) -> None:
    since = f" since {paper.since}" if paper.since else ""
    state = f"{paper.centre}/{paper.learner_ref}: {spoken(paper.state)}{since}"
    who = f" - {spoken(paper.owner)}: {paper.fix}" if paper.fix else ""
    line(f"{paper.certificate:16} {state}{who}", "yellow" if paper.open else "")
    for one in paper.open:
        line(f"  {one.code}: {one.what}")
    if paper.unsaid and paper.state in ("expected", "here", "withheld"):
        line(f"  its list does not say: {', '.join(paper.unsaid)}; compare them on the paper", "dim")


def _plain(paper: PaperCertificate) -> dict[str, object]:
    return {
        "certificate": paper.certificate,
        "learner": f"{paper.centre}/{paper.learner_ref}",
        "state": paper.state,
        "since": paper.since,
        "owner": paper.owner if paper.fix else None,
        "fix": paper.fix,
        "anomalies": [
            {"code": one.code, "owner": one.owner, "what": one.what, "fix": one.fix} for one in paper.open
        ],
        "not_compared": list(paper.unsaid),
        "destroy_from": paper.destroy_from,
    }


def collection(
    out: Annotated[Path, typer.Option(help="A .csv file.")], workspace: WorkspaceOption = HERE
) -> None:
    """Write the collection list. Certificate numbers in the order of surnames, and nothing else."""
    with opened_register(workspace) as session:
        numbers = list(PaperCertificates(session).all())
    disk.write(out, handover.collection_list(numbers), private=True)
    line(f"{counted(len(handover.to_collect(numbers)), 'certificate')} to be collected: {out}")


def sheet(
    event: Annotated[str, typer.Option(help=f"One of: {', '.join(_EVENTS)}.")],
    out: Annotated[Path, typer.Option(help="A .xlsx or .csv file whose name begins with handovers.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write a sheet of those for which an event comes next. Day and person are yours to fill in."""
    meant: HandoverEvent | None = next(
        (one for one in get_args(HandoverEvent) if one == event and one in _EVENTS), None
    )
    if meant is None:
        fix = f"one of: {', '.join(_EVENTS)}"
        raise UsageError(
            RECEIVED_EVENT.at(Place(subject="--event"), f"`{event}` is no event of a paper", fix)
        )
    form = FORMS.get(out.suffix)
    if form not in ("csv", "xlsx") or not out.name.startswith(Handover.KIND):
        fix = f"name it for example {Handover.KIND}-november.xlsx"
        raise UsageError(LAYOUT_NAME.at(Place(str(out)), "would not be known as a sheet of events", fix))
    with opened_register(workspace) as session:
        content, rows = handover.to_fill_in(PaperCertificates(session).all(), meant, form)
    disk.write(out, content, private=True)
    line(f"{counted(rows, 'certificate')} in {out}; delete the rows that do not apply, fill in the others,")
    line(f"then `certportal import {out} --write`.")
