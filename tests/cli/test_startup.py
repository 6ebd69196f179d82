"""What every command loads: libraries of a third of a second each wait until somebody draws or builds."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("library", ["fpdf"])
def test_a_command_that_draws_nothing_does_not_load(library: str) -> None:
    script = f"import sys, generator.cli.main; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
