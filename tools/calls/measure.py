"""Observations by name and time -> values, statistics, whether they meet a test.

A panel (vital signs, blood pressure, a metabolic panel) is answered test by test. Left out: judging a value without
the record's own reference range or flag.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence
from tools.calls.results import Item, Result
from tools.concepts import Reading, link
from tools.concepts.meaning import may_be, unknown_but_near
from tools.entries.entry import Entry, Quantity
from tools.finding.filters import all_results_meant, category_filter, place_filter
from tools.finding.matching import EQUALLY, not_counted, of_specimen, undated, unplaced
from tools.finding.windows import Beside, Window
from tools.measuring.answers import answer
from tools.measuring.criteria import LIMITS, Criterion, Test
from tools.measuring.grouped import Per, per_time
from tools.measuring.panels import Assay, assays
from tools.measuring.picks import TYPES, Give, How, Pick, Picked, Query, Statistic, values_of
from tools.measuring.series import Point, judged
from tools.measuring.together import together
from tools.periods import resolve
from tools.record import PatientRecord
from tools.record.kinds import label
from tools.units import stated
from tools.wording.facts import cut, fact
from tools.wording.words import counted, shown_name

_KIND = "Observation"
_OF_GROUPS = ("mean", "median", "sum", "count")
"""Statistics that each day, month or year can have."""
_ANSWERS = "QuestionnaireResponse"
_NO_TESTS = (
    "Procedure",
    "Condition",
    "Immunization",
    "MedicationRequest",
    "MedicationAdministration",
    "Device",
)
"""Kinds of which things are asked for as if they had a value."""
_SURE = 0.9
"""Score of a name, or of one that means the same."""


def measure(
    record: PatientRecord,
    concept: str,
    *,
    period: str | None = None,
    when: Beside | None = None,
    place: str | None = None,
    pick: Pick | None = None,
    n: int | None = None,
    statistic: Statistic | None = None,
    test: Test | None = None,
    limits: tuple[float | str, ...] | None = None,
    how: How | None = None,
    give: Give = "value",
    unit: str | None = None,
    per: Per | None = None,
) -> Evidence:
    """Values of a test, panel or all "labs"; statistics; whether they meet a test.

    Args:
        record: the patient's record.
        concept: the test or panel as people call it, e.g. "HbA1c", "blood pressure", "vital signs"; "labs" for every
            result of a laboratory.
        period: e.g. "since 2015"; any time if None.
        when: next to what another call found; "nearest" picks the nearest in time, on either side.
        place: where it was measured: words of a location or organisation, e.g. "MICU".
        pick: which of them: "last" unless a statistic, test, how or "nearest" is asked for, then "all".
        n: with nth the nth moment, -2 is the last but one; with first or last so many moments; with max or min the nth
            moment of several that are as high or low, -1 the last.
        statistic: over what was picked, of one series; "change" is last minus first, "range" lowest and highest.
        test: keeps only values that meet it; with `how`, a change or a trend it is tested instead: change above 0 is
            "did it go up". Ranges and flags are the record's own; "found" is anything but negative.
        limits: of above, below, at least, at most one, of between two: numbers in the unit of the values, or text with
            a unit, to which values are converted: "180 mg/dL".
        how: whether any, all or none of what was picked meets the test, or how many; without a test, is measured.
        give: the value, the day, the time to the minute, the patient's age in years at it, the unit as recorded, the
            ends of its reference range, whether it is high, low, normal or abnormal.
        unit: to which values are converted, e.g. "lb".
        per: the statistic, or the first, last, max or min, of each day, month or year that has any.

    Returns:
        Evidence; values are numbers or words as recorded, computed ones with two decimals or as many as recorded, a
        trend "rising", "falling", "stable" or "varying". Panels: the tests' values in the order of their facts.
        No value where a bound ("< 5"), words or a unit that cannot be converted leave it open.

    Raises:
        BadArgument: no concept, limits that do not fit the test, a period that is not understood, or what a
            statistic or count does not give.
    """
    query = Query(
        pick=pick or _usual_pick(statistic, test, how, when),
        n=n,
        statistic=statistic,
        criterion=_criterion(test, limits),
        how=how,
        give=give,
        unit=unit,
        beside=when if when and when.relation == "nearest" else None,
        born=record.patient.birth.first if record.patient.birth else None,
        words=concept,
    )
    _check(concept, query)
    _check_grouped(query, per)
    kind = record.once(_kind, concept)
    blank = Evidence(outcome="none recorded", about=concept, coverage=record.coverage(kind))
    span = resolve(period, record) if period else None
    if period and span is None:
        return undated(replace(blank, period=period), record, f"the record has nothing that dates {period!r}")
    window = Window(record, span, when)
    notes = (*not_counted(record, (kind,), concept), *_vague_birth(record, query))
    blank = replace(blank, period=window.label, notes=notes)
    readings = link(concept, record, (kind,)) or of_specimen(record, concept)
    whole = () if readings else _all_results(concept, record)
    readings = readings or whole
    notes = ()
    open_ones: Sequence[Entry] = ()
    if readings:
        blank = replace(blank, about=readings[0].label, readings=_rivals(readings))
        there = place_filter(place, record)
        parts = [
            replace(part, points=tuple(point for point in part.points if there(point.entry)))
            for part in assays(readings[0], record, window)
        ]
        if per:
            picked = _grouped(parts, query, per)
        elif whole:
            picked = _of_laboratory(parts, query)
        else:
            picked, notes = _of_parts(parts, query)
        open_ones = _open_ones(readings[0].entries, window)
        notes = (*unplaced(open_ones), *notes)
    elif (name := unknown_but_near(concept, record, (kind,))) and not record.may_hide(kind):
        newest = [reading.entries[-1] for reading in link(name, record, (kind,))[:1]]
        told = (*blank.notes, may_be(concept, name))
        sources = tuple(entry.reference for entry in newest)
        facts = tuple(map(fact, newest))
        return replace(
            blank, outcome="no value", facts=facts, total=len(facts), references=sources, notes=told
        )
    elif not period and not when and (held := _of_another_kind(concept, record)):
        said = f"{shown_name(held)} is no test here: it is recorded among the {label(held.kind).casefold()}"
        return replace(
            blank,
            about=shown_name(held),
            outcome="no value",
            facts=(fact(held),),
            total=1,
            references=(held.reference,),
            notes=(*blank.notes, said),
        )
    else:
        picked = answer((), query)
    evidence = replace(
        blank,
        about=picked.name or blank.about,
        outcome=picked.outcome,
        values=picked.values,
        unit=picked.unit,
        facts=picked.facts,
        total=picked.total,
        behind=picked.behind,
        measured=picked.measured,
        working=picked.working,
        references=picked.references,
        notes=(*blank.notes, *notes, *picked.notes),
        result=_result(picked, query),
    )
    if record.may_hide(kind) and (not readings or _rests_on_all(evidence, query)):
        return replace(evidence, outcome="unreadable", values=(), result=None)
    if open_ones and _rests_on_all(evidence, query):
        return replace(evidence, outcome="no value", values=(), facts=cut(list(map(fact, open_ones))))
    return evidence


def _of_another_kind(concept: str, record: PatientRecord) -> Entry | None:
    """Return the newest entry of a thing that is no test; None where the record holds none by this name."""
    readings = link(concept, record, _NO_TESTS)
    return readings[0].entries[-1] if readings and readings[0].score >= _SURE else None


def _all_results(concept: str, record: PatientRecord) -> tuple[Reading, ...]:
    """Return all results of a laboratory as one panel, where words mean all of them: "labs"."""
    laboratory = all_results_meant(concept)
    if not laboratory:
        return ()
    keep = category_filter(laboratory, record)
    terms = [
        replace(term, entries=tuple([e for e in term.entries if not e.is_component and keep(e)]))
        for term in record.terms(_KIND)
    ]
    held = tuple(term for term in terms if term.entries)
    return (Reading(f"{laboratory} results", _KIND, held, 1.0, "panel"),) if held else ()


def _kind(record: PatientRecord, concept: str) -> str:
    """Return the type that holds a test: answers of a questionnaire where no observation has its name."""
    answered = record.counts.get(_ANSWERS) and not link(concept, record, (_KIND,))
    return _ANSWERS if answered and link(concept, record, (_ANSWERS,)) else _KIND


def _vague_birth(record: PatientRecord, query: Query) -> tuple[str, ...]:
    born = record.patient.birth if query.give == "age" else None
    return (f"the birth is recorded only as {born.day}",) if born and born.first != born.last else ()


def _usual_pick(statistic: str | None, test: str | None, how: str | None, when: Beside | None) -> Pick:
    return "all" if statistic or test or how or (when and when.relation == "nearest") else "last"


def _criterion(test: Test | None, limits: Sequence[float | str] | None) -> Criterion | None:
    """Return the test with its limits.

    Raises:
        BadArgument: there are too many or too few of them, or one is no number, or of another unit.
    """
    if test is None:
        if limits is not None:
            raise BadArgument("limits", list(limits), "a test that takes them", "test: above")
        return None
    needed = LIMITS.get(test, 0)
    read = [_limit(limit) for limit in limits or ()]
    amounts = [amount for amount in read if amount is not None]
    units = {amount.unit for amount in amounts if amount.unit}
    if len(amounts) != needed or len(read) != needed or len(units) > 1:
        wish = {0: f"none with {test}", 1: f"one number with {test}"}.get(needed, f"two numbers with {test}")
        raise BadArgument("limits", list(limits or ()), wish, {0: "[]", 1: "[7]"}.get(needed, "[7, 9]"))
    return Criterion(test, tuple(sorted(amount.value for amount in amounts)), units.pop() if units else "")


def _limit(limit: float | str) -> Quantity | None:
    """Return a limit, with its unit where it is text; None if it is no number."""
    if isinstance(limit, str):
        told = stated(limit)
        return Quantity(told.low, told.unit) if told and told.bare and told.low is not None else None
    number = Decimal(str(limit))
    return Quantity(number) if number.is_finite() else None


def _check(concept: str, query: Query) -> None:
    """Refuse what does not fit together.

    Raises:
        BadArgument: names the argument and what was expected.
    """
    if not concept.strip():
        raise BadArgument("concept", concept, "a test, vital sign or panel", "HbA1c")
    if query.pick == "nth" and not query.n:
        raise BadArgument("n", query.n, "with nth which one, from the last if below 0", "-2")
    if query.n is not None and (query.pick == "all" or (query.pick in ("first", "last") and query.n < 1)):
        raise BadArgument("n", query.n, "with first and last a number from 1, and none with all", "3")
    if query.criterion is None and (query.how == "all" or (query.how and query.statistic)):
        raise BadArgument("how", query.how, "a test", "test: above")
    if query.how == "count" and query.statistic:
        raise BadArgument("how", query.how, f"any, all or none for the {query.statistic}", "any")
    if query.criterion and query.tests_statistic and not query.criterion.numeric:
        raise BadArgument("test", query.criterion.test, f"limits for the {query.statistic}", "above")
    days = query.counts and query.give == "date"
    if query.give != "value" and (query.statistic or query.how) and not days:
        raise BadArgument("give", query.give, f"value for {query.statistic or f'how {query.how}'}", "value")


def _check_grouped(query: Query, per: Per | None) -> None:
    """Refuse what has no answer for each day, month or year.

    Raises:
        BadArgument: names what was expected.
    """
    picks = query.statistic in _OF_GROUPS or (not query.statistic and query.pick not in ("nth", "all"))
    if per and not (picks and query.give == "value" and query.how is None and query.beside is None):
        raise BadArgument(
            "per", per, "a value by statistic mean, median, sum or count, or by pick", "statistic: mean"
        )


def _grouped(parts: Sequence[Assay], query: Query, per: Per) -> Picked:
    """Return the answers of one test for each day, month or year.

    Raises:
        BadArgument: several tests are meant.
    """
    if len(parts) != 1:
        raise BadArgument("per", per, f"one test, not {len(parts)}", "systolic blood pressure")
    return per_time(parts[0].points, query, per)


def _rivals(readings: Sequence[Reading]) -> tuple[str, ...]:
    best = readings[0]
    return tuple(reading.label for reading in readings[1:] if reading.score >= EQUALLY * best.score)


def _open_ones(entries: Sequence[Entry], window: Window) -> list[Entry]:
    """Return those of which it is open whether they lie in the time that is asked for."""
    return [] if window.open else [entry for entry in entries if window.places(entry) is None]


def _of_parts(parts: list[Assay], query: Query) -> tuple[Picked, tuple[str, ...]]:
    """Return the answer of one test or of several together, and by which of them it was judged."""
    if len(parts) == 1:
        return answer(parts[0].points, query), ()
    pair = [assay.pressure for assay in parts] == ["systolic", "diastolic"]
    if pair and query.numeric:
        return answer(parts[0].points, query), (f"judged by {parts[0].label}",)
    answers = [(assay.label, answer(assay.points, query)) for assay in parts]
    if query.criterion and query.criterion.test == "found":  # of which test something was found is not clear
        answers = [
            (label, replace(each, outcome="no value", values=(), unclear=1)) for label, each in answers
        ]
    return together(answers, query, pair=pair), ()


def _of_laboratory(parts: Sequence[Assay], query: Query) -> Picked:
    """Return the answer of all tests of a laboratory; words that nothing judges are neither in nor out of range.

    Raises:
        BadArgument: what only one test is tested for: limits, or whether anything was found.
    """
    if query.criterion and (query.numeric or query.criterion.test == "found"):
        wish = f"one test or panel with test {query.criterion.test}"
        raise BadArgument("concept", query.words, wish, "HbA1c")
    if query.criterion and not query.criterion.polar:
        judgeable = [replace(p, points=tuple(filter(_is_judgeable, p.points))) for p in parts]
        parts = [part for part in judgeable if part.points] or parts[:1]
    answers = [(part.label, answer(part.points, query)) for part in parts]
    picked = together(answers, query, pair=False)
    found = [each for each in answers if each[1].outcome == "found"]
    told = together(found, query, pair=False).notes if found else ()
    unjudged = (f"{counted(picked.unclear, 'result')} could not be judged",) if picked.unclear else ()
    counts = query.counts and picked.values  # of results, where a panel has its moments counted
    values = (len(picked.points),) if counts else picked.values
    return replace(picked, values=values, notes=tuple(dict.fromkeys((*unjudged, *told))))


def _is_judgeable(point: Point) -> bool:
    return point.span is not None or judged(point) is not None


def _rests_on_all(evidence: Evidence, query: Query) -> bool:
    """Tell whether a result that could not be read might turn this one: nothing of the sort, or all of them so."""
    if query.how == "all":
        return not query.selective and evidence.values == (True,)
    found = query.criterion is not None and query.criterion.test == "found" and query.how == "any"
    return evidence.outcome == "none recorded" or (found and evidence.values == (False,))


def _result(picked: Picked, query: Query) -> Result:
    """Return what another call can build on."""
    if query.tests_statistic or query.how in ("any", "all", "none"):
        truth = picked.values[0] if picked.values else None
        return Result(type="truth", truth=truth if isinstance(truth, bool) else None)
    if query.statistic or query.how:
        items = tuple(
            Item(number=Decimal(value), unit=picked.unit) if not isinstance(value, str) else Item(name=value)
            for value in picked.values
        )
        return Result(type="names" if query.statistic == "trend" else "numbers", items=items)
    if picked.outcome != "found":
        return Result(type=TYPES[query.give])
    if query.give in ("unit", "flag"):
        return Result(type="names", items=tuple(Item(name=str(value)) for value in picked.values))
    return Result(type=TYPES[query.give], items=_items(picked, query))


def _items(picked: Picked, query: Query) -> tuple[Item, ...]:
    if query.give == "value":
        return tuple(_item(point) for point in picked.points)
    if query.give == "range":
        return tuple(Item(number=Decimal(value), unit=picked.unit) for value in picked.values)
    first_of: dict[object, Item] = {}
    for point in picked.points:
        for value in values_of((point,), query):
            number = Decimal(value) if isinstance(value, int) else None
            first_of.setdefault(value, replace(_item(point), number=number, unit=""))
    return tuple(first_of.values())


def _item(point: Point) -> Item:
    return Item(
        name=shown_name(point.entry),
        start=point.entry.start,
        number=point.exact,
        unit=point.unit,
        references=point.references,
        entry=point.entry,
    )
