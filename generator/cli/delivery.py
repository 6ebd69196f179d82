"""The command for learners' mail: deliver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from generator.cli.codes import DELIVER_ARCHIVE
from generator.cli.options import (
    HERE,
    AsJson,
    PassphraseFd,
    Serial,
    WorkspaceOption,
    earlier_names,
    opened_register,
)
from generator.cli.terminal import data, line, problems
from generator.edge.register.messages import Messages
from generator.errors import Place, Problem, Refused, UsageError
from generator.flow.mailing import archives, delivery, notifications, private_links, returned_mail
from generator.flow.publishing import publish
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.terms import CENTRE


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=earlier_names({"--bundle": "--archive"}))(deliver)
    group = typer.Typer(help="Private links of learners.", no_args_is_help=True)
    group.callback()(_link)
    group.command("withdraw")(withdraw_link)
    app.add_typer(group, name="link")


def _link() -> None:
    """Private links of learners."""


def withdraw_link(
    certificate: Serial,
    because: Annotated[str, typer.Option(help="Kept in the office, never published.")],
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Withdraw a learner's private link for good. Its file leaves the site at once; the certificate stays."""
    with opened_register(workspace, passphrase_fd) as session:
        private_links.withdraw(session, certificate, because)
        try:
            done = publish.publish_status(session)
        except Refused:
            # The pages are to change as well: then they are built.
            done = publish.publish(session)
        targets = session.workspace.targets
    line(f"The private link of {certificate} is withdrawn; publication {done.sequence} is without its file.")
    if targets:
        line(f"Next: `certportal deploy`; until then the file is still at {', '.join(targets)}.")


def deliver(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent and write previews; send nothing.")
    ] = False,
    stop: Annotated[str | None, typer.Option(help="Stop all mail to learners, with the reason.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Let mail go again.")] = False,
    bounces: Annotated[list[Path] | None, typer.Option(help="Bounces saved as .eml, or a .csv list.")] = None,
    again: Annotated[str | None, typer.Option(help="Send a bounced or failed message again.")] = None,
    settled: Annotated[str | None, typer.Option(help="A message in doubt did arrive.")] = None,
    archive: Annotated[
        str | None, typer.Option(metavar="centre|sponsor", help="One ZIP with a list for each of them.")
    ] = None,
    links: Annotated[bool, typer.Option("--links", help="Write the addresses for the LMS.")] = False,
    since: Annotated[str, typer.Option(help="For --archive and --links: issued on this day or later.")] = "",
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """Send each learner the certificate, once. Or preview, stop, make archives, take bounces in."""
    with opened_register(workspace, passphrase_fd) as session:
        if stop is not None or resume:
            delivery.stop(session, None if resume else stop or "no reason given")
            line("Mail goes again." if resume else "Mail to learners is stopped until `deliver --resume`.")
            return
        if again or settled:
            delivery.settle(session, again or settled or "", bool(again))
            line("Noted. Next: `certportal deliver`." if again else "Noted.")
            return
        if archive is not None or links:
            _archives(session, None if links else archive, since)
            return
        if dry_run:
            _preview(session)
            return
        faults = returned_mail.take_bounces(session, [path.resolve() for path in bounces or ()])
        done = delivery.deliver(session)
        counts = Messages(session.register).counts()
        waiting = notifications.unreached(session)
    if as_json:
        data({"sent": done.sent, "queued": done.queued, "later": done.later, "states": counts})
    else:
        _report(done, counts, waiting)
        problems([*faults, *done.problems])
    if faults or done.problems:
        raise SystemExit(1)


def _archives(session: Session, by: str | None, since: str) -> None:
    """Write the archives by centre or sponsor; without that, the addresses for the LMS."""
    made = [archives.links(session, since)] if by is None else archives.archive(session, _by(by), since)
    _said(session.workspace, made)


def _preview(session: Session) -> None:
    count, shown = delivery.preview(session)
    line(f"{count} messages would go out; nothing was sent.")
    for path in shown:
        line(f"  preview: {session.workspace.shown(path)}")


def _report(done: delivery.Delivery, counts: Mapping[str, int], waiting: Sequence[Problem]) -> None:
    if done.stopped is not None:
        line(f"Mail to learners is stopped: {done.stopped}", "yellow")
    line(f"{done.sent} sent, {done.later} to try later, {done.failed} failed, {done.doubt} in doubt")
    if done.kept_back:
        line(f"{done.kept_back} kept back: the certificate is suspended or withheld", "yellow")
    line("In total: " + (", ".join(f"{count} {state}" for state, count in counts.items()) or "none"))
    for lacking in waiting:
        line(f"{lacking.place}: {lacking.what}", "yellow")


def _said(opened: Workspace, made: Sequence[archives.Archive]) -> None:
    for item in made:
        counted = _certificates(item.count) if item.count else "not written, there is nothing for it"
        line(f"{opened.shown(item.path)}: {counted}")
        if item.kept_back:
            line(f"  {item.kept_back} left out: the learner's record names no consent to the sponsor")
    if not made:
        line("Nothing was issued in that time.")


def _certificates(count: int) -> str:
    return "1 certificate" if count == 1 else f"{count} certificates"


def _by(word: str) -> archives.By:
    match word:
        case "centre" | "sponsor":
            return word
    fix = f"{CENTRE} or sponsor"
    raise UsageError(DELIVER_ARCHIVE.at(Place(subject="--archive"), f"`{word}` is not known", fix))
