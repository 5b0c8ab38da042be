"""A recorded amount -> what it is at least and at most; what is computed of such spans is a span again.

"> 10" is anything above 10. Nothing is taken to be at least 0. Pure. Left out: units; all amounts are in one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from tools.entries.entry import Quantity

_FAR = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a number lies.

    Attributes:
        low: how much it is at least.
        high: how much it is at most.
        over_low: it is more than `low`.
        under_high: it is less than `high`.
    """

    low: Decimal
    high: Decimal
    over_low: bool = False
    under_high: bool = False

    @property
    def exact(self) -> Decimal | None:
        """The number, if there is only one that it can be."""
        return self.low if self.low == self.high else None

    @property
    def mirrored(self) -> "Span":
        """Where the number lies with its sign changed."""
        return Span(-self.high, -self.low, self.under_high, self.over_low)

    def over(self, limit: Decimal, *, included: bool = False) -> bool | None:
        """Tell whether the number is above a limit, or at least that much; None where that is open.

        >>> below_five = span_of(Quantity(Decimal(5), comparator="<"))
        >>> below_five.over(Decimal(5)), below_five.over(Decimal(4))
        (False, None)
        """
        if self.low > limit or (self.low == limit and (included or self.over_low)):
            return True
        return (
            False if self.high < limit or (self.high == limit and (self.under_high or not included)) else None
        )

    def under(self, limit: Decimal, *, included: bool = False) -> bool | None:
        """Tell whether the number is below a limit, or at most that much; None where that is open."""
        return self.mirrored.over(-limit, included=included)

    def moved(self, move: Callable[[Decimal], Decimal | None]) -> "Span | None":
        """Return the span with its ends moved, into another unit; None where they cannot be."""
        low, high = (end if end.is_infinite() else move(end) for end in (self.low, self.high))
        return None if low is None or high is None else Span(low, high, self.over_low, self.under_high)

    def minus(self, other: "Span") -> "Span":
        """Return where the difference of two numbers lies."""
        return total((self, other.mirrored))


def span_of(amount: Quantity) -> Span:
    """Return where a recorded amount lies."""
    value, bound = amount.value, amount.comparator
    if not bound:
        return Span(value, value)
    return (
        Span(value, _FAR, bound == ">")
        if bound.startswith(">")
        else Span(-_FAR, value, under_high=bound == "<")
    )


def span_between(
    low: Decimal | None, high: Decimal | None, *, over_low: bool = False, under_high: bool = False
) -> Span | None:
    """Return where a number lies that has at least one end."""
    if low is None and high is None:
        return None
    return Span(-_FAR if low is None else low, _FAR if high is None else high, over_low, under_high)


def total(spans: Sequence[Span]) -> Span:
    """Return where the sum of numbers lies."""
    return Span(
        sum((span.low for span in spans), Decimal(0)),
        sum((span.high for span in spans), Decimal(0)),
        any(span.over_low for span in spans),
        any(span.under_high for span in spans),
    )


def mean(spans: Sequence[Span]) -> Span:
    """Return where the mean of numbers lies."""
    whole, many = total(spans), len(spans)
    return Span(whole.low / many, whole.high / many, whole.over_low, whole.under_high)


def middle(spans: Sequence[Span]) -> Span:
    """Return where the median of numbers lies: between that of the least and that of the most that they can be.

    >>> middle([Span(Decimal(9), Decimal(9)), Span(-_FAR, Decimal(5)), Span(Decimal(11), _FAR)]).exact
    Decimal('9')
    """
    return Span(median(span.low for span in spans), median(span.high for span in spans))


def percent_change(first: Span, last: Span) -> Span | None:
    """Return where the change lies in percent of the first number; None if that is 0 and there is no percent of it."""
    change = last.minus(first)
    rises, falls = bool(change.over(Decimal(0))), bool(change.under(Decimal(0)))
    if first.exact is not None:
        if not first.exact:
            return None
        low, high = (end * 100 / abs(first.exact) for end in (change.low, change.high))
        return Span(low, high, change.over_low, change.under_high)
    if first.low <= 0:  # only up or down can be told: a first number near 0 makes any change large
        return Span(Decimal(0) if rises else -_FAR, Decimal(0) if falls else _FAR, rises, falls)
    low = last.low * 100 / (first.low if last.low < 0 else first.high) - 100
    high = last.high * 100 / (first.high if last.high < 0 else first.low) - 100
    return Span(low, high, rises and not low, falls and not high)
