"""Results as they come -> lines at the end of a results file; a run whose model has gone is stopped."""

from collections.abc import Callable
from pathlib import Path
from typing import IO

from agent.cli.results import add
from evaluation.lines import encoded
from evaluation.result import Result
from tools.calls.errors import SetupError

Progress = Callable[[int, int], None]
"""Hears how many of how many are done."""
STREAK = 20
"""Questions in a row that the model fails alike, before the run is stopped."""


def unwatched(done: int, total: int) -> None:
    """Show nothing."""


class Keeper:
    """Keeps results.

    Args:
        out: the file, for sentences.
        file: the same, opened for adding and without a buffer.
        total: how many results there will be.
        progress: hears how many there are.
    """

    def __init__(self, out: Path, file: IO[bytes], total: int, progress: Progress = unwatched) -> None:
        self.results: list[Result] = []
        self._out, self._file = out, file
        self._total, self._progress = total, progress
        self._trouble, self._streak = "", 0

    def __call__(self, result: Result) -> None:
        """Keep a result.

        Raises:
            SetupError: it cannot be written, or the model has failed too often in a row.
        """
        add(encoded(result), self._file, self._out)
        self.results.append(result)
        self._progress(len(self.results), self._total)
        if result.model_calls:
            self._watch(result.failed or result.fallback)

    def _watch(self, trouble: str) -> None:
        """Count what the model failed in; what was answered or failed without it says nothing about it."""
        self._streak = self._streak + 1 if trouble == self._trouble else 1
        self._trouble = trouble
        if trouble and self._streak >= STREAK:
            raise SetupError(
                f"{STREAK} questions in a row failed alike: {trouble} What was finished is kept: mend it and run the"
                " same command again; what failed is asked again."
            )
