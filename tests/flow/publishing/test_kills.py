"""Killed anywhere, nothing is lost or doubled: issue and publish, killed at every write and run again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# Every write is in one share; a run takes the share of its day.
SHARES = 48


def kill_every(folder: Path, first: int, step: int) -> str:
    """The report of `tests.flow.publishing.killing`, in a process of its own because it forks."""
    command = [sys.executable, "-m", "tests.flow.publishing.killing", str(folder), str(first), str(step)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.needs("strace")
@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.parametrize("first", range(SHARES))
def test_a_run_killed_at_any_write_is_finished_by_the_next(first: int, tmp_path: Path) -> None:
    report = kill_every(tmp_path, first, SHARES)
    print(report)
    assert "first night: killed at" in report
    assert "second night: killed at" in report


@pytest.mark.slow
@pytest.mark.needs("strace")
def test_a_run_killed_at_some_writes_is_finished_by_the_next(tmp_path: Path) -> None:
    assert "not survived" not in kill_every(tmp_path, 40, 160)
