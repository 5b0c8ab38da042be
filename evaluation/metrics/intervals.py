"""Counts, values and paired verdicts -> shares, means, spreads and a test, with 95 % intervals where they have one.

Shares have Wilson's interval, which takes questions as independent. Questions about one patient are not, so means and
differences have an interval of the bootstrap that draws whole patients (percentiles of 9 999 draws, seeded).
Left out: an interval from one patient alone; it is null.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from evaluation.extra import needed
from tools.calls.errors import BadArgument

CONFIDENCE = 0.95
DRAWS = 9_999
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with Wilson's interval."""

    count: int
    of: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `of` questions, with the interval from drawing patients; null when there is one patient."""

    value: float
    of: int
    patients: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How a cost is spread over `of` questions: half cost at most `p50`, 95 % at most `p95`."""

    of: int
    p50: float
    p95: float
    total: float


@cache
def share(count: int, of: int) -> Share:
    """Return a share.

    >>> told = share(8, 10)
    >>> told.value, round(told.low, 4), round(told.high, 4)
    (0.8, 0.4902, 0.9433)

    Raises:
        BadArgument: it is a share of nothing.
    """
    if not of:
        raise BadArgument("of", of, "at least one question", "10")
    with needed():
        from scipy.stats import binomtest
    interval = binomtest(count, of).proportion_ci(CONFIDENCE, method="wilson")
    return Share(count, of, count / of, float(interval.low), float(interval.high))


def mean(values: Iterable[tuple[str, float]]) -> Mean:
    """Return the mean of (patient, value) over questions.

    Raises:
        BadArgument: there are no values.
    """
    sums: dict[str, list[float]] = defaultdict(list)
    for patient, value in values:
        sums[patient].append(value)
    if not sums:
        raise BadArgument("values", [], "at least one question", "[('p1', 1.0)]")
    totals, counts = [sum(own) for own in sums.values()], [len(own) for own in sums.values()]
    low, high = _interval(totals, counts) if len(sums) > 1 else (None, None)
    return Mean(sum(totals) / sum(counts), sum(counts), len(sums), low, high)


def spread(numbers: Sequence[float]) -> Spread:
    """Return a spread; its quantiles are numbers that occurred.

    >>> spread([5, 1, 3, 2, 4])
    Spread(of=5, p50=3.0, p95=5.0, total=15)

    Raises:
        BadArgument: there are no numbers.
    """
    if not numbers:
        raise BadArgument("numbers", [], "at least one number", "[0.2]")
    p50, p95 = quantiles(numbers, (0.5, 0.95))
    return Spread(len(numbers), p50, p95, sum(numbers))


def quantiles(numbers: Sequence[float], levels: Sequence[float]) -> list[float]:
    """Return the smallest of the numbers that at least each share of them do not exceed."""
    with needed():
        import numpy
    return [float(number) for number in numpy.quantile(numbers, levels, method="inverted_cdf")]


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p of McNemar's test on the pairs that one run has right and the other has not.

    >>> mcnemar(1, 9), mcnemar(0, 0)
    (0.021484375, 1.0)
    """
    if not only_first + only_second:
        return 1.0
    with needed():
        from scipy.stats import binomtest
    return float(binomtest(only_first, only_first + only_second, 0.5).pvalue)


def _interval(totals: Sequence[float], counts: Sequence[int]) -> tuple[float, float]:
    with needed():
        import numpy
        from scipy.stats import bootstrap

    def ratio(total: Any, count: Any, axis: int = -1) -> Any:
        return total.sum(axis=axis) / count.sum(axis=axis)

    drawn = bootstrap(
        (numpy.asarray(totals, float), numpy.asarray(counts, float)),
        ratio,
        n_resamples=DRAWS,
        paired=True,
        vectorized=True,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=numpy.random.default_rng(SEED),
    ).confidence_interval
    return float(drawn.low), float(drawn.high)
