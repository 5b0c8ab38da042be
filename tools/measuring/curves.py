"""An observation -> the measurements of the same test over time, as they can be drawn; of a panel one curve each.

What cannot be drawn is left out and counted: bounds ("< 5"), words, values in a unit that cannot be converted to that
of the newest, those without a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tools.concepts import Reading
from tools.entries.entry import Entry
from tools.finding.windows import Window
from tools.measuring.panels import Assay, assays
from tools.measuring.series import Point, one_unit
from tools.measuring.spans import Span
from tools.record import PatientRecord
from tools.wording.text import plain_name


@dataclass(frozen=True, slots=True)
class Curve:
    """One test over time.

    Attributes:
        name: the record's own.
        unit: of all points.
        low: of the reference range, where it is the same for all points.
        high: likewise.
        points: oldest first, each an exact number with a day.
        left_out: measurements that are not among the points.
    """

    name: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    points: tuple[Point, ...]
    left_out: int


def curves(entry: Entry, record: PatientRecord) -> list[Curve]:
    """Return the curves of what an observation measures.

    Args:
        entry: an Observation; one with components and no value of its own is a panel.
        record: where its like are looked for.
    """
    panel = entry.value is None and bool(entry.components)
    label, key = plain_name(entry.display), _key(entry)
    terms = tuple(t for t in record.terms("Observation") if any(_key(e) == key for e in t.entries))
    reading = Reading(label, "Observation", terms, 1.0, "panel" if panel else "name")
    return [_curve(assay) for assay in assays(reading, record, Window(record)) if assay.points]


def _curve(assay: Assay) -> Curve:
    kept = one_unit(assay.points).points
    drawn = tuple(point for point in kept if point.exact is not None and point.entry.start)
    low, high = _bounds(point.reference for point in drawn)
    unit = drawn[-1].unit if drawn else ""
    return Curve(assay.label, unit, low, high, drawn, len(assay.points) - len(drawn))


def _bounds(ranges: Iterable[Span | None]) -> tuple[Decimal | None, Decimal | None]:
    told = {(bounds.low, bounds.high) if bounds else (None, None) for bounds in ranges}
    low, high = told.pop() if len(told) == 1 else (None, None)
    return (low if low and low.is_finite() else None, high if high and high.is_finite() else None)


def _key(entry: Entry) -> str:
    return entry.codings[0].code if entry.codings else entry.display.casefold()
