"""Every alarm has its line in the operations page, and every line its alarm."""

from __future__ import annotations

import re
from pathlib import Path

from generator.flow.night import night_run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "site_src/docs/operations.md").read_text("utf-8")
# Modules whose problems reach the report as alarms; what claims and approvals hold is in controls.md.
ROOMS = (
    "edge/browser",
    "edge/mail",
    "edge/store/folder",
    "edge/store/rsync",
    "edge/store/s3",
    "flow/importing/drop_folder",
    "flow/mailing/notifications",
    "flow/mailing/delivery",
    "flow/mailing/letters",
    "flow/night/backup",
    "flow/night/night_run",
    "flow/night/readiness",
    "flow/night/morning_report",
    "flow/night/round_trip",
    "flow/publishing/deployment",
    "flow/shared/rollback_guard",
    "flow/publishing/live_check",
    "flow/publishing/rollback",
    "render/letters",
)
# A code is raised where it is, or stands in a table of what is raised.
_CODE = re.compile(r'"([A-Z]+(?:-[A-Z0-9]+)+)"|\b([A-Z]+(?:_[A-Z0-9]+)+)(?:\.at\(|,$)', re.MULTILINE)
ELSEWHERE = {
    "AUDIT",
    "BROWSER",
    "FRESHNESS",
    "DISK-FULL",
    "EVENT-CHAIN",
    "KEYS-PASSPHRASE",
    "PDF-UNREADABLE",
    "REGISTER-DISK",
}


def described() -> set[str]:
    return set(re.findall(r"^\| ([A-Z0-9-]{4,}) \|", PAGE, re.MULTILINE))


def test_every_alarm_is_described_and_nothing_else() -> None:
    raised = {
        code
        for room in ROOMS
        for written, constant in _CODE.findall((ROOT / f"generator/{room}.py").read_text("utf-8"))
        if (code := written or constant.replace("_", "-")) not in ("UTF-8", "US-ASCII")
    }
    assert described() == raised | ELSEWHERE


def test_every_step_is_described() -> None:
    for name in (*night_run.STEP_NAMES, "report"):
        assert f"| `{name}` |" in PAGE
