"""Erasing: personal data leave the register, the workspace and the published record (docs/privacy.md).

What remains is a signed tombstone of the record's own size, the serial, the day and the chain of events,
which holds only salted commitments whose salts are gone. The register's part is one transaction; the file
is removed after it, and a run that was killed in between is finished by the next one.

Of the files that tell of a learner ours are cleansed, and those the office gave are named. Reports, marked
copies, archives, lists and letters are made from the register and outlive a change of it. At an erasure
text is rewritten without the learner; an archive, a workbook or a letter is removed. What the office put in
itself is the office's: it is named, and never touched.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.edge.register import staging
from generator.edge.register.cases import Cases
from generator.edge.register.certificates import Certificates, Issued, decode_entry
from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.erasures import Erasure, Erasures
from generator.edge.register.event_log import EventLog
from generator.edge.register.held_rows import HeldRow, HeldRows
from generator.edge.register.holds import Holds
from generator.edge.register.messages import Messages
from generator.edge.register.records import OfficeRecords
from generator.edge.register.replacements import Replacements
from generator.edge.register.requested_messages import RequestedMessages
from generator.edge.register.state_changes import StateChange, StateChanges
from generator.errors import Place, Problem, Refused
from generator.flow.after_issue import cases
from generator.flow.after_issue.codes import AFTER_PENDING, CASE_OUTCOME, CASE_SUBJECT
from generator.flow.office.keys import certificate_signer
from generator.flow.shared import certificate_states, rollback_guard, rulings
from generator.flow.shared.codes import AFTER_CHANGED
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import entry, record, verification_code
from generator.formats.derivation import derive
from generator.model.personal import identifying
from generator.model.value import ClaimId, Day, Serial
from generator.rules.case_rulings import Ruling
from generator.rules.state_transitions import may
from generator.terms import CLAIM

GONE = "(erased)"
_CAP = 500_000_000
_TEXT = frozenset((".txt", ".html", ".json", ".jsonl", ".csv", ".subject"))
_ARCHIVES = frozenset((".zip", ".xlsx", ".xlsm"))
_INPUTS = ("claims", "registrations", "records", "bounces", "catalogue")
# A shorter reference may be any number of a report; it is looked for behind its centre's number only.
_IDENTIFYING = 4


@dataclass(frozen=True, slots=True)
class LearnerTerms:
    """The words that tell of somebody, the serial that archives are known by, and their letters' names."""

    words: tuple[str, ...]
    serial: Serial
    letters: tuple[str, ...]


def mentions_of(register: Register, found: Issued, learner: str | None) -> LearnerTerms:
    """What tells of a certificate's learner; `learner` where nothing else of theirs stays (`NF041/L1`).

    Otherwise it is only what no other certificate of theirs says, such as an earlier name.
    """
    claims, records, messages = Claims(register), OfficeRecords(register), Messages(register)
    held = claims.by_id(found.claim_id)
    keys = [item.key for item in messages.of_serial(found.serial)]
    words = {found.number, verification_code.grouped(found.number)}
    if held is not None:
        contacts, claim = Contacts(register), held.claim
        words |= identifying(claim) | {contacts.of(found.claim_id) or ""}
        for other in claims.of_learner(claim.centre, claim.learner_ref):
            if other.claim_id != held.claim_id:
                words -= identifying(other.claim) | {contacts.of(other.claim_id) or ""}
    if learner is not None:
        centre, _, learner_ref = learner.partition("/")
        for kept in records.about(learner).kept:
            words |= identifying(kept.record)
        words.add(f"{centre}/{learner_ref}")
        if len(learner_ref) >= _IDENTIFYING and not learner_ref.isalpha():
            words.add(learner_ref)
        keys += [item.key for item in messages.to_recipient(learner)]
    names = tuple(sorted(f"{key.replace('/', '-')}.eml" for key in keys))
    return LearnerTerms(tuple(sorted(words - {""})), found.serial, names)


def pattern(words: Iterable[str]) -> Callable[[Iterable[str]], bool]:
    """What says whether any of some texts tells of the learner."""
    pattern = _pattern(words)
    return lambda texts: any(pattern.search(text) for text in texts)


def own_files(workspace: Workspace, terms: LearnerTerms) -> list[Path]:
    """Files of ours that tell of the learner, by path."""
    pattern = _pattern(terms.words)
    folders = [workspace.certificates / "reports", workspace.certificates / "outbox"]
    paths = (path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if _tells(path, terms, pattern))


def office_files(workspace: Workspace, terms: LearnerTerms) -> list[Path]:
    """Files that the office put in and that name the learner: only the office can correct them."""
    pattern = _pattern(terms.words)
    folders = [workspace.certificates / name for name in _INPUTS]
    paths = (path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if any(pattern.search(text) for text in _texts(path)))


def cleanse(paths: Iterable[Path], terms: LearnerTerms) -> None:
    """Take the learner out of files of ours. Doing it again changes nothing."""
    pattern = _pattern(terms.words)
    for path in paths:
        if path.suffix in _TEXT:
            text = disk.read(path, _CAP, path.name).decode("utf-8", "surrogateescape")
            without = pattern.sub(GONE, text).encode("utf-8", "surrogateescape")
            disk.write(path, without, private=True)
        else:
            disk.remove(path)


def _tells(path: Path, terms: LearnerTerms, pattern: re.Pattern[str]) -> bool:
    if path.suffix == ".eml":
        # Known by its name: there may be as many letters as certificates, and they are encoded.
        return path.name in terms.letters
    if path.suffix == ".zip" and f"{terms.serial}.pdf" in _members(path):
        return True
    return any(pattern.search(text) for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    """What can be read in a file: its text, or the texts packed into it."""
    if path.suffix in _ARCHIVES:
        for name in _members(path):
            if not name.endswith(".pdf"):
                with disk.opened(path, path.name) as file, zipfile.ZipFile(file) as archive:
                    yield archive.read(name).decode("utf-8", "replace")
    elif path.suffix != ".pdf":
        data = disk.read(path, _CAP, path.name)
        yield data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _members(path: Path) -> list[str]:
    try:
        with disk.opened(path, path.name) as file, zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return []


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words as a whole, as text, HTML, XML or JSON writes it."""
    spelt = {form for word in words for form in _forms(word)}
    listed = "|".join(re.escape(form) for form in sorted(spelt, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed or '(?!)'})(?!\w)")


def _forms(word: str) -> set[str]:
    markup = {html.escape(word), html.escape(word, quote=False), html.escape(word).replace("&#x27;", "&#39;")}
    return {word, *markup, *(json.dumps(form)[1:-1] for form in (word, *markup))}


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure will remove, and where else the office must look: its own inputs, its backups."""

    serial: Serial
    case_id: str
    erased_on: Day
    claim_id: ClaimId
    file: str
    source: str
    events: int
    also: tuple[str, ...]
    people: tuple[str, ...]
    made_here: tuple[str, ...] = ()
    put_in: tuple[str, ...] = ()


def plan(session: Session, serial: str, case_id: str) -> ErasurePlan:
    """What an erasure would remove. Raises `Refused` without a closed case that decided it."""
    rollback_guard.check(session)
    rollback_guard.finished(session)
    found = certificate_states.certificate(session.register, serial)
    problems = may("erase", StateChanges(session.register).state(serial), serial)
    problems += _being_replaced(session.register, found.serial)
    held = cases.held_case(session.register, case_id)
    if case_id not in [item.case_id for item in Cases(session.register).of(serial)] or held.kind != "erasure":
        what = f"is no case of erasing {serial}"
        problems.append(CASE_SUBJECT.at(Place(subject=f"case {case_id}"), what, "name the right case"))
    ruling = rulings.ruling_of(session, held)
    if not isinstance(ruling, Ruling):
        problems += ruling
    elif ruling.outcome != "erase":
        what = f"was decided otherwise: {ruling.outcome}"
        problems.append(CASE_OUTCOME.at(Place(subject=f"case {case_id}"), what, "nothing is erased"))
    if problems or not isinstance(ruling, Ruling):
        raise Refused(problems)
    claim = Claims(session.register).by_id(found.claim_id)
    file = session.workspace.shown(session.workspace.issued_file(found.serial, found.issued_on))
    subjects = _subjects(session.register, found)
    events = sum(len(EventLog(session.register).about(subject)) for subject in subjects)
    source = claim.source if claim else ""
    also = _others(session.register, found)
    today = session.today
    terms = _terms_of(session.register, found)
    ours, theirs = own_files(session.workspace, terms), office_files(session.workspace, terms)
    shown = [tuple(session.workspace.shown(path) for path in paths) for paths in (ours, theirs)]
    who = ruling.people
    return ErasurePlan(found.serial, case_id, today, found.claim_id, file, source, events, also, who, *shown)


def _terms_of(register: Register, found: Issued) -> LearnerTerms:
    return mentions_of(register, found, Claims(register).last_of_learner(found.claim_id))


def erase(session: Session, planned: ErasurePlan) -> None:
    """Erase: the register in one transaction, then the file, then what deleting left in the database."""
    signer = certificate_signer(session.workspace, session.environment, session.workspace.keystore.manifest())
    pin = session.workspace.keystore.pin()
    serial = planned.serial
    with session.register.transaction():
        if plan(session, serial, planned.case_id) != planned:
            what = "was changed by somebody else since this was shown; nothing was done"
            raise Refused(AFTER_CHANGED.at(Place(subject=serial), what, "run the command again"))
        found = certificate_states.certificate(session.register, serial)
        terms = _terms_of(session.register, found)
        # Before the register forgets whom to look for; a run that is killed here finds them clean next time.
        cleanse([session.workspace.root / name for name in planned.made_here], terms)
        derived = derive(found.number, pin.issuer_id)
        erased = record.ErasedRecord(
            issuer_id=pin.issuer_id, number=found.number, erased_on=planned.erased_on
        )
        before = decode_entry(Certificates(session.register).entry(serial))
        frame = record.encode(record.sign_tombstone(erased, signer))
        tombstones = entry.seal(derived, frame, size=entry.plaintext_size(before))
        Certificates(session.register).erase(serial, tombstones.encode())
        removed = _remove(session.register, found, terms.words)
        StateChanges(session.register).add(
            StateChange(serial, "erased", planned.erased_on, 0, None, planned.case_id)
        )
        Erasures(session.register).add(Erasure(serial, planned.erased_on, planned.case_id, planned.file))
        Cases(session.register).used(planned.case_id, session.now)
        details = {"case": planned.case_id, "events": removed}
        EventLog(session.register).append(session.now, "certificate_erased", serial, details)
    finish(session)


def finish(session: Session) -> Sequence[str]:
    """Finish erasures that were killed after their transaction: the file, and the database's leftovers."""
    left = Erasures(session.register).unfinished()
    if not left:
        return ()
    for item in left:
        if item.file is not None:
            disk.remove(session.workspace.root / item.file)
    session.register.scrub()
    with session.register.transaction():
        for item in left:
            Erasures(session.register).finished(item.serial)
    return [item.serial for item in left]


def _remove(register: Register, found: Issued, words: Sequence[str]) -> int:
    """Every row that tells of the learner; the number of events that lost their details."""
    subjects = _subjects(register, found)
    learner = Claims(register).last_of_learner(found.claim_id)
    if learner is not None:
        # Nothing else of this learner is left that could rest on what was recorded about them.
        OfficeRecords(register).forget(learner)
        Messages(register).forget(learner)
    mentions = pattern(words)
    staging.forget(register)
    HeldRows(register).forget(lambda row: mentions(_said(row)))
    held = Claims(register).by_id(found.claim_id)
    if held is not None:
        HeldRows(register).release([held.claim])
        OfficeRecords(register).forget_check(held.claim.centre, found.claim_id)
    Claims(register).erase(found.claim_id)
    Replacements(register).erase(found.serial, found.claim_id)
    Holds(register).erase([found.serial, found.claim_id])
    RequestedMessages(register).erase(found.serial)
    Contacts(register).erase(found.serial, found.claim_id)
    Cases(register).erase(found.serial)
    return EventLog(register).erase(subjects)


def _said(row: HeldRow) -> list[str]:
    """What a held row says: its cells, and what was found wrong with them."""
    return [*row.cells.values(), *(f"{fault.place} {fault.what} {fault.why}" for fault in row.faults)]


def _subjects(register: Register, found: Issued) -> list[str]:
    """Under which names events tell of a certificate: serial, claim, its own cases, and a learner at last."""
    own = [held.case_id for held in Cases(register).of(found.serial) if held.kind != "reissue"]
    learner = Claims(register).last_of_learner(found.claim_id)
    return [found.serial, found.claim_id, *own, *([learner] if learner else [])]


def _others(register: Register, found: Issued) -> tuple[str, ...]:
    """The learner's other certificates, which this erasure leaves: each is decided for itself."""
    claims = Claims(register)
    held = claims.by_id(found.claim_id)
    if held is None:
        return ()
    alike = claims.of_learner(held.claim.centre, held.claim.learner_ref)
    serials = {item.serial for item in alike if item.serial is not None}
    return tuple(sorted(serials - {found.serial}))


def _being_replaced(register: Register, serial: Serial) -> list[Problem]:
    for item in Replacements(register).of_old(serial):
        waits = item.withdrawn_at is None and StateChanges(register).state(serial) != "superseded"
        if waits and item.request is not None:
            what = f"a replacement of it is asked for ({CLAIM} {item.claim_id})"
            fix = f"finish it, or `certportal replace withdraw {item.claim_id}`"
            return [AFTER_PENDING.at(Place(subject=serial), what, fix)]
    return []
