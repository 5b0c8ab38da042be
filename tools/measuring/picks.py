"""One test's measurements -> what was picked from them: a value, a date, a count, a mean, a change, a trend.

Pure. Left out: which test is meant (concepts) and when (periods). Means, extremes, changes and trends use
exact numbers of one unit only; what is left out for that is said in the notes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.calls.evidence import Fact, Outcome, Scalar
from tools.entries.entry import Quantity
from tools.entries.times import completed_years
from tools.measuring.rounding import rounded
from tools.measuring.series import Flag, Point, direction, judged, lies, one_unit, polarity
from tools.wording.facts import cut, fact
from tools.wording.words import number

Pick = Literal[
    "last", "previous", "first", "all", "max", "min", "mean", "count", "exists", "none", "found", "change", "trend"
]  # fmt: skip
Give = Literal["value", "date", "age", "unit", "fits"]

_COMPUTED = ("max", "min", "mean", "change", "trend")
_COURSES = ("change", "trend")
_FEW = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a test; as `tools.calls.measure.measure` says."""

    give: Give = "value"
    pick: Pick = "last"
    above: Decimal | None = None
    below: Decimal | None = None
    flagged: Flag | None = None
    born: date | None = None

    @property
    def bounded(self) -> bool:
        """Whether values are held against a number, which takes one unit."""
        return not (self.above is None and self.below is None)

    @property
    def polar(self) -> bool:
        """Whether it is asked if something was found, which an interpretation may say without a value."""
        return self.flagged in ("positive", "negative")

    @property
    def limited(self) -> bool:
        """Whether only some values are wanted."""
        return self.bounded or self.flagged is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was picked: as in `Evidence`; `points` are those that carry it."""

    outcome: Outcome = "found"
    values: tuple[Scalar, ...] = ()
    unit: str = ""
    facts: tuple[Fact, ...] = ()
    total: int = 0
    points: tuple[Point, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Every resource that carries the answer, once."""
        return tuple(dict.fromkeys(reference for point in self.points for reference in point.references))


def pick_from(measured: Sequence[Point], wish: Wish) -> Picked:
    """Pick from the measurements of one test, oldest first.

    With several at the same moment (or the same extreme) all of them are picked. A measurement that was not
    done or has no result, and says so, is never taken as a value.
    """
    done = tuple(point for point in measured if not point.entry.absent)
    valued = tuple(point for point in done if point.value is not None)
    notes = _absences(measured)
    if not measured:
        return _nothing(wish)
    asked = wish.give in ("value", "unit") and wish.pick not in ("count", "exists", "none", "found")
    by_value = (wish.limited or asked) and not wish.polar
    series = valued if by_value or wish.pick in _COMPUTED else done
    if not series:
        empty = Picked(outcome="no value", notes=notes)
        return replace(empty, facts=cut([fact(point.entry) for point in measured], _FEW), total=len(measured))
    left_out: tuple[str, ...] = ()
    if wish.bounded or wish.pick in _COMPUTED:
        series, left_out = one_unit(series)
        notes += left_out
    picked = _choose(series, wish)
    if left_out and wish.bounded and picked.outcome == "none recorded":
        picked = replace(picked, outcome="no value", values=())
    return replace(picked, notes=(*notes, *picked.notes, *_cautions(picked.points)))


def _choose(series: Sequence[Point], wish: Wish) -> Picked:
    if wish.give == "fits":
        picked = _PICKS[wish.pick](series, wish)
        return (_way if wish.pick in _COURSES else _verdict)(picked, wish)
    return _limited(series, wish) if wish.limited else _PICKS[wish.pick](series, wish)


def given(chosen: Sequence[Point], wish: Wish) -> tuple[Scalar, ...]:
    """Return the values, or the days, ages or units of the chosen points, each once; nothing for a verdict."""
    if wish.give == "value":
        return tuple(point.value for point in chosen if point.value is not None)
    if wish.give == "unit":
        units = (point.entry.value.unit for point in chosen if isinstance(point.entry.value, Quantity))
        return tuple(dict.fromkeys(unit for unit in units if unit))
    if wish.give == "fits":
        return ()
    starts = [point.entry.start for point in chosen if point.entry.start]
    if wish.give == "date":
        return tuple(dict.fromkeys(start.day for start in starts))
    born = wish.born
    return tuple(dict.fromkeys(completed_years(born, start.first) for start in starts)) if born else ()


def _absences(measured: Sequence[Point]) -> tuple[str, ...]:
    reasons = Counter(point.entry.absent for point in measured if point.entry.absent)
    return tuple(f"{count} without a value: {reason}" for reason, count in reasons.items())


def _cautions(used: Sequence[Point]) -> tuple[str, ...]:
    found = Counter(point.entry.caution for point in used if point.entry.caution)
    return tuple(f"{count} of {len(used)}: {caution}" for caution, count in found.items())


def _nothing(wish: Wish) -> Picked:
    values: dict[str, tuple[Scalar, ...]] = {
        "exists": (False,),
        "found": (False,),
        "none": (True,),
        "count": (0,),
    }
    return Picked(outcome="none recorded", values=values.get(wish.pick, ()))


def _limited(series: Sequence[Point], wish: Wish) -> Picked:
    if wish.bounded and not any(isinstance(point.value, Decimal) for point in series):
        words = f"recorded in words, which are neither {' nor '.join(_sides(wish))}"
        return Picked(outcome="no value", facts=_listed(series, _FEW), total=len(series), notes=(words,))
    verdicts = [_fits(point, wish) for point in series]
    matching = [point for point, verdict in zip(series, verdicts, strict=True) if verdict]
    unclear = sum(verdict is None for verdict in verdicts)
    notes: tuple[str, ...] = ()
    if unclear:
        notes = (f"{unclear} of {len(series)} could not be judged: {_why_unclear(wish)}",)
    if matching:
        picked = _PICKS[wish.pick](matching, wish)
    elif unclear and (unclear == len(series) or wish.pick in ("exists", "none")):
        picked = Picked(outcome="no value", facts=_listed(series, _FEW), total=len(series))
    else:
        nearest = _nearest(series, wish)
        picked = replace(_nothing(wish), facts=_listed(nearest, 1), total=len(nearest))
        notes += (f"{len(series)} recorded, none of them {_limits(wish)}",)
    return replace(picked, notes=(*notes, *picked.notes))


def _verdict(picked: Picked, wish: Wish) -> Picked:
    """Return whether everything that was picked fits; open where one of them cannot be judged."""
    verdicts = [_fits(point, wish) for point in picked.points]
    if not verdicts or None in verdicts and False not in verdicts:
        notes = (*picked.notes, f"it could not be judged: {_why_unclear(wish)}")
        return replace(picked, outcome="no value", values=(), notes=notes)
    told = replace(picked, values=(all(verdicts),), unit="")
    if all(verdicts) or wish.pick != "all":
        return told
    unfit = tuple(point for point, verdict in zip(picked.points, verdicts, strict=True) if verdict is False)
    notes = (*picked.notes, f"{verdicts.count(True)} of {len(verdicts)} are {_limits(wish)}")
    if unclear := verdicts.count(None):
        notes += (f"{unclear} of {len(verdicts)} could not be judged: {_why_unclear(wish)}",)
    return replace(told, points=unfit, facts=_listed(unfit, _FEW), total=len(unfit), notes=notes)


def _way(picked: Picked, wish: Wish) -> Picked:
    """Return whether a change or a trend goes up ("above") or down ("below"); a trend that varies leaves it open."""
    told = picked.values[0] if len(picked.values) == 1 else None
    if told is None or told == "varying":
        notes = (
            picked.notes if told is None else (*picked.notes, "the values vary, neither rising nor falling")
        )
        return replace(picked, outcome="no value", values=(), unit="", notes=notes)
    steps = {"rising": Decimal(1), "falling": Decimal(-1), "stable": Decimal(0)}
    moved = steps[told] if isinstance(told, str) else told
    up = wish.above is not None and moved > wish.above
    down = wish.below is not None and moved < wish.below
    return replace(picked, values=(up or down,), unit="")


def _fits(point: Point, wish: Wish) -> bool | None:
    inside: bool | None = True
    if wish.above is not None or wish.below is not None:
        inside = lies(point, wish.above, wish.below)
    if wish.flagged is None or inside is False:
        return inside
    flag = polarity(point) if wish.polar else judged(point)
    if flag is None:
        return None
    meant = flag != "normal" if wish.flagged == "abnormal" else flag == wish.flagged
    return inside if meant else False


def _why_unclear(wish: Wish) -> str:
    if wish.polar:
        return "the record gives a result that says neither positive nor negative"
    if wish.flagged is not None:
        return "the record gives neither a usable reference range nor a flag"
    return "the record gives a bound, not a number"


def _sides(wish: Wish) -> list[str]:
    said = [f"above {number(wish.above)}"] if wish.above is not None else []
    return said + ([f"below {number(wish.below)}"] if wish.below is not None else [])


def _limits(wish: Wish) -> str:
    said = _sides(wish)
    said += [wish.flagged] if wish.flagged else []
    return " and ".join(said)


def _nearest(series: Sequence[Point], wish: Wish) -> tuple[Point, ...]:
    exact = [point for point in series if point.exact is not None]
    if not exact or (wish.above is None) == (wish.below is None):
        return (series[-1],)
    return _extreme(exact, "max" if wish.below is None else "min")


def _listed(chosen: Sequence[Point], most: int) -> tuple[Fact, ...]:
    return cut([fact(point.entry) for point in chosen], most)


def at_end(series: Sequence[Point], end: Literal["first", "last"]) -> tuple[Point, ...]:
    """Return all points of the first or last moment, of those with a time if there are any."""
    dated = [point for point in series if point.entry.start] or list(series)
    moment = dated[0 if end == "first" else -1].moment
    return tuple(point for point in dated if point.moment == moment)


def _extreme(exact: Sequence[Point], which: Literal["max", "min"]) -> tuple[Point, ...]:
    numbers = [point.exact for point in exact if point.exact is not None]
    best = max(numbers) if which == "max" else min(numbers)
    return tuple(point for point in exact if point.exact == best)


def _chosen(chosen: Sequence[Point], wish: Wish, *, distinct: bool) -> Picked:
    values = given(chosen, wish)
    values = tuple(dict.fromkeys(values)) if distinct else values
    units = {point.unit for point in chosen}
    return Picked(
        values=values,
        unit=units.pop() if len(units) == 1 and wish.give == "value" else "",
        facts=_listed(chosen, 12),
        total=len(chosen),
        points=tuple(chosen),
    )


def _pick_last(series: Sequence[Point], wish: Wish) -> Picked:
    return _chosen(at_end(series, "last"), wish, distinct=True)


def _pick_first(series: Sequence[Point], wish: Wish) -> Picked:
    return _chosen(at_end(series, "first"), wish, distinct=True)


def _pick_previous(series: Sequence[Point], wish: Wish) -> Picked:
    """Pick those of the last moment but one."""
    dated = [point for point in series if point.entry.start]
    earlier = [point for point in dated if point.moment < dated[-1].moment]
    if not earlier:
        notes = ("measured at one time only: there is none before it",)
        return replace(_nothing(wish), facts=_listed(series, _FEW), total=len(series), notes=notes)
    return _pick_last(earlier, wish)


def _pick_all(series: Sequence[Point], wish: Wish) -> Picked:
    return _chosen(series, wish, distinct=False)


def _pick_extreme(series: Sequence[Point], wish: Wish) -> Picked:
    exact, notes = _exact(series)
    if not exact:
        return Picked(outcome="no value", facts=_listed(series, _FEW), total=len(series), notes=notes)
    chosen = _extreme(exact, "max" if wish.pick == "max" else "min")
    return replace(_chosen(chosen, wish, distinct=True), notes=notes)


def _pick_mean(series: Sequence[Point], wish: Wish) -> Picked:
    exact, notes = _exact(series)
    if not exact:
        return Picked(outcome="no value", facts=_listed(series, _FEW), total=len(series), notes=notes)
    numbers = [point.exact for point in exact if point.exact is not None]
    mean = rounded(sum(numbers, Decimal(0)) / len(numbers))
    notes += (f"mean of {len(numbers)}",)
    return replace(_chosen(exact, wish, distinct=False), values=(mean,), facts=_listed(exact, 6), notes=notes)


def _pick_count(series: Sequence[Point], wish: Wish) -> Picked:
    days = given(series, wish)
    counted = len(days) if wish.give == "date" else len(series)
    return replace(_chosen(series, wish, distinct=False), values=(counted,), unit="")


def _pick_exists(series: Sequence[Point], wish: Wish) -> Picked:
    some = _listed(series, _FEW)
    return replace(_chosen(series, wish, distinct=False), values=(True,), unit="", facts=some)


def _pick_none(series: Sequence[Point], wish: Wish) -> Picked:
    return replace(_pick_exists(series, wish), values=(False,))


def _pick_found(series: Sequence[Point], wish: Wish) -> Picked:
    """Pick what is not negative; open where results in words say neither."""
    said = [polarity(point) for point in series]
    there = [
        point
        for point, told in zip(series, said, strict=True)
        if told == "positive" or (told is None and point.exact is not None)
    ]
    if there:
        return _pick_exists(there, wish)
    if None in said:
        notes = (f"it could not be judged: {_why_unclear(replace(wish, flagged='positive'))}",)
        return Picked(outcome="no value", facts=_listed(series, _FEW), total=len(series), notes=notes)
    return replace(_pick_exists(series, wish), values=(False,))


def _pick_change(series: Sequence[Point], wish: Wish) -> Picked:
    exact, notes = _exact(series)
    series = exact or series
    first, last = at_end(series, "first")[0], at_end(series, "last")[-1]
    if first.moment == last.moment:
        notes += ("measured at one time only: no change can be told",)
        return Picked(outcome="no value", facts=_listed(series, _FEW), total=len(series), notes=notes)
    # A change stands on two records, one of each end, also where an end was recorded twice.
    ends = _chosen((Point(first.entry), Point((last.entry, *last.twins)[-1])), wish, distinct=False)
    ends = replace(ends, facts=(_told("First", first), _told("Last", last)), notes=notes)
    if wish.give not in ("value", "fits") or first.exact is None or last.exact is None:
        return ends
    return replace(ends, values=(rounded(last.exact - first.exact),))


def _pick_trend(series: Sequence[Point], wish: Wish) -> Picked:
    exact, notes = _exact(series)
    way = direction(exact)
    if way is None:
        notes += ("fewer than two numbers over time: no trend can be told",)
        return Picked(outcome="no value", facts=_listed(series, _FEW), total=len(series), notes=notes)
    telling = {
        "First": exact[0],
        "Last": exact[-1],
        "Lowest": _extreme(exact, "min")[0],
        "Highest": _extreme(exact, "max")[0],
    }
    facts = tuple(_told(label, point) for label, point in telling.items())
    whole = _chosen(exact, wish, distinct=False)
    return replace(whole, values=(way,), facts=facts, notes=(*notes, f"{len(exact)} measurements"))


def _told(label: str, point: Point) -> Fact:
    line = fact(point.entry)
    return replace(line, text=f"{label}: {line.text}")


def _exact(series: Sequence[Point]) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    exact = tuple(point for point in series if point.exact is not None)
    bounds = sum(isinstance(point.value, Decimal) for point in series) - len(exact)
    return exact, (f"{bounds} given only as a bound left out",) if bounds else ()


_PICKS = {
    "last": _pick_last,
    "previous": _pick_previous,
    "first": _pick_first,
    "all": _pick_all,
    "max": _pick_extreme,
    "min": _pick_extreme,
    "mean": _pick_mean,
    "count": _pick_count,
    "exists": _pick_exists,
    "none": _pick_none,
    "found": _pick_found,
    "change": _pick_change,
    "trend": _pick_trend,
}
