"""Time: order, duration, age at an event, change and trend, before and after, "when she was 40"."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.kinds.common import (
    Slots,
    absent_diagnoses,
    count,
    diagnoses,
    first,
    last,
    refs,
    statement,
    yes_no,
)
from evaluation.gold.kinds.measuring import series_in
from evaluation.gold.kinds.procedures import PROCEDURES
from evaluation.gold.kinds.visits import is_visit
from evaluation.gold.periods import Period, draw
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day
from evaluation.gold.series import Reading, Series

_PAIRS = 60


def days_between(one: str, other: str) -> int:
    """Return the days from one day to another.

    >>> days_between("2020-02-28", "2020-03-01")
    2
    """
    return (date.fromisoformat(other) - date.fromisoformat(one)).days


def age_on(born: str, when: str) -> int:
    """Return the completed years on a day.

    >>> age_on("1980-06-15", "2020-06-14"), age_on("1980-06-15", "2020-06-15")
    (39, 40)
    """
    return int(when[:4]) - int(born[:4]) - (when[5:] < born[5:])


def _birthday(born: str, age: int) -> str:
    year, rest = int(born[:4]) + age, born[5:]
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return f"{year}-{'03-01' if rest == '02-29' and not leap else rest}"


def _born(chart: Chart) -> str:
    return str(chart.patient.get("birthDate") or "")


def _pairs(concepts: Sequence[Concept], random: Random) -> Iterator[tuple[Concept, Concept]]:
    """Draw pairs of things whose first days differ."""
    for _ in range(_PAIRS if len(concepts) > 1 else 0):
        one, other = random.sample(concepts, 2)
        if _day(one) != _day(other):
            yield one, other


def _day(concept: Concept) -> str:
    return day(first(concept.resources)[0])


def _both(one: Concept, other: Concept) -> tuple[str, ...]:
    return refs([*first(one.resources), *first(other.resources)])


def which_first(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which of two conditions was diagnosed first: its name as asked."""
    for one, other in _pairs(diagnoses(chart), random):
        a, b = random.choice(one.names), random.choice(other.names)
        yield Gold(
            slots={"a": a, "b": b},
            answer=(a if _day(one) < _day(other) else b,),
            resources=_both(one, other),
            right=a if _day(one) < _day(other) else b,
            wrong=(b if _day(one) < _day(other) else a, "Both on the same day", "Neither is recorded"),
        )


def before(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was one condition diagnosed before another."""
    for one, other in _pairs(diagnoses(chart), random):
        if _clearly(one, other):
            slots = {"a": one.names, "b": other.names}
            both = [*first(one.resources), *first(other.resources)]
            yield _comparison(slots, _day(one) < _day(other), ("earlier", "later"), both)


def _clearly(one: Concept, other: Concept) -> bool:
    """Whether one thing was before another or after all of it; between two times of it, it was both."""
    return _day(one) < _day(other) or _day(one) > day(last(other.resources)[0])


def _comparison(slots: Slots, truth: bool, ways: tuple[str, str], carrying: Sequence[Resource]) -> Gold:
    way, opposite = ways
    if truth:
        return statement(
            slots, True, "Yes", ("No", f"No, it was {opposite}", "It was never recorded"), carrying
        )
    return statement(slots, False, "No", ("Yes", f"Yes, it was {way}", "It was never recorded"), carrying)


def gap(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many days lie between the first diagnoses of two conditions."""
    for one, other in _pairs(diagnoses(chart), random):
        yield Gold(
            slots={"a": one.names, "b": other.names},
            answer=(abs(days_between(_day(one), _day(other))),),
            unit="days",
            resources=_both(one, other),
        )


def gap_across(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many days after a diagnosis something was first done."""
    done = PROCEDURES.things(chart)
    for condition in diagnoses(chart):
        later = [each for each in done if _day(each) > _day(condition)]
        if later:
            procedure = random.choice(later)
            yield Gold(
                slots={"a": condition.names, "b": procedure.names},
                answer=(days_between(_day(condition), _day(procedure)),),
                unit="days",
                resources=_both(condition, procedure),
            )


def age_at_diagnosis(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old was the patient at the first diagnosis."""
    yield from _ages(chart, diagnoses(chart))
    for absent in absent_diagnoses(chart):
        yield _nothing({"x": absent}, "years", random)


def age_at_procedure(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old was the patient when something was first done."""
    yield from _ages(chart, PROCEDURES.things(chart))
    for absent in PROCEDURES.missing(chart):
        yield _nothing({"x": absent}, "years", random)


def _ages(chart: Chart, concepts: Sequence[Concept]) -> Iterator[Gold]:
    for concept in concepts:
        answer = (age_on(_born(chart), _day(concept)),)
        yield Gold(
            slots={"x": concept.names}, answer=answer, unit="years", resources=refs(first(concept.resources))
        )


def _nothing(slots: dict[str, str], unit: str, random: Random) -> Gold:
    """Return a question about what was never recorded."""
    others = tuple((random.randint(1, 60),) for _ in range(6))
    return Gold(slots=slots, answer=(), unit=unit, others=others)


def condition_lasted(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many days did a condition last, of what was diagnosed once and resolved."""
    for concept in diagnoses(chart):
        (only, *more) = concept.resources
        end = str(at(only, "abatementDateTime") or "")[:10]
        if not more and "" < end < chart.now:
            answer = (days_between(day(only), end),)
            yield Gold(slots={"x": concept.names}, answer=answer, unit="days", resources=refs([only]))
    for absent in absent_diagnoses(chart):
        yield _nothing({"x": absent}, "days", random)


def since_last(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many days ago was something last done; the dead are not asked about today."""
    for concept in [] if chart.died else PROCEDURES.things(chart):
        latest = last(concept.resources)
        answer = (days_between(day(latest[0]), chart.now),)
        yield Gold(slots={"x": concept.names}, answer=answer, unit="days", resources=refs(latest))
    for absent in [] if chart.died else PROCEDURES.missing(chart):
        yield _nothing({"x": absent}, "days", random)


def at_age(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many visits were there at an age."""
    for age, year in _ages_lived(chart, chart.of("Encounter"), random):
        found = year.within(chart.of("Encounter"))
        if all(is_visit(each, chart) for each in found):
            yield count({"n": str(age)}, found)


def diagnosed_at_age(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was a condition diagnosed at an age."""
    for concept in diagnoses(chart):
        for age, year in _ages_lived(chart, concept.resources, random)[:1]:
            wanted = random.choice((year, _next(chart, year)))
            off = age if wanted is year else age + 1
            slots: dict[str, str | tuple[str, ...]] = {"n": str(off), "x": concept.names}
            yield yes_no(slots, wanted.within(concept.resources), chart, random)


def _ages_lived(chart: Chart, events: Sequence[Resource], random: Random) -> list[tuple[int, Period]]:
    """Return some ages at which there were events, as years of life."""
    born = _born(chart)
    ages = sorted({age_on(born, day(event)) for event in events if day(event) >= born})
    drawn = random.sample(ages, min(len(ages), 6))
    return [(age, _year_of_life(born, age)) for age in drawn]


def _year_of_life(born: str, age: int) -> Period:
    end = date.fromisoformat(_birthday(born, age + 1)).toordinal() - 1
    return Period(f"at {age}", _birthday(born, age), date.fromordinal(end).isoformat())


def _next(chart: Chart, year: Period) -> Period:
    return _year_of_life(_born(chart), age_on(_born(chart), year.first) + 1)


def change(chart: Chart, random: Random) -> Iterator[Gold]:
    """Last minus first value, of all or since a year."""
    for series in _long(chart):
        yield _change({"x": series.names, "period": ""}, series, series.readings)
        year = random.choice(series.readings[:-1]).day[:4]
        since = [reading for reading in series.readings if reading.day >= year]
        yield _change({"x": series.names, "period": f"since {year}"}, series, since)


def _long(chart: Chart) -> list[Series]:
    """Return the tests and vital signs with at least three readings."""
    known = (*series_in(chart, True), *series_in(chart, False))
    return [series for series in known if len(series.readings) > 2]


def _change(slots: dict[str, str | tuple[str, ...]], series: Series, readings: Sequence[Reading]) -> Gold:
    begin, end = readings[0], readings[-1]
    moved = [(round(other.value - begin.value, 2),) for other in readings[1:-1][-6:]]
    answer = round(end.value - begin.value, 4)
    return Gold(
        slots=slots,
        answer=(answer,),
        unit=series.unit,
        resources=tuple(dict.fromkeys((*begin.resources, *end.resources))),
        others=tuple([(-answer,), *moved]),
    )


def rising(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is the latest value higher than the one before."""
    for series in _long(chart):
        earlier, latest = series.readings[-2:]
        yield _compared({"x": series.names}, latest, earlier)


def risen(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is the latest value higher than the first."""
    for series in _long(chart):
        yield _compared({"x": series.names}, series.readings[-1], series.readings[0])


def _compared(slots: dict[str, tuple[str, ...]], latest: Reading, earlier: Reading) -> Gold:
    higher = latest.value > earlier.value
    wrong = (
        ("No, it is lower", "No, it is the same")
        if higher
        else ("Yes, by a little", "Yes, by more than half")
    )
    return Gold(
        slots=slots,
        answer=(higher,),
        resources=tuple(dict.fromkeys((*earlier.resources, *latest.resources))),
        right="Yes" if higher else "No",
        wrong=(*wrong, "It was measured only once"),
    )


def value_before(chart: Chart, random: Random) -> Iterator[Gold]:
    """The last value before a condition was first diagnosed."""
    for series, concept in _events_in(chart, random):
        earlier = [reading for reading in series.readings if reading.day < _day(concept)]
        if earlier and not any(reading.day == _day(concept) for reading in series.readings):
            yield _value({"x": series.names, "y": concept.names}, series, earlier[-1])


def value_after(chart: Chart, random: Random) -> Iterator[Gold]:
    """The first value after a condition was first diagnosed."""
    for series, concept in _events_in(chart, random):
        later = [reading for reading in series.readings if reading.day > _day(concept)]
        if later and not any(reading.day == _day(concept) for reading in series.readings):
            yield _value({"x": series.names, "y": concept.names}, series, later[0])


def _events_in(chart: Chart, random: Random) -> Iterator[tuple[Series, Concept]]:
    conditions = diagnoses(chart)
    for series in _long(chart) if conditions else []:
        yield series, random.choice(conditions)


def _value(slots: dict[str, tuple[str, ...]], series: Series, reading: Reading) -> Gold:
    others = tuple((each.value,) for each in series.readings if each is not reading)
    return Gold(
        slots=slots, answer=(reading.value,), unit=series.unit, resources=reading.resources, others=others
    )


def visits_before(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many emergency visits were there before a condition was first diagnosed."""
    emergencies = [each for each in chart.of("Encounter") if at(each, "class.code") == "EMER"]
    for concept in diagnoses(chart):
        if not any(day(each) == _day(concept) for each in emergencies):
            yield count({"x": concept.names}, [each for each in emergencies if day(each) < _day(concept)])


def drug_before(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was a drug prescribed before a condition was first diagnosed."""
    drugs, conditions = chart.concepts("MedicationRequest"), diagnoses(chart)
    for drug in drugs if conditions else []:
        condition = random.choice(conditions)
        if _day(drug) != _day(condition):
            slots: dict[str, str | tuple[str, ...]] = {"x": drug.names, "y": condition.names}
            both = [*first(drug.resources), *first(condition.resources)]
            yield _comparison(slots, _day(drug) < _day(condition), ("earlier", "later"), both)


def between_last_two(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many days lie between the last two measurements."""
    for series in _long(chart):
        earlier, latest = series.readings[-2:]
        if earlier.day != latest.day:
            yield Gold(
                slots={"x": series.names},
                answer=(days_between(earlier.day, latest.day),),
                unit="days",
                resources=tuple(dict.fromkeys((*earlier.resources, *latest.resources))),
            )


def order_across(chart: Chart, random: Random) -> Iterator[Gold]:
    """Did a procedure come before a diagnosis."""
    done, conditions = PROCEDURES.things(chart), diagnoses(chart)
    for procedure in done if conditions else []:
        condition = random.choice(conditions)
        if _clearly(procedure, condition):
            both = [*first(procedure.resources), *first(condition.resources)]
            slots = {"a": procedure.names, "b": condition.names}
            yield _comparison(slots, _day(procedure) < _day(condition), ("earlier", "later"), both)


def age_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old was the patient on a day."""
    for period in draw(chart.of("Condition"), chart.now, random, 5):
        if (
            period.first > _born(chart)
            and (not chart.died or period.first < chart.died)
            and period.first < chart.now
        ):
            answer = (age_on(_born(chart), period.first),)
            yield Gold(slots={"day": period.first}, answer=answer, unit="years", resources=(chart.reference,))


KINDS = (
    Kind("time-which-first", which_first, 2),
    Kind("time-before", before, 2),
    Kind("time-gap", gap, 2),
    Kind("time-gap-across", gap_across, 2),
    Kind("time-age-at-diagnosis", age_at_diagnosis, 2),
    Kind("time-age-at-procedure", age_at_procedure, 2),
    Kind("time-condition-lasted", condition_lasted),
    Kind("time-since-last", since_last),
    Kind("time-visits-at-age", at_age, 2),
    Kind("time-diagnosed-at-age", diagnosed_at_age, 2),
    Kind("time-change", change, 2),
    Kind("time-rising", rising, 2),
    Kind("time-risen", risen, 2),
    Kind("time-value-before", value_before, 2),
    Kind("time-value-after", value_after, 2),
    Kind("time-emergencies-before", visits_before, 2),
    Kind("time-drug-before", drug_before, 2),
    Kind("time-between-last-two", between_last_two, 2),
    Kind("time-order-across", order_across, 2),
    Kind("time-age-on-day", age_in_period),
)
