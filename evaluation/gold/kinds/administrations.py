"""Drugs that were given and never prescribed: how often, when (FHIR R4 MedicationAdministration).

Of a drug that was prescribed, too, people count one or the other: those are not asked about.
"""

from collections.abc import Iterator
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.drugs import only_administered
from evaluation.gold.kinds.common import count, days_of, last
from evaluation.gold.kinds.unheard import unprescribed
from evaluation.gold.periods import ALWAYS, draw
from evaluation.gold.question import Gold, Kind

_ABSENT = 2


def how_often(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many administrations are recorded, of all or in a period."""
    for drug in only_administered(chart):
        for period in (ALWAYS, *draw(drug.resources, chart.now, random, 1)):
            yield count({"x": drug.names, "period": period.words}, period.within(drug.resources))
    for names in unprescribed(chart, random, _ABSENT, "MedicationAdministration"):
        yield count({"x": names, "period": ""}, [])


def last_time(chart: Chart, random: Random) -> Iterator[Gold]:
    """On which day was the last recorded administration."""
    for drug in only_administered(chart):
        yield days_of({"x": drug.names}, last(drug.resources), chart.of("MedicationAdministration"))


KINDS = (
    Kind("administration-count", how_often),
    Kind("administration-last-time", last_time),
)
