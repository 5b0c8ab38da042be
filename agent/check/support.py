"""Texts -> what may be said because of them: words, numbers with units, dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from agent.check.recorded import worded
from agent.check.tokens import Day, Number, Tokens, month_names, tokens
from agent.check.vocabulary import allowed, implied
from tools.measuring.rounding import rounded
from tools.wording.text import plain_name

_ROUNDING = Decimal("0.01")
_LENGTHS = frozenset({"year", "month", "week", "day", "hour", "min", "%", "decade"})
"""Units of which a number without a word of reckoning is no measured value."""
_TIMES = frozenset({"year", "month", "week", "day", "hour", "min"})


@dataclass(frozen=True, slots=True)
class Support:
    """What may be said: words without plural endings, numbers with their units, dates.

    Numbers that were reckoned need their unit with them, as they are many: one or the other would always fit.
    """

    words: frozenset[str] = frozenset()
    numbers: frozenset[tuple[Decimal, str]] = frozenset()
    days: frozenset[Day] = frozenset()
    counts: frozenset[int] = frozenset()
    reckoned: frozenset[tuple[Decimal, str]] = frozenset()

    def __or__(self, other: "Support") -> "Support":
        """Return what either supports."""
        return Support(
            self.words | other.words,
            self.numbers | other.numbers,
            self.days | other.days,
            self.counts | other.counts,
            self.reckoned | other.reckoned,
        )

    def objection(self, said: Tokens) -> str:
        """Return why something said is not supported, "" if all of it is."""
        for day, text in said.dates:
            if not any(_same_day(day, known) for known in self.days):
                return f"the date {text} is not in the evidence it cites"
        for number in said.numbers:
            if not self._holds(number, said.words):
                return f"the number {number.text} is not in the evidence it cites"
        for word in said.words:
            known = word in self.words or word in allowed("plain") or word in allowed("free")
            if not known and (len(word) > 1 or word.isdigit()):
                return f"“{word}” is not in the evidence it cites"
        return ""

    def _holds(self, number: Number, words: Sequence[str]) -> bool:
        if number.counts and number.value in self.counts:
            return True
        if number.often:
            return False
        if number.unit == "" and number.decimals == 0 and any(number.value == day[0] for day in self.days):
            return True
        units = (
            (number.unit,)
            if number.unit or not number.decimals
            else tuple({u for _, u in self.reckoned} - _TIMES)
        )
        held = (u for v, u in self.reckoned if u in units and same_number(number, v))
        if any(units) and any(u in _LENGTHS or _reckons(words) for u in held):
            return True
        falling = not allowed("course", "down").isdisjoint(words)
        return any(
            same_number(number, value, falling) and self._unit(number, unit) for value, unit in self.numbers
        )

    def _unit(self, number: Number, unit: str) -> bool:
        if number.unit in ("", unit):
            return True
        return unit == "" and number.unit in self.words


def _reckons(words: Sequence[str]) -> bool:
    """Tell whether words say that a number was reckoned, and not measured."""
    return not allowed("reckoning").isdisjoint(words)


def union(supports: Iterable[Support]) -> Support:
    """Return what any of several supports."""
    words, numbers, days, counts = set[str](), set[tuple[Decimal, str]](), set[Day](), set[int]()
    derived = set[tuple[Decimal, str]]()
    for support in supports:
        derived |= support.reckoned
        words |= support.words
        numbers |= support.numbers
        days |= support.days
        counts |= support.counts
    return Support(
        frozenset(words), frozenset(numbers), frozenset(days), frozenset(counts), frozenset(derived)
    )


def of_texts(*texts: str) -> Support:
    """Return what the words of texts support."""
    words, numbers, days = set[str](), set[tuple[Decimal, str]](), set[Day]()
    counts = set[int]()
    for part in map(tokens, {*texts, *map(plain_name, texts)}):
        words.update(part.words)
        for day, _ in part.dates:
            days.add(day)
            words.update(month_names(day))
        counts.update(int(number.value) for number in part.numbers if number.often)
        for number in part.numbers:
            numbers.add((number.value, number.unit))
            words.update(_TIMES & {number.unit})
    for word in words & implied().keys():
        words |= implied()[word]
    return Support(frozenset(words), frozenset(numbers), frozenset(days), frozenset(counts))


def of_recorded(*texts: str) -> Support:
    """Return what recorded texts support: nothing where they speak."""
    return of_texts(*map(worded, texts))


def _same_day(said: Day, known: Day) -> bool:
    pairs = zip(said, known, strict=True)
    return all(part is None or part == other for part, other in pairs)


def same_number(said: Number, known: Decimal, falling: bool = False) -> bool:
    """Tell whether a number is a known one, or that rounded to its decimals; where it fell, without its sign."""
    value = said.value
    if known < 0 <= value and falling:
        known = -known
    if value == known:
        return True
    step = Decimal(1).scaleb(-said.decimals)
    near = value in (rounded(known, said.decimals, way) for way in (ROUND_HALF_UP, ROUND_HALF_EVEN))
    return near and (said.near or abs(value - known) <= max(abs(known), step) * _ROUNDING)
