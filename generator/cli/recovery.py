"""The commands for the worst days: putting a backup back, moving house, going on with an older register."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from generator.cli.codes import RECOVER_AS
from generator.cli.environment import open_environment
from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import counted, data, line, moment
from generator.errors import Place, Refused, UsageError
from generator.flow.night import restoring
from generator.flow.night.backup import back_up
from generator.flow.night.codes import BACKUP_PLACE
from generator.flow.publishing import recovery_plan, recovery_run
from generator.flow.shared import place
from generator.terms import CLAIM


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(restore)
    app.command()(move)
    app.command()(recover)


BackupOption = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of `certportal backup`.")]


def restore(
    source: BackupOption,
    drill: Annotated[
        bool, typer.Option("--drill", help="Try it in a folder that is removed again; changes nothing.")
    ] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Put a backup back. Into a new folder, or over a damaged or older register, which is set aside.

    Ends with 1 where damage was seen, also where an earlier good register was taken instead.
    """
    environment = open_environment()
    try:
        done = (
            restoring.drill(source, environment)
            if drill
            else restoring.restore(source, workspace, environment)
        )
    except OSError as error:
        what = f"could not be read to the end ({(error.strerror or str(error)).lower()})"
        raise Refused(BACKUP_PLACE.at(Place(str(source)), what, "see that both disks are there")) from None
    line(f"{done.register}: {counted(done.events, 'event')}; {counted(done.files, 'file')} put back")
    if done.kept:
        line(f"{counted(done.kept, 'file')} here differ from the backup, and stay as they are")
    if done.set_aside:
        line(
            f"The register that was here is in {done.set_aside}: it may know more; look before you delete it."
        )
    if done.problems:
        raise Refused(done.problems)
    if drill:
        line(
            "The drill went well; the folder was removed. Write down who did it, when, and how long it took."
        )
        return
    line("This folder is now the register's place. If the machine that had it still runs, stop it for good.")
    line("Next: private keys from the safe into keys/private/, `certportal publish`, `certportal audit`.")


def move(
    to: Annotated[Path, typer.Argument(metavar="DIR", help="A folder on another disk, for the last backup.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Hand the register over to another machine. Backs it up; from then on nothing is done here."""
    with opened_register(workspace) as session:
        done = back_up(session, to)
        if done.problems:
            raise Refused(done.problems)
        place.hand_over(session)
    line(
        f"{done.files} files and the register, {done.events} events, in {to}. Nothing is done here any more."
    )
    line("Next: on the other machine, `certportal restore DIR -w FOLDER`, and keys/private/ from the safe.")


def recover(
    as_: Annotated[
        str | None, typer.Option("--as", help="Who answers for it: a handle on the roster.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Do it. Without this, only say what would be done.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """Go on with an older register. For when the newest is lost: takes back what public/ shows."""
    with opened_register(workspace, passphrase_fd) as session:
        finished = recovery_run.finish(session)
        if finished is not None:
            line(f"A recovery was cut short. Now publication {finished.sequence} is in public/.")
            return
        planned = recovery_plan.plan(session)
        if write and as_ is None:
            fix = "add `--as` and your handle on the roster"
            raise UsageError(RECOVER_AS.at(Place(subject="--as"), "nobody answers for this", fix))
        done = recovery_run.recover(session, planned, as_) if write and as_ else None
    if as_json:
        data({**_plain(planned), "published": done.sequence if done else None})
        return
    _say(planned)
    if done is None:
        line("Nothing was written. A newer register, wherever it is, knows more than the site shows.")
        line("Next: `certportal recover --write --as HANDLE`.")
        return
    line(f"This register goes on, and publication {done.sequence} is in public/.")
    line(f"Next: `certportal audit`, then `deploy`; then the {CLAIM}s on hold and the mail in doubt.")


def _plain(planned: recovery_plan.Recovery) -> dict[str, Any]:
    return {
        "known": planned.known,
        "site": planned.tree.head.sequence,
        "back": [one.certified.serial for one in planned.back],
        "published": list(planned.published),
        "erased": [serial for serial, _ in planned.tombstones],
        "states": {found.serial: found.state.kind for found in planned.states},
        "sealed": len(planned.sealed),
        "sealed_states": len(planned.sealed_states),
        "without_claim": list(planned.unclaimed),
        "private_links": len(planned.links),
    }


def _say(planned: recovery_plan.Recovery) -> None:
    top = planned.tree.head
    line(f"This register knows publication {planned.known}.")
    line(f"public/ is publication {top.sequence}, of {moment(top.issued_at)}.")
    line(f"  {counted(len(planned.back), 'certificate')} back with number, PDF and {CLAIM}")
    if planned.sealed:
        line(f"  {counted(len(planned.sealed), 'certificate')} known to the site only, verifying as before")
        line(f"    nothing can be done to them here; every {CLAIM} that waits is held")
    for serial in planned.unclaimed:
        line(f"    the PDF of {serial} is here, its {CLAIM} is not: import it before you write", "yellow")
    kinds = Counter(found.state.kind for found in planned.states)
    for kind, count in sorted(kinds.items()):
        line(f"  {counted(count, 'certificate')} {kind} since, without the case that decided it")
    if planned.sealed_states:
        line(f"  {counted(len(planned.sealed_states), 'change')} to certificates that only the site knows")
    for serial, _ in planned.tombstones:
        line(f"  {serial} was erased since: open a case and erase it here too", "yellow")
    if planned.links:
        line(f"  {counted(len(planned.links), 'private link')} stay; only learners have their secret")
