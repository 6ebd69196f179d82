"""Who must act: whom the fix names, else the role of the code, else the administrator."""

from __future__ import annotations

import pytest

from generator.errors import problem
from generator.rules.acting import who_acts

TODAY, ADDRESS = "2026-11-22", "office@northfield.example"


LATE, CHAIN, MISSING = "CLAIM-WINDOW", "APPROVAL-CHAIN", "APPROVAL-MISSING"
BOTH = "the lead internal verifier; the quality nominee"
ADMINISTRATOR = f"the administrator ({ADDRESS})"


@pytest.mark.parametrize(
    ("code", "what", "fix", "who"),
    [
        (LATE, "late", "quality nominee: report the late claim", "the quality nominee"),
        (LATE, "late", "report the late claim", "the exams officer"),
        (LATE, "late", "the sheet: correct it", "the exams officer"),
        (CHAIN, "altered", "administrator: restore the register", ADMINISTRATOR),
        (MISSING, "waits for lead internal verifier and quality nominee", "quality nominee: approve", BOTH),
        ("DISK-FULL", "full", "free some space", ADMINISTRATOR),
    ],
)
def test_who_acts(code: str, what: str, fix: str, who: str) -> None:
    assert who_acts(problem(code, "here", what, fix), None, TODAY, ADDRESS) == who
