"""The kinds of questions, one file a category, and the order of the categories in a question set."""

from collections.abc import Mapping, Sequence

from evaluation.gold.kinds import (
    absent,
    conditions,
    demographics,
    encounters,
    labs,
    medications,
    prevention,
    procedures,
    time,
    vitals,
)
from evaluation.gold.question import Kind

CATEGORIES: Mapping[str, Sequence[Kind]] = {
    "demographics": demographics.KINDS,
    "conditions": conditions.KINDS,
    "medications": medications.KINDS,
    "labs": labs.KINDS,
    "vitals": vitals.KINDS,
    "procedures": procedures.KINDS,
    "encounters": encounters.KINDS,
    "prevention": prevention.KINDS,
    "time": time.KINDS,
    "absent": absent.KINDS,
}
