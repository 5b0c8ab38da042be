"""Observations with a number -> series: one test or vital sign of a patient over time.

Components (blood pressure) are series of their own. The same number written twice at one moment is one reading with
several resources; a series with two different numbers at one moment, or with several units, is left out. Where a
series has several codes its recorded names are not used: each means one of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evaluation.gold.chart import Chart
from evaluation.gold.concept import lay_of
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, moment, name, reference, untagged
from evaluation.gold.text import askable, could_mean

_PROPERTY = re.compile(
    r" \[[^]]*(activity|area|fraction|mass|presence|pressure|ratio|vol)[^]]*\].*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One number at one moment, with the Observations that carry it."""

    value: float
    time: float
    day: str
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The readings of one test, oldest first; no two at the same moment.

    Attributes:
        names: that may stand in a question; none of them can mean another series of this record.
        unit: as recorded.
        categories: codes of the Observations' categories.
        readings: oldest first.
    """

    names: tuple[str, ...]
    unit: str
    categories: frozenset[str]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Point:
    code: str
    display: str
    value: float
    unit: str
    resource: Resource


@lru_cache(maxsize=1)
def series_of(chart: Chart) -> tuple[Series, ...]:
    """Return all series of a chart that people can ask for; those of the last chart are kept."""
    by_test: dict[str, list[_Point]] = {}
    for point in _points(chart.of("Observation")):
        lay = lay_of("Observation").get(point.code)
        by_test.setdefault(lay[0] if lay else point.code, []).append(point)
    displays = {name(resource) for resource in chart.of("Observation") if _valued(resource)}
    displays |= {point.display for points in by_test.values() for point in points}
    found = (_series(points, displays) for points in by_test.values())
    return tuple(each for each in found if each and each.names)


def short(display: str) -> str:
    """Return a LOINC name without the property and what follows it.

    >>> short("Hemoglobin [Mass/volume] in Blood"), short("Total score [MMSE]")
    ('Hemoglobin', 'Total score [MMSE]')
    """
    return _PROPERTY.sub("", display)


def _points(observations: Iterable[Resource]) -> Iterator[_Point]:
    for observation in observations:
        for part in (observation, *observation.get("component", ())):
            value, unit = at(part, "valueQuantity.value"), at(part, "valueQuantity.unit")
            if value is not None:
                code, display = at(part, "code.coding.code"), at(part, "code.coding.display")
                yield _Point(
                    str(code),
                    str(display or at(part, "code.text") or ""),
                    value,
                    str(unit or ""),
                    observation,
                )


def _series(points: Sequence[_Point], displays: set[str]) -> Series | None:
    units = {point.unit for point in points}
    at_moment: dict[float, list[_Point]] = {}
    for point in points:
        at_moment.setdefault(moment(point.resource), []).append(point)
    if len(units) > 1 or any(len({p.value for p in group}) > 1 for group in at_moment.values()):
        return None
    categories = {code for p in points for c in p.resource.get("category", ()) for code in _codes(c)}
    return Series(_names(points, displays), units.pop(), frozenset(categories), _readings(at_moment))


def _readings(at_moment: dict[float, list[_Point]]) -> tuple[Reading, ...]:
    return tuple(
        Reading(group[0].value, time, day(group[0].resource), _references(group))
        for time, group in sorted(at_moment.items())
    )


def _references(points: Sequence[_Point]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference(point.resource) for point in points))


def _names(points: Sequence[_Point], displays: set[str]) -> tuple[str, ...]:
    own = {point.display for point in points}
    codes = dict.fromkeys(point.code for point in points)
    lay = [word for code in codes for word in lay_of("Observation").get(code, ("", ()))[1]]
    full = [untagged(each) for each in sorted(own) if len(codes) == 1]
    wanted = dict.fromkeys([*full, *(short(each) for each in full), *lay])
    return tuple(
        each
        for each in wanted
        if askable(each) and not any(could_mean(each, other) for other in displays - own)
    )


def _valued(observation: Resource) -> bool:
    """Whether there is a value, so that a name could mean it."""
    return "component" in observation or any(key.startswith("value") for key in observation)


def _codes(category: Resource) -> list[str]:
    return [coding["code"] for coding in category.get("coding", ()) if coding.get("code")]
