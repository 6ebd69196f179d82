"""The evidence register laid out by clause for a quality review (docs/policies.md).

An index, then a section for each clause: its lines, and what the register knows for it in numbers.
Lines that belong to no clause stand at the end, so that none is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.edge.register.records import OfficeRecords
from generator.errors import Place, Refused
from generator.flow.codes import RECORD_CENTRE
from generator.flow.office.evidence_counts import figures
from generator.flow.shared.session import Session
from generator.model.clauses import CLAUSES, Clause, clauses_of
from generator.model.quality_records import EvidenceItem
from generator.sheets import workbook_writer
from generator.sheets.codes import LAYOUT_NAME
from generator.sheets.layout_columns import safe
from generator.sheets.workbook_writer import SheetToWrite

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
    """One clause: its lines as rows, what is counted for it, how it stands. `clause` None: the others."""

    clause: Clause | None
    rows: tuple[Row, ...]
    counted: tuple[tuple[str, int], ...]
    open: int
    overdue: int
    gaps: tuple[str, ...]

    @property
    def name(self) -> str:
        """`QO.3`, or the name under which the remaining lines stand."""
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
    day: str
    sections: tuple[Section, ...]


def folder(session: Session, centre: str | None = None) -> EvidenceFolder:
    """The evidence of one centre, or of all. Raises `Refused` for a centre that is not known."""
    if centre is not None and centre not in session.workspace.centres:
        fix = f"name one of: {', '.join(sorted(session.workspace.centres))}"
        raise Refused(RECORD_CENTRE.at("--centre", f"the centre {centre} is not known", fix))
    today = session.today
    counted = figures(session, centre)
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
    clause: Clause | None, lines: Sequence[EvidenceItem], today: str, counted: Iterable[tuple[str, int]]
) -> Section:
    overdue = [line for line in lines if _overdue(line, today)]
    bare = sum(1 for line in lines if line.document_sha256 is None)
    gaps = [] if lines else [NOTHING]
    gaps += [f"{len(overdue)} to be looked at again"] if overdue else []
    gaps += [f"{bare} without the digest of a document"] if bare else []
    opened = sum(1 for line in lines if line.status == "open")
    rows = tuple(_row(line, today) for line in sorted(lines, key=lambda one: (one.on, one.evidence)))
    return Section(clause, rows, tuple(counted), opened, len(overdue), tuple(gaps))


def _overdue(line: EvidenceItem, today: str) -> bool:
    return line.status != "closed" and line.review_on is not None and line.review_on < today


def _row(line: EvidenceItem, today: str) -> Row:
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
    raise Refused(LAYOUT_NAME.at(str(out), "says no form", "end its name in .xlsx or .md"))


def _index(found: EvidenceFolder) -> Iterator[Row]:
    for section in found.sections:
        numbers = (len(section.rows), section.open, section.overdue)
        yield section.name, section.title, *map(str, numbers), "; ".join(section.gaps)


def _pages(found: EvidenceFolder) -> Iterator[SheetToWrite]:
    told = [(), ("", f"Evidence of {found.of}, as recorded on {found.day}")]
    yield SheetToWrite("Index", _INDEX, _safe([*_index(found), *told]), dict(enumerate(_INDEX_WIDTHS)))
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
