"""The unit tests of the portal's JavaScript, by `node:test`, over the scripts as they are published."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SLOW = {"verifying.test.mjs"}  # flips thousands of bits


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.name, marks=[pytest.mark.slow] if path.name in SLOW else [])
        for path in sorted(HERE.glob("*.test.mjs"))
    ],
)
def test_node(name: str, node_path: str, script_folder: Path) -> None:
    run = subprocess.run(
        [node_path, "--test-reporter=spec", HERE / name],
        env={"CERTPORTAL_SCRIPTS": str(script_folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    passed = re.search(r"^ℹ pass ([1-9]\d*)$", run.stdout, re.MULTILINE)
    assert passed, "no test ran: " + run.stdout
