"""Python's garbage collector, paused while much is made that stays.

It would look for garbage in what was just read, again and again: a quarter to a half of the time to open a record.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Pause:
    """How many ask for quiet, and whether the collector ran before the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asking = 0
        self._ran = False

    def begin(self) -> None:
        with self._lock:
            if not self._asking:
                self._ran = gc.isenabled()
                gc.disable()
            self._asking += 1

    def end(self) -> None:
        with self._lock:
            self._asking -= 1
            if not self._asking and self._ran:
                gc.enable()


_pause = _Pause()


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector until the last of all threads that are in here has left, if it ran before."""
    _pause.begin()
    try:
        yield
    finally:
        _pause.end()
