"""Words on the command line that cannot mean anything: a code, a fix, exit code 2, and nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import workshop
from tests.cli.terminal import Terminal

ASKED: dict[str, tuple[str, ...]] = {
    "APPROVE-WHO": ("approve",),
    "APPROVE-DECISION": ("approve", "--all", "--as", "h.adeyemi", "--role", "x", "--decision", "perhaps"),
    "CASE-KIND": ("case", "open", "NW-26-000001", "--kind", "odd", "--because", "why", "--as", "h.adeyemi"),
    "DELIVER-ARCHIVE": ("deliver", "--archive", "odd"),
    "ERASE-WHAT": ("erase",),
    "IMPORT-DATES": ("import", "--dates", "odd"),
    "IMPORT-ENCODING": ("import", "--encoding", "odd"),
    "IMPORT-PROPOSE": ("import", "--propose"),
    "NIGHTLY-STEP": ("nightly", "--skip", "odd"),
    "RECEIVED-EVENT": ("received", "sheet", "--event", "odd", "--out", "handovers.csv"),
    "REISSUE-FIELD": (
        *("reissue", "open", "NW-26-000001", "--because", "a", "--effect", "b", "--mitigation", "c"),
        *("--as", "h.adeyemi", "--completed-on", "x", "--signatory", "nobody"),
    ),
    "RENEW-RESULT": (
        "renew",
        "NW-26-000001",
        "--completed-on",
        "2026-07-01",
        "--result",
        "U=P",
        "--result",
        "U=M",
    ),
    "REVIEW-WHO": ("review", "--check", "x"),
    "SCHEDULE-KIND": ("schedule", "odd"),
    "SCHEDULE-TIME": ("schedule", "cron", "--at", "noon"),
    "DEPLOY-NAME": ("deploy", "odd"),
}


@pytest.mark.parametrize("code", ASKED)
def test_a_word_that_means_nothing(code: str, place: Path, certportal: Terminal) -> None:
    before = workshop.tree(place, "certificates", "public", "keys")
    answer = certportal(*ASKED[code], "-w", place)
    assert f" {code}: " in answer.err
    assert answer.code == 2
    assert workshop.tree(place, "certificates", "public", "keys") == before
