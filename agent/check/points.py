"""Citations -> points: cited facts with their name, number, unit and day, from which relations are computed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from agent.check.grounds import Grounds
from agent.check.tokens import LINE_OF_SEVERAL, tokens
from agent.check.units import unit_of
from tools.calls.evidence import Fact
from tools.entries.entry import Entry, Quantity
from tools.wording.text import plain_name

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Point:
    """A cited fact, as relations are computed from it.

    Attributes:
        fact: as it was told.
        name: without tags and brackets.
        number: exact; None of what has none.
        unit: of the number, in normal form.
        day: ISO, on which it was or began; "" if it has none.
        entry: the resource it was read from, if the record has it.
    """

    fact: Fact
    name: str
    number: Decimal | None
    unit: str
    day: str
    entry: Entry | None = field(default=None, compare=False, repr=False)

    @property
    def read_unit(self) -> str:
        """The unit as recorded; in normal form where the number was read from the line."""
        value = _value(self.fact, self.entry) if self.entry else None
        return value.unit if value else self.unit

    @property
    def start(self) -> date | None:
        """The whole day on which it was or began, else the first that the fact tells."""
        return day_of(self.day) or next(iter(self.days), None)

    @property
    def extent(self) -> tuple[str, str]:
        """The ISO days on which it was or began: two of a line that stands for several, else the same twice."""
        if LINE_OF_SEVERAL.search(self.fact.text) and self.days:
            return self.days[0].isoformat(), self.days[-1].isoformat()
        return self.day, self.day

    @property
    def days(self) -> tuple[date, ...]:
        """Every day that the fact tells, the earliest first."""
        return _days(self.day, self.fact.text)


@lru_cache(maxsize=4096)
def _days(day: str, text: str) -> tuple[date, ...]:
    return tuple(sorted(filter(None, map(day_of, {day, *_ISO_DAY.findall(text)}))))


@lru_cache(maxsize=4096)
def day_of(iso: str) -> date | None:
    """Return a whole day of the calendar; None for a month, a year, and what is no day ("2020-13-45")."""
    if not _ISO_DAY.fullmatch(iso):
        return None
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def points_of(cited: Sequence[str], grounds: Sequence[Grounds]) -> tuple[Point, ...]:
    """Return the facts behind the references of a statement, each once."""
    return tuple(_points(cited, grounds))


def _points(cited: Sequence[str], grounds: Sequence[Grounds]) -> Iterator[Point]:
    seen: set[tuple[str, str]] = set()
    for reference in dict.fromkeys(cited):
        for g in grounds:
            for fact in g.facts.get(reference, ()):
                if (reference, fact.display) not in seen:
                    seen.add((reference, fact.display))
                    yield _point(fact, g)


def point_of(fact: Fact, grounds: Sequence[Grounds]) -> Point | None:
    """Return a fact as a point; None if no call found it."""
    return next((_point(fact, g) for g in grounds if fact in g.evidence.told), None)


def series_of(points: Iterable[Point]) -> list[list[Point]]:
    """Return the numbers of each test in the order of time, of those that have several."""
    timed = sorted(
        (p for p in points if p.number is not None and p.day), key=lambda p: (p.name, p.unit, p.day)
    )
    return [some for _, each in groupby(timed, key=lambda p: (p.name, p.unit)) if len(some := list(each)) > 1]


def _point(fact: Fact, grounds: Grounds) -> Point:
    entry = grounds.record.get(fact.reference)
    value = _value(fact, entry) if entry else None
    number, unit = (value.value, unit_of(value.unit)) if value else (None, "")
    if number is None:
        told = tokens(fact.text.replace(fact.display, " ").replace(plain_name(fact.display), " ")).numbers
        measured = [each for each in told if each.unit and each.unit == unit_of(grounds.evidence.unit)]
        number, unit = (measured[0].value, measured[0].unit) if measured else (None, "")
    of_patient = fact.reference == grounds.record.reference  # birth and death are of one resource
    day = entry.start.day if entry and entry.start and not of_patient else fact.date
    return Point(fact, plain_name(fact.display), number, unit, day, entry)


def _value(fact: Fact, entry: Entry) -> Quantity | None:
    """Return the quantity of the entry, or of the component, that a fact is of."""
    named = [each for each in (entry, *entry.components) if each.display == fact.display]
    quantities = [
        each.value for each in named if isinstance(each.value, Quantity) and not each.value.comparator
    ]
    return quantities[0] if quantities else None
