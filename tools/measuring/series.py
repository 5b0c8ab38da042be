"""Observations of one test -> points in time that can be counted, compared and averaged.

Twins are one point: the same code, instant and value recorded by itself and as a component of a panel is one
measurement with two records. Two records of their own are two measurements, as they are recorded. Bounds
("< 5") stay bounds. A series is one code of one specimen: what goes by one name may be several series. Pure. Left
out: what a test means; reference ranges that are words only.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest
from operator import attrgetter
from statistics import correlation, fmean, linear_regression, pstdev
from typing import Literal

from tools.concepts import result_of
from tools.entries.entry import Entry, Quantity
from tools.measuring.spans import Span, span_of
from tools.measuring.units import converted, same_unit
from tools.record import PatientRecord
from tools.wording.text import normal, plain_name
from tools.wording.words import read_unit, short_name, shown_name, shown_unit

Polarity = Literal["positive", "negative"]
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
_FOUND: dict[str, Polarity] = {
    **dict.fromkeys(("POS", "DET", "RR"), "positive"),
    **dict.fromkeys(("NEG", "ND", "NR"), "negative"),
}
"""Codes of http://hl7.org/fhir/R4/valueset-observation-interpretation.html, of which "RR" is reactive."""


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement.

    Attributes:
        entry: the record of it; for twins the first.
        twins: further records of the same measurement.
        converted: its amount in another unit than the recorded one.
        comparable: its amount is in the unit of those beside which it stands, or none of them is compared.
    """

    entry: Entry
    twins: tuple[Entry, ...] = ()
    converted: Quantity | None = None
    comparable: bool = True

    @property
    def references(self) -> tuple[str, ...]:
        """Every resource that holds this measurement."""
        return (self.entry.reference, *(twin.reference for twin in self.twins))

    @property
    def moment(self) -> datetime:
        """The instant it was taken; an unknown time is before all others."""
        return self.entry.start.moment if self.entry.start else _LONG_AGO

    @property
    def amount(self) -> Quantity | None:
        """The amount as it is compared, None of words and where there is no value."""
        return self.converted or (self.entry.value if isinstance(self.entry.value, Quantity) else None)

    @property
    def value(self) -> Decimal | str | None:
        """The number, or the words as recorded."""
        if self.amount:
            return self.amount.value
        return (
            plain_name(self.entry.value) if isinstance(self.entry.value, str) and self.entry.value else None
        )

    @property
    def exact(self) -> Decimal | None:
        """The number, unless it is only a bound or there is none."""
        return self.amount.value if self.amount and not self.amount.comparator else None

    @property
    def span(self) -> Span | None:
        """Where the number lies; None of words, and where its unit is not that of the others."""
        return span_of(self.amount) if self.amount and self.comparable else None

    @property
    def unit(self) -> str:
        """The unit as shown to people."""
        return shown_unit(self.amount.unit) if self.amount else ""

    def in_unit(self, unit: str) -> "Point | None":
        """Return the same measurement with its amount in a unit; None if it cannot be converted to that."""
        amount = self.amount
        if amount is None or same_unit(amount.unit, unit):
            return self
        number = converted(amount.value, amount.unit, unit)
        if number is None:
            return None
        return replace(self, converted=Quantity(number, unit, amount.comparator))


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
    """Tell the tests apart that go by one name: by code and specimen; those with the newest measurement come last.

    Records that share a code are of one test, unless their LOINC codes or their specimens differ; one without a code
    is of the test whose name it has.
    """
    alike: dict[tuple[str, str], list[Point]] = {}
    for point in measured:
        entry = point.entry
        code = entry.codings[0].code if entry.codings else normal(entry.display)
        alike.setdefault((code, entry.detail("specimen") if entry.details else ""), []).append(point)
    if len(alike) == 1:
        return [tuple(measured)]
    groups: list[list[Point]] = []
    for _, points_alike in sorted(alike.items(), key=_certainty):
        one = next((group for group in groups if _same_test(group[0].entry, points_alike[0].entry)), None)
        if one is None:
            groups.append(points_alike)
        else:
            one.extend(points_alike)
    ordered = (tuple(sorted(group, key=_moment)) for group in groups)
    return sorted(ordered, key=lambda group: (group[-1].moment, len(group)))


def _certainty(alike: tuple[tuple[str, str], list[Point]]) -> tuple[bool, bool]:
    """Order what names its code and specimen before what may be of several tests."""
    (_, specimen), measured = alike
    return not measured[0].entry.codings, not specimen


def _same_test(one: Entry, other: Entry) -> bool:
    if len({one.detail("specimen"), other.detail("specimen")} - {""}) > 1:
        return False
    if not (one.codings and other.codings):
        return normal(one.display) == normal(other.display)
    here, there = _codes(one, _LOINC), _codes(other, _LOINC)
    if here and there:
        return not here.isdisjoint(there)
    return not _codes(one).isdisjoint(_codes(other))


def _codes(entry: Entry, system: str = "") -> frozenset[str]:
    return frozenset(coding.code for coding in entry.codings if system in ("", coding.system))


def has_loinc(series: Sequence[Point]) -> bool:
    """Tell whether a test is recorded under a LOINC code, which has several names of its own."""
    return any(_codes(point.entry, _LOINC) for point in series)


def names_of(series: Sequence[Sequence[Point]]) -> list[str]:
    """Return a name for each of several series: the recorded one, with specimen or code where names are the same."""
    newest = [group[-1].entry for group in series]
    names = [short_name(shown_name(entry)) for entry in newest]
    doubled = {name for name, count in Counter(map(str.casefold, names)).items() if count > 1}
    return [
        _apart(name, entry) if name.casefold() in doubled else name
        for name, entry in zip(names, newest, strict=True)
    ]


def _apart(name: str, entry: Entry) -> str:
    mark = entry.detail("specimen") or (
        f"code {entry.codings[0].code}" if entry.codings else "without a code"
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


def in_unit(series: Sequence[Point], unit: str) -> Alike:
    """Return the points in a unit."""
    moved = [(point, point.in_unit(unit)) for point in series]
    done = Counter(point.unit for point, other in moved if other is not None and other is not point)
    return Alike(
        tuple(other for _, other in moved if other is not None),
        tuple(point for point, other in moved if other is None),
        (f"converted to {read_unit(unit)}: {_listed(done)}",) if done else (),
        unit,
    )


def one_unit(series: Sequence[Point]) -> Alike:
    """Return the points in the unit of the newest number."""
    amounts = [point.amount for point in series if point.amount]
    return in_unit(series, amounts[-1].unit) if amounts else Alike(tuple(series))


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} in {read_unit(unit)}" for unit, count in counts.items())


def judged(point: Point) -> Flag | None:
    """Return what the record says of a value: by its reference range, else its flag; None if by neither."""
    bounds, value = point.entry.range, point.entry.value
    if bounds and isinstance(value, Quantity) and (bounds.low, bounds.high) != (None, None):
        span = span_of(value)
        low = bounds.low is not None and span.under(bounds.low)
        high = bounds.high is not None and span.over(bounds.high)
        if low is None or high is None:
            return None
        return "low" if low else ("high" if high else "normal")
    return next((_FLAGS[code] for code in point.entry.interpretation if code in _FLAGS), None)


def polarity(point: Point) -> Polarity | None:
    """Return whether a result says that something was found, or that it was not; None if it says neither.

    The value in words decides, as `[results]` of concepts.toml has them, else the interpretation. A number or a
    bound says neither.
    """
    if isinstance(point.value, str):
        return result_of(point.value)
    codes = point.entry.interpretation
    return next((_FOUND[code] for code in codes if code in _FOUND), None)


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
    bounds = None if series[-1].converted else series[-1].entry.range
    if bounds and bounds.low is not None and bounds.high is not None:
        return float(bounds.high - bounds.low) / 4
    return abs(fmean(values)) * 0.05
