"""Every anomaly and every rule of papers has its line in the page, and every line its rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from generator.model.paper import Anomaly, HandoverEvent

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "site_src/docs/received.md").read_text("utf-8")
ROOMS = ("rules/handover", "flow/office/received", "flow/office/handover")


def rows(prefix: str) -> set[str]:
    return set(re.findall(rf"^\| ({prefix}-[A-Z]+) \|", PAGE, re.MULTILINE))


def test_every_anomaly_is_described() -> None:
    assert rows("RECEIVED") == {f"RECEIVED-{name.upper()}" for name in get_args(Anomaly)}


def test_every_rule_is_described() -> None:
    sources = "".join((ROOT / f"generator/{room}.py").read_text("utf-8") for room in ROOMS)
    raised = {name.replace("_", "-") for name in re.findall(r"\bHANDOVER_[A-Z]+\b", sources)}
    assert rows("HANDOVER") == raised


def test_every_event_is_described() -> None:
    for event in get_args(HandoverEvent):
        assert f"| `{event}` |" in PAGE
