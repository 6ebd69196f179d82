"""Killed anywhere in the night, nothing is lost or doubled, from the claim file to the learners' mail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.needs("strace")
@pytest.mark.slow
def test_a_night_killed_at_some_writes_is_finished_by_the_next(tmp_path: Path) -> None:
    """A dozen of them here; `python -m tests.flow.night.night_killing FOLDER` tries each one."""
    command = [sys.executable, "-m", "tests.flow.night.night_killing", str(tmp_path), "7", "150"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "first night: killed at" in done.stdout
    assert "second night: killed at" in done.stdout
    assert "night over SMTP: killed at" in done.stdout
