"""Supplies: when something was last delivered, and how much of it (FHIR R4 SupplyDelivery)."""

import re
from collections.abc import Iterator
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept, concepts_of
from evaluation.gold.kinds.common import days_of, last, refs
from evaluation.gold.question import Gold, Kind
from evaluation.gold.resource import at, name

_OBJECT = re.compile(r"\(physical object\)$")


def last_delivered(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it last delivered."""
    for item in _items(chart):
        yield days_of({"x": item.names}, last(item.resources), chart.of("Encounter"))


def quantity(chart: Chart, random: Random) -> Iterator[Gold]:
    """How much of it came with the last delivery."""
    for item in _items(chart):
        (latest, *more) = last(item.resources)
        amount = at(latest, "suppliedItem.quantity.value")
        if amount is not None and not more:
            others = tuple((int(amount) * by,) for by in (2, 3, 4))
            yield Gold(slots={"x": item.names}, answer=(amount,), resources=refs([latest]), others=others)


def _items(chart: Chart) -> list[Concept]:
    """Return the objects that were delivered, under their names."""
    delivered = [
        {**each, "code": at(each, "suppliedItem.itemCodeableConcept")} for each in chart.of("SupplyDelivery")
    ]
    named = [each for each in delivered if _OBJECT.search(name(each))]
    return concepts_of("SupplyDelivery", named, delivered)


KINDS = (
    Kind("supply-last", last_delivered),
    Kind("supply-quantity", quantity),
)
