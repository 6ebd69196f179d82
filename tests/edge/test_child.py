"""What is started here sees no secret of ours, and ends when its time is over, with all that it started."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.edge import child
from generator.edge.workers import run_in_processes

SECRET = "sample-root-passphrase"
SHOW = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTPORTAL_PASSPHRASE_ROOT", SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")


@pytest.mark.usefixtures("secrets")
def test_a_program_gets_what_it_needs_and_no_secret() -> None:
    seen = json.loads(child.run([sys.executable, "-c", SHOW]).output)
    assert "PATH" in seen
    assert seen.keys() & {"CERTPORTAL_PASSPHRASE_ROOT", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK"} == set()
    assert SECRET not in seen.values()
    more = json.loads(child.run([sys.executable, "-c", SHOW], needs=("SSH_AUTH_SOCK",)).output)
    assert more.keys() - seen.keys() == {"SSH_AUTH_SOCK"}


def test_what_is_given_comes_to_it_and_what_it_says_comes_back() -> None:
    script = "import sys; print(sys.stdin.read().upper()); print('bad', file=sys.stderr); sys.exit(3)"
    assert child.run([sys.executable, "-c", script], given=b"text") == child.Ended(3, b"TEXT\n", b"bad\n")


def test_a_child_that_does_not_end_is_ended_with_its_own_children(tmp_path: Path) -> None:
    """What it started holds its output open: waiting for that would hang."""
    note = tmp_path / "grandchild"
    program = f"sleep 600 & echo $! > {note}; sleep 600"
    with pytest.raises(child.TooLong):
        child.run(["/bin/sh", "-c", program], seconds=0.5)
    assert gone(int(note.read_text()))


def gone(process: int) -> bool:
    """Whether a process has ended; it may take a moment."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{process}/stat").read_text().split()[2]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def environment() -> Callable[[int], dict[str, str]]:
    return lambda _job: dict(os.environ)


@pytest.mark.slow
@pytest.mark.usefixtures("secrets")
def test_processes_that_share_the_work_inherit_no_passphrase() -> None:
    seen = dict(run_in_processes(environment, range(20), 2, fewest=2))
    assert len(seen) == 20
    for found in seen.values():
        assert "PATH" in found
        assert SECRET not in found.values()
    assert os.environ["CERTPORTAL_PASSPHRASE_ROOT"] == SECRET, "we keep it ourselves"


@pytest.mark.usefixtures("secrets")
def test_our_own_environment_comes_back_whatever_happens() -> None:
    before = dict(os.environ)
    seen: dict[str, str] = {}

    def interrupted() -> None:
        with child.bare():
            seen.update(os.environ)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert SECRET not in seen.values()
    assert dict(os.environ) == before
