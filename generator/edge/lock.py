"""An exclusive lock on an open file: `flock`, or on Windows, which has none, a locked byte."""

from __future__ import annotations

import errno
import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    _HELD_BY_ANOTHER = (errno.EACCES, errno.EDEADLK)

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    _HELD_BY_ANOTHER = (errno.EAGAIN, errno.EACCES)

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def acquire(file: IO[bytes]) -> bool:
    """Whether the lock was free and is now held, until the file is closed. Does not wait.

    Raises `OSError` where the file system has no locks. The position must be the same for everyone
    who locks: on Windows the byte there is what is locked.
    """
    try:
        _lock(file.fileno())
    except OSError as error:
        if error.errno not in _HELD_BY_ANOTHER:
            raise
        return False
    return True
