"""House rules: no fault is swallowed, and nothing is imported that another platform does not have."""

import pytest

from tests.house import broad_excepts, unguarded_imports
from tests.test_house import GENERATOR, PYTHON

# Where any fault at all is caught, once in each, and why.
LAST_RESORTS = {
    "generator/cli/main.py": "ends a fault of the program in one calm line, and reports it",
    "generator/edge/deadline.py": "swallows none: what a thread met is raised again where it is waited for",
    "tests/mutation/trial.py": "a mutant may raise anything while it is imported",
}

# The standard library's modules that Linux, macOS and Windows do not all have.
NOT_EVERYWHERE = frozenset(
    "curses fcntl grp msvcrt posix pty pwd readline resource syslog termios tty winreg winsound".split()
)


@pytest.mark.slow
def test_only_the_command_line_catches_every_fault() -> None:
    found = broad_excepts(PYTHON)
    assert [fault for fault in found if fault.split(":")[0] not in LAST_RESORTS] == []
    assert len(found) == len(LAST_RESORTS), found
    assert len(broad_excepts(GENERATOR)) == 2, found


@pytest.mark.parametrize(
    "sample",
    [
        "try:\n    f()\nexcept:\n    pass",
        "try:\n    f()\nexcept Exception as error:\n    raise",
        "try:\n    f()\nexcept (OSError, BaseException):\n    pass",
        "import builtins\ntry:\n    f()\nexcept builtins.Exception:\n    pass",
        "import contextlib\nwith contextlib.suppress(Exception):\n    f()",
        "from contextlib import suppress\nwith suppress(ValueError, BaseException):\n    f()",
    ],
)
def test_a_broad_except_is_caught(sample: str) -> None:
    assert len(broad_excepts({"generator/flow/night.py": sample})) == 1


@pytest.mark.slow
def test_what_not_every_platform_has_is_imported_only_there() -> None:
    assert unguarded_imports(GENERATOR, NOT_EVERYWHERE) == []


@pytest.mark.parametrize(
    "sample",
    [
        "import fcntl",
        "def f():\n    from termios import tcgetattr",
        "import sys\nif sys.argv:\n    import pwd",
        "import sys\nif sys.platform == 'linux':\n    pass\nimport resource",
    ],
)
def test_an_import_of_one_platform_is_caught(sample: str) -> None:
    assert unguarded_imports({"generator/edge/disk.py": sample}, NOT_EVERYWHERE)


def test_an_import_for_one_platform_is_allowed_there() -> None:
    sample = "import sys\nif sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl"
    assert unguarded_imports({"generator/edge/lock.py": sample}, NOT_EVERYWHERE) == []
