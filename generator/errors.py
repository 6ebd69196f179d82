"""What went wrong, as data: where, what, why, how to fix it, and who must act.

Every refusal of this project is one exception that carries all problems found, never the
first one only. Codecs, which do not know files or people, raise `Malformed` instead; the module
that knows the place turns it into a `Problem`.

A `Code` is registered once, in the `codes` module of the lowest package that raises it, with who
acts on it by default and what it means; docs/codes.md is made from all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from generator.terms import GENERAL, Worded, in_words_of, marked, sentence, spoken

# Who must act: the roles of the office (model/people.py) and those outside the roster.
Owner = Literal[
    "administrator",
    "assessor",
    "exams_officer",
    "instructor",
    "internal_verifier",
    "lead_internal_verifier",
    "learner",
    "programme_leader",
    "quality_nominee",
    "quality_reviewer",
    "registrar",
    "responsible_officer",
    "senior_manager",
    "sender",  # whoever filled in or exported the sheet
    "standards_verifier",
]


@dataclass(frozen=True, slots=True)
class Place(Worded):
    """Where a problem lies: a file, a row of it (counted as a spreadsheet program does, 0: none), a
    column or field by its heading, or a subject in words where there is no file.
    """

    file: str = ""
    row: int = 0
    column: str = ""
    subject: str = ""

    def at(self, row: int) -> Place:
        """The same file, in this row."""
        return replace(self, row=row)

    def within(self, column: str) -> Place:
        """The same row, in this column or field."""
        return replace(self, column=column)

    def __str__(self) -> str:
        """As a person writes it: `claims/l3.csv:17 U3 verifier`."""
        line = f"{self.file}:{self.row}" if self.file and self.row else self.file
        return sentence(" ".join(part for part in (line, marked(self.subject), self.column) if part))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


@dataclass(frozen=True, slots=True)
class Problem(Worded):
    """One fault that a person can act on: `what` is wrong where, `why` it matters, and the `fix`, which
    is the business of `owner`. Sentences are for people; no code reads them back. They may hold marked
    nouns (terms.py).
    """

    code: str
    place: Place
    owner: Owner
    what: str
    fix: str
    why: str = ""

    @property
    def action(self) -> str:
        """The fix, and before it who must act, unless that is whoever runs the program or sent the sheet."""
        if self.owner in ("administrator", "sender"):
            return self.fix
        return sentence(f"{spoken(self.owner)}: {self.fix}")

    @property
    def said(self) -> str:
        """What is wrong, and why that matters."""
        return sentence(f"{self.what} ({self.why})") if self.why else self.what

    def plain(self) -> dict[str, str | int]:
        """As plain data for machines: `where` as a person writes the place, its parts beside it (row 0: no
        row), and the rest field by field. `why` only where there is one.
        """
        at = self.place
        members: dict[str, str | int] = {
            "code": self.code,
            "where": str(at),
            "file": at.file,
            "row": at.row,
            "column": at.column,
            "subject": at.subject,
            "owner": self.owner,
            "what": self.what,
            "fix": self.fix,
        }
        return {**members, "why": self.why} if self.why else members

    def __str__(self) -> str:
        return in_words_of(GENERAL, f"{self.place}: {self.code}: {self.said} / fix: {self.action}")


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem: its name, who acts on it unless whoever raises it says otherwise, what it
    means, and what to do.
    """

    name: str
    owner: Owner
    meaning: str
    remedy: str = ""

    def at(self, place: Place, what: str, fix: str, why: str = "", *, owner: Owner | None = None) -> Problem:
        """A problem of this kind."""
        return Problem(self.name, place, owner or self.owner, what, fix, why)


class Malformed(ValueError):
    """Bytes or values that are not of the format they claim to be (a codec's refusal)."""


class Refused(Exception):
    """Nothing was done, because of these problems. `exit_code` is for the shell."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(Refused):
    """The command was called with words or settings that cannot mean anything."""

    exit_code = 2


class ClaimsOnHold(Refused):
    """Claims that cannot be certified now; they are kept and looked at again."""

    exit_code = 3


class WorkspaceBusy(Refused):
    """Another run holds the workspace; EX_TEMPFAIL tells a timer to try again."""

    exit_code = 75
