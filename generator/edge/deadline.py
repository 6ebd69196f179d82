"""How long another machine may keep us waiting, from the first question to the last byte.

A time-out of a socket begins anew with each byte, so a host that drips is never late. Here the whole act is
done by a thread that is left behind when its time is over; it ends with its own socket, or with the program.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

Answer = TypeVar("Answer")

LOOK_SECONDS = 20.0  # for a question whose answer is small
_BYTES_A_SECOND = 20_000  # slower than any line over which a site is kept


def sending(size: int, seconds: float = LOOK_SECONDS) -> float:
    """How many seconds so many bytes may take to leave."""
    return seconds + size / _BYTES_A_SECOND


def within(seconds: float, act: Callable[[], Answer]) -> Answer:
    """What `act` gives or raises. Raises `TimeoutError` where it has not ended by then."""
    ended: SimpleQueue[Callable[[], Answer]] = SimpleQueue()

    def run() -> None:
        try:
            found = act()
        except BaseException as error:
            fault = error

            def again() -> Answer:
                raise fault

            ended.put(again)
        else:
            ended.put(lambda: found)

    threading.Thread(target=run, daemon=True).start()
    try:
        answer = ended.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no end within {seconds:g} seconds") from None
    return answer()
