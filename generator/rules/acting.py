"""Who must act on a problem: a role of the office by the problem's code, and who holds it today."""

from __future__ import annotations

from typing import get_args

from generator.errors import Problem
from generator.model.people import RoleName, Roster

# By the beginning of the code, the longest first; who is not listed is the administrator's business.
_ROLE_OF: tuple[tuple[str, RoleName], ...] = (
    ("APPROVAL-ROLE", "quality_nominee"),
    ("APPROVAL-STANDING", "programme_leader"),
    ("APPROVAL-", "lead_internal_verifier"),
    ("CLAIM-FOUR-EYES", "lead_internal_verifier"),
    ("CLAIM-VERIFIED", "lead_internal_verifier"),
    ("CLAIM-PROGRAMME", "programme_leader"),
    ("CATALOGUE-", "programme_leader"),
    ("PRINT-", "programme_leader"),
    ("CLAIM-", "exams_officer"),
    ("DROP-", "exams_officer"),
    ("LEARNER-", "exams_officer"),
    ("REGISTRATION-", "registrar"),
    ("SHEET-", "exams_officer"),
    ("TABLE-", "exams_officer"),
    ("WORKBOOK-", "exams_officer"),
    ("HOLD-", "exams_officer"),
    ("MAIL-ADDRESS", "exams_officer"),
    ("MAIL-BOUNCED", "exams_officer"),
    ("MAIL-CENTRE", "quality_nominee"),
    ("MAIL-DOUBT", "exams_officer"),
    ("MAIL-FAILED", "exams_officer"),
    ("CENTRE-", "quality_nominee"),
)
_NAMES: tuple[str, ...] = get_args(RoleName)


def who_acts(problem: Problem, roster: Roster | None, day: str, administrator: str) -> str:
    """In words: the people in the role that must act, or the role where nobody holds it.

    `administrator` is the address of whoever runs the program.
    """
    roles = _roles(problem)
    if not roles:
        return f"the administrator ({administrator})"
    return "; ".join(_holders(role, roster, day) for role in roles)


def _roles(problem: Problem) -> list[str]:
    if problem.code in ("APPROVAL-MISSING", "APPROVAL-FOUR-EYES"):
        # It says itself whose approval it waits for.
        named = [role for role in _NAMES if role.replace("_", " ") in problem.what]
        if named:
            return [role for role in named if not any(role != other and role in other for other in named)]
    told, colon, _ = problem.fix.partition(": ")
    if colon and told == "administrator":
        return []
    if colon and told.replace(" ", "_") in _NAMES:
        # The control itself says who mends it.
        return [told.replace(" ", "_")]
    fitting: list[str] = [role for start, role in _ROLE_OF if problem.code.startswith(start)]
    return fitting[:1]


def _holders(role: str, roster: Roster | None, day: str) -> str:
    words = role.replace("_", " ")
    people = [
        person.name
        for person in (roster.people if roster else ())
        for held in person.roles
        if held.role == role and held.start <= day and (held.until is None or day <= held.until)
    ]
    names = ", ".join(dict.fromkeys(people))
    return f"{names} ({words})" if names else f"the {words}"
