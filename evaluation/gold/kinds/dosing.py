"""How a drug was to be taken, and how often its prescription may be filled again (FHIR R4 Dosage, dispenseRequest).

Asked where all prescriptions of a drug have one dosage and say the same. Left out: doses by the hour, ranges.
"""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.choices import NOT_RECORDED
from evaluation.gold.concept import Concept
from evaluation.gold.drugs import drugs
from evaluation.gold.kinds.common import Slots, last, refs, statement
from evaluation.gold.question import Gold, Kind, Value
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, name

_UNITS = {"d": "day", "wk": "week"}
_FORMS = ("tablet", "capsule")


def as_needed(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it to be taken as needed; a schedule that does not say so is a no."""
    for drug, needed in _agreed(chart, _as_needed):
        right, wrong = ("Yes", "No") if needed else ("No", "Yes")
        others = (wrong, NOT_RECORDED, "It was never prescribed")
        yield statement({"x": drug.names}, bool(needed), right, others, drug.resources)


def times(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many times a day or a week was it to be taken."""
    for unit in _UNITS:
        for drug, number in _agreed(chart, partial(_times, unit)):
            slots: Slots = {"x": drug.names, "unit": _UNITS[unit]}
            yield Gold(slots=slots, answer=(number,), resources=drug.references)


def pieces(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many tablets or capsules were to be taken at a time."""
    for form in _FORMS:
        for drug, number in _agreed(chart, partial(_pieces, form)):
            slots: Slots = {"x": drug.names, "form": f"{form}s"}
            yield Gold(slots=slots, answer=(number,), resources=drug.references)


def refills(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many refills did the last prescription allow."""
    for drug in drugs(chart):
        (request, *more) = last(drug.resources)
        allowed = at(request, "dispenseRequest.numberOfRepeatsAllowed")
        if allowed is not None and not more:
            yield Gold(slots={"x": drug.names}, answer=(allowed,), resources=refs([request]))


def _agreed(chart: Chart, read: Callable[[Resource], Value | None]) -> Iterator[tuple[Concept, Value]]:
    """Yield drugs with what all of their prescriptions say, where they say it and say the same."""
    for drug in drugs(chart):
        told = {read(each) for each in drug.resources}
        value = told.pop()
        if value is not None and not told:
            yield drug, value


def _dosage(request: Resource) -> Resource:
    """Return the only dosage of a prescription, an empty one if there is none or several."""
    (dosage, *more) = request.get("dosageInstruction") or [{}]
    return {} if more else dosage


def _as_needed(request: Resource) -> bool | None:
    dosage = _dosage(request)
    needed: bool | None = dosage.get("asNeededBoolean", False if "timing" in dosage else None)
    return None if "asNeededCodeableConcept" in dosage else needed


def _times(unit: str, request: Resource) -> int | None:
    repeat = at(_dosage(request), "timing.repeat") or {}
    counted = repeat.get("periodUnit") == unit and repeat.get("period") == 1 and "frequencyMax" not in repeat
    return repeat.get("frequency") if counted else None


def _pieces(form: str, request: Resource) -> float | None:
    dose = at(_dosage(request), "doseAndRate.doseQuantity") or {}
    counted = name(request).lower().endswith(form) and str(dose.get("unit", form)).lower().startswith(
        form[:3]
    )
    return dose.get("value") if counted else None


KINDS = (
    Kind("medication-as-needed", as_needed),
    Kind("medication-times", times),
    Kind("medication-pieces", pieces),
    Kind("medication-refills", refills),
)
