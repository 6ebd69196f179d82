"""House rules: who may start a program or a process."""

import pytest

from tests.house import forbidden_uses, wrong_doors
from tests.test_house import CHILDREN, DOORS, GENERATOR

# What starts a program with all that stands in our environment, the passphrases among it.
STARTS = (
    *(f"os.{name}" for name in ("system", "popen", "fork", "forkpty", "startfile")),
    *(f"os.{name}" for name in ("posix_spawn", "posix_spawnp", "spawnl", "spawnle", "spawnlp", "spawnlpe")),
    *(f"os.{name}" for name in ("spawnv", "spawnve", "spawnvp", "spawnvpe", "execl", "execle", "execlp")),
    *(f"os.{name}" for name in ("execlpe", "execv", "execve", "execvp", "execvpe")),
    *("pty", "asyncio", "webbrowser"),
)


@pytest.mark.slow
def test_one_module_starts_children() -> None:
    for sample in ("import os\nos.system('ls')", "from os import execv", "import asyncio", "import pty"):
        assert forbidden_uses({"generator/edge/browser.py": sample}, STARTS, ())
    assert wrong_doors({"generator/edge/browser.py": "import subprocess"}, DOORS)
    assert forbidden_uses(GENERATOR, STARTS, (CHILDREN,)) == []
