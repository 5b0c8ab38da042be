"""What a resource could say and mostly does not: dosage, reason, pharmacy, reaction, severity, end, lot number.

FHIR R4 MedicationRequest, AllergyIntolerance, Condition, Immunization. Where it is recorded, it is the answer.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.drugs import drugs, prescriptions
from evaluation.gold.kinds import allergies, conditions, dosing, prescribing
from evaluation.gold.kinds.common import last
from evaluation.gold.kinds.immunizations import vaccines
from evaluation.gold.kinds.unheard import diseases, mixed, random_days
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, name

_PHARMACIES = ("CVS Pharmacy", "Walgreens", "Rite Aid", "Walmart Pharmacy")
_SEVERITIES = ("mild", "moderate", "severe", "life-threatening")
_GRADED = re.compile(
    r"stage|grade|degree|mild|moderate|severe|acute|chronic|fracture|neoplasm|cancer|tumor|myeloma|burn",
    re.IGNORECASE,
)
"""Conditions whose names or other resources tell how severe they are."""
_VACCINE_DETAILS = {
    "lot number": ("lotNumber", ("A1B2C3", "EK9231", "U6147AA", "0039L")),
    "manufacturer": ("manufacturer.display", ("Pfizer", "Moderna", "Merck", "Sanofi Pasteur")),
}
_PIECE = re.compile(r"tablet|capsule", re.IGNORECASE)
_LASTING = {"active", "recurrence", "relapse"}


def dosage(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many times a day was a drug to be taken that was prescribed without saying it."""
    empty = [
        Gold(slots={"x": drug.names, "unit": "day"}, answer=(), others=((1,), (2,), (3,), (4,)))
        for drug in drugs(chart)
        if all(_PIECE.search(name(each)) and "dosageInstruction" not in each for each in drug.resources)
    ]
    told = [each for each in dosing.times(chart, random) if each.slots["unit"] == "day"]
    yield from mixed(empty, told, random)


def reason(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which reason does a prescription give, where it gives none."""
    others = tuple((each.recorded[0],) for each in chart.concepts("Condition"))
    empty = [
        Gold(slots={"x": drug.names}, answer=(), others=others)
        for drug in drugs(chart)
        if not any("reasonReference" in each or "reasonCode" in each for each in drug.resources)
    ]
    yield from mixed(empty, list(prescribing.reason(chart, random)), random)


def pharmacy(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which pharmacy dispensed it, where nothing tells of dispensing."""
    told = [each for each in prescriptions(chart) if at(each, "dispenseRequest.performer")]
    for drug in [] if told or chart.of("MedicationDispense") else drugs(chart):
        yield Gold(slots={"x": drug.names}, answer=(), others=tuple((each,) for each in _PHARMACIES))


def severity(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which severity is recorded with a diagnosis; where its name or other resources tell it, nobody asks so."""
    for condition in diseases(chart):
        if not _GRADED.search(name(condition.resources[0])) and len(condition.resources) == 1:
            told = str(at(condition.resources[0], "severity.coding.display") or "")
            yield _attribute({"x": condition.names}, told, condition.resources[0], _SEVERITIES)


def end(chart: Chart, random: Random) -> Iterator[Gold]:
    """When did a condition resolve that is active still."""
    empty = []
    for condition in diseases(chart):
        states = {str(at(each, "clinicalStatus.coding.code")) for each in condition.resources}
        if states <= _LASTING and not any(_ended(each) for each in condition.resources):
            others = tuple((each,) for each in random_days(chart, random))
            empty.append(Gold(slots={"x": condition.names}, answer=(), others=others))
    yield from mixed(empty, list(conditions.resolved(chart, random)), random)


def _ended(condition: Resource) -> bool:
    return any(key.startswith("abatement") for key in condition)


def of_vaccine(detail: str, chart: Chart, random: Random) -> Iterator[Gold]:
    """Which lot number, which manufacturer has the last dose of a vaccine."""
    path, others = _VACCINE_DETAILS[detail]
    for vaccine in vaccines(chart):
        (dose, *more) = last(vaccine.resources)
        if not more:
            yield _attribute({"x": vaccine.names}, str(at(dose, path) or ""), dose, others)


def _attribute(
    slots: dict[str, tuple[str, ...]], told: str, carrying: Resource, others: tuple[str, ...]
) -> Gold:
    """Return what a resource says of itself as a gold answer, nothing if it does not say."""
    return Gold(
        slots=slots,
        answer=(told,) if told else (),
        resources=(f"{carrying['resourceType']}/{carrying['id']}",) if told else (),
        others=tuple((each,) for each in others if each.lower() != told.lower()),
    )


_lot_number: Callable[[Chart, Random], Iterator[Gold]] = partial(of_vaccine, "lot number")
_manufacturer: Callable[[Chart, Random], Iterator[Gold]] = partial(of_vaccine, "manufacturer")

KINDS = (
    Kind("absent-dosage", dosage),
    Kind("absent-reason", reason, 2),
    Kind("absent-pharmacy", pharmacy),
    Kind("absent-severity", severity),
    Kind("absent-end", end),
    Kind("absent-reaction", allergies.reaction),
    Kind("absent-lot-number", _lot_number),
    Kind("absent-manufacturer", _manufacturer),
)
