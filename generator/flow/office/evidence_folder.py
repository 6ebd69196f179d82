"""The evidence register laid out by clause for a quality review (docs/policies.md).

An index, then a section for each clause: its lines, and what the register knows for it in numbers.
Lines that belong to no clause are at the end, so that none is lost.

These numbers are counts, and nobody's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from generator.edge.register.cases import Cases
from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.edge.register.records import OfficeRecords
from generator.errors import Place, Refused
from generator.flow.shared.codes import RECORD_CENTRE
from generator.flow.shared.session import Session
from generator.model.office_record import OfficeRecord
from generator.model.people import RoleHeld
from generator.model.quality_records import (
    CLAUSES,
    BlockStep,
    CentreApproval,
    Clause,
    EvidenceItem,
    Interest,
    Irregularity,
    ReviewCheck,
    clauses_of,
)
from generator.model.record_kinds import EVERY
from generator.model.registration import RegistrationEvent, registration_state
from generator.model.result import Result, VerificationRecord
from generator.model.value import Day, Instant
from generator.sheets import workbook_writer
from generator.sheets.codes import LAYOUT_NAME
from generator.sheets.layout_columns import safe
from generator.sheets.workbook_writer import SheetToWrite
from generator.terms import CENTRE, CLAIM, REGISTRATION, in_words_of, spoken

Figures = Mapping[int, tuple[tuple[str, int], ...]]
Kind = TypeVar("Kind", bound=OfficeRecord)


def figures(session: Session, centre: str | None) -> Figures:
    """By clause number: what is counted, and how many. With a centre, its own only where it has its own."""
    count = _Counting(session, centre)
    return {
        1: tuple(count.running()),
        2: tuple(count.people(session.now)),
        3: tuple(count.registering()),
        5: tuple(count.keeping()),
        8: tuple(count.assessing()),
        9: tuple(count.verifying()),
        10: tuple(count.safeguarding()),
    }


Counted = Iterator[tuple[str, int]]


class _Counting:
    def __init__(self, session: Session, centre: str | None) -> None:
        self._workspace, self._register = session.workspace, session.register
        self._today, self._centre = session.today, centre
        self._records = OfficeRecords(session.register)

    def _of(self, kind: type[Kind]) -> Iterator[Kind]:
        for record in self._records.of_kind(kind.KIND):
            if isinstance(record, kind) and self._centre in (None, record.centre):
                yield record

    def running(self) -> Counted:
        """Approvals, blocks, reviews."""
        live = ended = 0
        for item in self._of(CentreApproval):
            now = item.live(item.programme, self._today)
            live, ended = live + now, ended + (item.until is not None and item.until < self._today)
        yield "approvals of programmes in force", live
        yield "approvals of programmes that have ended", ended
        steps: dict[str, set[str]] = {}
        for step in self._of(BlockStep):
            steps.setdefault(step.case, set()).add(step.step)
        yield "certification blocks judged", len(steps)
        applied = [taken for taken in steps.values() if "applied" in taken and "released" not in taken]
        yield "certification blocks in force", len(applied)

    def people(self, now: Instant) -> Counted:
        """Who holds which role today. The roster is one for all centres."""
        held: Counter[str] = Counter()
        deputies = 0
        for person in self._workspace.keystore.roster().people:
            if not any(key.until is None or key.until > now for key in person.keys):
                continue
            roles = [one for one in person.roles if self._held(one)]
            held.update({one.role for one in roles})
            deputies += any(one.deputy_for for one in roles)
        for role, number in sorted(held.items()):
            yield f"people in the role of {spoken(role)}", number
        yield "people acting as deputies", deputies
        yield (
            "interests declared",
            sum(item.until is None or item.until >= self._today for item in self._of(Interest)),
        )

    def _held(self, role: RoleHeld) -> bool:
        here = self._centre is None or role.centres is None or self._centre in role.centres
        return here and role.on(self._today)

    def registering(self) -> Counted:
        """Registrations and what they lack, certificates, reports."""
        by_registration: dict[tuple[str, ...], list[RegistrationEvent]] = {}
        for event in self._of(RegistrationEvent):
            key = (event.centre, event.learner_ref, event.programme, event.version)
            by_registration.setdefault(key, []).append(event)
        counts: Counter[str] = Counter()
        for events in by_registration.values():
            state = registration_state(tuple(events)) or "never registered"
            counts[state] += 1
            if state in ("active", "on_break"):
                kinds = {event.event for event in events}
                counts.update(name for name in ("confirmed", "identity_seen", "told") if name in kinds)
        alive = counts["active"] + counts["on_break"]
        yield f"{REGISTRATION}s in all", len(by_registration)
        yield f"{REGISTRATION}s active or on a break", alive
        yield "of these confirmed by the lead internal verifier", counts["confirmed"]
        yield "of these not confirmed", alive - counts["confirmed"]
        yield "of these without an identity document seen", alive - counts["identity_seen"]
        yield "of these where the learner was not told", alive - counts["told"]
        yield f"{REGISTRATION}s withdrawn", counts["withdrawn"]
        claims = Claims(self._register)
        for words, listed in (
            ("certificates issued and not erased", claims.certified()),
            (f"{CLAIM}s that wait", claims.uncertified()),
        ):
            yield words, sum(self._centre in (None, item.claim.centre) for item in listed)
        reports = Counter(
            ("open" if item.next_step() else "closed", item.finding) for item in self._of(Irregularity)
        )
        for (where, finding), number in sorted(reports.items(), reverse=True):
            yield f"{where} reports of {finding} {REGISTRATION}s or {CLAIM}s", number
        if not reports:
            yield f"reports of early, late, inaccurate or suspect {REGISTRATION}s or {CLAIM}s", 0

    def keeping(self) -> Counted:
        """What is kept, by kind; the chain that holds it."""
        for name, kind in EVERY.items():
            number = sum(1 for _ in self._of(kind))
            if number:
                yield f"records of the layout {name}", number
        yield "events in the register's chain", EventLog(self._register).state()[0]
        yield "rules of retention in portal.yaml", len(self._workspace.portal.retention)

    def assessing(self) -> Counted:
        """Results by their state and their attempt."""
        states: Counter[str] = Counter()
        for item in self._of(Result):
            states.update((f"results {item.state.replace('_', ' ')}", f"{item.attempt} attempts"))
        yield from sorted(states.items())
        if not states:
            yield "results", 0

    def verifying(self) -> Counted:
        """Internal verification records and the claims that were checked against the records."""
        records = waiting = 0
        for item in self._of(VerificationRecord):
            records += 1
            waiting += item.outcome == "action" and item.action_closed_on is None
        yield "internal verification records", records
        yield "of these with an action that is not closed", waiting
        checks = Counter(item.outcome for item in self._of(ReviewCheck))
        yield f"{CLAIM}s of a drawn sample checked against the records", checks.total()
        yield "of these that differed", checks["differs"]

    def safeguarding(self) -> Counted:
        """Special consideration, results in dispute, holds, cases. Holds and cases are the office's."""
        listed = [(item.special_consideration, item.state) for item in self._of(Result)]
        yield "results with special consideration", sum(special for special, _ in listed)
        yield "results under review", sum(state == "under_review" for _, state in listed)
        yield "holds in force", len(Holds(self._register).in_force())
        yield (
            "cases open (revocation, suspension, appeal, reissue, erasure)",
            len(Cases(self._register).open_ones()),
        )


NAME = "evidence-folder"
NOTHING = "nothing is recorded"
_INDEX = ("clause", "about", "lines", "open", "review overdue", "gaps")
_LINES = (
    *("evidence", "kind", "about", "owner", "date", "review on", "status", "document (SHA-256)"),
    *("related", "centre", "remark"),
)
_WIDTHS = (22.0, 20.0, 46.0, 16.0, 12.0, 12.0, 10.0, 30.0, 24.0, 10.0, 24.0)
_INDEX_WIDTHS = (9.0, 60.0, 8.0, 8.0, 15.0, 60.0)
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One clause: its lines as rows, what is counted for it, its state. `clause` None: the others."""

    clause: Clause | None
    rows: tuple[Row, ...]
    counted: tuple[tuple[str, int], ...]
    open: int
    overdue: int
    gaps: tuple[str, ...]

    @property
    def name(self) -> str:
        """`QO.3`, or the name under which the remaining lines are."""
        return self.clause.code if self.clause else "no clause"

    @property
    def title(self) -> str:
        """What it is about."""
        if self.clause is None:
            return "Lines that belong to none of the ten"
        return self.clause.title + (f" ({self.clause.beyond})" if self.clause.beyond else "")


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """The whole: whose it is, of which day, section by section."""

    of: str
    day: Day
    sections: tuple[Section, ...]


def folder(session: Session, centre: str | None = None) -> EvidenceFolder:
    """The evidence of one centre, or of all. Raises `Refused` for a centre that is not known."""
    if centre is not None and centre not in session.workspace.centres:
        fix = f"name one of: {', '.join(sorted(session.workspace.centres))}"
        raise Refused(RECORD_CENTRE.at(Place(subject="--centre"), f"the {CENTRE} {centre} is not known", fix))
    today = session.today
    kind = session.workspace.portal.organisation.kind
    counted = {
        number: [(in_words_of(kind, words), count) for words, count in listed]
        for number, listed in figures(session, centre).items()
    }
    lines = [
        line
        for line in OfficeRecords(session.register).of_kind(EvidenceItem.KIND)
        if isinstance(line, EvidenceItem) and centre in (None, line.centre)
    ]
    sections = [
        _section(
            clause,
            [line for line in lines if clause in clauses_of(line)],
            today,
            counted.get(clause.number, ()),
        )
        for clause in CLAUSES
    ]
    others = [line for line in lines if not clauses_of(line)]
    if others:
        sections.append(_section(None, others, today, ()))
    name = session.workspace.centres[centre].name if centre else session.workspace.portal.organisation.name
    return EvidenceFolder(name, today, tuple(sections))


def _section(
    clause: Clause | None, lines: Sequence[EvidenceItem], today: Day, counted: Iterable[tuple[str, int]]
) -> Section:
    overdue = [line for line in lines if _overdue(line, today)]
    bare = sum(1 for line in lines if line.document_sha256 is None)
    gaps = [] if lines else [NOTHING]
    gaps += [f"{len(overdue)} to be looked at again"] if overdue else []
    gaps += [f"{bare} without the digest of a document"] if bare else []
    opened = sum(1 for line in lines if line.status == "open")
    rows = tuple(_row(line, today) for line in sorted(lines, key=lambda one: (one.on, one.evidence)))
    return Section(clause, rows, tuple(counted), opened, len(overdue), tuple(gaps))


def _overdue(line: EvidenceItem, today: Day) -> bool:
    return line.status != "closed" and line.review_on is not None and line.review_on < today


def _row(line: EvidenceItem, today: Day) -> Row:
    remark = "to be looked at again" if _overdue(line, today) else ""
    named = "; ".join(line.clauses)
    remark = "; ".join(part for part in (remark, f"names {named}" if named else "") if part)
    return (
        *(
            line.evidence,
            line.what.replace("_", " "),
            line.subject,
            line.owner,
            line.on,
            line.review_on or "",
        ),
        *(line.status, line.document_sha256 or "", "; ".join(line.related), line.centre, remark),
    )


def written(found: EvidenceFolder, out: Path) -> bytes:
    """The evidence folder as a workbook or as Markdown, by the file's name. Raises `Refused` for another."""
    if out.suffix.lower() == ".xlsx":
        return workbook_writer.of_pages(_pages(found), Place(str(out)))
    if out.suffix.lower() == ".md":
        return "\n".join(_markdown(found)).encode()
    raise Refused(LAYOUT_NAME.at(Place(str(out)), "says no form", "end its name in .xlsx or .md"))


def _index(found: EvidenceFolder) -> Iterator[Row]:
    for section in found.sections:
        numbers = (len(section.rows), section.open, section.overdue)
        yield section.name, section.title, *map(str, numbers), "; ".join(section.gaps)


def _pages(found: EvidenceFolder) -> Iterator[SheetToWrite]:
    lines = [(), ("", f"Evidence of {found.of}, as recorded on {found.day}")]
    yield SheetToWrite("Index", _INDEX, _safe([*_index(found), *lines]), dict(enumerate(_INDEX_WIDTHS)))
    for section in found.sections:
        counted = [("", "", words, str(number)) for words, number in section.counted]
        below: list[Row] = [(), ("", "", "What the register counts")] if counted else []
        none: list[Row] = [] if section.rows else [(NOTHING,)]
        rows = [*section.rows, *none, *below, *counted]
        yield SheetToWrite(section.name, _LINES, _safe(rows), dict(enumerate(_WIDTHS)))


def _safe(rows: Iterable[Row]) -> Iterator[Row]:
    return (tuple(safe(cell) for cell in row) for row in rows)


def _markdown(found: EvidenceFolder) -> Iterator[str]:
    yield f"# Evidence of {_plain(found.of)}, as recorded on {found.day}"
    yield from _table(_INDEX, _index(found))
    for section in found.sections:
        yield f"## {section.name}: {section.title}"
        yield from _table(_LINES, section.rows) if section.rows else ("", f"{NOTHING.capitalize()}.", "")
        if section.counted:
            yield from _table(
                ("what the register counts", ""), ((words, str(n)) for words, n in section.counted)
            )


def _table(headings: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield f"| {' | '.join(map(_plain, row))} |"
    yield ""


def _plain(text: str) -> str:
    """Text that Markdown takes for text: no cell ends early, nothing becomes a link, a tag or code."""
    return "".join(f"\\{char}" if char in "\\|`*_[]<>#" else char for char in text)
