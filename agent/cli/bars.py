"""What was measured -> one table for people, or JSON. A row over its bar is shown like any other."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from agent.cli.printing import print_table, table_of

_HEADINGS = ("what", "measured", "bar", "", "how")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        what: what was measured.
        measured: None if it could not be measured; `how` says why.
        unit: of `measured` and `bar`.
        bar: the most it may be; None for what is only told.
        how: what it was measured on, and what was warm.
    """

    what: str
    measured: float | None
    unit: str
    bar: float | None = None
    how: str = ""

    @property
    def verdict(self) -> str:
        """Return "ok", "over", "not measured", or "" where there is no bar."""
        if self.measured is None:
            return "not measured"
        if self.bar is None:
            return ""
        return "ok" if self.measured <= self.bar else "over"

    def as_json(self) -> dict[str, object]:
        """Return the row for programs."""
        return {
            "what": self.what,
            "measured": None if self.measured is None else round(self.measured, 4),
            "unit": self.unit,
            "bar": self.bar,
            "verdict": self.verdict,
            "how": self.how,
        }


def missed(rows: Sequence[Row]) -> bool:
    """Tell whether a bar is missed, or could not be held against anything."""
    return any(row.verdict == "over" or (row.bar is not None and row.measured is None) for row in rows)


def print_rows(console: Console, machine: str, rows: Sequence[Row]) -> None:
    """Print the machine, then one row a measurement."""
    console.print(machine, markup=False, soft_wrap=True)
    cells = [
        (row.what, _shown(row.measured, row.unit), _shown(row.bar, row.unit), row.verdict, row.how)
        for row in rows
    ]
    print_table(console, table_of(_HEADINGS, cells))


def machine() -> str:
    """Return what the numbers were taken on, and how busy it was."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores{load}, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def quantile(numbers: Sequence[float], share: float) -> float:
    """Return the smallest of the numbers that at least this share of them do not exceed.

    >>> quantile([5, 1, 3, 2, 4], 0.5), quantile([1, 2], 0.95), quantile([7], 0.5)
    (3, 2, 7)

    Raises:
        ValueError: there are no numbers.
    """
    if not numbers:
        raise ValueError("no numbers: expected at least one measurement.")
    ordered = sorted(numbers)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def _shown(number: float | None, unit: str) -> str:
    if number is None:
        return "-"
    digits = 0 if number >= 100 or number == int(number) else (1 if number >= 10 else 2)
    return f"{number:.{digits}f} {unit}".rstrip()
