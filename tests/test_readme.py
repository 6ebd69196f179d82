"""The README stays true: its commands run in a copy of the sample, its links and pictures are there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import workshop
from tests.cli.terminal import passphrases

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GUIDES = sorted((ROOT / "site_src/docs").glob("*.md"))


def commands(text: str) -> list[str]:
    """Every line of every shell block, comments taken off."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def links(text: str) -> list[str]:
    return [target for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in target]


def test_it_opens_with_the_two_commands() -> None:
    assert commands(README)[:2] == ["make demo", "make test"]
    assert README.index("make test") < 200


def test_every_make_target_it_names_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = re.findall(r"`make ([a-z]+)`", README) + re.findall(r"^make ([a-z]+)", README, re.MULTILINE)
    assert {"demo", "test", "serve"} <= set(named)
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", [ROOT / "README.md", *GUIDES], ids=lambda path: path.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in links(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.slow
def test_its_commands_work_as_they_stand(tmp_path: Path) -> None:
    place = workshop.sample(tmp_path / "checkout")
    env = {**os.environ, **passphrases(), "NO_COLOR": "1"}
    run = [sys.executable, "-m", "generator.cli.main"]
    subprocess.run([*run, "demo"], cwd=place, env=env, check=True, capture_output=True)
    ours = [line for line in commands(README) if line.startswith("certportal ")]
    assert len(ours) >= 10
    this_year = str(datetime.now(UTC).year)
    for line in ours:
        dated = line.replace("issued/2026/NW-26", f"issued/{this_year}/NW-{this_year[2:]}")
        words = shlex.split(dated)[1:]
        done = subprocess.run([*run, *words], cwd=place, env=env, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
