"""Commands for the office: init, keys, staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, get_args

import typer

from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened
from generator.cli.terminal import counted, data, line, problems
from generator.errors import Place, UsageError
from generator.flow.office import keys, new_workspace
from generator.formats.key_phrase import phrase
from generator.model.people import RoleHeld, RoleName
from generator.rules.codes import STAFF_ROLE
from generator.rules.roster_changes import ProposedRoster
from generator.terms import CLAIM, spoken

ByOption = Annotated[
    list[str] | None, typer.Option("--by", help="Two office holders who sign; otherwise the root does.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    keys_app = typer.Typer(help="Make and renew the organisation's keys.", no_args_is_help=True)
    keys_app.command("init")(keys_init)
    keys_app.command("renew")(keys_renew)
    app.add_typer(keys_app, name="keys")
    staff_app = typer.Typer(help="Say who may approve, in which role.", no_args_is_help=True)
    staff_app.command("add")(staff_add)
    staff_app.command("end")(staff_end)
    staff_app.command("revoke")(staff_revoke)
    staff_app.command("list")(staff_list)
    staff_app.command("import")(staff_import_)
    app.add_typer(staff_app, name="staff")


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    name: Annotated[str, typer.Option(help="The organisation's name, as printed.")] = "My Organisation",
    code: Annotated[str, typer.Option(help="Two to four capitals that begin every serial.")] = "MO",
    origin: Annotated[str, typer.Option(help="Where the site will be.")] = "https://verify.example.org",
) -> None:
    """Make a workspace. Settings, an example catalogue entry, folders and a .gitignore."""
    made = new_workspace.make(folder, name, code, origin)
    line(f"A workspace in {folder}: {', '.join(made)}")
    line(f"Your logo belongs in {folder}/site_src/templates/*/logo.svg; a plain ring is there now.")
    line(f"Next: edit {folder}/portal.yaml, then `cd {folder}` and `certportal keys init`.")


def keys_init(workspace: WorkspaceOption = HERE, passphrase_fd: PassphraseFd = None) -> None:
    """Make the organisation's keys. Root, certificate, online, and the first manifest."""
    with opened(workspace, passphrase_fd) as (opened_workspace, environment):
        genesis = keys.init_keys(opened_workspace, environment)
        pin = opened_workspace.keystore.pin()
    online = list(genesis.of_role("online"))
    line(f"Keys of {genesis.name}: one root, one certificate, {len(online)} online, in keys/private/.")
    line(f"Key phrase, printed on every certificate: {phrase(pin.issuer_id)}")
    line("Put keys/private/root.key into a safe; it is needed to renew keys and to change the roster.")
    line(f"Online keys last until {online[-1].until}. Next: `certportal staff add`.")


def keys_renew(workspace: WorkspaceOption = HERE, passphrase_fd: PassphraseFd = None) -> None:
    """Make online keys for another year. Needs the root key."""
    with opened(workspace, passphrase_fd) as (opened_workspace, environment):
        renewed = keys.renew_keys(opened_workspace, environment)
    last = max(key.until or "" for key in renewed.of_role("online"))
    line(f"Key manifest {renewed.version}: online keys last until {last}. Next: `certportal publish`.")


def staff_add(
    person: Annotated[str, typer.Argument(help="A short handle such as h.adeyemi.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[list[str], typer.Option(help=f"One of: {', '.join(get_args(RoleName))}.")],
    start: Annotated[str | None, typer.Option(help="First day in the role, YYYY-MM-DD; today.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day in the role; open.")] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="A subject area in which they are accredited.")
    ] = None,
    programme: Annotated[list[str] | None, typer.Option(help="A programme to which it is limited.")] = None,
    centre: Annotated[list[str] | None, typer.Option(help="A centre to which it is limited.")] = None,
    deputy_for: Annotated[str | None, typer.Option(help="Whose absence this covers; needs --until.")] = None,
    by: ByOption = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Add a person with a key of their own. A known person gets another role; needs the root key."""
    with opened(workspace, passphrase_fd) as (opened_workspace, environment):
        first = start or opened_workspace.today(environment.now)
        limits = {"areas": area, "scope": programme, "centres": centre}
        more: dict[str, object] = {name: tuple(one) if one else None for name, one in limits.items()}
        more["deputy_for"] = deputy_for
        held = [_role(one, first, until, more) for one in role]
        added = keys.add_staff(opened_workspace, environment, person, name, held, by or ())
    roles = ", ".join(spoken(item.role) for item in added.roles)
    line(f"{added.person} ({added.name}): {roles}; key in keys/private/person-{added.person}.key")
    line("Next: everybody else who approves, then `certportal import`.")


def staff_list(workspace: WorkspaceOption = HERE) -> None:
    """Show the roster."""
    with opened(workspace) as (opened_workspace, _):
        roster = opened_workspace.keystore.roster()
    for person in roster.people:
        roles = ", ".join(
            f"{spoken(held.role)} {held.start} to {held.until or 'open'}{_limits(held)}"
            for held in person.roles
        )
        line(f"{person.person:16} {person.name}: {roles}")
    if not roster.people:
        line("Nobody yet. Next: `certportal staff add`.")


def _limits(held: RoleHeld) -> str:
    """For which programmes and centres a role is held, where not for all."""
    programmes = f" for {', '.join(held.scope)}" if held.scope else ""
    return programmes + (f" at {', '.join(held.centres)}" if held.centres else "")


def staff_end(
    person: Annotated[str, typer.Argument(help="A handle on the roster.")],
    role: Annotated[str, typer.Option(help="The role that ends.")],
    until: Annotated[str, typer.Option(help="Its last day, YYYY-MM-DD.")],
    replaced_by: Annotated[
        str | None, typer.Option(help="Who keeps the subject areas released until the year's end.")
    ] = None,
    by: ByOption = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """End a role on a day. It can name who replaces a lead internal verifier."""
    with opened(workspace, passphrase_fd) as (opened_workspace, environment):
        keys.end_role(opened_workspace, environment, person, role, until, replaced_by, by or ())
    line(f"{person}: {spoken(role)} until {until}")


def staff_revoke(
    person: Annotated[str, typer.Argument(help="A handle on the roster.")],
    by: ByOption = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Revoke a person's keys now. What they approved and no certificate has used is void."""
    with opened(workspace, passphrase_fd) as (opened_workspace, environment):
        keys.revoke_staff(opened_workspace, environment, person, by or ())
    line(f"{person}: keys revoked. Next: `certportal issue` says which {CLAIM}s wait again.")


def staff_import_(
    file: Annotated[Path, typer.Argument(help="A file in the layout `people`.")],
    write: Annotated[bool, typer.Option("--write", help="Sign the next roster with all of it.")] = False,
    by: ByOption = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """Read people and their roles from a file. Shows what would change; --write signs it."""
    with opened(workspace, passphrase_fd) as (opened_workspace, environment):
        found = keys.preview_staff(opened_workspace, environment, file)
        wanted = write and bool(found.changes) and not found.problems
        version = keys.write_staff(opened_workspace, environment, found, by or ()).version if wanted else None
    if as_json:
        data(_staffing(found, version))
    else:
        _say_staffing(file, found, write, version, by or ())
    if found.problems:
        raise SystemExit(1)


def _staffing(found: ProposedRoster, version: int | None) -> dict[str, object]:
    """A list of people as JSON."""
    return {
        "changes": [
            {"where": str(one.place), "person": one.person, "what": one.what} for one in found.changes
        ],
        "new": list(found.new),
        "same": found.same,
        "not_in_file": found.unnamed,
        "roster": version,
        "problems": [problem.plain() for problem in found.problems],
    }


def _say_staffing(
    file: Path, found: ProposedRoster, write: bool, version: int | None, by: Sequence[str]
) -> None:
    for one in found.changes:
        line(f"  {one.person}: {one.what}{'; gets a key' if one.person in found.new else ''}")
    stay = (
        f"; {counted(found.unnamed, 'role')} of the roster not in the file, left as they are"
        if found.unnamed
        else ""
    )
    line(f"{counted(len(found.changes), 'change')}, {counted(found.same, 'role')} as they were{stay}")
    problems(found.problems)
    if found.problems:
        line("Nothing was written. Correct these and run it again.")
    elif not found.changes:
        line("Nothing to sign.")
    elif version is None:
        line("Nothing was written. Next: the same with `--write`, and the root key or two `--by`.")
    else:
        line(f"Roster {version}, signed by {' and '.join(by) or 'the root'}.")
        if found.new:
            made = ", ".join(f"person-{handle}.key" for handle in found.new)
            line(f"New keys in keys/private/: {made}. Hand each to its person.")


def _role(role: str, start: str, until: str | None, more: Mapping[str, object]) -> RoleHeld:
    value, faults = RoleHeld.tried({"role": role, "start": start, "until": until, **more})
    if value is None:
        raise UsageError(
            STAFF_ROLE.at(Place(subject=f"--{field}"), what, f"roles are: {', '.join(get_args(RoleName))}")
            for field, what in faults
        )
    return value
