"""Writers of a SQLite file -> one after the other, also those of other processes.

SQLite lets a writer that finds the file locked sleep and try again: with many of them one process starves the other.
Here they wait in line.
"""

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ModuleNotFoundError:  # Windows: the processes take their chances, the threads still queue
    _LOCKS = False
else:
    _LOCKS = True


class Turns:
    """Turns at one file.

    Args:
        file: the database; beside it lies an empty file that is locked.
    """

    def __init__(self, file: Path) -> None:
        self._threads = threading.Lock()
        self._line: int | None = None
        if _LOCKS:
            beside = file.with_name(f"{file.name}.turn")
            self._line = os.open(beside, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            weakref.finalize(self, os.close, self._line)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it."""
        with self._threads:
            if self._line is None:
                yield
                return
            fcntl.flock(self._line, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._line, fcntl.LOCK_UN)
