"""House rule: nothing is imported that another platform does not have."""

import pytest

from tests.house import unguarded_imports
from tests.test_house import GENERATOR

# The standard library's modules that Linux, macOS and Windows do not all have.
NOT_EVERYWHERE = frozenset(
    "curses fcntl grp msvcrt posix pty pwd readline resource syslog termios tty winreg winsound".split()
)


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
