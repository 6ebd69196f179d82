"""What is wrong with one row of a sheet, collected cell by cell (docs/import.md)."""

from __future__ import annotations

from dataclasses import replace

from generator.errors import Code, Malformed, Owner, Place, Problem, Refused
from generator.model.claim import Claim
from generator.model.delivery import Address
from generator.model.value import Value
from generator.sheets import written_day
from generator.sheets.codes import CLAIM_DATES, CLAIM_EMAIL, CLAIM_FIELD, IMPORT_DATE, SHEET_YEAR
from generator.sheets.sources_file import Source

_NOTHING = frozenset(("", "n/a", "na", "n.a.", "-", "\u2013", "\u2014", "none", "nil", "not applicable"))


class _Contact(Value):
    email: Address


def learner_address(cell: object, place: Place) -> str | None:
    """A learner's e-mail address, or None for an empty cell. Raises `Refused`."""
    if not cell:
        return None
    found, _ = _Contact.tried({"email": cell})
    if found is None:
        fix = "correct the address, or empty the cell"
        raise Refused(CLAIM_EMAIL.at(place.within("email"), "is no e-mail address", fix))
    return found.email


def is_nothing(cell: str) -> bool:
    """Whether a cell says that there is nothing to say: empty, N/A, a dash."""
    return cell.casefold() in _NOTHING


class RowFaults:
    """Collects what is wrong with one row, column by column."""

    def __init__(self, place: Place, source: Source, problems: list[Problem]) -> None:
        self.place = place
        self.problems = problems
        self._source = source

    def add(self, code: Code, column: str, what: str, fix: str, owner: Owner | None = None) -> None:
        """One more, at a column."""
        self.problems.append(code.at(self.place.within(column), what, fix, owner=owner))

    def day(self, text: str, column: str) -> str | None:
        """A day as YYYY-MM-DD; None where there is none, or none that can be told."""
        if is_nothing(text):
            return None
        try:
            return written_day.read(text, written_day.order(self._source.dates))
        except written_day.Ambiguous as error:
            fix = "say whether days or months come first: `--dates day_first`, or `dates:` in sources.yaml"
            self.add(IMPORT_DATE, column, str(error), fix)
        except Malformed as error:
            self.add(CLAIM_DATES, column, str(error), "correct the date")
        return None

    def email(self, cell: str) -> str | None:
        """Where the learner is reached; None where nobody says."""
        try:
            return learner_address(cell, self.place)
        except Refused as refused:
            self.problems += (
                replace(one, place=self.place.within("Email address")) for one in refused.problems
            )
        return None

    def window(self, day: str | None, column: str) -> None:
        """The sheet of another year is noticed where the source says which days are this year's."""
        first, last = self._source.completed_from, self._source.completed_until
        if day and ((first and day < first) or (last and day > last)):
            what = f"{day} is not between {first or 'the beginning'} and {last or 'today'}"
            fix = "check that it is this year's sheet, or correct the date"
            self.add(SHEET_YEAR, column, what, fix)

    def claim(self, fields: dict[str, object]) -> Claim | None:
        """The claim of these fields, if it can be told; what is wrong with them is added."""
        known = {problem.place.column for problem in self.problems}
        claim, faults = Claim.tried(fields)
        for path, what in faults:
            column = _COLUMNS.get(path, path)
            # The cell's own fault says more than that there is no value.
            if not {path, column, "Course complete"} & known or path not in ("completed_on", "learner_name"):
                said = "is empty" if fields.get(path, path) in (None, "") else what
                self.add(CLAIM_FIELD, column, said, "correct the cell")
        return claim


_COLUMNS = {"completed_on": "Completed on", "kind": "Claim", "grade": "Overall grade"}
