"""Reading records in our own layouts: everything checked first, then all or nothing (docs/layouts.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.edge import disk
from generator.edge.register.database import Register
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.records import OfficeRecords, subject
from generator.errors import Place, Problem, Refused
from generator.flow.importing.codes import RECORD_DATES, RECORD_PROGRAMME, RECORD_TWICE
from generator.flow.office import handover
from generator.flow.shared.codes import RECORD_CENTRE
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.office_record import OfficeRecord
from generator.model.people import PeopleRow
from generator.model.record_kinds import EVERY, KINDS
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Result
from generator.model.value import Day, Instant
from generator.rules.codes import LEARNER_TWICE
from generator.sheets import centre_file, claim_file, layouts, table
from generator.sheets.centre_file import CentreRow
from generator.sheets.codes import LAYOUT_NAME, REGISTRATION_TWICE
from generator.sheets.layout_columns import LayoutColumn, columns
from generator.sheets.layouts import Form, Placed, Tried
from generator.terms import CENTRE, CLAIM

FOLDER = "records"
# Days that lie ahead by their nature; every other day of a record tells of the past.
_AHEAD = frozenset({"until", "ends_on", "starts_on", "start", "review_on"})
TOLD = frozenset(
    "registered details_changed transferred withdrawn break_started break_ended extended resized".split()
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What reading would keep: new or changed records, how many are here already, and every fault.

    `read`: all that was read, known or not. `listed`: of the rows of lists, how many are new, replace
    another, are here already. `held`: the faults of single rows of lists, by their place; they alone
    are left out.
    """

    records: tuple[Placed[OfficeRecord], ...]
    same: int
    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    read: tuple[Placed[OfficeRecord], ...] = ()
    listed: tuple[int, int, int] = (0, 0, 0)
    held: Mapping[Place, tuple[Problem, ...]] = field(default_factory=dict)


def preview(
    session: Session, sheets: Iterable[Placed[OfficeRecord]] = (), lists: Sequence[Placed[OfficeRecord]] = ()
) -> Incoming:
    """Read certificates/records/ (and what registration sheets and lists told) without keeping anything."""
    problems: list[Problem] = []
    records = OfficeRecords(session.register)
    files = _read_folder(session.workspace, problems)
    found = [item for read in files.values() for item in read]
    found += [item for item in sheets if not _known_learner(records, item, problems)]
    rows = {item.place for item in lists}
    places = rows | {item.place for item in found}
    found = _single([*found, *lists], rows, problems)
    for item in found:
        problems += faults_of(session.workspace, item, session.today)
    problems += _same_person(records, found)
    problems += handover.faults(session, found)
    held = _held(rows, problems)
    faulty = _held(places, problems)
    found = [item for item in found if item.place not in faulty]
    kept = [(item, records.find(item.record)) for item in found]
    fresh = tuple(item for item, before in kept if before != item.record)
    return Incoming(
        fresh,
        len(found) - len(fresh),
        tuple(problem for problem in problems if problem.place.within("") not in held),
        {name: len(read) for name, read in files.items()},
        tuple(found),
        _compared([(item.record, before) for item, before in kept if item.place in rows]),
        held,
    )


def _read_folder(workspace: Workspace, problems: list[Problem]) -> dict[str, list[Placed[OfficeRecord]]]:
    """The records of each file of certificates/records/ that can be read, by the file's name."""
    files = {}
    folder = workspace.certificates / FOLDER
    for path in disk.listed(folder):
        if path.name.startswith((".", "~$")) or path.name == "README.md":  # a spreadsheet program's lock
            continue
        try:
            read = _tried(path, Place(workspace.shown(path)))
            problems += (problem for item in read for problem in item.problems)
            files[path.name] = [Placed(item.record, item.place) for item in read if item.record is not None]
        except Refused as refused:
            problems += refused.problems
    return files


def _held(rows: Collection[Place], problems: Iterable[Problem]) -> dict[Place, tuple[Problem, ...]]:
    """The faults of single rows of lists, by their place."""
    held: dict[Place, tuple[Problem, ...]] = {}
    for problem in problems:
        place = problem.place.within("")
        if place in rows:
            held[place] = (*held.get(place, ()), problem)
    return held


def _compared(listed: Sequence[tuple[OfficeRecord, OfficeRecord | None]]) -> tuple[int, int, int]:
    """Of records, each with the kept one of its key: how many are new, replace another, are here already."""
    new = sum(1 for _, before in listed if before is None)
    same = sum(1 for record, before in listed if before == record)
    return new, len(listed) - new - same, same


def write(session: Session, incoming: Incoming) -> int:
    """Keep the records of a preview, inside the caller's transaction; messages to learners with them."""
    records, messages = OfficeRecords(session.register), LearnerMessages(session.register)
    kept = 0
    for item in incoming.records:
        kept += records.keep(item.record, str(item.place), session.now)
        if isinstance(item.record, RegistrationEvent):
            _tell(messages, item.record, session.now)
    return kept


def read_file(path: Path, place: Place) -> list[Placed[OfficeRecord]]:
    """The records of one file. Raises `Refused` with every fault."""
    found = _tried(path, place)
    problems = [problem for item in found for problem in item.problems]
    if problems:
        raise Refused(problems)
    return [Placed(item.record, item.place) for item in found if item.record is not None]


def _tried(path: Path, place: Place) -> list[Tried[OfficeRecord]]:
    """Each record of one file or its faults; the name begins with the layout (`results-2026.csv`)."""
    kind = kind_of(path.stem)
    form = layouts.form_of(path)
    if kind is None or form is None:
        known = ", ".join(KINDS)
        fix = f"begin the name with its layout ({known}) and end it in {layouts.SUFFIXES}"
        if path.stem.startswith("people"):
            fix = (
                f"the roster is signed: take it out of the folder, and `certportal staff import {path.name}`"
            )
        raise Refused(LAYOUT_NAME.at(place, "its name says no layout", fix))
    data = disk.read(path, table.CAP, place.file)
    return list(layouts.tried(KINDS[kind], kind, data, place, form))


def kind_of(stem: str) -> str | None:
    """The layout that a file's name begins with."""
    fitting = [kind for kind in KINDS if stem == kind or stem.startswith(f"{kind}-")]
    return max(fitting, key=len, default=None)


def export(register: Register, kind: str, form: Form) -> bytes:
    """Every current record of a kind in our layout, safe to open in a spreadsheet."""
    if kind not in EVERY:
        raise Refused(LAYOUT_NAME.at(Place(subject=kind), "is no layout", f"name one of: {', '.join(EVERY)}"))
    return layouts.write(EVERY[kind], kind, OfficeRecords(register).of_kind(kind), form)


def empty(kind: str, form: Form) -> bytes:
    """A file of a layout with its columns and nothing in it, to be filled in."""
    return layouts.empty(kind, _columns(kind, form), form)


def _columns(kind: str, form: Form) -> tuple[LayoutColumn, ...]:
    if kind == "claims":
        return claim_file.columns(form)
    if kind == "people":
        return columns(PeopleRow)
    if kind == centre_file.KIND:
        return columns(CentreRow)
    if kind not in KINDS:
        fix = f"name one of: {CENTRE}s, {CLAIM}s, people, {', '.join(KINDS)}"
        raise Refused(LAYOUT_NAME.at(Place(subject=kind), "is no layout to fill in", fix))
    return columns(KINDS[kind])


def export_people(workspace: Workspace, form: Form) -> bytes:
    """The roster's people and their roles in our layout; no keys."""
    rows = [
        PeopleRow(person=person.person, name=person.name, **held.model_dump())
        for person in workspace.keystore.roster().people
        for held in person.roles
    ]
    return layouts.write(PeopleRow, "people", rows, form)


def _tell(messages: LearnerMessages, event: RegistrationEvent, now: Instant) -> None:
    """A message to the learner; none for history that was taken over without its day."""
    if event.event not in TOLD or event.on is None:
        return
    recipient = subject(event.centre, event.learner_ref)
    key = f"{recipient}/{event.programme}/{event.version}/{event.event}/{event.on}"
    payload = {"programme": event.programme, "version": event.version, "event": event.event, "on": event.on}
    messages.put(key, f"registration_{event.event}", recipient, now, payload)


def _single(
    found: list[Placed[OfficeRecord]], rows: Collection[Place], problems: list[Problem]
) -> list[Placed[OfficeRecord]]:
    """Each record once; two that differ name both places. Neither of the two is taken."""
    first: dict[tuple[str, tuple[str, ...]], Placed[OfficeRecord]] = {}
    contradicted: set[Place] = set()
    for item in found:
        other = first.setdefault((item.record.KIND, item.record.key()), item)
        if other.record != item.record:
            contradicted.add(other.place)
            problems.append(differences(item, other.place))
            if other.place in rows:
                problems.append(differences(other, item.place))
    # A row of a list is held by its own fault, which was noted; a file of ours is told once, at the second.
    return [item for item in first.values() if item.place not in contradicted or item.place in rows]


def differences(item: Placed[OfficeRecord], other: Place) -> Problem:
    """What is said of a record that contradicts another, at its place."""
    what = f"says otherwise than {other} about the same of {item.record.KIND}"
    fix = "keep the one that is right"
    if isinstance(item.record, Result):
        fix += "; two attempts are told apart by their number (a list's column `Attempt`)"
    return RECORD_TWICE.at(item.place, what, fix)


def faults_of(workspace: Workspace, item: Placed[OfficeRecord], today: Day) -> list[Problem]:
    """What no layout can know: centre and programme of this workspace, and which day it is."""
    record, found = item.record, []
    if record.centre not in workspace.centres:
        what = f"the {CENTRE} {record.centre} is not known"
        found.append(RECORD_CENTRE.at(item.place, what, "add it to certificates/centres/"))
    programme, version = getattr(record, "programme", None), getattr(record, "version", None)
    if programme and version and (programme, version) not in workspace.programmes:
        what = f"{programme} version {version} is not in the catalogue"
        found.append(RECORD_PROGRAMME.at(item.place, what, "correct it, or add it to the catalogue"))
    for name, value in record.plain().items():
        dated = name == "on" or name.endswith("_on")
        if dated and name not in _AHEAD and isinstance(value, str) and value > today:
            what = f"{value} is after today, {today}"
            found.append(RECORD_DATES.at(item.place.within(name), what, "correct the date"))
    return found


def _known_learner(records: OfficeRecords, item: Placed[OfficeRecord], problems: list[Problem]) -> bool:
    """Whether a sheet tells nothing new: our own records know more, and the sheet must not contradict."""
    if not isinstance(item.record, LearnerRecord):
        return False
    known = records.find(item.record)
    if not isinstance(known, LearnerRecord):
        return False
    differs = known.name != item.record.name or (item.record.uln and known.uln != item.record.uln)
    if differs:
        what = f"name or ULN of {known.learner_ref} differ from what is registered"
        fix = "record the change of details with its evidence, or correct the sheet"
        problems.append(REGISTRATION_TWICE.at(item.place, what, fix, owner="exams_officer"))
    return True


def _same_person(records: OfficeRecords, found: Iterable[Placed[OfficeRecord]]) -> list[Problem]:
    """One learner under two references, by ULN, or by name and day of birth; both places are named."""
    problems: list[Problem] = []
    numbers: dict[str, tuple[LearnerRecord, str]] = {}
    names: dict[tuple[str, str], tuple[LearnerRecord, str]] = {}
    fix = "keep one reference, or correct the ULN with the learner"
    for item in found:
        learner = item.record
        if not isinstance(learner, LearnerRecord):
            continue
        others: list[tuple[LearnerRecord, str]] = []
        if learner.uln:
            others.append(numbers.setdefault(learner.uln, (learner, str(item.place))))
            others += [(one, "the register") for one in records.same_number(learner)]
        if learner.born_on:
            known, where = names.setdefault((learner.name, learner.born_on), (learner, str(item.place)))
            if not (known.uln and learner.uln and known.uln != learner.uln):
                others.append((known, where))
        for other, where in others:
            if other.key() != learner.key():
                what = f"{learner.learner_ref} looks like {other.learner_ref} in {where}"
                problems.append(LEARNER_TWICE.at(item.place, what, fix))
                break
    return problems
