"""A test on values, "above 7" or "out of range" -> whether a measurement meets it, as far as the record says.

Left out: which measurements are looked at (`picks`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import log
from typing import Literal

from tools.finding.undecided import all_of
from tools.measuring.analytes import substance_of
from tools.measuring.polarity import polarity
from tools.measuring.series import Point, judged, unlike_units
from tools.measuring.spans import Span
from tools.units import converted, other_units, same_unit
from tools.wording.words import number, one_line, with_unit

Test = Literal[
    "above", "below", "at least", "at most", "between", "in range", "out of range", "high", "low", "positive",
    "negative", "found",
]  # fmt: skip
LIMITS = {"above": 1, "below": 1, "at least": 1, "at most": 1, "between": 2}
"""How many limits a test takes that has any."""
FAR, _NEAR = 0.9, 0.4
"""How far limits are from amounts of another size, 2.5 times as much, and of the same, one and a half times."""
_QUOTED = 3
_LONGEST = 60
_BY_FINDING = ("positive", "negative", "found")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What values are tested for.

    Attributes:
        limits: of "between" the lower one first.
        unit: of the limits; "" if that of the values is meant.
    """

    test: Test
    limits: tuple[Decimal, ...] = ()
    unit: str = ""

    @property
    def numeric(self) -> bool:
        """Whether values are held against a number, which takes one unit."""
        return self.test in LIMITS

    @property
    def polar(self) -> bool:
        """Whether it is about what was found, which an interpretation may say without a value."""
        return self.test in _BY_FINDING

    @property
    def label(self) -> str:
        """The test in words: "above 7", "between 7 and 9 %", "out of range"."""
        return with_unit(f"{self.test} {' and '.join(map(number, self.limits))}".strip(), self.unit)

    def unclear(self, points: Sequence[Point]) -> str:
        """Return why certain measurements may not be judged."""
        if self.polar:
            said = [str(point.value) for point in points if polarity(point.entry) == "some"]
            more = f": {', '.join(dict.fromkeys(said))}" if said else ""
            return f"the record gives a result that says neither positive nor negative{more}"
        if not self.numeric:
            return "the record gives neither a usable reference range nor a flag"
        bounds = any(point.comparable and point.span and point.exact is None for point in points)
        words = dict.fromkeys(
            point.words for point in points if point.words and not point.span and point.comparable
        )
        kinds = [*(["a bound"] if bounds else []), *([f"words ({quoted(tuple(words))})"] if words else [])]
        reasons = [f"{' or '.join(kinds)}, not a number"] if kinds else []
        if not all(point.comparable for point in points):
            reasons.append("a unit that cannot be converted")
        return f"the record gives {', or '.join(reasons)}"

    def met_by(self, point: Point) -> bool | None:
        """Tell whether a measurement meets it; None where the record leaves it open."""
        if self.numeric:
            return self.met(point.span) if point.span else None
        if self.polar:
            return _found(point, self.test)
        flag = judged(point)
        if flag is None:
            return None
        if self.test in ("in range", "out of range"):
            return (flag == "normal") == (self.test == "in range")
        return None if flag == "abnormal" else flag == self.test

    def met(self, span: Span) -> bool | None:
        """Tell whether a number lies within the limits; None where it may lie within and without."""
        first, last = self.limits[0], self.limits[-1]
        match self.test:
            case "above":
                return span.over(first)
            case "below":
                return span.under(first)
            case "at least":
                return span.over(first, included=True)
            case "at most":
                return span.under(first, included=True)
        return all_of(span.over(first, included=True), span.under(last, included=True))


def in_full(criterion: Criterion, series: Sequence[Point]) -> Criterion:
    """Return a test with its unit as the values have it, where people leave off a part of it: "above 12 g" of g/dL."""
    unit = criterion.unit
    for recorded in unlike_units(series) if unit else ():
        first, _, rest = recorded.partition("/")
        if rest and same_unit(first, unit):
            return replace(criterion, unit=recorded)
    return criterion


def units_meant(criterion: Criterion, series: Sequence[Point]) -> tuple[str, ...]:
    """Return the units that limits without one may be in: those of the values, and one in which they fit them.

    Values of 11.4 mmol/L are never "above 180": who says so thinks of mg/dL. () where it makes no difference.
    """
    if criterion.unit or not any(criterion.limits):
        return ()
    units = unlike_units(series)
    if len(units) != 1 or not units[0]:
        return units
    if apart(criterion.limits, series) < FAR:
        return ()
    of = substance_of(series[-1].entry)
    for other in other_units(units[0], of):
        moved = [converted(limit, other, units[0], of) for limit in criterion.limits]
        if apart([limit for limit in moved if limit is not None], series) < _NEAR:
            return (*units, other)
    return ()


def apart(limits: Sequence[Decimal], series: Sequence[Point]) -> float:
    """Return how far limits are from amounts, as the logarithm of how many times as much or as little."""
    amounts = [float(point.amount.value) for point in series if point.amount and point.amount.value > 0]
    if not amounts:
        return 0.0
    above = [log(float(limit) / max(amounts)) for limit in limits if limit > 0]
    below = [log(min(amounts) / float(limit)) for limit in limits if limit > 0]
    return max([*above, *below, 0.0])


def quoted(words: Sequence[str]) -> str:
    """Return results in words as they are recorded, the first few of them.

    >>> quoted(["Hemolyzed", "not done"])
    '“Hemolyzed”, “not done”'
    """
    more = f" and {len(words) - _QUOTED} more" if len(words) > _QUOTED else ""
    return ", ".join(f"“{one_line(text, _LONGEST)}”" for text in words[:_QUOTED]) + more


def _found(point: Point, test: Test) -> bool | None:
    """Tell whether a result is positive, negative, or something that was found: positive, a trace or a number."""
    result = polarity(point.entry, point.grown)
    if result is None:
        return True if test == "found" and point.exact is not None else None
    if result == "some":
        return True if test == "found" else None
    return (result != "negative") == (test != "negative")
