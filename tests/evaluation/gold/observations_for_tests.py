"""A small chart of measurements, visits and reports, and the golds of a kind of question about it."""

from random import Random
from typing import Any

from evaluation.gold.chart import Chart
from evaluation.gold.question import Gold, Kind

NOW = "2020-01-01"
LOINC = "http://loinc.org"
ELSEWHERE = {
    "Observation": ["Ferritin [Mass/volume] in Serum or Plasma", "Are you a refugee?"],
    "DiagnosticReport": ["Lipid profile"],
}


def observation(
    id: str, code: str, display: str, day: str, category: str = "laboratory", **rest: Any
) -> dict[str, Any]:
    """Return an Observation; its value and more come as further elements."""
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"code": category}]}],
        "code": coded(code, display),
        "effectiveDateTime": f"{day}T09:00:00+01:00",
        **rest,
    }


def number(value: float, unit: str) -> dict[str, Any]:
    """Return the element of a numeric value."""
    return {"valueQuantity": {"value": value, "unit": unit}}


def coded(code: str, display: str) -> dict[str, Any]:
    """Return a CodeableConcept."""
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


def chart(resources: list[dict[str, Any]]) -> Chart:
    """Return the chart of one patient as of the clock."""
    name = [{"given": ["Ann"], "family": "Lee"}]
    person = {"resourceType": "Patient", "id": "p", "name": name, "birthDate": "1960-01-01"}
    return Chart("p", [person, *resources], NOW, ELSEWHERE)


def golds(kind: Kind, of: Chart, seeds: int = 12) -> list[Gold]:
    """Return what a kind of question gives for a chart in some draws."""
    return [gold for seed in range(seeds) for gold in kind.ask(of, Random(seed))]


def row(gold: Gold) -> tuple[Any, ...]:
    """Return what a clinician checks: first names of the places, the answer, the ids that carry it."""
    places = [text if isinstance(text, str) else text[0] for text in gold.slots.values()]
    ids = sorted(reference.split("/")[1] for reference in gold.resources)
    return (" | ".join(filter(None, places)), list(gold.answer), " ".join(ids))


def rows_about(kind: Kind, of: Chart, places: str) -> list[tuple[Any, ...]]:
    """Return the different rows of many draws whose places read so."""
    found: list[tuple[Any, ...]] = []
    for each in map(row, golds(kind, of, seeds=200)):
        if each[0] == places and each not in found:
            found.append(each)
    return found
