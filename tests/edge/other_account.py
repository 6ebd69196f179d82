"""Files of somebody else: what this account may not read or write, also where tests run as root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def forbidden(path: Path, mode: int) -> Iterator[None]:
    """A file or folder has this mode, and whoever runs the test is not root meanwhile."""
    before = path.stat().st_mode & 0o777
    path.chmod(mode)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        path.chmod(before)
