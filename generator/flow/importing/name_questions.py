"""Names as registered: other spellings are collected into questions to the office (docs/import.md).

The questions go out as a sheet, one line each, and come back with the answer in the last column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from generator.edge.register.held_rows import Answers
from generator.errors import Place, Problem, Refused
from generator.flow.importing.codes import IMPORT_NAME, NAME_SWAPPED, SHEET_COHORT
from generator.model import uln
from generator.model.claim import Claim
from generator.rules.name_matching import Likeness, folded_reference, likeness, registered_as
from generator.sheets.claim_sheets import ClaimReading
from generator.sheets.codes import IMPORT_ANSWER, LEARNER_ULN
from generator.sheets.grid import Grid, harmless
from generator.sheets.registration_sheet import Registration, Registrations
from generator.terms import REGISTRATION

SAME, DIFFERENT = "same", "different"
_COHORT_ROWS = 6
_ROWS_SHOWN = 5
_COLUMNS = ("Question", "Learner", "In the sheet", "Registered", "Rows", "Answer")
_ANSWERS = {
    "same": SAME,
    "yes": SAME,
    "y": SAME,
    "different": DIFFERENT,
    "no": DIFFERENT,
    "n": DIFFERENT,
}
Kind = Literal["name", "order", "reference"]


@dataclass(frozen=True, slots=True)
class Question:
    """Is the person in the sheet the one who is registered so? `rows` is where it was asked."""

    number: str
    kind: Kind
    learner_ref: str
    in_sheet: str
    registered: str
    rows: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """Brings the claims of one source to the names and references of its registration sheet."""

    answers: Answers
    known: Mapping[str, str]
    registrations: Registrations
    questions: dict[str, Question]
    total: int = 0
    unregistered: int = 0
    _spelt: dict[str, Registration] = field(default_factory=dict)

    def __post_init__(self) -> None:
        twice: set[str] = set()
        for reference, registration in self.registrations.by_reference.items():
            key = folded_reference(reference)
            if key in self._spelt:
                twice.add(key)
            self._spelt[key] = registration
        for key in twice:  # two references that differ in a stroke only mean nobody
            del self._spelt[key]

    def settle(self, reading: ClaimReading, claim: Claim) -> tuple[Claim, list[Problem]]:
        """The claim with the registered spelling where that is known to be meant, and what is wrong."""
        problems = list(reading.problems)
        self.total += 1
        registered = self.registrations.by_reference.get(claim.learner_ref)
        if registered is None:
            self.unregistered += 1
            return self._unregistered(reading, claim, problems)
        problems = [self._number(problem, registered) for problem in problems]
        other = uln.is_good(reading.uln) and uln.is_good(registered.uln) and reading.uln != registered.uln
        if other:
            what = f"{reading.uln} is not the ULN with which {claim.learner_ref} is registered"
            fix = "ask the learner; a ULN is never guessed"
            problems.append(
                LEARNER_ULN.at(
                    reading.place.within("ULN"), what, fix, f"see {registered.place}", owner="learner"
                )
            )
        alike = likeness(claim.learner_name, reading.first, reading.last, registered)
        if alike == "swapped":
            what = f"first and last names are in each other's columns: registered as `{registered.name}`"
            fix = "swap the two cells; if the whole column is so, swap its headings"
            problems.append(NAME_SWAPPED.at(reading.place.within("First names"), what, fix))
            return claim.model_copy(update={"learner_name": registered.name}), problems
        return self._spelling(reading, claim, registered, alike, problems)

    def planned(self, claim: Claim) -> str:
        """When the claim's learner was to finish, as the sheet says; empty where it does not."""
        found = self.registrations.by_reference.get(claim.learner_ref)
        return found.planned if found else ""

    def cohort(self, where: str) -> list[Problem]:
        """Whether most of the sheet's learners are somebody else's."""
        if self.total < _COHORT_ROWS or self.unregistered * 2 <= self.total:
            return []
        what = f"{self.unregistered} of {self.total} learners are not registered for this"
        fix = f"check that it is the sheet of this programme and year, and the right {REGISTRATION} sheet"
        return [SHEET_COHORT.at(Place(where), what, fix)]

    def _spelling(
        self,
        reading: ClaimReading,
        claim: Claim,
        registered: Registration,
        alike: Likeness,
        problems: list[Problem],
    ) -> tuple[Claim, list[Problem]]:
        if alike not in ("spelling", "order"):
            return claim, problems
        kind: Kind = "name" if alike == "spelling" else "order"
        question = self._ask(kind, claim.learner_ref, claim.learner_name, registered.name, reading.place)
        answer = self.known.get(question.number)
        if answer == SAME:
            return claim.model_copy(update={"learner_name": registered.name}), problems
        if answer is None:
            what = f"`{claim.learner_name}` is registered as `{registered.name}`: the same person?"
            fix = f"answer question {question.number}: same or different"
            problems.append(IMPORT_NAME.at(reading.place.within("learner_name"), what, fix))
            # Asked once: the control would say the same of the name again.
            return claim.model_copy(update={"learner_name": registered.name}), problems
        return claim, problems

    def _unregistered(
        self, reading: ClaimReading, claim: Claim, problems: list[Problem]
    ) -> tuple[Claim, list[Problem]]:
        meant = registered_as(claim.learner_ref, reading.uln, self.registrations, self._spelt)
        if meant is None or likeness(claim.learner_name, reading.first, reading.last, meant) not in (
            "same",
            "spelling",
        ):
            return claim, problems
        known_as = f"{claim.learner_ref} {claim.learner_name}"
        registered = f"{meant.learner_ref} {meant.name}"
        question = self._ask("reference", meant.learner_ref, known_as, registered, reading.place)
        answer = self.known.get(question.number)
        if answer == DIFFERENT:
            return claim, problems
        if answer is None:
            what = f"`{known_as}` is not registered; `{registered}` is: the same person?"
            fix = f"answer question {question.number}: same or different"
            problems.append(IMPORT_NAME.at(reading.place.within("learner_ref"), what, fix))
        return claim.model_copy(
            update={"learner_ref": meant.learner_ref, "learner_name": meant.name}
        ), problems

    def _ask(self, kind: Kind, reference: str, in_sheet: str, registered: str, place: Place) -> Question:
        number = self.answers.question(kind, reference, in_sheet, registered)
        asked = self.questions.get(number) or Question(number, kind, reference, in_sheet, registered)
        self.questions[number] = replace(asked, rows=(*asked.rows, str(place)))
        return self.questions[number]

    @staticmethod
    def _number(problem: Problem, registered: Registration) -> Problem:
        if problem.code != LEARNER_ULN.name or not uln.is_good(registered.uln):
            return problem
        return replace(problem, why=f"the {REGISTRATION} of {registered.learner_ref} holds another")


def encode(questions: Iterable[Question]) -> bytes:
    """The sheet to fill in."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in questions:
        asked = (one.number, one.learner_ref, one.in_sheet, one.registered, " ".join(one.rows[:_ROWS_SHOWN]))
        writer.writerow([*(harmless(cell) for cell in asked), ""])
    return out.getvalue().encode("utf-8-sig", "replace")


def decode(grid: Grid) -> dict[str, str]:
    """Answers by question; lines without one are left open. Raises `Refused` for words that are neither."""
    lines = (line for line in grid.walk() if not line.blank)
    head = next(lines, None)
    places = {name: head.cells.index(name) for name in _COLUMNS if head and name in head.cells}
    if head is None or "Question" not in places or "Answer" not in places:
        fix = "fill in the last column of certificates/reports/questions.csv and hand that file back"
        raise Refused(IMPORT_ANSWER.at(grid.place, "is no sheet of questions", fix))
    found: dict[str, str] = {}
    problems = []
    for line in lines:
        number, said = line.cell(places["Question"]), line.cell(places["Answer"]).casefold()
        if not said:
            continue
        if said not in _ANSWERS or found.get(number, _ANSWERS[said]) != _ANSWERS[said]:
            what = f"`{line.cell(places['Answer'])}` is no answer to question {number}, or a second one"
            problems.append(IMPORT_ANSWER.at(grid.place.at(line.number), what, "write same or different"))
        else:
            found[number] = _ANSWERS[said]
    if problems:
        raise Refused(problems)
    return found
