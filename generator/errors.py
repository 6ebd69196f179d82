"""What went wrong, in the words of an exams officer: where, what, why and how to fix it.

Every refusal of this project is one exception that carries all problems found, never the
first one only. Codecs, which do not know files or people, raise `Malformed` instead; the room
that knows the place turns it into a `Problem`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault that a person can act on. `where` is a file with line, a row, or a subject."""

    code: str
    where: str
    what: str
    fix: str
    why: str = ""

    def __str__(self) -> str:
        because = f" ({self.why})" if self.why else ""
        return f"{self.where}: {self.code}: {self.what}{because} / fix: {self.fix}"


class Malformed(ValueError):
    """Bytes or values that are not of the format they claim to be (a codec's refusal)."""


class Refused(Exception):
    """Nothing was done, because of these problems. `exit_code` is for the shell."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Misused(Refused):
    """The command was called with words or settings that cannot mean anything."""

    exit_code = 2


class Held(Refused):
    """Claims that cannot be certified now; they are kept and looked at again."""

    exit_code = 3


class Busy(Refused):
    """Another run holds the workspace; EX_TEMPFAIL tells a timer to try again."""

    exit_code = 75
