"""A statement and the values that it cites -> whether it reckons with them rightly: mean, sum, a third, twice as much.

Left out: plain differences and percentages, which are numbers that may be said (`reckoning`).
"""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from agent.check.points import Point, series_of
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support
from agent.check.tokens import TO_TWELVE, stem, tokens
from tools.measuring.rounding import rounded
from tools.wording.text import words

_DECIMALS = 4
_OF_MEANS = re.compile(r"\b(?:mean|average|averaged|averages)\b", re.IGNORECASE)
_OF_SUMS = re.compile(
    r"\b(?:sum|altogether|in total|in all|combined|together|add(?:s|ed)? up)\b", re.IGNORECASE
)
_TIMES_AS = re.compile(
    rf"\b(?P<times>twice|double|(?:\d+(?:\.\d+)?|{'|'.join(TO_TWELVE[2:])}) times)\s+(?:as|the)\s+"
    r"(?P<how>long|length|high|much|large|heavy)\b",
    re.IGNORECASE,
)
_FRACTIONS = {
    "doubled": ("1.8", "2.2"), "tripled": ("2.7", "3.3"), "halved": ("0.45", "0.55"), "half": ("0.45", "0.55"),
    "third": ("0.3", "0.37"), "quarter": ("0.22", "0.28"),
}  # fmt: skip


def part_of(text: str, points: Sequence[Point]) -> Settled:
    """By which part a test changed from its first to its last cited value: "by about a third", "doubled"."""
    settled, series = NOTHING, series_of(points)
    for word, (low, high) in _FRACTIONS.items():
        before = "" if word.endswith("ed") else r"by (?:\w+ ){0,2}"
        if len(series) != 1 or not re.search(rf"\b{before}{word}\b", text, re.IGNORECASE):
            continue
        first, last = series[0][0].number or Decimal(0), series[0][-1].number or Decimal(0)
        ratio = last / first if first else Decimal(0)
        share = ratio if word in ("doubled", "tripled", "halved") else abs(1 - ratio)
        if not Decimal(low) <= share <= Decimal(high):
            return Settled(why=f"“{word}” is not so: {first} to {last}")
        settled |= Settled(Support(frozenset([word])), recomputed=(f"{word}: {first} to {last}",))
    return settled


def mean(text: str, points: Sequence[Point]) -> Settled:
    """The mean of the cited values of one test, or of lengths in days."""
    return _reckoned(text, points, _OF_MEANS, lambda some: sum(some, Decimal(0)) / len(some))


def total(text: str, points: Sequence[Point]) -> Settled:
    """The sum of the cited values of one test, or of lengths in days."""
    return _reckoned(text, points, _OF_SUMS, lambda some: sum(some, Decimal(0)))


def _reckoned(
    text: str, points: Sequence[Point], word: re.Pattern[str], reckon: Callable[[Sequence[Decimal]], Decimal]
) -> Settled:
    """Return what is reckoned of the cited values of one test."""
    found, series = word.search(text), series_of(points)
    lengths = [p for p in points if p.number is not None and p.unit == "day"]
    series = [lengths] if len(lengths) == len(points) > 1 else series
    if not found or len(series) != 1:
        return NOTHING
    value = reckon([p.number for p in series[0] if p.number is not None])
    numbers = [each for each in tokens(text).numbers if each.unit == series[0][0].unit]
    if word is _OF_SUMS and not numbers:
        return NOTHING
    if numbers and not any(each.value == rounded(value, each.decimals, ROUND_HALF_UP) for each in numbers):
        return Settled(why=f"“{found[0]}” is not so: it is {value:.4g}")
    said = frozenset(stem(each) for each in words(found[0])) | frozenset(words(found[0]))
    shown = frozenset((rounded(value, n, ROUND_HALF_UP), series[0][0].unit) for n in range(_DECIMALS))
    held = Support(said, reckoned=shown) if series[0][0].unit else Support(said, numbers=shown)
    return Settled(held, recomputed=(f"{found[0]}: {value:.4g}",))


def times_as(text: str, points: Sequence[Point]) -> Settled:
    """How many times as much one of two values is as the other."""
    found = _TIMES_AS.search(text)
    values = sorted(p.number for p in points if p.number)
    if not found or len(values) != 2 or len({p.unit for p in points}) != 1:
        return NOTHING
    said, ratio = found["times"].split()[0].casefold(), values[1] / values[0]
    times = (
        Decimal(2)
        if said in ("twice", "double")
        else Decimal(TO_TWELVE.index(said) if said in TO_TWELVE else said)
    )
    if rounded(ratio, max(-int(times.as_tuple().exponent), 0), ROUND_HALF_UP) != times:
        return Settled(why=f"“{found[0]}” is not so: {ratio:.3g}")
    words_of = frozenset([found["how"].casefold(), "double"])
    counts = frozenset([int(times)]) if times == int(times) else frozenset[int]()
    held = Support(words_of, frozenset([(times, "")]), counts=counts)
    return Settled(held, recomputed=(f"{found[0]}: {ratio:.3g}",))
