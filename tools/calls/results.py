"""What a call found, with its type, so that another call can build on it.

`when` and `of` of a later call refer to these. Nothing of it is kept with a conversation: it holds the entries.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from tools.entries.entry import Entry
from tools.entries.times import When

Type = Literal["entries", "quantities", "times", "numbers", "truth", "names"]
"""Entries have a span and a status, quantities a value, a unit and a time."""
TIMED: tuple[Type, ...] = ("entries", "quantities", "times")
"""Types of what has a time, so that something can be before or after it."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of the things that a call found.

    Attributes:
        name: as recorded; "" of a bare number or time.
        start: when it began or happened; None if that is not known.
        end: when it ended; None of a moment, of what goes on, and where no end is recorded.
        goes_on: by its status it goes on at the clock.
        number: exact; None of words and of a bound.
        unit: of the number, as recorded.
        references: every resource that holds it.
        entry: what it was read from, if it is an entry.
    """

    name: str = ""
    start: When | None = None
    end: When | None = None
    goes_on: bool = False
    number: Decimal | None = None
    unit: str = ""
    references: tuple[str, ...] = ()
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a call found: items in the order of time, or a truth; neither where nothing was found."""

    type: Type
    items: tuple[Item, ...] = ()
    truth: bool | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to build on."""
        return not self.items and self.truth is None

    @property
    def first(self) -> Item | None:
        """The earliest item that has a time; what another call is before or after."""
        timed = [item for item in self.items if item.start]
        return min(timed, key=lambda item: item.start.moment if item.start else _NEVER, default=None)
