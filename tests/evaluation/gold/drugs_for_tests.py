"""A small chart of prescriptions with what they refer to: reasons, visits, a prescriber, administrations."""

from typing import Any

from tests.evaluation.gold.observations_for_tests import coded
from tests.evaluation.gold.visits_for_tests import Json, practitioner, visit

SERTRALINE_50, SERTRALINE_100 = "Sertraline 50 MG Oral Tablet", "Sertraline 100 MG Oral Tablet"
TYLENOL = "Acetaminophen 325 MG Oral Tablet"
AUGMENTIN = "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"
ONDANSETRON = "Ondansetron 2 MG/ML Injection"


def prescription(id: str, day: str, drug: str, status: str = "stopped", **rest: Any) -> Json:
    """Return a MedicationRequest at noon of a day."""
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": coded(drug, drug),
        "authoredOn": f"{day}T12:00:00-05:00",
        **rest,
    }


def administration(id: str, day: str, drug: str) -> Json:
    """Return a MedicationAdministration at noon of a day."""
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": "completed",
        "medicationCodeableConcept": coded(drug, drug),
        "effectiveDateTime": f"{day}T12:00:00-05:00",
    }


def condition(id: str, day: str, what: str, status: str = "active", **rest: Any) -> Json:
    """Return a Condition since a day."""
    return {
        "resourceType": "Condition",
        "id": id,
        "clinicalStatus": {"coding": [{"code": status}]},
        "code": coded(what, what),
        "onsetDateTime": f"{day}T12:00:00-05:00",
        **rest,
    }


def link(to: str) -> Json:
    """Return a reference."""
    return {"reference": f"urn:uuid:{to}"}


def daily(times: int, **rest: Any) -> list[Json]:
    """Return a dosage of one piece, some times a day."""
    repeat = {"frequency": times, "period": 1, "periodUnit": "d"}
    dose = [{"doseQuantity": {"value": 1}}]
    return [{"timing": {"repeat": repeat}, "doseAndRate": dose, **rest}]


_FOR_MOOD: Json = {"reasonReference": [link("c2")], "requester": link("d1"), "dosageInstruction": daily(1)}
_AS_NEEDED: Json = {"dosageInstruction": [{"asNeededBoolean": True}]}
RECORD = [
    practitioner("d1", "Eve", "Stone"),
    visit("v1", "2015-03-02", "Office Visit"),
    visit("v2", "2018-06-07", "Emergency room admission (procedure)", "EMER"),
    condition(
        "c1", "2015-03-02", "Streptococcal sore throat (disorder)", "resolved", abatementDateTime="2015-03-20"
    ),
    condition("c2", "2016-01-05", "Depressive episode (disorder)"),
    condition("c3", "2017-08-09", "Psoriasis (disorder)"),
    prescription("a1", "2015-03-02", AUGMENTIN, reasonReference=[link("c1")], encounter=link("v1")),
    prescription("p1", "2015-03-02", TYLENOL, encounter=link("v1"), **_AS_NEEDED),
    prescription("s1", "2016-01-05", SERTRALINE_50, **_FOR_MOOD),
    prescription(
        "s2",
        "2018-06-07",
        SERTRALINE_100,
        "active",
        encounter=link("v2"),
        dispenseRequest={"numberOfRepeatsAllowed": 3},
        **_FOR_MOOD,
    ),
    prescription("p2", "2019-05-01", TYLENOL, "active", **_AS_NEEDED),
    prescription("wrong", "2019-06-01", TYLENOL, "entered-in-error"),
    prescription("never", "2019-06-02", TYLENOL, "active", doNotPerform=True),
    prescription("late", "2020-01-01", "Ibuprofen 200 MG Oral Tablet", "active"),
    administration("m1", "2018-06-07", ONDANSETRON),
    administration("m2", "2018-06-08", ONDANSETRON),
    administration("m3", "2018-06-08", TYLENOL),
]
