"""Observations of one test -> points in time that can be counted, compared and averaged.

Twins are one point: the same code, instant and value recorded by itself and as a component of a panel is one
measurement with two records. Two records of their own are two measurements, as they are recorded. Bounds
("< 5") stay bounds; units are never converted. Pure. Left out: what a test means; reference ranges that are
words only.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest
from statistics import correlation, fmean, linear_regression, pstdev
from typing import Literal

from tools.concepts import result_of
from tools.entries.entry import Entry, Quantity
from tools.record import PatientRecord
from tools.wording.text import normal, plain_name
from tools.wording.words import shown_unit

Polarity = Literal["positive", "negative"]
Flag = Literal["high", "low", "normal", "abnormal", "positive", "negative"]
Direction = Literal["rising", "falling", "stable", "varying"]

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
    """

    entry: Entry
    twins: tuple[Entry, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Every resource that holds this measurement."""
        return (self.entry.reference, *(twin.reference for twin in self.twins))

    @property
    def moment(self) -> datetime:
        """The instant it was taken; an unknown time is before all others."""
        return self.entry.start.moment if self.entry.start else _LONG_AGO

    @property
    def value(self) -> Decimal | str | None:
        """The number or the words as recorded."""
        value = self.entry.value
        return value.value if isinstance(value, Quantity) else (plain_name(value) if value else None)

    @property
    def exact(self) -> Decimal | None:
        """The number, unless it is only a bound or there is none."""
        value = self.entry.value
        return value.value if isinstance(value, Quantity) and not value.comparator else None

    @property
    def unit(self) -> str:
        """The unit as shown to people."""
        return shown_unit(self.entry.value.unit) if isinstance(self.entry.value, Quantity) else ""


def points(entries: Iterable[Entry], record: PatientRecord) -> tuple[Point, ...]:
    """Return the measurements that `entries` record, oldest first, twins merged."""
    same: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        same.setdefault(_identity(entry), []).append(entry)
    merged = [point for group in same.values() for point in _merge(group, record)]
    return tuple(sorted(merged, key=lambda point: point.moment))


def _identity(entry: Entry) -> tuple[object, ...]:
    code = entry.codings[0].code if entry.codings else normal(entry.display)
    return (code, entry.start.moment if entry.start else None, entry.value if entry.start else id(entry))


def _merge(group: list[Entry], record: PatientRecord) -> list[Point]:
    if len(group) == 1:
        return [Point(group[0])]
    alone = [(record.get(entry.reference) or entry) is entry for entry in group]
    whole = [entry for entry, by_itself in zip(group, alone, strict=True) if by_itself]
    parts = [entry for entry, by_itself in zip(group, alone, strict=True) if not by_itself]
    rows = [[entry for entry in pair if entry is not None] for pair in zip_longest(whole, parts)]
    return [Point(row[0], tuple(row[1:])) for row in rows]


def one_unit(series: Sequence[Point]) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """Return the points in the unit of the newest number, and a note on those left out."""
    numbers = [point for point in series if isinstance(point.value, Decimal)]
    if not numbers:
        return tuple(series), ()
    unit = numbers[-1].unit
    others = Counter(point.unit or "no unit" for point in numbers if not _same_unit(point.unit, unit))
    kept = tuple(point for point in series if point.value is None or _same_unit(point.unit, unit))
    told = ", ".join(f"{count} in {name}" for name, count in others.items())
    return kept, (f"left out: {told}; units are not converted",) if others else ()


def _same_unit(one: str, other: str) -> bool:
    """Tell whether two units are spelt alike but for case and brackets: "mmHg" and "mm[Hg]"."""
    bare = [unit.replace("[", "").replace("]", "").casefold() for unit in (one, other)]
    return bare[0] == bare[1]


def lies(point: Point, above: Decimal | None, below: Decimal | None) -> bool | None:
    """Tell whether a value is above and below the limits (strictly); None where a bound leaves it open."""
    value = point.entry.value
    if not isinstance(value, Quantity):
        return False
    sides = [_over(value, above), _over(_mirrored(value), None if below is None else -below)]
    return None if None in sides and False not in sides else all(sides)


def _over(value: Quantity, limit: Decimal | None) -> bool | None:
    if limit is None:
        return True
    if value.comparator in (">", ">="):
        return True if value.value > limit or (value.comparator == ">" and value.value == limit) else None
    if value.comparator in ("<", "<="):
        return False if value.value <= limit else None
    return value.value > limit


def _mirrored(value: Quantity) -> Quantity:
    return Quantity(-value.value, value.unit, value.comparator.translate(str.maketrans("<>", "><")))


def judged(point: Point) -> Flag | None:
    """Return what the record says of a value: by its reference range, else its flag; None if by neither."""
    bounds = point.entry.range
    if bounds and isinstance(point.entry.value, Quantity) and (bounds.low, bounds.high) != (None, None):
        low = bounds.low is not None and lies(point, None, bounds.low)
        high = bounds.high is not None and lies(point, bounds.high, None)
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


def _tolerance(series: Sequence[Point], values: list[float]) -> float:
    bounds = series[-1].entry.range
    if bounds and bounds.low is not None and bounds.high is not None:
        return float(bounds.high - bounds.low) / 4
    return abs(fmean(values)) * 0.05
