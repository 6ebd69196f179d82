"""Who must act: whom the fix names, else the role of the code, else the administrator."""

from __future__ import annotations

import pytest

from generator.errors import Problem
from generator.rules.acting import who_acts

TODAY, ADDRESS = "2026-11-22", "office@northfield.example"


@pytest.mark.parametrize(
    ("code", "what", "fix", "who"),
    [
        ("CLAIM-WINDOW", "late", "quality nominee: report the late claim", "the quality nominee"),
        ("CLAIM-WINDOW", "late", "report the late claim", "the exams officer"),
        ("CLAIM-WINDOW", "late", "the sheet: correct it", "the exams officer"),
        ("APPROVAL-CHAIN", "altered", "administrator: restore the register", f"the administrator ({ADDRESS})"),
        ("APPROVAL-MISSING", "waits for lead internal verifier and quality nominee", "quality nominee: approve",
         "the lead internal verifier; the quality nominee"),
        ("DISK-FULL", "full", "free some space", f"the administrator ({ADDRESS})"),
    ],
)  # fmt: skip
def test_who_acts(code: str, what: str, fix: str, who: str) -> None:
    assert who_acts(Problem(code, "here", what, fix), None, TODAY, ADDRESS) == who
