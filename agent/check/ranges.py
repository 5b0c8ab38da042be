"""A statement and the values that it cites -> whether they lie where it says: highest, between, within the range.

Left out: limits that are told with their number (`against`).
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from agent.check.points import Point, series_of
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support, same_number
from agent.check.tokens import ALL, stem, tokens
from tools.wording.text import words

_EXTREMES = {
    "max": re.compile(
        r"\b(?:highest|peak(?:ed|ing|s)?|maximum|(?<!/)max|greatest|largest|heaviest)\b", re.IGNORECASE
    ),
    "min": re.compile(r"\b(?:lowest|minimum|(?<!/)min|smallest|nadir|lightest)\b", re.IGNORECASE),
}
_OF_A_RANGE = r"\s+(?:the|its|her|his)?\s*(?:(?:reference|upper|lower)\s+)*(?:ranges?|limits?)"
_AGAINST_A_RANGE = (
    (re.compile(rf"\b(?:within|inside|in){_OF_A_RANGE}", re.IGNORECASE), "normal"),
    (re.compile(rf"\b(?:above|over|exceeds?){_OF_A_RANGE}", re.IGNORECASE), "high"),
    (re.compile(rf"\b(?:below|under){_OF_A_RANGE}", re.IGNORECASE), "low"),
)
_END = r"-?\d+(?:\.\d+)?"
_FLAGGED = re.compile(
    r"\((?:(?P<flag>high|low); )?reference (?:(?:"
    rf"(?P<low>{_END})(?:\s*[–-]\s*|\s+to\s+)(?P<high>{_END})|at most (?P<most>{_END})|at least (?P<least>{_END}))\))?"
)
"""How the line of a value tells its reference range, and whether it is outside."""
_RANGED = re.compile(r"\b(?:rang(?:ed|ing)|spann(?:ed|ing)|varied|varying|fluctuated)\b", re.IGNORECASE)


def extreme(text: str, points: Sequence[Point]) -> Settled:
    """The highest or lowest of the cited values of a test, which is told."""
    told = NOTHING
    numbers = tokens(text).numbers
    for which, pattern in _EXTREMES.items():
        found = pattern.search(text)
        ends = [max(v) if which == "max" else min(v) for v in _values(points)]
        if found and ends and any(same_number(each, end) for each in numbers for end in ends):
            said = words(found[0])
            told |= Settled(
                Support(frozenset([*said, *map(stem, said)])), recomputed=(f"{found[0]}: {ends[0]}",)
            )
    return told


def spread(text: str, points: Sequence[Point]) -> Settled:
    """Between which values a test was: the lowest and the highest of the cited ones, both of which are told."""
    found, numbers = _RANGED.search(text), tokens(text).numbers
    if not found:
        return NOTHING
    for values in _values(points):
        ends = (min(values), max(values))
        if all(any(same_number(each, end) for each in numbers) for end in ends):
            said = words(found[0])
            line = f"{found[0]}: {ends[0]} to {ends[1]}"
            return Settled(Support(frozenset([*said, *map(stem, said)])), recomputed=(line,))
    return NOTHING


def _values(points: Sequence[Point]) -> list[list[Decimal]]:
    return [[p.number for p in series if p.number is not None] for series in series_of(points)]


def in_range(text: str, points: Sequence[Point]) -> Settled:
    """That all cited values lie within, above or below their own reference ranges."""
    told, sides = NOTHING, {side_of(p) for p in points}
    if sides == {"normal"} and re.search(r"\bnormal\b", text, re.IGNORECASE):
        told |= Settled(Support(frozenset(["normal"])), recomputed=("normal: by the reference range",))
    for pattern, word in _AGAINST_A_RANGE:
        found = pattern.search(text)
        if found and len(sides) > 1 and "" not in sides and ALL.search(text[: found.start()]):
            return Settled(why=f"“{found[0]}” is not so of all: {', '.join(sorted(sides))}")
        if pattern.search(text) and points and all(side_of(p) == word for p in points):
            told |= Settled(Support(frozenset([word])), recomputed=(f"{word}: by the reference range",))
    return told


def side_of(point: Point) -> str:
    """Return "high", "normal" or "low", as the line of a value tells it, else by its reference range; "" without one.

    A range in another unit than the value's, or in words, decides nothing.
    """
    told = _FLAGGED.search(point.fact.text)
    if told is None or told["flag"] or point.number is None:
        return told["flag"] or "" if told else ""
    low, high = told["low"] or told["least"], told["high"] or told["most"]
    if low and point.number < Decimal(low):
        return "low"
    if high and point.number > Decimal(high):
        return "high"
    return "normal" if low or high else ""
