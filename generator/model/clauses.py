"""The ten objectives by which a centre's quality is reviewed, and which evidence belongs to each.

The one place of this mapping; docs/policies.md shows it. The words are ours. A line of the evidence
register belongs to the clauses that it names; one that names none belongs to the clause of its kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.model.quality_records import EvidenceItem

_NAMED = re.compile(r"QO\s?\.?\s?([1-9][0-9]?)(?:\.[0-9]{1,2})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """An objective: its number, what it is about, the kinds of evidence that belong to it by themselves."""

    number: int
    title: str
    kinds: tuple[str, ...] = ()
    beyond: str = ""

    @property
    def code(self) -> str:
        """`QO.3`."""
        return f"QO.{self.number}"


_TEACHING = "teaching: evidence is kept of it and nothing more"
CLAUSES: tuple[Clause, ...] = (
    Clause(
        1,
        "How the centre is run: approvals, agreements, policies, risks, employers",
        (
            *("centre_approval", "agreement", "third_party", "risk", "policy", "declaration"),
            "employer_engagement",
        ),
        "QO.1.4 is teaching: evidence is kept of it and nothing more",
    ),
    Clause(2, "Who does what: roles, accreditation, interests declared", ("conflict_of_interest",)),
    Clause(3, "Registering learners and claiming their certificates"),
    Clause(
        4, "Looking back every year: feedback, actions, what became of them", ("feedback", "essential_action")
    ),
    Clause(5, "Records: what is kept, how long, how it is found again", ("decision", "enquiry")),
    Clause(6, "Enrolling and inducting learners", beyond=_TEACHING),
    Clause(7, "Supporting learners on their programme", beyond=_TEACHING),
    Clause(8, "Planning and managing assessment"),
    Clause(9, "Standards of assessment: internal verification, samples, standardisation"),
    Clause(
        10,
        "Safeguards: malpractice, appeals, adverse effects, special consideration",
        ("adverse_effect", "allegation", "malpractice", "appeal"),
    ),
)
_BY_NUMBER = {clause.number: clause for clause in CLAUSES}


def clauses_of(line: EvidenceItem) -> tuple[Clause, ...]:
    """The clauses to which a line belongs; none where it names others only, or is of no clause's kind."""
    if not line.clauses:
        return tuple(clause for clause in CLAUSES if line.what in clause.kinds)
    named = {clause_of(text) for text in line.clauses}
    return tuple(clause for clause in CLAUSES if clause in named)


def clause_of(text: str) -> Clause | None:
    """The clause that a text names: `QO.3`, `QO.3.2`, `qo 3`; None where it names none of the ten."""
    match = _NAMED.fullmatch(text)
    return _BY_NUMBER.get(int(match[1])) if match else None
