"""One test's measurements -> the answer: what is picked of them, judged by a test, computed with.

Pure. Left out: panels of several tests (`together`). What is left out of an answer is said in its notes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from tools.entries.unread import by_kind
from tools.measuring.analytes import substance_of
from tools.measuring.criteria import FAR, Criterion, apart, in_full, units_meant
from tools.measuring.laboratory import is_vital_sign
from tools.measuring.picks import (
    FEW,
    MOST,
    Picked,
    Query,
    behind,
    cautions,
    chosen,
    disagreements,
    extreme,
    line,
    lines,
    nothing,
    pick_from,
    with_notes,
    without_value,
)
from tools.measuring.series import (
    Alike,
    Point,
    has_loinc,
    in_unit,
    names_of,
    one_unit,
    series_of,
    with_unitless,
)
from tools.measuring.spans import Span
from tools.measuring.statistics import computed
from tools.units import converted, other_units
from tools.wording.specimens import BLOOD, analyte_of, specimen_of
from tools.wording.text import words
from tools.wording.words import number, read_unit, shown_name

_NAMED = 4
_moment = attrgetter("moment")


def answer(measured: Sequence[Point], query: Query) -> Picked:
    """Return what a query asks of the measurements of one test, oldest first.

    With several at the same moment (or the same extreme) all of them are picked. A measurement that was not
    done or has no result, and says so, is never taken as a value.
    """
    if not measured:
        return nothing(query)
    measured, elsewhere = _of_specimen(measured, query.words)
    if query.criterion and query.criterion.unit:
        numbers = [point for point in measured if point.amount]
        if numbers and not any(point.unit for point in numbers):
            return _without_units(measured, query, query.criterion)
        query = replace(query, criterion=in_full(query.criterion, measured))
    limited = query.numeric and not query.tests_statistic and not query.unit
    units = units_meant(query.criterion, measured) if query.criterion and limited else ()
    if query.criterion and len(units) > 1:
        return with_notes(_in_each_unit(measured, query, query.criterion, units), *elsewhere)
    measured, name, other = called_so(measured, query.words)
    measured, in_words = _numbers(measured, query)
    notes = (*elsewhere, *other, *in_words, *_absences(measured))
    series = tuple(point for point in measured if not point.entry.absent)
    if _takes_values(query):
        series = tuple(point for point in series if point.value is not None)
    if not series:
        return replace(with_notes(without_value(measured), *notes), name=name)
    if query.computes:
        series, one, apart = one_series(series)
        name = one or name
    else:
        apart = _told_apart(series)
    series, more, left_out = _in_one_unit(series, query)
    picked = _answer(series, query) if series else without_value(left_out)
    if left_out and _may_be_picked(left_out, picked.points, query):
        picked = replace(without_value(sorted((*series, *left_out), key=_moment)), unclear=len(left_out))
    notes = (*notes, *apart, *picked.notes, *more, *cautions(picked.points), *disagreements(picked.points))
    picked = replace(picked, notes=notes, name=name)
    if not query.of_series:
        return picked
    others = (replace(point, comparable=False) for point in left_out)
    return _with_series(picked, sorted((*series, *others), key=_moment))


def _with_series(picked: Picked, series: Sequence[Point]) -> Picked:
    """Return an answer with the measurements among which it was found."""
    return replace(picked, behind=behind(series), measured=len(series))


def _in_each_unit(
    measured: Sequence[Point], query: Query, criterion: Criterion, units: Sequence[str]
) -> Picked:
    """Return what limits without a unit make of measurements, which is open where it differs between their units."""
    limits = " and ".join(map(number, criterion.limits))
    why = f"{limits} {'has' if len(criterion.limits) == 1 else 'have'} no unit"
    return _where_alike(measured, query, [replace(criterion, unit=unit) for unit in units], why, units)


def _without_units(measured: Sequence[Point], query: Query, criterion: Criterion) -> Picked:
    """Return what limits with a unit make of measurements without one, which may be in any that is usual."""
    of = substance_of(measured[-1].entry)
    inside: dict[str, Criterion] = {}
    for unit in (criterion.unit, *other_units(criterion.unit, of)):
        moved = [converted(limit, criterion.unit, unit, of) for limit in criterion.limits]
        inside[unit] = replace(
            criterion, limits=tuple(limit for limit in moved if limit is not None), unit=""
        )
    near = {unit: each for unit, each in inside.items() if apart(each.limits, measured) < FAR} or inside
    return _where_alike(measured, query, list(near.values()), "the values have no unit", list(near))


def _where_alike(
    measured: Sequence[Point], query: Query, inside: Sequence[Criterion], why: str, units: Sequence[str]
) -> Picked:
    """Return the answer by one test of several, where it is that by each of them; else that it is open, and why."""
    answers = [answer(measured, replace(query, criterion=each)) for each in inside]
    told = {(each.outcome, each.values if query.how else each.references) for each in answers}
    names = " or ".join(map(read_unit, units))
    if len(told) == 1:
        more = f", and {names} makes no difference" if len(units) > 1 else f"; they were read as {names}"
        return with_notes(answers[0], f"{why}{more}")
    return replace(without_value(measured, f"{why}: {names} makes a difference"), unclear=len(measured))


def _of_specimen(measured: Sequence[Point], asked: str) -> tuple[Sequence[Point], tuple[str, ...]]:
    """Return the measurements in blood, unless another specimen was asked for, and what was left out: urine, CSF."""
    fluids = Counter(specimen_of(point.entry) for point in measured)
    if len(fluids) == 1 or not any(point.amount for point in measured):
        return measured, ()
    said = set(words(asked))
    named = {fluid for fluid in fluids if fluid and not said.isdisjoint(words(fluid))}
    wanted = named or {BLOOD, ""} & fluids.keys()
    usual = {analyte_of(point.entry) for point in measured if specimen_of(point.entry) in wanted}
    apart = [p for p in measured if specimen_of(p.entry) not in wanted and analyte_of(p.entry) in usual]
    if not apart:
        return measured, ()
    counts = Counter(specimen_of(point.entry) or "no specimen named" for point in apart)
    others = tuple(f"left out: {count} of another specimen: {fluid}" for fluid, count in counts.items())
    left = {id(point) for point in apart}
    return [point for point in measured if id(point) not in left], others


def _numbers(measured: Sequence[Point], query: Query) -> tuple[Sequence[Point], tuple[str, ...]]:
    """Return the numbers of a vital sign where there are some: a rhythm beside rates is no rate."""
    polar = query.criterion is not None and query.criterion.polar
    said = [point for point in measured if point.words and not point.span]
    if polar or not said or not any(point.amount and is_vital_sign(point.entry) for point in measured):
        return measured, ()
    kept = [point for point in measured if point.span or not point.words]
    return kept, tuple(f"left out, in words: {line(point).text}" for point in said[-1:])


def called_so(measured: Sequence[Point], asked: str) -> tuple[tuple[Point, ...], str, tuple[str, ...]]:
    """Return the measurements of the tests recorded under just the words that were asked, their name, the others.

    All of them where none is, and those beside which no name tells: of two LOINC codes the recorded names are any of
    several that each has.
    """
    every = series_of(measured)
    named = [group for group in every if len(every) > 1 and _has_name(group, words(asked))]
    coded = any(has_loinc(group) for group in named)
    others = [group for group in every if group not in named and not (coded and has_loinc(group))]
    if not (named and others):
        return tuple(measured), "", ()
    kept = sorted((point for group in every if group not in others for point in group), key=_moment)
    return tuple(kept), shown_name(named[-1][-1].entry), _another_test(every, others)


def _has_name(group: Sequence[Point], asked: tuple[str, ...]) -> bool:
    return any(words(shown_name(point.entry)) == asked for point in group)


def _another_test(every: Sequence[Sequence[Point]], others: Sequence[Sequence[Point]]) -> tuple[str, ...]:
    names = zip(names_of(every), every, strict=True)
    return tuple(
        f"left out: {len(group)} of {name}, another test" for name, group in names if group in others
    )


def _takes_values(query: Query) -> bool:
    """Whether only measurements with a value are meant: not where it is counted or asked if there are any."""
    criterion = query.criterion
    if query.computes or query.pick in ("max", "min"):
        return True
    if criterion is not None:
        return not criterion.polar
    return query.give in ("value", "unit") and not query.counts and query.how is None


def one_series(series: Sequence[Point]) -> tuple[tuple[Point, ...], str, tuple[str, ...]]:
    """Return the series with the newest measurement, of those with numbers if there are any, its name, the others."""
    every = series_of(series)
    if len(every) == 1:
        return every[0], "", ()
    numeric = [group for group in every if any(point.amount for point in group)]
    kept = (numeric or every)[-1]
    name = names_of(every)[every.index(kept)]
    return kept, name, _another_test(every, [group for group in every if group is not kept])


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

    What cannot be converted stays as recorded; where numbers are computed with it is left out, which leaves the answer
    open, and where each is tested it cannot be judged.
    """
    tested = query.numeric and not query.tests_statistic
    computed_with = query.computes or query.pick in ("max", "min")
    notes: tuple[str, ...] = ()
    if unit := query.unit or (query.criterion.unit if query.criterion else ""):
        alike = in_unit(series, unit)
        alike = alike if query.unit else with_unitless(alike)
        if tested or (computed_with and any(point.amount for point in alike.points)):
            return _compared(alike, apart=not computed_with)
        notes = (*alike.notes, *_unconverted("as recorded", alike))
        series = sorted((*alike.points, *alike.others), key=_moment)
    if not (tested or computed_with):
        return tuple(series), notes, ()
    series, more, left_out = _compared(one_unit(series), apart=not computed_with)
    return series, (*notes, *more), left_out


def _compared(alike: Alike, *, apart: bool) -> tuple[tuple[Point, ...], tuple[str, ...], tuple[Point, ...]]:
    """Return measurements in one unit, notes, and what is left out: nothing where each is judged by itself, apart."""
    notes = (*alike.notes, *_unconverted("left out", alike))
    if not apart:
        return alike.points, notes, alike.others
    others = (replace(point, comparable=False) for point in alike.others)
    return tuple(sorted((*alike.points, *others), key=_moment)), notes, ()


def _unconverted(treated: str, alike: Alike) -> tuple[str, ...]:
    return (f"{treated}: {alike.unconverted}",) if alike.others else ()


def _answer(series: Sequence[Point], query: Query) -> Picked:
    if query.criterion and query.filters:
        return _filtered(series, query, query.criterion)
    points, notes = pick_from(series, query)
    if not points:
        empty = without_value(series) if query.pick in ("max", "min") else nothing(query)
        values = (
            () if query.criterion else empty.values
        )  # what is not there meets a test as little as it fails it
        return replace(empty, values=values, facts=lines(series, FEW), total=len(series), notes=notes)
    if query.pick == "last" and not (query.how or query.criterion):
        notes = (*notes, *_number_before(series, points))
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


def _number_before(series: Sequence[Point], picked: Sequence[Point]) -> tuple[str, ...]:
    """Return the note on the last number before a result that is none: "hemolyzed"."""
    if any(point.span for point in picked):
        return ()
    earlier = [point for point in series if point.span and point.moment < picked[0].moment]
    return (f"no number; the last one before: {line(earlier[-1]).text}",) if earlier else ()


def _existence(points: Sequence[Point], query: Query) -> Picked:
    """Return whether there are measurements, or how many."""
    if query.how == "count":
        return computed(points, replace(query, statistic="count", how=None))
    return replace(chosen(points, query), values=(query.how == "any",), unit="", facts=lines(points, FEW))


def _filtered(series: Sequence[Point], query: Query, criterion: Criterion) -> Picked:
    """Return what is picked of those that meet a test."""
    verdicts = [criterion.met_by(point) for point in series]
    matching, unclear = _with(True, series, verdicts), _with(None, series, verdicts)
    notes = _unjudged(series, verdicts, criterion)
    if not matching:
        return _none_meets(series, query, criterion) if not unclear else _open(series, verdicts, criterion)
    picked = _answer(matching, replace(query, criterion=None))
    lists = query.pick == "all" and not query.statistic and not query.beside
    if criterion.numeric and unclear and not lists and _may_be_picked(unclear, picked.points, query):
        return _open(series, verdicts, criterion)
    return replace(with_notes(picked, *notes), unclear=len(unclear))


def _with(
    verdict: bool | None, series: Sequence[Point], verdicts: Sequence[bool | None]
) -> tuple[Point, ...]:
    return tuple(point for point, each in zip(series, verdicts, strict=True) if each is verdict)


def _may_be_picked(unclear: Sequence[Point], picked: Sequence[Point], query: Query) -> bool:
    """Tell whether some that are left aside, as they could not be judged or compared, might be among those picked."""
    if query.beside or query.pick in ("all", "max", "min") or query.statistic == "range" or not picked:
        return True
    moments = {point.moment for point in picked}
    few = query.pick != "nth" and len(moments) < (query.n or 1)
    if few or not all(point.entry.start for point in unclear):
        return True
    early = query.pick == "first" or (query.pick == "nth" and (query.n or 1) > 0)
    if early:
        return any(point.moment <= max(moments) for point in unclear)
    return any(point.moment >= min(moments) for point in unclear)


def _open(series: Sequence[Point], verdicts: Sequence[bool | None], criterion: Criterion) -> Picked:
    """Return the answer where those that cannot be judged leave it open."""
    met = f"{verdicts.count(True)} of {len(verdicts)} are {criterion.label}"
    notes = (*((met,) if True in verdicts else ()), *_unjudged(series, verdicts, criterion))
    return replace(without_value(series, *notes), unclear=verdicts.count(None))


def _none_meets(series: Sequence[Point], query: Query, criterion: Criterion) -> Picked:
    near = _nearest(series, criterion)
    none = "none of them" if len(series) > 1 else "not"
    said = f"{len(series)} recorded, {none} {criterion.label}"
    return replace(nothing(query), facts=lines(near, 1), total=len(near), notes=(said,))


def _unjudged(
    series: Sequence[Point], verdicts: Sequence[bool | None], criterion: Criterion
) -> tuple[str, ...]:
    unclear = _with(None, series, verdicts)
    if not unclear:
        return ()
    return (f"{len(unclear)} of {len(verdicts)} could not be judged: {criterion.unclear(unclear)}",)


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
    matching, unclear = _with(True, points, verdicts), verdicts.count(None)
    counts = query.how == "count"
    if unclear and ((counts and criterion.numeric) or not matching):
        return _open(points, verdicts, criterion)
    if matching:
        notes = _unjudged(points, verdicts, criterion)
        return replace(with_notes(_existence(matching, query), *notes), unclear=unclear)
    if not counts and (criterion.test == "found" or query.selective):  # it stands on them
        return replace(_existence(points, query), values=(query.how == "none",))
    return _none_meets(points, query, criterion)


def _all(points: Sequence[Point], verdicts: list[bool | None], criterion: Criterion, query: Query) -> Picked:
    whole = replace(chosen(points, query), unit="", unclear=verdicts.count(None))
    if None in verdicts and False not in verdicts:
        why = criterion.unclear(_with(None, points, verdicts))
        return replace(whole, outcome="no value", values=(), notes=(f"it could not be judged: {why}",))
    verdict = all(verdicts)
    if verdict or query.selective:
        return replace(whole, values=(verdict,), facts=lines(points, FEW if verdict else MOST))
    unfit = _with(False, points, verdicts)
    met = f"{verdicts.count(True)} of {len(verdicts)} are {criterion.label}"
    notes = (*((met,) if len(verdicts) > 1 else ()), *_unjudged(points, verdicts, criterion))
    return replace(
        whole, values=(False,), points=unfit, facts=lines(unfit, FEW), total=len(unfit), notes=notes
    )


def _tested(picked: Picked, criterion: Criterion, query: Query) -> Picked:
    """Return whether a statistic meets a test: a change or trend goes up above 0, down below 0."""
    span = _STEPS.get(str(picked.values[0])) if query.statistic == "trend" and picked.values else picked.span
    if span is None:
        varies = picked.outcome == "found" and query.statistic == "trend"
        notes = ("the values vary, neither rising nor falling",) if varies else ()
        return replace(picked, outcome="no value", values=(), unit="", notes=(*picked.notes, *notes))
    met = criterion.met(span)
    if met is None:
        return picked
    return replace(picked, outcome="found", values=(met != (query.how == "none"),), unit="", unclear=0)


_STEPS = {
    way: Span(Decimal(step), Decimal(step)) for way, step in (("rising", 1), ("falling", -1), ("stable", 0))
}


def _absences(measured: Sequence[Point]) -> tuple[str, ...]:
    reasons = by_kind(point.entry.absent for point in measured)
    return tuple(f"{count} without a value: {reason}" for reason, count in reasons)
