"""Rows that an import could not take: kept with their cells, until a corrected sheet replaces them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.crypto.cipher import mac
from generator.edge.register.database import Register
from generator.edge.register.staging import kept_problem, packed, problem_kept, unpacked
from generator.errors import Problem
from generator.formats import strict_json
from generator.model.claim import Claim
from generator.model.value import Instant

_CAP = 4_000_000
_Row = tuple[int, bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row as it was read, and why it was not taken."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: tuple[Problem, ...]
    held_at: str


class HeldRows:
    """Held rows by file. Claims that arrive by another file release theirs too."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._secret = register.secret()

    def clear(self, file: str) -> int:
        """Let go of a file's rows, because the file was read again; how many there were."""
        return self._register.change("DELETE FROM held_rows WHERE file = ?", file)

    def release(self, claims: Iterable[Claim]) -> int:
        """Let go of the rows whose claims were taken from elsewhere; how many there were."""
        return sum(
            self._register.change("DELETE FROM held_rows WHERE subject = ?", self.subject(claim))
            for claim in claims
        )

    def since(self, file: str) -> dict[_Row, str]:
        """A file's rows, by line, cells and subject: since when each is held. Words of a fault may change."""
        sql = "SELECT line, cells, subject, held_at FROM held_rows WHERE file = ?"
        return {(line, cells, subject): at for line, cells, subject, at in self._register.rows(sql, file)}

    def hold(
        self,
        at: Instant,
        file: str,
        line: int,
        cells: Mapping[str, str],
        faults: Iterable[Problem],
        claim: Claim | None,
        since: Mapping[_Row, str] | None = None,
    ) -> bool:
        """Keep a row; whether it was held before as it is (`since`), and so keeps its day."""
        listed = [list(kept_problem(fault)) for fault in faults]
        kept, subject = packed(cells), self.subject(claim) if claim else None
        before = (since or {}).get((line, kept, subject))
        self._register.change(
            "INSERT INTO held_rows (file, line, subject, cells, faults, held_at) VALUES (?, ?, ?, ?, ?, ?)",
            file,
            line,
            subject,
            kept,
            strict_json.encode(listed),
            before or at,
        )
        return before is not None

    def count(self) -> int:
        """How many rows are held."""
        return int(self._register.rows("SELECT count(*) FROM held_rows")[0][0])

    def all(self) -> Iterator[HeldRow]:
        """Every held row, by file and line."""
        sql = "SELECT file, line, cells, faults, held_at FROM held_rows ORDER BY file, line, id"
        for file, line, cells, faults, held_at in self._register.each(sql):
            listed = strict_json.decode(faults, _CAP)
            problems = tuple(map(problem_kept, listed))
            yield HeldRow(file, line, unpacked(cells), problems, held_at)

    def forget(self, tells: Callable[[HeldRow], bool]) -> int:
        """Let go of the rows that tell of somebody; how many."""
        ranks = self._register.rows("SELECT id FROM held_rows ORDER BY file, line, id")
        gone = [rank for (rank,), row in zip(ranks, self.all(), strict=True) if tells(row)]
        return sum(self._register.change("DELETE FROM held_rows WHERE id = ?", rank) for rank in gone)

    def subject(self, claim: Claim) -> bytes:
        """Whose claim of which programme, without saying so."""
        return mac(self._secret, b"held-row\0" + strict_json.encode(list(claim.identity())))


class Answers:
    """What the office answered to questions of spelling; remembered, so that nobody is asked twice."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._secret = register.secret()

    def question(self, *parts: str) -> str:
        """A question's short name (12 hex digits), the same whenever it is asked."""
        return mac(self._secret, b"import-question\0" + strict_json.encode(list(parts))).hex()[:12]

    def known(self) -> dict[str, str]:
        """Every answer by its question."""
        return dict(self._register.rows("SELECT question, answer FROM import_answers"))

    def keep(self, at: Instant, answers: Mapping[str, str]) -> None:
        """Remember answers; a later one replaces an earlier."""
        self._register.change_many(
            "INSERT INTO import_answers VALUES (?, ?, ?)"
            " ON CONFLICT (question) DO UPDATE SET answer = excluded.answer,"
            " answered_at = excluded.answered_at",
            [(question, answer, at) for question, answer in answers.items()],
        )
