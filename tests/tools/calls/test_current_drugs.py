"""Which drugs are current: by status and by days, each once, with what is said beside them."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import RXNORM, concept, medication_request, patient, patient_record
from tools.calls.find import find

Resource = dict[str, Any]
NOW = "2026-01-01"


def ordered(name: str, day: str | None = "2025-06-01", status: str = "active", **more: Any) -> Resource:
    return medication_request(
        f"{name}-{day}-{status}".replace(" ", ""), name, authored=day, status=status, **more
    )


def until(day: str) -> Resource:
    return {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"end": day}}}}]}


def lasting(*days: int) -> Resource:
    steps = [
        {
            "sequence": n,
            "timing": {"repeat": {"boundsDuration": {"value": length, "unit": "days", "code": "d"}}},
        }
        for n, length in enumerate(days, 1)
    ]
    return {"dosageInstruction": steps}


def said(name: str, status: str = "active", **more: Any) -> Resource:
    return {
        "resourceType": "MedicationStatement",
        "id": f"s-{name}",
        "status": status,
        "medicationCodeableConcept": concept(name, name, RXNORM),
        "subject": {"reference": "Patient/p1"},
    } | more


@dataclass(frozen=True)
class Case:
    id: str
    drugs: list[Resource]
    current: list[str]
    notes: list[str]


CASES = [
    Case("no end", [ordered("Ramipril")], ["Ramipril"], []),
    Case(
        "ended by its dosage",
        [ordered("Amoxicillin", **until("2025-06-08"))],
        [],
        ["active by status, but over by date: Amoxicillin (until 2025-06-08)"],
    ),
    Case("ends on the day that is asked of", [ordered("Amoxicillin", **until(NOW))], ["Amoxicillin"], []),
    Case(
        "ends in a month that is not over", [ordered("Amoxicillin", **until("2026-01"))], ["Amoxicillin"], []
    ),
    Case("ends before it was ordered", [ordered("Amoxicillin", **until("2024-01-01"))], ["Amoxicillin"], []),
    Case("days that are not over", [ordered("Oseltamivir", "2025-12-30", **lasting(5))], ["Oseltamivir"], []),
    Case(
        "steps one after the other",
        [ordered("Prednisone", "2025-12-20", **lasting(5, 5, 5))],
        ["Prednisone"],
        [],
    ),
    Case(
        "steps that are over",
        [ordered("Prednisone", "2025-12-20", **lasting(5, 5))],
        [],
        ["active by status, but over by date: Prednisone (until 2025-12-30)"],
    ),
    Case(
        "one step without an end",
        [
            ordered(
                "Prednisone", dosageInstruction=[*until("2025-06-08")["dosageInstruction"], {"text": "5 mg"}]
            )
        ],
        ["Prednisone"],
        [],
    ),
    Case(
        "an order that is not valid any more",
        [ordered("Heparin", "2001-01-01", dispenseRequest={"validityPeriod": {"end": "2001-02-01"}})],
        [],
        ["active by status, but over by date: Heparin (until 2001-02-01)"],
    ),
    Case(
        "to be taken later",
        [
            ordered(
                "Semaglutide",
                dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"start": "2026-02-01"}}}}],
            )
        ],
        [],
        ["to start later: Semaglutide (from 2026-02-01)"],
    ),
    Case(
        "on hold, unknown, stopped",
        [
            ordered("Digoxin", status="on-hold", statusReason={"text": "bradycardia"}),
            ordered("Warfarin", status="unknown"),
            ordered("Sertraline", status="stopped"),
        ],
        [],
        ["on hold: Digoxin (bradycardia)", "of unknown status: Warfarin"],
    ),
    Case(
        "on hold, and active by another order",
        [ordered("Digoxin", "2025-01-01", "on-hold"), ordered("Digoxin", "2025-07-01")],
        ["Digoxin"],
        [],
    ),
    Case(
        "stated beside what is ordered", [ordered("Ramipril"), said("Warfarin")], ["Warfarin", "Ramipril"], []
    ),
    Case(
        "stated to an end",
        [said("Prednisone", effectivePeriod={"start": "2025-01-01", "end": "2025-01-06"})],
        [],
        ["active by status, but over by date: Prednisone (until 2025-01-06)"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_current_and_what_is_said_beside_it(case: Case) -> None:
    record = patient_record(patient(), *case.drugs, now=NOW)
    found = find(record, "medication", status="active")
    assert list(found.values) == case.current
    assert list(found.notes) == case.notes
    assert {reference.partition("/")[2] for reference in found.references} <= {
        drug["id"] for drug in case.drugs
    }


def test_a_drug_that_was_ordered_again_counts_once() -> None:
    refills = [ordered("Amlodipine", f"2025-0{month}-01") for month in range(1, 5)]
    record = patient_record(patient(), *refills, ordered("Ramipril", "2024-01-01"), now=NOW)
    found = find(record, "medication", status="active", give="count")
    assert found.values == (2,)
    assert len(found.references) == 5
    assert [fact.text for fact in found.facts] == [
        "Ramipril, active, prescribed 2024-01-01",
        "Amlodipine, active, prescribed 2025-04-01, ordered 4 times since 2025-01-01",
    ]
    assert find(record, "medication", give="count").values == (5,), "prescriptions are counted one by one"


def test_an_order_that_was_stopped_on_the_same_day_is_told() -> None:
    record = patient_record(patient(), ordered("Tylenol"), ordered("Tylenol", status="stopped"), now=NOW)
    found = find(record, "medication", "Tylenol", status="active", give="exists")
    assert found.values == (True,)
    assert found.notes == ("another order of Tylenol, on 2025-06-01, is stopped",)


def test_why_one_drug_is_not_current_is_told_without_its_name() -> None:
    record = patient_record(patient(), ordered("Heparin", **until("2025-06-08")), now=NOW)
    found = find(record, "medication", "heparin", status="active", give="exists")
    assert (found.values, found.notes) == (
        (False,),
        ("active by status, but over by date (until 2025-06-08)",),
    )
    assert [fact.text for fact in found.facts] == ["Heparin, active, prescribed 2025-06-01, until 2025-06-08"]


def test_the_dead_take_nothing() -> None:
    dead = patient(deceasedDateTime="2025-11-20")
    drugs = [ordered("Bisoprolol"), ordered("Amoxicillin", **until("2025-06-08")), said("Aspirin")]
    record = patient_record(dead, *drugs, now=NOW)
    takes_nothing = "the patient died on 2025-11-20 and takes nothing now"
    listed = find(record, "medication", status="active")
    assert (listed.values, listed.period) == (("Aspirin", "Bisoprolol"), "at death (2025-11-20)")
    assert takes_nothing in listed.notes
    counted = find(record, "medication", status="active", give="count")
    assert (counted.values, counted.outcome) == ((0,), "none recorded")
    assert takes_nothing in counted.notes


def test_a_drug_that_ended_by_its_days_is_past() -> None:
    record = patient_record(
        patient(), ordered("Ramipril"), ordered("Heparin", **until("2025-06-08")), now=NOW
    )
    assert find(record, "medication", status="past").values == ("Heparin",)
    assert find(record, "medication", "heparin", give="over").values == (True,)
    assert find(record, "medication", "heparin", give="end").values == ("2025-06-08",)


@dataclass(frozen=True)
class Dose:
    id: str
    drugs: list[Resource]
    values: list[str]
    notes: list[str]


def dosed(text: str) -> Resource:
    return {"dosageInstruction": [{"text": text}]}


DOSES = [
    Dose(
        "the newest order gives none",
        [
            ordered("Furosemide 40 MG", "2024-01-01", "completed", **dosed("1 a day")),
            ordered("Furosemide 40 MG"),
        ],
        ["1 a day"],
        ["the entry of 2025-06-01 gives no dose, this one of 2024-01-01 does"],
    ),
    Dose(
        "an order without a date gives it",
        [
            ordered("Amoxicillin 500 MG", None, **dosed("3 maal per dag 1 stuk")),
            ordered("Amoxicillin 500 MG"),
        ],
        ["3 maal per dag 1 stuk"],
        [
            "the entry of 2025-06-01 gives no dose, this one without a date does",
            "1 without a date could not be ordered",
        ],
    ),
    Dose("the strength in its name", [ordered("Losartan 50 MG Oral Tablet")], ["50 MG"], []),
    Dose("how much is in a millilitre is no dose", [ordered("Insulin lispro 100 UNT/ML")], [], []),
]


@pytest.mark.parametrize("case", DOSES, ids=lambda case: case.id)
def test_a_dose_is_that_of_the_newest_order_which_gives_one_else_its_strength(case: Dose) -> None:
    name = case.drugs[-1]["medicationCodeableConcept"]["text"].split()[0]
    record = patient_record(patient(), *case.drugs, now=NOW)
    found = find(record, "medication", name, status="active", give="attribute", part="dose", pick="last")
    assert (list(found.values), list(found.notes)) == (case.values, case.notes)


def test_an_order_to_stop_a_drug_is_no_order_of_it() -> None:
    drugs = [ordered("Discontinue clopidogrel"), ordered("Metformin 850 MG - STOPPED"), ordered("Ramipril")]
    record = patient_record(patient(), *drugs, now=NOW)
    assert find(record, "medication", status="active").values == ("Ramipril",)
    for name in ("clopidogrel", "metformin"):
        found = find(record, "medication", name, status="active", give="exists")
        assert found.values == (False,)
        assert found.facts[0].text.startswith("only as an order to stop it: ")


def test_a_drug_ordered_after_death_was_not_taken_then() -> None:
    record = patient_record(patient(deceasedDateTime="2020-06-01"), ordered("Metformin"), now=NOW)
    found = find(record, "medication", status="active")
    assert (found.values, found.notes) == (
        (),
        (
            "the patient died on 2020-06-01 and takes nothing now",
            "ordered for after the day of death: Metformin",
        ),
    )


def test_an_order_that_a_newer_one_replaces_is_told() -> None:
    before = ordered("Lisinopril 10 MG", "2025-01-01")
    newer = ordered("Lisinopril 20 MG", priorPrescription={"reference": f"MedicationRequest/{before['id']}"})
    found = find(patient_record(patient(), before, newer, now=NOW), "medication", status="active")
    assert found.notes == ("Lisinopril 10 MG is replaced by Lisinopril 20 MG, though not ended",)


def test_a_status_is_said_once() -> None:
    record = patient_record(patient(), said("Paracetamol", "unknown"), now=NOW)
    found = find(record, "medication", "paracetamol", status="active", give="exists")
    assert [fact.text for fact in found.facts] == ["Paracetamol, unknown"]
