"""A workspace of the sample for imports: sheets put in, previews and writes through one door."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from generator.edge.register.certificates import Certificates
from generator.edge.register.held_rows import HeldRow, HeldRows
from generator.flow.importing import import_claims, import_sources, marked_copy
from generator.flow.importing.import_claims import ImportPreview
from generator.flow.importing.import_sources import Options
from generator.flow.importing.marked_copy import SheetAnswer
from tests import sample_sheets, workshop

GRADES, COMPLETION = sample_sheets.GRADES.name, sample_sheets.COMPLETION.name


def put(root: Path, name: str, data: bytes) -> Path:
    """Lay a file among the claims."""
    path = root / "certificates" / "claims" / name
    path.write_bytes(data)
    return path


def only(root: Path, *sources: Mapping[str, object]) -> None:
    """Make these the whole of sources.yaml, and take away the files that it no longer names."""
    folder = root / "certificates" / "claims"
    kept = {"sources.yaml", *(str(source["file"]) for source in sources)}
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()
    text = yaml.safe_dump({"schema": 1, "sources": [dict(source) for source in sources]}, allow_unicode=True)
    (folder / "sources.yaml").write_text(text, "utf-8")


def grades(file: str = GRADES, **changes: object) -> dict[str, object]:
    """The grade sheet's source."""
    return {
        "file": file,
        "layout": "unit_grades",
        "programme": "L3IT",
        "version": "2025",
        "centre": "NF041",
        "dates": "day_first",
        "registrations": sample_sheets.REGISTRATIONS.name,
    } | changes


def course(file: str, layout: str, **changes: object) -> dict[str, object]:
    """A Moodle report's source."""
    return {
        "file": file,
        "layout": layout,
        "programme": "CARE101",
        "version": "2026",
        "centre": "NF041",
        "dates": "day_first",
    } | changes


def preview(root: Path, *, write: bool = False, answers: Mapping[str, str] | None = None) -> ImportPreview:
    """Import the workspace's files; the preview's batches are to be looked at through `taken`."""
    with workshop.opened(root) as session:
        found = import_claims.preview(session, answers=answers)
        if write:
            import_claims.write(session, found)
        return found


def problems(root: Path) -> list[tuple[str, str]]:
    """Code and place of every fault, in the order of rows."""
    return [(problem.code, str(problem.place).rpartition("/")[2]) for problem in preview(root).problems]


def one(root: Path, path: Path, options: Options, *, write: bool = False) -> ImportPreview:
    """Import one file by name."""
    with workshop.opened(root) as session:
        item = import_sources.of_file(session.workspace, path, options)
        assert item is not None
        found = import_claims.preview(session, [item])
        if write:
            import_claims.write(session, found)
        return found


def answered(root: Path) -> list[SheetAnswer]:
    """The marked copies and reports of an import."""
    with workshop.opened(root) as session:
        return marked_copy.answer(session, import_claims.preview(session))


def held(root: Path) -> list[HeldRow]:
    """The rows that are held."""
    with workshop.opened(root) as session:
        return list(HeldRows(session.register).all())


def claims(root: Path) -> list[str]:
    """The bodies of the registered claims, sorted."""
    with workshop.opened(root) as session:
        return sorted(bytes(body).decode() for (body,) in session.register.rows("SELECT body FROM claims"))


def issued(root: Path) -> int:
    """Approve and issue all; how many certificates there are."""
    workshop.approve_all(root)
    workshop.issue_all(root)
    with workshop.opened(root) as session:
        return Certificates(session.register).counts()[0]
