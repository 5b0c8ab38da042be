"""One test's measurements -> those that are picked: the last, the first three, the highest, the nearest to an event.

Pure. Left out: which test is meant (concepts), when (windows), what is computed of them (`statistics`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Literal

from tools.calls.evidence import Fact, Outcome, Scalar
from tools.calls.results import Type
from tools.entries.times import completed_years
from tools.entries.unread import by_kind
from tools.finding.windows import Beside, nearest
from tools.measuring.criteria import Criterion, quoted
from tools.measuring.rounding import significant
from tools.measuring.series import Point, disagreement, judged
from tools.measuring.spans import Span
from tools.wording.facts import cut, fact
from tools.wording.words import called, number, with_unit

Pick = Literal["last", "first", "nth", "all", "max", "min"]
Statistic = Literal["mean", "median", "sum", "count", "range", "change", "percent change", "trend"]
How = Literal["any", "all", "none", "count"]
Give = Literal["value", "date", "time", "age", "unit", "range", "flag"]
Extreme = Literal["max", "min"]
TYPES: Mapping[str, Type] = {
    "value": "quantities",
    "date": "times",
    "time": "times",
    "age": "numbers",
    "unit": "names",
    "range": "numbers",
    "flag": "names",
}
"""What comes of each `give` of measurements that are picked."""

COURSES = ("change", "percent change", "trend")
"""Statistics over time, of which a test tells whether it went up or down."""
MOST = 12
"""Most facts of one test."""
FEW = 4
BEHIND = 12
"""Most measurements that are told behind an answer."""
_JUDGED_BY: Mapping[str, str] = {"range": "reference range", "flag": "reference range or flag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of a test; as `tools.calls.measure.measure` says.

    Attributes:
        beside: the event to which the nearest measurements are picked; else None.
        born: the patient's day of birth.
        words: those that were asked for the test, which may be the recorded name of one of several.
    """

    pick: Pick = "last"
    n: int | None = None
    statistic: Statistic | None = None
    criterion: Criterion | None = None
    how: How | None = None
    give: Give = "value"
    unit: str | None = None
    beside: Beside | None = None
    born: date | None = None
    words: str = ""

    @property
    def numeric(self) -> bool:
        """Whether values are held against a number, which takes one unit."""
        return self.criterion is not None and self.criterion.numeric

    @property
    def counts(self) -> bool:
        """Whether measurements are counted."""
        return self.how == "count" or (self.statistic == "count" and self.how is None)

    @property
    def computes(self) -> bool:
        """Whether numbers of one series are computed with."""
        return self.statistic not in (None, "count")

    @property
    def tests_statistic(self) -> bool:
        """Whether the test is on the statistic, "did it go up", rather than on each value."""
        return self.criterion is not None and (self.statistic in COURSES or bool(self.statistic and self.how))

    @property
    def filters(self) -> bool:
        """Whether only measurements that meet the test are picked from."""
        return self.criterion is not None and self.how is None and not self.tests_statistic

    @property
    def of_series(self) -> bool:
        """Whether the answer is about a series rather than about one or a few of its measurements."""
        judged = self.criterion is not None and not (self.how and self.selective)
        listed = self.pick == "all" and self.beside is None and not (self.how or self.counts)
        return self.computes or judged or listed

    @property
    def selective(self) -> bool:
        """Whether certain measurements are picked, so that a "no" is about these."""
        return self.pick != "all" or self.beside is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was found of a test: as in `Evidence`; `points` are those that carry it.

    Attributes:
        unclear: how many could not be judged.
        span: where the number of a statistic lies, before it is rounded.
        name: of the series that was used, where others were left out; else "".
        behind: measurements on which it rests, by rank (`by_rank`), where it is more than some that were picked.
        measured: how many there are of these.
        working: how a course goes, in words: "+0.2 % a year, from 6.1 % (2015-03-02) to 7.1 % (2019-11-02)".
    """

    outcome: Outcome = "found"
    values: tuple[Scalar, ...] = ()
    unit: str = ""
    facts: tuple[Fact, ...] = ()
    total: int = 0
    points: tuple[Point, ...] = ()
    notes: tuple[str, ...] = ()
    unclear: int = 0
    span: Span | None = None
    name: str = ""
    behind: tuple[Fact, ...] = ()
    measured: int = 0
    working: str = ""

    @property
    def references(self) -> tuple[str, ...]:
        """Every resource that carries the answer, once."""
        return tuple(dict.fromkeys(reference for point in self.points for reference in point.references))


def nothing(query: Query) -> Picked:
    """Return the answer where nothing of the sort is recorded."""
    values: tuple[Scalar, ...] = (0,) if query.counts and not query.tests_statistic else ()
    if query.how in ("any", "none") and not query.statistic:
        values = (query.how == "none",)
    return Picked(outcome="none recorded", values=values)


def without_value(series: Sequence[Point], *notes: str) -> Picked:
    """Return the answer where something is recorded, but not what is asked for."""
    return Picked(outcome="no value", facts=lines(series, FEW), total=len(series), notes=notes)


def pick_from(series: Sequence[Point], query: Query) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """Return the measurements that are picked, oldest first, and notes; () where there are not so many.

    Of several at the same moment, or of the same extreme, all are picked.
    """
    if query.beside:
        series = nearest(series, query.beside, lambda point: point.entry.start)
    if query.pick in ("max", "min"):
        best, notes = most(series, query.pick)
        if not query.n or not best:
            return best, notes
        points, more = _by_time(best, replace(query, pick="nth"))
        return points, (*notes, *more)
    if query.pick == "all" or not series:
        return tuple(series), ()
    return _by_time(series, query)


def _by_time(series: Sequence[Point], query: Query) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    dated = [point for point in series if point.entry.start] or list(series)
    moments = sorted({point.moment for point in dated})
    n = query.n or 1
    if query.pick == "nth":
        chosen = moments[n - 1 : n] if n > 0 else moments[n : len(moments) + n + 1]
        short = not chosen or abs(n) > len(moments)
        chosen = [] if short else chosen
        notes = (_too_few(len(moments), n),) if short else ()
    else:
        chosen = moments[:n] if query.pick == "first" else moments[-n:]
        notes = (f"measured at {_times(len(moments))} only",) if len(moments) < n else ()
    return tuple(point for point in dated if point.moment in chosen), notes


def _too_few(moments: int, n: int) -> str:
    missing = "none before it" if n == -2 and moments == 1 else f"no {_ordinal(n)}"
    return f"measured at {_times(moments)} only: there is {missing}"


def _times(moments: int) -> str:
    return "one time" if moments == 1 else f"{moments} times"


def _ordinal(n: int) -> str:
    place = abs(n)
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}{' from the last' if n < 0 else ''}"


def chosen(points: Sequence[Point], query: Query) -> Picked:
    """Return the answer that certain measurements give."""
    units, values = {point.unit for point in points}, values_of(points, query)
    if query.give in ("range", "flag") and not values:
        return without_value(points, f"no {_JUDGED_BY[query.give]} is recorded")
    return Picked(
        values=values,
        unit=units.pop() if len(units) == 1 and query.give in ("value", "range") else "",
        facts=lines(points, MOST),
        total=len(points),
        points=tuple(points),
    )


def values_of(points: Sequence[Point], query: Query) -> tuple[Scalar, ...]:
    """Return the values, or the days, times, ages, units, ends of reference ranges or flags of measurements, each once.

    Values are each told, but for the same one of one moment, or of the same extreme.
    """
    if query.give == "value":
        values = [(point, value) for point in points if (value := point.value) is not None]
        if query.pick == "all" and not query.beside:
            return tuple(_shown(point, value) for point, value in values)
        alike = {
            (point.moment if query.pick not in ("max", "min") else None, value): point
            for point, value in values
        }
        return tuple(_shown(point, value) for (_, value), point in alike.items())
    if query.give == "unit":
        units = (point.amount.unit for point in points if point.amount)
        return tuple(dict.fromkeys(unit for unit in units if unit))
    if query.give == "range":
        spans = dict.fromkeys((span.low, span.high) for point in points if (span := point.reference))
        return tuple(significant(end) for span in spans for end in span if end.is_finite())
    if query.give == "flag":
        return tuple(dict.fromkeys(flag for point in points if (flag := judged(point))))
    starts = [point.entry.start for point in points if point.entry.start]
    if query.give in ("date", "time"):
        days = (start.day if query.give == "date" else start.minute for start in starts)
        return tuple(dict.fromkeys(days))
    born = query.born
    return tuple(dict.fromkeys(completed_years(born, start.first) for start in starts)) if born else ()


def _shown(point: Point, value: Decimal | str) -> Scalar:
    return significant(value) if point.converted and isinstance(value, Decimal) else value


def left_out_words(points: Sequence[Point]) -> tuple[str, ...]:
    """Return the note on results in words, which are no number: “Hemolyzed”."""
    words = tuple(dict.fromkeys(point.words for point in points if point.words))
    return (f"{len(points)} given in words left out: {quoted(words)}",) if words else ()


def line(point: Point) -> Fact:
    """Return the line of a measurement as recorded, with its value in another unit if it was converted."""
    if point.converted is None:
        return fact(point.entry, f"grew {', '.join(point.grown)}" if point.grown else "")
    bound = f"{point.converted.comparator} ".lstrip()
    amount = with_unit(number(significant(point.converted.value)), point.converted.unit)
    return fact(point.entry, f"converted to {bound}{amount}")


def lines(points: Sequence[Point], most: int) -> tuple[Fact, ...]:
    """Return the lines of measurements, cut to the first and the newest if there are many."""
    return cut([line(point) for point in points], most)


def by_rank(series: Sequence[Point]) -> list[Point]:
    """Return measurements, oldest first, by how much they tell of their course.

    First come the first, the last, the lowest and the highest; then the others, so that any number of them is spread
    over the time.
    """
    numbers = [(point.exact, n) for n, point in enumerate(series) if point.comparable]
    exact = [(number, n) for number, n in numbers if number is not None]
    extremes = [min(exact)[1], max(exact, key=itemgetter(0))[1]] if exact else []
    ends = [0, len(series) - 1] if series else []
    return [series[n] for n in dict.fromkeys((*ends, *extremes, *halved(len(series))))]


def halved(n: int) -> list[int]:
    """Return the places of a row of n: its middle, then the middles of its halves, and so on.

    >>> halved(7)
    [3, 1, 5, 0, 2, 4, 6]
    """
    spans, places = [(0, n)], list[int]()
    for low, high in spans:
        if low < high:
            middle = (low + high) // 2
            places.append(middle)
            spans += [(low, middle), (middle + 1, high)]
    return places


def behind(series: Sequence[Point]) -> tuple[Fact, ...]:
    """Return the lines of measurements by rank, at most `BEHIND`; without the name of the test where it is one."""
    named = len({point.entry.display for point in series}) > 1
    ranked = by_rank(series)[:BEHIND]
    told = [line(point) for point in ranked]
    if named or not ranked:
        return tuple(told)
    name = called(ranked[0].entry)
    return tuple([replace(shown, text=shown.text.removeprefix(name).lstrip(" :")) for shown in told])


def extreme(exact: Sequence[Point], which: Extreme) -> tuple[Point, ...]:
    """Return all points of the highest or lowest exact number."""
    numbers = [point.exact for point in exact if point.exact is not None]
    best = max(numbers) if which == "max" else min(numbers)
    return tuple(point for point in exact if point.exact == best)


def most(series: Sequence[Point], which: Extreme) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """Return all points of the highest or lowest amount, and notes; () where bounds leave open which it is.

    "> 10" is higher than 9 and 10; whether it is higher than 11 is open.
    """
    placed = [(point, span if which == "max" else span.mirrored) for point in series if (span := point.span)]
    if not placed:
        return (), ()
    notes = left_out_words([point for point in series if point.words and not point.span])
    surely = max(span.low for _, span in placed)
    top = max((span.low, span.high) for _, span in placed)
    if any(span.high > surely for _, span in placed if (span.low, span.high) != top):
        name = "highest" if which == "max" else "lowest"
        return (), (*notes, f"values that are given only as a bound leave open which is the {name}")
    return tuple(point for point, span in placed if (span.low, span.high) == top), notes


def cautions(points: Sequence[Point]) -> tuple[str, ...]:
    """Return what must be said of the measurements that carry an answer: "1 of 3: preliminary", what they replaced."""
    found = by_kind(point.entry.caution for point in points)
    notes = tuple(f"{count} of {len(points)}: {caution}" for caution, count in found)
    told = [text for point in points for label, text in point.entry.details if label == "earlier version"]
    if not told:
        return notes
    more = f" and {len(told) - FEW} more" if len(told) > FEW else ""
    return (*notes, f"before it was corrected or final: {'; '.join(told[:FEW])}{more}")


def with_notes(picked: Picked, *before: str) -> Picked:
    """Return an answer with further notes before its own."""
    return replace(picked, notes=(*before, *picked.notes))


def disagreements(points: Sequence[Point]) -> tuple[str, ...]:
    """Return what must be said of flags that are not what the reference range says."""
    found = Counter(why for point in points if (why := disagreement(point)))
    return tuple(
        f"{count} of {len(points)} {'is' if count == 1 else 'are'} {why}" for why, count in found.items()
    )
