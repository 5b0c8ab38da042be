"""An Observation and its number -> "above", "below" or "within" the reference range, as recorded.

From the interpretation (HL7 v3 ObservationInterpretation) or from the range. Where the two disagree, or where there
are several ranges and no interpretation, nothing is told.
"""

from evaluation.gold.reading import Resource
from evaluation.gold.resource import at

_PLACES = {
    "H": "above",
    "HH": "above",
    "HU": "above",
    "L": "below",
    "LL": "below",
    "LU": "below",
    "N": "within",
}


def place(observation: Resource, number: float) -> str | None:
    """Return "above", "below" or "within"; None if the Observation does not tell."""
    told = {_PLACES.get(str(at(observation, "interpretation.coding.code"))), _ranged(observation, number)}
    told.discard(None)
    return told.pop() if len(told) == 1 else None


def _ranged(observation: Resource, number: float) -> str | None:
    (*more, only) = observation.get("referenceRange") or ({},)
    low, high = at(only, "low.value"), at(only, "high.value")
    if more or low is None and high is None:
        return None
    if low is not None and number < low:
        return "below"
    return "above" if high is not None and number > high else "within"
