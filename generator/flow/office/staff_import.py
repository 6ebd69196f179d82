"""People from a file of ours onto the roster: shown first, then signed once for all (docs/layouts.md)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.edge import disk
from generator.errors import Place, Refused
from generator.flow.office import keys
from generator.flow.shared.key_files import NewKeyFile
from generator.flow.shared.session import Environment
from generator.flow.shared.workspace import Workspace
from generator.model.people import PeopleRow, Roster
from generator.rules import roster_changes
from generator.rules.roster_changes import ProposedRoster
from generator.sheets import layouts, table
from generator.sheets.codes import LAYOUT_NAME


def preview(workspace: Workspace, environment: Environment, path: Path) -> ProposedRoster:
    """What the people in this file would change on the roster. Raises `Refused` where it cannot be read."""
    where = workspace.shown(path.resolve())
    form = layouts.form_of(path)
    if form is None:
        fix = f"end its name in {layouts.SUFFIXES}"
        raise Refused(LAYOUT_NAME.at(Place(where), "its name says no form", fix))
    rows = layouts.read(PeopleRow, "people", disk.read(path, table.CAP, where), Place(where), form)
    programmes = {code for code, _ in workspace.programmes}
    return roster_changes.compare(
        workspace.keystore.roster(), rows, programmes, workspace.centres, environment.now
    )


def write(
    workspace: Workspace, environment: Environment, found: ProposedRoster, by: Sequence[str] = ()
) -> Roster:
    """One new roster with all of a preview, signed by the root or by two who hold office.

    Raises `Refused` before anything is written: with the faults, or where the signers do not suffice.
    """
    if found.problems:
        raise Refused(found.problems)
    current = workspace.keystore.roster()
    signers = keys.roster_signers(workspace, environment, by)
    fresh: list[NewKeyFile] = []
    people = []
    for person in found.people:
        if person.person in found.new:
            person, made = keys.new_person(workspace, environment, person.person, person.name, person.roles)
            fresh += made
        people.append(person)
    return keys.change_roster(workspace, environment, current, tuple(people), signers, fresh)
