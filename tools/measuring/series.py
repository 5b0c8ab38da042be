"""Observations of one test -> points in time that can be counted, compared and averaged.

Twins are one point: the same code, instant and value recorded by itself and as a component of a panel is one
measurement with two records. Two records of their own are two measurements, as they are recorded. Bounds
("< 5") stay bounds. A series is one code of one specimen and body site: what goes by one name may be several series.
Pure. Left out: what a test means; reference ranges that are words only.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter
from statistics import correlation, fmean, linear_regression, pstdev
from typing import Literal

from tools.concepts import label_words, result_of
from tools.entries.entry import Entry, Quantity
from tools.measuring.analytes import is_plain, substance_of
from tools.measuring.polarity import polarity
from tools.measuring.spans import Span, span_between, span_of
from tools.record import PatientRecord
from tools.units import Stated, Substance, converted, same_unit, stated
from tools.wording.specimens import site_of
from tools.wording.text import normal, plain_name
from tools.wording.words import number as number_in_words
from tools.wording.words import read_unit, short_name, shown_name, shown_unit

Flag = Literal["high", "low", "normal", "abnormal"]
Direction = Literal["rising", "falling", "stable", "varying"]

_LOINC = "http://loinc.org"
_YEAR = 365.25 * 24 * 3600
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FLAGS: dict[str, Flag] = {
    **dict.fromkeys(("H", "HH", "HU", ">"), "high"),
    **dict.fromkeys(("L", "LL", "LU", "<"), "low"),
    **dict.fromkeys(("A", "AA"), "abnormal"),
    "N": "normal",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement.

    Attributes:
        entry: the record of it; for twins the first.
        twins: further records of the same measurement.
        converted: its amount in another unit than the recorded one.
        comparable: its amount is in the unit of those beside which it stands, or none of them is compared.
        grown: the organisms that grew in a culture, none if nothing did; None where the record does not tell.
    """

    entry: Entry
    twins: tuple[Entry, ...] = ()
    converted: Quantity | None = None
    comparable: bool = True
    grown: tuple[str, ...] | None = None

    @property
    def references(self) -> tuple[str, ...]:
        """Every resource that holds this measurement."""
        return (self.entry.reference, *(twin.reference for twin in self.twins))

    @property
    def moment(self) -> datetime:
        """The instant it was taken; an unknown time is before all others."""
        return self.entry.start.moment if self.entry.start else _LONG_AGO

    @property
    def words(self) -> str:
        """The words in which the result is recorded, "" if it is a quantity or there is none."""
        return plain_name(self.entry.value) if isinstance(self.entry.value, str) else ""

    @property
    def amount(self) -> Quantity | None:
        """The number or bound as it is compared; None of a range, of words without one, and where there is no value."""
        return self.converted or (
            self.entry.value if isinstance(self.entry.value, Quantity) else _amount_in(self.words)
        )

    @property
    def value(self) -> Decimal | str | None:
        """The number, or the bound or words as recorded: "> 10", "1:320", "7.2 (H)", or what grew."""
        amount, told = self.amount, stated(self.words) if self.words else None
        if amount is None or (told and not told.bare and not self.converted):
            return self.words or ", ".join(self.grown or ()) or None
        return f"{amount.comparator} {number_in_words(amount.value)}" if amount.comparator else amount.value

    @property
    def exact(self) -> Decimal | None:
        """The number, unless it is only a bound or there is none."""
        return self.amount.value if self.amount and not self.amount.comparator else None

    @property
    def span(self) -> Span | None:
        """Where the number lies; None of words without one, and where its unit is not that of the others."""
        if not self.comparable:
            return None
        if self.amount:
            return span_of(self.amount)
        range_of = stated(self.words) if self.words else None
        return _span_in(range_of) if range_of else None

    @property
    def unit(self) -> str:
        """The unit as shown to people."""
        return shown_unit(self.amount.unit) if self.amount else ""

    @property
    def reference(self) -> Span | None:
        """The reference range, in the unit of the value, "up to 40" as well; None where none of numbers is known."""
        bounds, amount = self.entry.range, self.amount
        if bounds is None:
            return None
        span, unit = span_between(bounds.low, bounds.high), bounds.unit
        if span is None:
            told = stated(bounds.text) if bounds.text else None
            span, unit = (_span_in(told), told.unit) if told else (None, "")
        own = self.entry.value.unit if isinstance(self.entry.value, Quantity) else ""
        unit, to = unit or own, amount.unit if amount else ""
        if span is None or not (unit and to) or same_unit(unit, to):
            return span
        of = substance_of(self.entry)
        return span.moved(lambda end: converted(end, unit, to, of))

    def in_unit(self, unit: str, of: Substance | None = None) -> "Point | None":
        """Return the same measurement with its amount in a unit; None if it cannot be converted to that.

        Args:
            unit: as recorded elsewhere, or asked for.
            of: what is measured in that unit, if it may be something else: urea, its nitrogen.
        """
        amount = self.amount
        if amount is None:
            told = stated(self.words) if self.words else None
            return self if told is None or same_unit(told.unit, unit) else None
        own = substance_of(self.entry)
        number = converted(amount.value, amount.unit, unit, own, of)
        if number is None:
            return None
        if number == amount.value and same_unit(amount.unit, unit):
            return self
        return replace(self, converted=Quantity(number, unit, amount.comparator))


@lru_cache(maxsize=4096)
def _amount_in(words: str) -> Quantity | None:
    """Return the number or bound that words state; None of a range."""
    told = stated(words) if words else None
    if told is None or (told.low is not None and told.high is not None and told.low != told.high):
        return None
    if told.low is None:
        return Quantity(told.high or Decimal(0), told.unit, "<" if told.under_high else "<=")
    comparator = "" if told.high is not None else ">" if told.over_low else ">="
    return Quantity(told.low, told.unit, comparator)


def _span_in(told: Stated) -> Span | None:
    return span_between(told.low, told.high, over_low=told.over_low, under_high=told.under_high)


_moment = attrgetter("moment")


def points(entries: Iterable[Entry], record: PatientRecord) -> tuple[Point, ...]:
    """Return the measurements that `entries` record, oldest first, twins merged."""
    same: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        same.setdefault(_identity(entry), []).append(entry)
    merged = [point for group in same.values() for point in _merge(group, record)]
    return tuple(sorted(merged, key=_moment))


def _identity(entry: Entry) -> tuple[object, ...]:
    code = entry.codings[0].code if entry.codings else normal(entry.display)
    return (code, entry.start.moment if entry.start else None, entry.value if entry.start else id(entry))


def _merge(group: list[Entry], record: PatientRecord) -> list[Point]:
    if len(group) == 1:
        return [Point(group[0])]
    whole: list[Entry] = []
    parts: list[Entry] = []
    for entry in group:
        by_itself = (record.get(entry.reference) or entry) is entry
        (whole if by_itself else parts).append(entry)
    pairs = [(*filter(None, pair),) for pair in zip_longest(whole, parts)]
    return [Point(first, tuple(twins)) for first, *twins in pairs]


def series_of(measured: Sequence[Point]) -> list[tuple[Point, ...]]:
    """Tell the tests apart that go by one name, by code, specimen and body site; that with the newest comes last.

    Records that share a code are of one test, unless their LOINC codes, specimens or body sites differ; one without a
    code is of the test whose name it has.
    """
    alike: dict[tuple[str, str, str], list[Point]] = {}
    for point in measured:
        entry = point.entry
        code = entry.codings[0].code if entry.codings else normal(entry.display)
        place = (entry.detail("specimen"), site_of(entry)) if entry.details else ("", "")
        alike.setdefault((code, *place), []).append(point)
    if len(alike) == 1:
        return [tuple(measured)]
    groups: list[list[Point]] = []
    for _, points_alike in sorted(alike.items(), key=_certainty):
        one = next((group for group in groups if _same_test(group[0], points_alike[0])), None)
        if one is None:
            groups.append(points_alike)
        else:
            one.extend(points_alike)
    ordered = (tuple(sorted(group, key=_moment)) for group in groups)
    return sorted(ordered, key=lambda group: (group[-1].moment, len(group)))


def _certainty(alike: tuple[tuple[str, str, str], list[Point]]) -> tuple[bool, bool, bool]:
    """Order what names its code, specimen and body site before what may be of several tests."""
    (_, specimen, site), measured = alike
    return not measured[0].entry.codings, not specimen, not site


def _same_test(first: Point, second: Point) -> bool:
    one, other = first.entry, second.entry
    if len({one.detail("specimen"), other.detail("specimen")} - {""}) > 1:
        return False
    if len({site_of(one), site_of(other)} - {""}) > 1:
        return False
    if not (one.codings and other.codings):
        return normal(one.display) == normal(other.display)
    here, there = _codes(one, _LOINC), _codes(other, _LOINC)
    if here and there:
        return not here.isdisjoint(there) or _mass_and_moles(first, second)
    local = not (here or there) and _differ_by_unit(one.display, other.display)
    return local or not _codes(one).isdisjoint(_codes(other))


def _differ_by_unit(one: str, other: str) -> bool:
    """Whether two local names are of one test: "Temperature (C)", "Temperature Fahrenheit"."""
    return one != other and label_words(one) == label_words(other)


def _mass_and_moles(one: Point, other: Point) -> bool:
    """Tell whether two LOINC codes are the same test, told as a mass and as an amount of substance.

    So they are if their names are the same, or both no more than the substance: "Creatinine", "Kreatinin".
    """
    of, first, second = substance_of(one.entry), one.amount, other.amount
    if of is None or of != substance_of(other.entry) or not (first and second):
        return False
    names = {short_name(shown_name(point.entry)).casefold() for point in (one, other)}
    if len(names) > 1 and not all(is_plain(point.entry, of) for point in (one, other)):
        return False
    here, there = first.unit, second.unit
    return converted(Decimal(1), here, there) is None and converted(Decimal(1), here, there, of) is not None


def _codes(entry: Entry, system: str = "") -> frozenset[str]:
    return frozenset(coding.code for coding in entry.codings if system in ("", coding.system))


def has_loinc(series: Sequence[Point]) -> bool:
    """Tell whether a test is recorded under a LOINC code, which has several names of its own."""
    return any(_codes(point.entry, _LOINC) for point in series)


def names_of(series: Sequence[Sequence[Point]]) -> list[str]:
    """Return a name for each of several series: the recorded one, with what tells it apart where names are the same."""
    newest = [group[-1].entry for group in series]
    names = [short_name(shown_name(entry)) for entry in newest]
    doubled = {name for name, count in Counter(map(str.casefold, names)).items() if count > 1}
    return [
        _apart(name, entry) if name.casefold() in doubled else name
        for name, entry in zip(names, newest, strict=True)
    ]


def _apart(name: str, entry: Entry) -> str:
    mark = (
        site_of(entry)
        or entry.detail("specimen")
        or (f"code {entry.codings[0].code}" if entry.codings else "without a code")
    )
    return f"{name} ({mark})"


@dataclass(frozen=True, slots=True)
class Alike:
    """Measurements in one unit.

    Attributes:
        points: those in the unit, as recorded or converted, and those in words; oldest first.
        others: those that cannot be converted to it, as recorded.
        notes: what was converted.
    """

    points: tuple[Point, ...]
    others: tuple[Point, ...] = ()
    notes: tuple[str, ...] = ()
    unit: str = ""

    @property
    def unconverted(self) -> str:
        """What cannot be converted, in words: "2 in mmol/mol, which cannot be converted to %"."""
        counts = Counter(point.unit or "no unit" for point in self.others)
        return f"{_listed(counts)}, which cannot be converted to {read_unit(self.unit) or 'no unit'}"


def in_unit(series: Sequence[Point], unit: str, of: Substance | None = None) -> Alike:
    """Return the points in a unit; as `Point.in_unit`."""
    moved = [(point, point.in_unit(unit, of)) for point in series]
    done = Counter(point.unit for point, other in moved if other is not None and other is not point)
    were = "was" if done.total() == 1 else "were"
    notes = (f"{_listed(done)} {were} converted to {read_unit(unit)}",) if done else ()
    return Alike(
        tuple(other for _, other in moved if other is not None),
        tuple(point for point, other in moved if other is None),
        notes,
        unit,
    )


def one_unit(series: Sequence[Point]) -> Alike:
    """Return the points in the unit of the newest number that has one; as `with_unitless`."""
    measured = [point for point in series if point.amount]
    newest = next((point for point in reversed(measured) if point.unit), measured[-1] if measured else None)
    if newest is None or newest.amount is None:
        return Alike(tuple(series))
    if len({(point.amount.unit, point.entry.codings) for point in measured if point.amount}) == 1:
        return Alike(tuple(series), unit=newest.amount.unit)
    return with_unitless(in_unit(series, newest.amount.unit, substance_of(newest.entry)))


def with_unitless(alike: Alike) -> Alike:
    """Return measurements in one unit with the numbers without a unit that are of their size, which the notes say.

    Of their size: between a third of the least and three times the most of the others.
    """
    bare = [point for point in alike.others if not point.unit and _near(point, alike.points)]
    if not bare or not shown_unit(alike.unit):
        return alike
    were = "was" if len(bare) == 1 else "were"
    return Alike(
        tuple(sorted((*alike.points, *bare), key=_moment)),
        tuple(point for point in alike.others if point not in bare),
        (*alike.notes, f"{len(bare)} without a unit {were} read as {read_unit(alike.unit)}"),
        alike.unit,
    )


def _near(point: Point, others: Sequence[Point]) -> bool:
    """Tell whether a number is of the size of others."""
    amounts = [other.amount.value for other in others if other.amount]
    if point.amount is None or not amounts:
        return False
    return min(amounts) / 3 <= point.amount.value <= max(amounts) * 3


def unlike_units(series: Sequence[Point]) -> tuple[str, ...]:
    """Return the units of a series in which one amount is another number, and that can be converted, newest first."""
    units: list[str] = []
    for point in reversed(series):
        unit = point.amount.unit if point.amount else ""
        if unit and unit not in units:
            step = converted(Decimal(1), unit, units[0], substance_of(point.entry)) if units else None
            if not units or (step is not None and not any(same_unit(unit, other) for other in units)):
                units.append(unit)
    return tuple(units)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} in {read_unit(unit)}" for unit, count in counts.items())


def judged(point: Point) -> Flag | None:
    """Return what the record says of a value: by its reference range, else its flag; None if by neither."""
    return _by_range(point) or _by_flag(point)


def disagreement(point: Point) -> str:
    """Return how the flag of a value and its reference range disagree, "" if they do not."""
    flag, found = _by_flag(point), _by_range(point)
    if flag in (None, "abnormal", found) or found in (None, "abnormal"):
        return ""
    return f"flagged {flag}, but {_BESIDE[found]} its reference range"


_BESIDE = {"high": "above", "low": "below", "normal": "within"}


def _by_flag(point: Point) -> Flag | None:
    return next((_FLAGS[code] for code in point.entry.interpretation if code in _FLAGS), None)


def _by_range(point: Point) -> Flag | None:
    bounds, span = point.reference, point.span
    if bounds is None or span is None:
        return _by_words(point)
    low, high = (
        span.under(bounds.low, included=bounds.over_low),
        span.over(bounds.high, included=bounds.under_high),
    )
    if low is None or high is None:
        return None
    return "low" if low else ("high" if high else "normal")


def _by_words(point: Point) -> Flag | None:
    """Judge a result in words by a reference range in words: "negative"."""
    expected = result_of(point.entry.range.text) if point.entry.range and point.words else None
    found = polarity(point.entry) if expected else None
    return None if found is None else "normal" if found == expected else "abnormal"


def direction(series: Sequence[Point]) -> Direction | None:
    """Return where exact values of one unit go over time; None if there are fewer than two moments.

    The straight line of least squares decides. Rising or falling: from first to last day the line moves by
    more than the tolerance and the values follow it (correlation at least 0.5). Stable: neither the line nor
    the values (standard deviation) move by more than the tolerance. Else varying. The tolerance is a quarter
    of the reference range's width, or 5 % of the mean where the record gives no range.
    """
    exact = [point for point in series if point.exact is not None and point.entry.start]
    times = [point.moment.timestamp() for point in exact]
    values = [float(point.exact) for point in exact if point.exact is not None]
    if len(set(times)) < 2:
        return None
    tolerance = _tolerance(series, values)
    spread = pstdev(values)
    move = linear_regression(times, values).slope * (times[-1] - times[0])
    if abs(move) > tolerance and abs(correlation(times, values)) >= 0.5:
        return "rising" if move > 0 else "falling"
    return "stable" if max(spread, abs(move)) <= tolerance else "varying"


def slope(series: Sequence[Point]) -> float:
    """Return by how much exact values of one unit change in a year, by the straight line of least squares.

    Args:
        series: of two moments at least.
    """
    exact = [point for point in series if point.exact is not None and point.entry.start]
    times = [point.moment.timestamp() for point in exact]
    values = [float(point.exact) for point in exact if point.exact is not None]
    return linear_regression(times, values).slope * _YEAR


def _tolerance(series: Sequence[Point], values: list[float]) -> float:
    bounds = series[-1].reference
    if bounds and bounds.low.is_finite() and bounds.high.is_finite():
        return float(bounds.high - bounds.low) / 4
    return abs(fmean(values)) * 0.05
