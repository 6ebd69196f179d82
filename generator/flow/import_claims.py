"""Reading claims into the register: everything checked first, then all or nothing (docs/claims.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.edge import disk
from generator.edge.register.claims import Claims, HeldClaim
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.trail import Trail
from generator.errors import Problem, Refused
from generator.flow import records, renew
from generator.flow.facts import Loader
from generator.flow.workspace import Door, Workspace
from generator.model.claim import Claim
from generator.model.register_record import Record
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.rules.controls.control import evaluate
from generator.wire import claim_file, claim_sheets, strict_yaml, table
from generator.wire.claim_sheets import Registration, SheetClaim, Source, Sources
from generator.wire.layouts import FORMS, Form, Placed

SOURCES = "sources.yaml"


@dataclass(frozen=True, slots=True)
class SourceCount:
    """What one file held: claims by kind, and learners not finished yet."""

    file: str
    programme: str
    claims: Mapping[str, int]
    unfinished: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `new` and `amended` are claims without a problem."""

    new: tuple[SheetClaim, ...]
    amended: tuple[tuple[HeldClaim, SheetClaim], ...]
    same: int
    problems: tuple[Problem, ...]
    faulty: int
    sources: tuple[SourceCount, ...]
    records: records.Incoming
    reported: tuple[Problem, ...] = ()
    readdressed: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Gathered:
    claims: list[tuple[SheetClaim, Mapping[str, Registration] | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sources: list[SourceCount] = field(default_factory=list)
    faulty: int = 0


def preview(workspace: Workspace, register: Register, door: Door) -> Preview:
    """Read every file of the workspace, and say what an import would change and what is wrong."""
    gathered = _gather(workspace)
    today = workspace.today(door.now)
    incoming = records.preview(workspace, register, door, _registered(gathered))
    about = [item.record for item in incoming.records]
    loader = Loader(workspace, register, today, incoming=about)
    claims = Claims(register)
    seen: dict[tuple[str, ...], str] = {}
    new: list[SheetClaim] = []
    amended: list[tuple[HeldClaim, SheetClaim]] = []
    reported: list[Problem] = []
    same = 0
    readdressed: list[tuple[str, str]] = []
    contacts = Contacts(register)
    for item, _ in gathered.claims:
        held = claims.find(item.claim)
        problems = _problems(workspace, loader, item, held, seen, reported)
        problems += renew.problems(claims, item.claim, item.where)
        if claims.is_erased(item.claim):
            what = "was erased, and must not come back"
            problems.append(Problem("CLAIM-ERASED", item.where, what, "remove the row from the file"))
        if problems:
            gathered.problems += problems
            gathered.faulty += 1
        elif held is None:
            new.append(item)
        elif held.claim == item.claim:
            same += 1
            if item.email and contacts.of(held.claim_id) != item.email:
                readdressed.append((held.claim_id, item.email))
        else:
            amended.append((held, item))
    return Preview(
        tuple(new),
        tuple(amended),
        same,
        (*incoming.problems, *gathered.problems),
        gathered.faulty,
        tuple(gathered.sources),
        incoming,
        tuple(reported),
        tuple(readdressed),
    )


def write(register: Register, found: Preview, door: Door) -> None:
    """Keep the records and register the claims of a preview, in one transaction."""
    claims, trail, contacts = Claims(register), Trail(register), Contacts(register)
    trail.check_clock(door.now)
    with register.transaction():
        # Records with a fault are not part of a partial import: claims would rest on what is wrong.
        if not found.records.problems:
            records.write(register, found.records, door)
        for item in found.new:
            claim_id = claims.add(item.claim, item.where, door.now)
            trail.append(door.now, "claim_imported", claim_id, _details(item))
            if item.email:
                contacts.put(claim_id, item.email)
        for held, item in found.amended:
            claims.amend(held.claim_id, item.claim, item.where)
            trail.append(door.now, "claim_amended", held.claim_id, _details(item))
            if item.email:
                contacts.put(held.claim_id, item.email)
        for claim_id, email in found.readdressed:
            contacts.put(claim_id, email)
            trail.append(door.now, "contact_changed", claim_id, {})


def export(register: Register, form: Form) -> bytes:
    """Every claim that waits, in our layout."""
    return claim_file.write([item.claim for item in Claims(register).uncertified()], form)


def _details(item: SheetClaim) -> dict[str, object]:
    # The row is named, not repeated: personal data stand in one place that can be erased.
    return {"source": item.where, "programme": item.claim.programme, "kind": item.claim.kind}


def _problems(
    workspace: Workspace,
    loader: Loader,
    item: SheetClaim,
    held: HeldClaim | None,
    seen: dict[tuple[str, ...], str],
    reported: list[Problem],
) -> list[Problem]:
    claim = item.claim
    facts = loader.of(claim, held.claim_id if held else None)
    found = evaluate(workspace.policy.controls.values(), claim, facts, item.where)
    reported += found.reported
    problems = list(found.held)
    first = seen.setdefault(claim.identity(), item.where)
    if first != item.where:
        what = f"{claim.learner_ref} is claimed for {claim.programme} twice, also in {first}"
        problems.append(Problem("CLAIM-DUPLICATE", item.where, what, "remove one of the two rows"))
    if held and held.serial and held.claim != claim:
        what = f"differs from certificate {held.serial}, which is issued"
        fix = "undo the change; an issued certificate is corrected by a replacement"
        problems.append(Problem("CLAIM-ISSUED", item.where, what, fix))
    return problems


def _registered(gathered: _Gathered) -> list[Placed[Record]]:
    """Learners and registrations of the sheets that came with claims, as records of ours."""
    made: list[Placed[Record]] = []
    sheets: dict[int, tuple[Claim, Mapping[str, Registration]]] = {}
    for item, registrations in gathered.claims:
        if registrations is not None:
            sheets.setdefault(id(registrations), (item.claim, registrations))
    for claim, registrations in sheets.values():
        for row in registrations.values():
            common = {"centre": claim.centre, "learner_ref": row.learner_ref}
            learner, faults = LearnerRecord.tried({**common, "name": row.name, "uln": row.uln or None})
            event = {"programme": claim.programme, "version": claim.version, "event": "registered"}
            registered, wrong = RegistrationEvent.tried({**common, **event})
            for path, what in (*faults, *wrong):
                code = "LEARNER-ULN" if "uln" in (path, what.split(" ")[1:2]) else "REGISTRATION-FIELD"
                fix = "exams officer: ask the learner; a ULN is never guessed"
                gathered.problems.append(Problem(code, f"{row.where} {path}", what, fix))
            made += [Placed(record, row.where) for record in (learner, registered) if record is not None]
    return made


def _gather(workspace: Workspace) -> _Gathered:
    """All claims of all files; a file that cannot be read gives its problems and no claims."""
    folder = workspace.certificates / "claims"
    gathered = _Gathered()
    named = {SOURCES}
    if (folder / SOURCES).exists():
        where = f"certificates/claims/{SOURCES}"
        data = disk.read(folder / SOURCES, strict_yaml.CAP, where)
        for source in strict_yaml.read(Sources, data, where).sources:
            named.add(source.file)
            _guarded(gathered, _read_source, workspace, source, gathered)
    for path in sorted(folder.glob("*")):
        if path.suffix in FORMS and path.name not in named:
            _guarded(gathered, _read_own, workspace, path.name, gathered)
    return gathered


def _guarded(gathered: _Gathered, read: object, *arguments: object) -> None:
    try:
        read(*arguments)  # type: ignore[operator]  # one of the two readers below
    except Refused as refused:
        gathered.problems += refused.problems


def _read_source(workspace: Workspace, source: Source, gathered: _Gathered) -> None:
    where = f"certificates/claims/{source.file}"
    programme = workspace.programmes.get((source.programme, source.version))
    if programme is None:
        what = f"{source.programme} version {source.version} is not in the catalogue"
        fix = f"add it to certificates/catalogue/, or correct {SOURCES}"
        raise Refused(Problem("CLAIM-PROGRAMME", where, what, fix))
    registrations = None
    if source.registrations:
        place = f"certificates/registrations/{source.registrations}"
        sheet = _table(workspace, place)
        registrations = claim_sheets.read_registrations(sheet)
    found = claim_sheets.read(_table(workspace, where), source, programme)
    gathered.claims += [(item, registrations) for item in found.claims]
    gathered.problems += found.problems
    gathered.faulty += len({problem.where.split(" ")[0] for problem in found.problems})
    gathered.sources.append(
        SourceCount(source.file, programme.title, _by_kind(found.claims), found.unfinished)
    )


def _read_own(workspace: Workspace, name: str, gathered: _Gathered) -> None:
    where = f"certificates/claims/{name}"
    if name.endswith(".csv"):
        found = claim_file.read_csv(_table(workspace, where))
    elif name.endswith(".jsonl"):
        found = claim_file.read_lines(disk.read(workspace.root / where, table.CAP, where), where)
    else:
        path = workspace.root / where
        found = claim_file.read_yaml(disk.read(path, strict_yaml.CAP, where), where)
    gathered.claims += [(item, None) for item in found]
    gathered.sources.append(SourceCount(name, "", _by_kind(found), 0))


def _table(workspace: Workspace, where: str) -> table.Table:
    return table.read_csv(disk.read(workspace.root / where, table.CAP, where), where)


def _by_kind(claims: tuple[SheetClaim, ...] | list[SheetClaim]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for item in claims:
        counts[item.claim.kind] = counts.get(item.claim.kind, 0) + 1
    return counts
