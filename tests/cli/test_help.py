"""The command line as a newcomer meets it: help that can be read, and no wrong word without an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from generator.cli.main import app
from tests.cli.terminal import Terminal


def verbs(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command, `keys init` as two words."""
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name)
        yield from verbs(command, (*path, name))


ROOT = Path(__file__).resolve().parents[2]
COMMAND: Any = typer.main.get_command(app)
VERBS = sorted(verbs(COMMAND))
NAMED = re.compile(r"`certportal ([a-z]+)(?: ([a-z]+))?\b")
NO_COMMANDS = {("test", "key")}  # the seeds of the keys in the specification's examples


def command_of(words: tuple[str, ...]) -> Any:
    found = COMMAND
    for word in words:
        found = found.commands[word]
    return found


@pytest.mark.parametrize("words", [(), *VERBS], ids=" ".join)
def test_help_says_what_it_does_and_what_each_option_means(
    words: tuple[str, ...], certportal: Terminal
) -> None:
    answer = certportal(*words, "--help")
    assert answer.code == 0
    assert answer.err == ""
    assert max(map(len, answer.out.splitlines())) <= 80
    # In a list of commands, each is said in full.
    assert not [row for row in answer.out.splitlines() if row.startswith("  ") and row.endswith("...")]
    for option in command_of(words).params:
        assert option.name == "help" or getattr(option, "help", None), option.name


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_an_unknown_option_is_a_misuse(words: tuple[str, ...], certportal: Terminal) -> None:
    answer = certportal(*words, "--nonsense")
    assert answer.code == 2
    assert "No such option: --nonsense" in answer.err
    assert "Traceback" not in answer.said


@pytest.mark.parametrize("folder", ["generator/**/*.py", "site_src/docs/*.md", "site_src/pages/*.md", "*.md"])
def test_a_command_that_a_message_or_a_page_names_is_one(folder: str) -> None:
    groups = {words[0] for words in VERBS if len(words) == 2}
    named = {
        (verb, second) if verb in groups and second else (verb,)
        for path in ROOT.glob(folder)
        for verb, second in NAMED.findall(path.read_text("utf-8"))
        if (verb, second) not in NO_COMMANDS
    }
    assert named - set(VERBS) == set()


def test_without_words_the_verbs_are_listed(certportal: Terminal) -> None:
    answer = certportal()
    for verb in ("import", "approve", "issue", "publish", "verify"):
        assert f"  {verb} " in answer.said


@pytest.mark.parametrize(
    ("words", "now"),
    [
        (("deliver", "--bundle"), "--archive"),
        (("import", "--learn", "--nonsense"), "--nonsense"),
        (("publish", "--afresh", "--nonsense"), "--nonsense"),
        (("replace", "ask"), "CERTIFICATE"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else words,
)
def test_earlier_names_still_work_and_are_not_listed(
    words: tuple[str, ...], now: str, certportal: Terminal
) -> None:
    answer = certportal(*words)
    assert answer.code == 2
    assert now in answer.err, answer.err
    assert f"No such option: {words[1]}" not in answer.err, answer.err
    listed = certportal(words[0], "--help").out
    assert f" {words[1]} " not in listed, listed
