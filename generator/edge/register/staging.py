"""Where an import is laid out: tables of this connection only, which SQLite keeps in a file
of its own and forgets when the register is closed. So 100,000 rows take no more memory than 100.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from generator.edge.register.database import Register
from generator.errors import Place, Problem
from generator.formats import strict_json
from generator.model.claim import Claim
from generator.model.office_record import OfficeRecord
from generator.model.record_kinds import EVERY
from generator.model.value import Digest
from generator.terms import marked

_CAP = 4_000_000
# `listed`: a row of a list, of which a record is made and no claim.
State = Literal["new", "amended", "same", "held", "listed"]
_TABLES = (
    """CREATE TEMP TABLE IF NOT EXISTS staged (
        id INTEGER PRIMARY KEY, identity TEXT, file TEXT NOT NULL, line INTEGER NOT NULL,
        place_file TEXT NOT NULL, place_row INTEGER NOT NULL,
        state TEXT NOT NULL, body BLOB, cells BLOB, email TEXT
    )""",
    """CREATE TEMP TABLE IF NOT EXISTS staged_faults (
        id INTEGER PRIMARY KEY, row INTEGER, file TEXT NOT NULL, line INTEGER NOT NULL,
        code TEXT NOT NULL, place_file TEXT NOT NULL, place_row INTEGER NOT NULL, place_column TEXT NOT NULL,
        subject TEXT NOT NULL, owner TEXT NOT NULL, what TEXT NOT NULL, fix TEXT NOT NULL, why TEXT NOT NULL
    )""",
    # Of a list's rows: the record in each. What is the same thing has the same kind and key.
    """CREATE TEMP TABLE IF NOT EXISTS staged_records (
        row INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS temp.records_by_key ON staged_records (kind, key)",
    "CREATE INDEX IF NOT EXISTS temp.staged_by_identity ON staged (identity)",
    "CREATE INDEX IF NOT EXISTS temp.staged_by_state ON staged (state, id)",
    "CREATE INDEX IF NOT EXISTS temp.faults_by_place ON staged_faults (file, line, id)",
    "DELETE FROM temp.staged",
    "DELETE FROM temp.staged_faults",
    "DELETE FROM temp.staged_records",
)

_LAID_OUT = ("staged", "staged_faults", "staged_records")


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row that an import read: its place, its cells, and the claim in it if there is one."""

    number: int
    file: str
    place: Place
    line: int
    cells: Mapping[str, str]
    claim: Claim | None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class StagedRecord:
    """A record in a row of a list: its number in staging, and its place."""

    number: int
    file: str
    place: Place
    line: int
    record: OfficeRecord


class Staging:
    """One import's rows and faults, as this connection laid them out."""

    def __init__(self, register: Register) -> None:
        self._register = register

    @classmethod
    def begun(cls, register: Register) -> Staging:
        """An import that begins, inside a transaction: what was laid out before is gone."""
        for statement in _TABLES:
            register.change(statement)
        return cls(register)

    def digest(self) -> Digest:
        """The digest of everything that is laid out: rows, their records and faults, in their order."""
        found = hashlib.sha256()
        names = {name for (name,) in self._register.rows("SELECT name FROM temp.sqlite_master")}
        for table in (name for name in _LAID_OUT if name in names):
            for row in self._register.each(f"SELECT * FROM temp.{table} ORDER BY 1"):  # noqa: S608 - a table of ours
                found.update(repr(row).encode())
        return Digest(found.hexdigest())

    def add(
        self,
        file: str,
        place: Place,
        line: int,
        cells: Mapping[str, str],
        claim: Claim | None,
        state: State,
        email: str | None = None,
    ) -> int:
        """Lay a row out; its number in staging."""
        self._register.change(
            "INSERT INTO temp.staged (identity, file, line, place_file, place_row, state, body, cells, email)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            "\0".join(claim.identity()) if claim else None,
            file,
            line,
            place.file,
            place.row,
            state,
            strict_json.encode(claim.plain()) if claim else None,
            packed(cells),
            email,
        )
        return int(self._register.rows("SELECT last_insert_rowid()")[0][0])

    @contextlib.contextmanager
    def all_or_faults(self) -> Iterator[list[Problem]]:
        """What is laid out inside, or nothing of it if the list that is given comes back with problems."""
        mark = self._register.rows("SELECT coalesce(max(id), 0) FROM temp.staged")[0][0]
        faults: list[Problem] = []
        yield faults
        if faults:
            self._register.change("DELETE FROM temp.staged WHERE id > ?", mark)
            self._register.change("DELETE FROM temp.staged_faults WHERE row > ?", mark)
            self._register.change("DELETE FROM temp.staged_records WHERE row > ?", mark)

    def add_record(self, number: int, record: OfficeRecord) -> None:
        """The record in a row that was laid out as `listed`."""
        body = strict_json.encode(record.plain())
        self._register.change(
            "INSERT INTO temp.staged_records VALUES (?, ?, ?, ?)",
            *(number, record.KIND, "\0".join(record.key()), body),
        )

    def records(self) -> Iterator[StagedRecord]:
        """The records of rows that are not held, in the order in which they were read."""
        sql = (
            "SELECT s.id, s.file, s.place_file, s.place_row, s.line, r.kind, r.body FROM temp.staged s"
            " JOIN temp.staged_records r ON r.row = s.id WHERE s.state = 'listed' ORDER BY s.id"
        )
        for number, file, place_file, place_row, line, kind, body in self._register.each(sql):
            record = EVERY[kind].of(strict_json.decode(body, _CAP))
            yield StagedRecord(number, file, Place(place_file, place_row), line, record)

    def contradicted(self, row: StagedRecord) -> Place | None:
        """The place of another row that says something else of the same thing."""
        found = self._register.row(
            "SELECT s.place_file, s.place_row FROM temp.staged_records r JOIN temp.staged s ON s.id = r.row"
            " WHERE r.kind = ? AND r.key = ? AND r.row != ? AND r.body != ? ORDER BY r.row",
            *(row.record.KIND, "\0".join(row.record.key()), row.number),
            strict_json.encode(row.record.plain()),
        )
        return Place(str(found[0]), int(found[1])) if found else None

    def twin(self, claim: Claim) -> StagedRow | None:
        """An earlier row with the same claim."""
        found = self._register.row(
            "SELECT id, file, place_file, place_row, line, cells, body, email FROM temp.staged"
            " WHERE identity = ? ORDER BY id",
            "\0".join(claim.identity()),
        )
        return _row(found) if found else None

    def hold(self, number: int) -> None:
        """Hold a row that was good until another was read."""
        self._register.change("UPDATE temp.staged SET state = 'held' WHERE id = ?", number)

    def fault(self, problem: Problem, file: str, line: int, row: int | None = None) -> None:
        """Keep a fault; of a whole file where `line` is 0."""
        self._register.change(
            "INSERT INTO temp.staged_faults (row, file, line, code, place_file, place_row, place_column,"
            " subject, owner, what, fix, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
            file,
            line,
            *kept_problem(problem),
        )

    def count(self, state: State) -> int:
        """How many rows are in a state."""
        return int(self._register.rows("SELECT count(*) FROM temp.staged WHERE state = ?", state)[0][0])

    def rows(self, state: State) -> Iterator[StagedRow]:
        """The rows in a state, in the order in which they were read."""
        sql = (
            "SELECT id, file, place_file, place_row, line, cells, body, email FROM temp.staged"
            " WHERE state = ? ORDER BY id"
        )
        return (_row(found) for found in self._register.each(sql, state))

    def faults(self, file: str | None = None, limit: int = -1) -> Iterator[Problem]:
        """Faults in the order of files and rows; of one file, or of all."""
        sql = (
            "SELECT code, place_file, place_row, place_column, subject, owner, what, fix, why"
            " FROM temp.staged_faults WHERE file = coalesce(?, file)"
            " ORDER BY file, line, id LIMIT ?"
        )
        return map(problem_kept, self._register.each(sql, file, limit))

    def faults_of(self, number: int) -> list[Problem]:
        """The faults of one row."""
        sql = (
            "SELECT code, place_file, place_row, place_column, subject, owner, what, fix, why"
            " FROM temp.staged_faults WHERE row = ? ORDER BY id"
        )
        return [problem_kept(found) for found in self._register.rows(sql, number)]

    def placed_faults(self, file: str) -> Iterator[tuple[Problem, int, int | None]]:
        """A file's faults in the order of its rows, each with its line and its row in staging."""
        sql = (
            "SELECT code, place_file, place_row, place_column, subject, owner, what, fix, why, line, row"
            " FROM temp.staged_faults WHERE file = ? ORDER BY line, id"
        )
        for *fault, line, row in self._register.each(sql, file):
            yield problem_kept(fault), line, row

    def cells(self, number: int) -> dict[str, str]:
        """The cells of one row."""
        found = self._register.row("SELECT cells FROM temp.staged WHERE id = ?", number)
        return unpacked(found[0]) if found else {}

    def fault_count(self, file: str | None = None) -> int:
        """How many faults there are in a file, or in all."""
        sql = "SELECT count(*) FROM temp.staged_faults WHERE file = coalesce(?, file)"
        return int(self._register.rows(sql, file)[0][0])

    def faulty_files(self) -> list[str]:
        """The files with faults."""
        return [
            file for (file,) in self._register.rows("SELECT DISTINCT file FROM temp.staged_faults ORDER BY 1")
        ]


def forget(register: Register) -> None:
    """Let go of every row that this connection has laid out: an import that was previewed is begun again."""
    names = register.rows("SELECT name FROM temp.sqlite_master WHERE type = 'table' AND name LIKE 'staged%'")
    for (name,) in names:
        register.change(f"DELETE FROM temp.{name}")  # noqa: S608 - a table of ours


def kept_problem(problem: Problem) -> tuple[str | int, ...]:
    """A problem field by field, as tables keep it; `problem_kept` gives it back."""
    at = problem.place
    place = (at.file, at.row, at.column, marked(at.subject))
    return (problem.code, *place, problem.owner, *map(marked, (problem.what, problem.fix, problem.why)))


def problem_kept(fields: Sequence[Any]) -> Problem:
    """The problem whose fields were kept."""
    code, file, row, column, about, owner, what, fix, why = fields
    return Problem(code, Place(file, row, column, about), owner, what, fix, why)


def packed(cells: Mapping[str, str]) -> bytes:
    """Cells as a list of heading, text, heading, text: headings are no field names of the JSON subset."""
    return strict_json.encode([_bare(part) for pair in cells.items() for part in pair])


def unpacked(cells: bytes) -> dict[str, str]:
    """The cells again."""
    listed = strict_json.decode(cells, _CAP)
    return dict(zip(listed[::2], listed[1::2], strict=True))


def _bare(text: str) -> str:
    # Half characters cannot be kept; the fault that names them is.
    return text.encode("utf-8", "replace").decode()


def _row(found: tuple[object, ...]) -> StagedRow:
    number, file, place_file, place_row, line, cells, body, email = found
    return StagedRow(
        int(str(number)),
        str(file),
        Place(str(place_file), int(str(place_row))),
        int(str(line)),
        unpacked(cells) if isinstance(cells, bytes) else {},
        Claim.of(strict_json.decode(body, _CAP)) if isinstance(body, bytes) else None,
        str(email) if email else None,
    )
