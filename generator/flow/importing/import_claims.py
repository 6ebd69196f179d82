"""Reading claims into the register: everything checked first, then all or nothing (docs/import.md).

Rows go through one by one: read, checked, laid out in staging tables of the register's connection. What is
written afterwards is what was looked at, and neither step holds more than one row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.held_rows import Answers, HeldRows
from generator.edge.register.records import OfficeRecords
from generator.edge.register.staging import Staging, State
from generator.errors import Place, Problem, Refused
from generator.flow.importing import import_lists, import_sources, records
from generator.flow.importing.codes import IMPORT_CHANGED
from generator.flow.importing.import_findings import Drafts, ImportPreview
from generator.flow.importing.import_run import SHOWN, ImportRun
from generator.flow.importing.import_sources import SOURCES as SOURCES  # others name the file by this module
from generator.flow.importing.import_sources import Input
from generator.flow.shared.fact_loader import Loader
from generator.flow.shared.session import Session
from generator.model.claim import Claim
from generator.model.quality_records import CERTPORTAL
from generator.rules import renewals, timeliness
from generator.rules.controls.control import evaluate
from generator.rules.controls.facts import Missing
from generator.rules.controls.holds import at_registration
from generator.rules.controls.registration import events
from generator.sheets import claim_file
from generator.sheets.claim_sheets import SheetClaim
from generator.sheets.layouts import Form


def preview(
    session: Session, inputs: Sequence[Input] | None = None, answers: Mapping[str, str] | None = None
) -> ImportPreview:
    """Read these claim files, or every one of the workspace, and say what an import would change."""
    with session.register.transaction():
        run = ImportRun(session.workspace, session.register, dict(answers or {}))
        if inputs is None:
            try:
                inputs = import_sources.of_workspace(session.workspace)
            except Refused as refused:
                run.file_faults(refused.problems, SOURCES)
        inputs = tuple(inputs or ())
        registered = run.registered(inputs)
        lists = import_lists.read(run, inputs, registered)
        incoming = records.preview(session, registered, lists.placed)
        lists.hold(run.staging, incoming.held)
        incoming = import_lists.settle(run, incoming, session.today)
        run.file_faults(incoming.problems, "certificates/records")
        about = [item.record for item in incoming.records]
        if any(item.claims for item in inputs):
            about += [row.record for row in run.staging.records()]
        loader = Loader(session, incoming=about)
        reported: list[Problem] = []
        drafts = Drafts(session)
        drafts.registrations(about)
        claims = Claims(session.register)

        def check_claim(
            claim: Claim, held: RegisteredClaim | None, place: Place, planned: str | None = None
        ) -> list[Problem]:
            certified = held is not None and held.serial is not None
            facts = loader.of(claim, held.claim_id if held else None, certified=certified)
            found = at_registration(evaluate(session.workspace.policy.controls.values(), claim, facts, place))
            reported.extend(found.reported[: max(0, SHOWN - len(reported))])
            drafts.claim(claim, held, facts)
            problems = [
                *found.held,
                *renewals.problems(claim, claims.by_id(claim.renews) if claim.renews else None, place),
            ]
            if planned is not None and not isinstance(facts.registration, Missing):
                problems += timeliness.other_year(claim, planned, events(claim, facts), place)
            return problems

        for item in inputs:
            if item.claims:
                run.read(item, check_claim)
        return run.result(inputs, incoming, tuple(reported), drafts.all())


def new_claims(session: Session, found: ImportPreview) -> Iterator[SheetClaim]:
    """The new claims of a preview, one by one."""
    return _claims(_laid_out(session, found), "new")


def write(session: Session, found: ImportPreview) -> None:
    """Keep the records, register the good claims and hold the faulty rows of a preview: one transaction."""
    staging = _laid_out(session, found)
    EventLog(session.register).check_clock(session.now)
    with session.register.transaction():
        _keep_records(session, found, staging)
        _keep_drafts(session, found)
        _register_claims(session, staging)
        _hold_rows(session, found, staging)
        Answers(session.register).keep(session.now, found.answers)


def _keep_records(session: Session, found: ImportPreview, staging: Staging) -> None:
    # A record with a fault is left out by itself: what rests on it is held for the lack of it.
    records.write(session, found.records)
    import_lists.keep(session.register, staging, session.now)


def _keep_drafts(session: Session, found: ImportPreview) -> None:
    kept = OfficeRecords(session.register)
    for draft in found.drafts:
        # A new claim is new once; what its registration lacks is found again with the next import.
        lasting = draft.about == "claim" or not found.records.problems
        if lasting and kept.find(draft) is None:
            kept.keep(draft, CERTPORTAL, session.now)


def _register_claims(session: Session, staging: Staging) -> None:
    """Claims that are new or were amended, and addresses; each an event."""
    claims, contacts, trail = Claims(session.register), Contacts(session.register), EventLog(session.register)
    for item in _claims(staging, "new"):
        claim_id = claims.add(item.claim, str(item.place), session.now)
        trail.append(session.now, "claim_imported", claim_id, _details(item))
        if item.email:
            contacts.put(claim_id, item.email)
    for item in _claims(staging, "amended"):
        known = _registered(claims, item)
        claims.amend(known.claim_id, item.claim, str(item.place))
        trail.append(session.now, "claim_amended", known.claim_id, _details(item))
        if item.email:
            contacts.put(known.claim_id, item.email)
    for item in _claims(staging, "same"):
        known = _registered(claims, item)
        if item.email and contacts.of(known.claim_id) != item.email:
            contacts.put(known.claim_id, item.email)
            trail.append(session.now, "contact_changed", known.claim_id, {})


def _hold_rows(session: Session, found: ImportPreview, staging: Staging) -> None:
    """The rows that are held from now on, in place of what these files and claims held before."""
    held = HeldRows(session.register)
    since = {item.where: held.since(item.where) for item in found.inputs}
    released = sum(held.clear(item.where) for item in found.inputs)
    for state in ("new", "amended", "same"):
        released += held.release(item.claim for item in _claims(staging, state))
    stayed = 0
    for row in staging.rows("held"):
        faults = staging.faults_of(row.number)
        kept = (row.cells, faults, row.claim)
        stayed += held.hold(session.now, row.file, row.line, *kept, since.get(row.file))
    # Rows that go on being held, night after night, are no event.
    if released > stayed or found.held > stayed:
        details = {"released": released - stayed, "held": found.held}
        EventLog(session.register).append(session.now, "rows_held", "import", details)


def export(register: Register, form: Form) -> bytes:
    """Every claim that waits, in our layout."""
    return claim_file.write([item.claim for item in Claims(register).uncertified()], form)


def _laid_out(session: Session, found: ImportPreview) -> Staging:
    """The rows of a preview, as they were looked at and not otherwise."""
    staging = Staging(session.register)
    if staging.digest() != found.rows:
        what = "the rows that were looked at are not those that would be taken in"
        raise Refused(IMPORT_CHANGED.at(Place(subject="import"), what, "look at them again, then write"))
    return staging


def _claims(staging: Staging, state: State) -> Iterator[SheetClaim]:
    return (SheetClaim(row.claim, row.place, row.email) for row in staging.rows(state) if row.claim)


def _registered(claims: Claims, item: SheetClaim) -> RegisteredClaim:
    known = claims.find(item.claim)
    assert known is not None  # noqa: S101 - the preview found it, and the rows are still the same
    return known


def _details(item: SheetClaim) -> dict[str, object]:
    # The row is named, not repeated: personal data are in one place that can be erased.
    return {"source": str(item.place), "programme": item.claim.programme, "kind": item.claim.kind}
