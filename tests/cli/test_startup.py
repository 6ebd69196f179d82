"""What a command loads: the list of commands nothing, a command its own module, and no more than it needs."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import typer

from generator.cli.commands import VERBS
from generator.cli.main import app

COMMAND: Any = typer.main.get_command(app)


def loaded(script: str) -> set[str]:
    """The modules that are there after a script."""
    whole = f"import sys\n{script}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", whole], check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.slow
def test_the_list_of_verbs_loads_no_room() -> None:
    there = loaded(
        "from generator.cli.main import app\nfrom typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0"
    )
    assert not [name for name in there if name.startswith(("generator.flow", "generator.model", "pydantic"))]


@pytest.mark.slow
def test_a_verb_loads_its_own_room() -> None:
    there = loaded(
        "from generator.cli.main import app\nimport typer\ntyper.main.get_command(app).commands['issue']"
    )
    rooms = {room for room, _ in VERBS.values()}
    assert {name.rpartition(".")[2] for name in there if name.startswith("generator.cli.")} & rooms == {
        "claims"
    }


@pytest.mark.slow
@pytest.mark.parametrize("library", ["fpdf", "openpyxl", "numpy", "mkdocs"])
def test_what_every_verb_stands_on_does_without(library: str) -> None:
    assert library not in loaded("import generator.cli.options, generator.cli.terminal")


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_says_of_a_verb_what_it_says_itself(verb: str) -> None:
    command = COMMAND.commands[verb]
    assert command.get_short_help_str(80) == VERBS[verb][1]
    assert command.name == verb
