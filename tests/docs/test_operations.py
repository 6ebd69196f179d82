"""Every alarm has its line in the operations page, and every line its alarm."""

from __future__ import annotations

import ast
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
    "flow/mailing/notifications",
    "flow/mailing/delivery",
    "flow/mailing/letters",
    "flow/mailing/private_links",
    "flow/mailing/returned_mail",
    "flow/night/backup",
    "flow/night/backup_folder",
    "flow/night/night_run",
    "flow/night/readiness",
    "flow/night/morning_report",
    "flow/night/round_trip",
    "flow/publishing/deployment",
    "flow/shared/rollback_guard",
    "flow/publishing/live_check",
    "flow/publishing/publish",
    "render/letters",
)
_CODE = re.compile(r'"([A-Z]+(?:-[A-Z0-9]+)+)"')
ELSEWHERE = {
    "AUDIT",
    "BROWSER",
    "FRESHNESS",
    "DISK-FULL",
    "EVENT-CHAIN",
    "KEYS-PASSPHRASE",
    "PDF-UNREADABLE",
    "PLACE-SHARED",
    "REGISTER-DAMAGED",
    "REGISTER-DISK",
}


def described() -> set[str]:
    return set(re.findall(r"^\| ([A-Z0-9-]{4,}) \|", PAGE, re.MULTILINE))


def raised_in(path: Path) -> set[str]:
    """The codes that a module names: as constants of a `codes` module, or as text."""
    text = path.read_text("utf-8")
    imported = {
        alias.name.replace("_", "-")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".codes")
        for alias in node.names
    }
    return (imported | set(_CODE.findall(text))) - {"UTF-8", "US-ASCII"}


def test_every_alarm_is_described_and_nothing_else() -> None:
    raised = {code for room in ROOMS for code in raised_in(ROOT / f"generator/{room}.py")}
    assert described() == raised | ELSEWHERE


def test_every_step_is_described() -> None:
    for name in (*night_run.STEP_NAMES, "report"):
        assert f"| `{name}` |" in PAGE
