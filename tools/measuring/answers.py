"""One test's measurements -> the answer: what is picked of them, judged by a test, computed with.

Pure. Left out: panels of several tests (`together`). What is left out of an answer is said in its notes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tools.entries.entry import Quantity
from tools.measuring.criteria import Criterion
from tools.measuring.picks import (
    FEW,
    MOST,
    Picked,
    Query,
    cautions,
    chosen,
    extreme,
    lines,
    nothing,
    pick_from,
    with_notes,
    without_value,
)
from tools.measuring.series import Alike, Point, in_unit, names_of, one_unit, series_of
from tools.measuring.statistics import computed

_NAMED = 4


def answer(measured: Sequence[Point], query: Query) -> Picked:
    """Return what a query asks of the measurements of one test, oldest first.

    With several at the same moment (or the same extreme) all of them are picked. A measurement that was not
    done or has no result, and says so, is never taken as a value.
    """
    if not measured:
        return nothing(query)
    notes = _absences(measured)
    series = tuple(point for point in measured if not point.entry.absent)
    if _takes_values(query):
        series = tuple(point for point in series if point.value is not None)
    if not series:
        return with_notes(without_value(measured), *notes)
    name = ""
    if query.computes:
        series, name, apart = _one_series(series)
    else:
        apart = _told_apart(series)
    series, more, left_out = _in_one_unit(series, query)
    picked = _answer(series, query) if series else without_value(left_out)
    if left_out and query.numeric:
        picked = _open(picked, query, len(left_out))
    notes = (*notes, *apart, *more, *picked.notes, *cautions(picked.points))
    return replace(picked, notes=notes, name=name)


def _open(picked: Picked, query: Query, left_out: int) -> Picked:
    """Return an answer as it stands where some measurements could not be compared: a "none" or "all" is left open."""
    rests_on_all = picked.outcome == "none recorded" or (query.how == "all" and picked.values == (True,))
    picked = replace(picked, unclear=picked.unclear + left_out)
    return replace(picked, outcome="no value", values=()) if rests_on_all else picked


def _takes_values(query: Query) -> bool:
    """Whether only measurements with a value are meant: not where it is counted or asked if there are any."""
    criterion = query.criterion
    if query.computes or query.pick in ("max", "min"):
        return True
    if criterion is not None:
        return not criterion.polar
    return query.give in ("value", "unit") and not query.counts and query.how is None


def _one_series(series: Sequence[Point]) -> tuple[tuple[Point, ...], str, tuple[str, ...]]:
    """Return the series with the newest measurement, of those with numbers if there are any, its name, the others."""
    every = series_of(series)
    if len(every) == 1:
        return every[0], "", ()
    numeric = [group for group in every if any(point.amount for point in group)]
    kept = (numeric or every)[-1]
    names = list(zip(names_of(every), every, strict=True))
    others = tuple(
        f"left out: {len(group)} of {name}, another test" for name, group in names if group is not kept
    )
    return kept, next(name for name, group in names if group is kept), others


def _told_apart(series: Sequence[Point]) -> tuple[str, ...]:
    every = series_of(series)
    if len(every) == 1:
        return ()
    names = [f"{name} ({len(group)})" for name, group in zip(names_of(every), every, strict=True)][::-1]
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (f"{len(names)} tests go by this name: {', '.join(names[:_NAMED])}{rest}",)


def _in_one_unit(
    series: Sequence[Point], query: Query
) -> tuple[tuple[Point, ...], tuple[str, ...], tuple[Point, ...]]:
    """Return the measurements in the unit that is asked for or, where they are compared, in that of the newest.

    What cannot be converted stays as recorded, but is left out where numbers are compared; with notes on both.
    """
    compared = query.numeric or query.computes or query.pick in ("max", "min")
    notes: tuple[str, ...] = ()
    if query.unit:
        alike = in_unit(series, query.unit)
        if compared and (query.numeric or any(point.amount for point in alike.points)):
            return alike.points, (*alike.notes, *_unconverted("left out", alike)), alike.others
        notes = (*alike.notes, *_unconverted("as recorded", alike))
        series = sorted((*alike.points, *alike.others), key=lambda point: point.moment)
    if not compared:
        return tuple(series), notes, ()
    alike = one_unit(series)
    return alike.points, (*notes, *alike.notes, *_unconverted("left out", alike)), alike.others


def _unconverted(treated: str, alike: Alike) -> tuple[str, ...]:
    return (f"{treated}: {alike.unconverted}",) if alike.others else ()


def _answer(series: Sequence[Point], query: Query) -> Picked:
    if query.numeric and not query.tests_statistic and not any(point.amount for point in series):
        criterion = query.criterion
        return without_value(
            series,
            f"recorded in words, so whether they are {criterion.label if criterion else ''} cannot be told",
        )
    if query.criterion and query.filters:
        return _filtered(series, query, query.criterion)
    points, notes = pick_from(series, query)
    if not points:
        empty = without_value(series) if query.pick in ("max", "min") else nothing(query)
        values = (
            () if query.criterion else empty.values
        )  # what is not there meets a test as little as it fails it
        return replace(empty, values=values, facts=lines(series, FEW), total=len(series), notes=notes)
    if query.statistic:
        picked = computed(points, query)
        if query.criterion and query.tests_statistic:
            picked = _tested(picked, query.criterion, query)
    elif query.criterion:
        picked = _judged(points, query.criterion, query)
    elif query.how:
        picked = _existence(points, query)
    else:
        picked = chosen(points, query)
    return with_notes(picked, *notes)


def _existence(points: Sequence[Point], query: Query) -> Picked:
    """Return whether there are measurements, or how many."""
    if query.how == "count":
        return computed(points, replace(query, statistic="count", how=None))
    return replace(chosen(points, query), values=(query.how == "any",), unit="", facts=lines(points, FEW))


def _filtered(series: Sequence[Point], query: Query, criterion: Criterion) -> Picked:
    """Return what is picked of those that meet a test."""
    verdicts = [criterion.met_by(point) for point in series]
    matching = [point for point, verdict in zip(series, verdicts, strict=True) if verdict]
    unclear, notes = verdicts.count(None), _unjudged(verdicts, criterion)
    if matching:
        picked = _answer(matching, replace(query, criterion=None))
        return replace(with_notes(picked, *notes), unclear=unclear)
    if unclear == len(series):
        return replace(without_value(series, *notes), unclear=unclear)
    return replace(_none_meets(series, query, criterion, notes), unclear=unclear)


def _none_meets(
    series: Sequence[Point], query: Query, criterion: Criterion, notes: tuple[str, ...]
) -> Picked:
    near = _nearest(series, criterion)
    said = (*notes, f"{len(series)} recorded, none of them {criterion.label}")
    return replace(nothing(query), facts=lines(near, 1), total=len(near), notes=said)


def _unjudged(verdicts: Sequence[bool | None], criterion: Criterion) -> tuple[str, ...]:
    unclear = verdicts.count(None)
    return (f"{unclear} of {len(verdicts)} could not be judged: {criterion.unclear}",) if unclear else ()


def _nearest(series: Sequence[Point], criterion: Criterion) -> tuple[Point, ...]:
    """Return the measurement that comes nearest to meeting a test: the highest if none is above, else the last."""
    exact = [point for point in series if point.exact is not None]
    if not exact or not criterion.numeric or criterion.test == "between":
        return (series[-1],)
    return extreme(exact, "max" if criterion.test in ("above", "at least") else "min")


def _judged(points: Sequence[Point], criterion: Criterion, query: Query) -> Picked:
    """Return whether any, all or none of what was picked meets a test, or how many do."""
    verdicts = [criterion.met_by(point) for point in points]
    if query.how == "all":
        return _all(points, verdicts, criterion, query)
    matching = [point for point, verdict in zip(points, verdicts, strict=True) if verdict]
    unclear, notes = verdicts.count(None), _unjudged(verdicts, criterion)
    if matching:
        return replace(with_notes(_existence(matching, query), *notes), unclear=unclear)
    if unclear == len(points) or (unclear and query.how != "count"):
        return replace(without_value(points, *notes), unclear=unclear)
    stands_on_them = criterion.test == "found" or (query.selective and query.how != "count")
    if stands_on_them:
        return replace(_existence(points, query), values=(query.how == "none",))
    return replace(_none_meets(points, query, criterion, notes), unclear=unclear)


def _all(points: Sequence[Point], verdicts: list[bool | None], criterion: Criterion, query: Query) -> Picked:
    if criterion.numeric:
        verdicts = [
            None if point.amount is None else verdict for point, verdict in zip(points, verdicts, strict=True)
        ]
    whole = replace(chosen(points, query), unit="", unclear=verdicts.count(None))
    if None in verdicts and False not in verdicts:
        return replace(
            whole, outcome="no value", values=(), notes=(f"it could not be judged: {criterion.unclear}",)
        )
    verdict = all(verdicts)
    if verdict or query.selective:
        return replace(whole, values=(verdict,), facts=lines(points, FEW if verdict else MOST))
    unfit = tuple(point for point, verdict in zip(points, verdicts, strict=True) if verdict is False)
    notes = (
        f"{verdicts.count(True)} of {len(verdicts)} are {criterion.label}",
        *_unjudged(verdicts, criterion),
    )
    return replace(
        whole, values=(False,), points=unfit, facts=lines(unfit, FEW), total=len(unfit), notes=notes
    )


def _tested(picked: Picked, criterion: Criterion, query: Query) -> Picked:
    """Return whether a statistic meets a test: a change or trend goes up above 0, down below 0."""
    if picked.outcome != "found":
        return picked
    number = _STEPS.get(str(picked.values[0])) if query.statistic == "trend" else picked.exact
    if number is None:
        notes = ("the values vary, neither rising nor falling",) if query.statistic == "trend" else ()
        return replace(picked, outcome="no value", values=(), unit="", notes=(*picked.notes, *notes))
    met = bool(criterion.met(Quantity(number)))
    return replace(picked, values=(met != (query.how == "none"),), unit="")


_STEPS = {"rising": Decimal(1), "falling": Decimal(-1), "stable": Decimal(0)}


def _absences(measured: Sequence[Point]) -> tuple[str, ...]:
    reasons = Counter(point.entry.absent for point in measured if point.entry.absent)
    return tuple(f"{count} without a value: {reason}" for reason, count in reasons.items())
