"""A test on values, "above 7" or "out of range" -> whether a measurement meets it, as far as the record says.

Left out: which measurements are looked at (`picks`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.finding.undecided import all_of
from tools.measuring.series import Point, judged, polarity
from tools.measuring.spans import Span
from tools.wording.words import number

Test = Literal[
    "above", "below", "at least", "at most", "between", "in range", "out of range", "high", "low", "positive",
    "negative", "found",
]  # fmt: skip
LIMITS = {"above": 1, "below": 1, "at least": 1, "at most": 1, "between": 2}
"""How many limits a test takes that has any."""
_BY_FINDING = ("positive", "negative", "found")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What values are tested for.

    Attributes:
        limits: numbers in the unit of the values; of "between" the lower one first.
    """

    test: Test
    limits: tuple[Decimal, ...] = ()

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
        """The test in words: "above 7", "between 7 and 9", "out of range"."""
        return f"{self.test} {' and '.join(map(number, self.limits))}".strip()

    def unclear(self, points: Sequence[Point]) -> str:
        """Return why certain measurements may not be judged."""
        if self.polar:
            return "the record gives a result that says neither positive nor negative"
        if not self.numeric:
            return "the record gives neither a usable reference range nor a flag"
        bounds = any(point.comparable and point.amount and point.amount.comparator for point in points)
        kinds = [
            *(["a bound"] if bounds else []),
            *(["words"] if any(not point.amount for point in points) else []),
        ]
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


def _found(point: Point, test: Test) -> bool | None:
    """Tell whether a result is positive, negative, or something that was found: positive or a number."""
    result = polarity(point)
    if result is None:
        return True if test == "found" and point.exact is not None else None
    return (result != "negative") == (test != "negative")
