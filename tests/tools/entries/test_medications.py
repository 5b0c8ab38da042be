"""Prescriptions, doses given and handed out: what their entries say, and how a dosage reads."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.tools.entries.entry_cases import PATIENT, Case, Resource, code, coded, made, told
from tools.entries import parse
from tools.entries.dosage import dosage_words
from tools.record import PatientRecord

METFORMIN = coded("Metformin 500 MG Oral Tablet", "860975")


def ordered(**body: Any) -> Resource:
    base = {"status": "active", "intent": "order", "medicationCodeableConcept": METFORMIN, "subject": PATIENT}
    return made("MedicationRequest", **(base | {"authoredOn": "2018-06-01"} | body))


CASES = [
    Case(
        "a prescription",
        ordered(
            requester={"reference": "Practitioner/d1", "display": "Dr. Lee"},
            encounter={"reference": "Encounter/e1"},
            reasonReference=[{"reference": "Condition/c1", "display": "Diabetes"}],
            reasonCode=[coded("Prediabetes")],
            dosageInstruction=[{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}],
            dispenseRequest={
                "numberOfRepeatsAllowed": 3,
                "quantity": {"value": 60, "unit": "tablets"},
                "expectedSupplyDuration": {"value": 30, "unit": "days"},
            },
        ),
        {
            "patient": "Patient/p1",
            "display": "Metformin 500 MG Oral Tablet",
            "codings": ["860975"],
            "status": "active",
            "void": "",
            "start": "2018-06-01",
            "encounter": "Encounter/e1",
            "who": ["Practitioner/d1 Dr. Lee"],
            "reasons": ["Prediabetes", "Condition/c1 Diabetes"],
            "details": ["dose: twice a day", "supply: 30 days", "quantity: 60 tablets", "refills: 3"],
        },
    ),
    Case(
        "a contained medication names the drug",
        ordered(
            medicationCodeableConcept=None,
            medicationReference={"reference": "#m"},
            contained=[{"resourceType": "Medication", "id": "m", "code": METFORMIN}],
        ),
        {"display": "Metformin 500 MG Oral Tablet", "codings": ["860975"]},
    ),
    Case(
        "a medication that is nowhere keeps its display",
        ordered(
            medicationCodeableConcept=None,
            medicationReference={"reference": "Medication/9", "display": "Metformin"},
        ),
        {"display": "Metformin", "codings": []},
    ),
    Case(
        "a medication made up of ingredients",
        ordered(
            medicationCodeableConcept=None,
            medicationReference={"reference": "#m"},
            contained=[
                {
                    "resourceType": "Medication",
                    "id": "m",
                    "ingredient": [
                        {
                            "itemCodeableConcept": coded("Codeine"),
                            "strength": {
                                "numerator": {"value": 30, "unit": "mg"},
                                "denominator": {"value": 1, "unit": "tab"},
                            },
                        }
                    ],
                }
            ],
        ),
        {"display": "Codeine 30 mg per 1 tab"},
    ),
    Case(
        "no refills is said",
        ordered(dispenseRequest={"numberOfRepeatsAllowed": 0}),
        {"details": ["refills: 0"]},
    ),
    Case("cancelled does not count", ordered(status="cancelled"), {"void": "cancelled"}),
    Case("a draft does not count", ordered(status="draft"), {"void": "draft"}),
    Case("an order not to give does not count", ordered(doNotPerform=True), {"void": "do not perform"}),
    Case("a proposal does not count", ordered(intent="proposal"), {"void": "proposed"}),
    Case(
        "a plan is no order",
        ordered(intent="plan"),
        {"void": "planned", "details": ["intent: plan"]},
    ),
    Case("but is what is taken without one", ordered(intent="plan", reportedBoolean=True), {"void": ""}),
    Case("stopped counts", ordered(status="stopped"), {"void": "", "caution": "", "status": "stopped"}),
    Case("unknown is said", ordered(status="unknown"), {"caution": "unknown"}),
    Case("why it was stopped", ordered(statusReason=coded("Rash")), {"details": ["stopped because: Rash"]}),
    Case(
        "substitution",
        ordered(substitution={"allowedBoolean": False}),
        {"details": ["substitution: not allowed"]},
    ),
    Case(
        "what the patient says to take",
        made(
            "MedicationStatement",
            status="completed",
            medicationCodeableConcept=METFORMIN,
            subject=PATIENT,
            effectivePeriod={"start": "2010", "end": "2012-05"},
            dosage=[{"text": "1 at breakfast"}],
        ),
        {"start": "2010", "end": "2012-05", "details": ["dose: 1 at breakfast"], "void": ""},
    ),
    Case("not taken does not count", made("MedicationStatement", status="not-taken"), {"void": "not-taken"}),
    Case(
        "a dose given",
        made(
            "MedicationAdministration",
            status="completed",
            medicationCodeableConcept=METFORMIN,
            subject=PATIENT,
            context={"reference": "Encounter/e1"},
            effectiveDateTime="2005-08-26",
            performer=[{"actor": {"reference": "Practitioner/d1"}}],
            dosage={"dose": {"value": 500, "unit": "mg"}, "route": coded("Oral route")},
            reasonReference=[{"reference": "Condition/c1"}],
        ),
        {
            "encounter": "Encounter/e1",
            "start": "2005-08-26",
            "who": ["Practitioner/d1"],
            "reasons": ["Condition/c1"],
            "details": ["dose: 500 mg by mouth"],
        },
    ),
    Case(
        "not given does not count", made("MedicationAdministration", status="not-done"), {"void": "not-done"}
    ),
    Case(
        "an interrupted dose is said",
        made("MedicationAdministration", status="stopped"),
        {"caution": "stopped"},
    ),
    Case(
        "handed out by a pharmacy",
        made(
            "MedicationDispense",
            status="completed",
            medicationCodeableConcept=METFORMIN,
            subject=PATIENT,
            whenHandedOver="2018-06-02",
            quantity={"value": 60},
            daysSupply={"value": 30, "unit": "days"},
            authorizingPrescription=[{"reference": "MedicationRequest/1"}],
        ),
        {
            "start": "2018-06-02",
            "details": ["quantity: 60", "supply: 30 days", "prescription: MedicationRequest/1"],
        },
    ),
    Case(
        "not yet handed out does not count",
        made("MedicationDispense", status="preparation"),
        {"void": "preparation"},
    ),
    Case(
        "a medication by itself",
        made("Medication", code=METFORMIN, form=coded("Tablet"), batch={"lotNumber": "7"}),
        {"patient": "", "display": "Metformin 500 MG Oral Tablet", "details": ["form: Tablet", "lot: 7"]},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_medication(case: Case) -> None:
    assert told(case) == case.expected


def test_a_medication_elsewhere_in_the_record_is_looked_up() -> None:
    request = ordered(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})
    found = {"Medication/m": made("Medication", code=METFORMIN)}
    case = Case("", request, {"display": "Metformin 500 MG Oral Tablet", "codings": ["860975"]})
    assert told(case, found.get) == case.expected


def test_a_patient_record_looks_up_its_own_medications() -> None:
    request = ordered(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})
    held = {"MedicationRequest": [request], "Medication": [made("Medication", code=METFORMIN) | {"id": "m"}]}
    record = PatientRecord(
        {"resourceType": "Patient", "id": "p1"},
        {kind: 1 for kind in held},
        lambda kind: held.get(kind, []),
        date(2020, 1, 1),
    )
    assert [entry.display for entry in record.entries("MedicationRequest")] == [
        "Metformin 500 MG Oral Tablet"
    ]


@dataclass(frozen=True)
class Dose:
    words: str
    dosage: Any


def repeat(**body: Any) -> Resource:
    return {"timing": {"repeat": body}}


DOSES = [
    Dose("once a day", [repeat(frequency=1, period=1, periodUnit="d")]),
    Dose("3 times a day", [repeat(frequency=3, period=1.0, periodUnit="d")]),
    Dose("every 6 hours", [repeat(frequency=1, period=6, periodUnit="h")]),
    Dose("twice every 3 days", [repeat(frequency=2, period=3, periodUnit="d")]),
    Dose("every 4 to 6 hours", [repeat(frequency=1, period=4, periodMax=6, periodUnit="h")]),
    Dose("1 to 2 times a day", [repeat(frequency=1, frequencyMax=2, period=1, periodUnit="d")]),
    Dose("once an hour", [repeat(frequency=1, period=1, periodUnit="h")]),
    Dose("twice a day", [{"timing": {"code": code("BID")}}]),
    Dose("once a day at bedtime", [repeat(frequency=1, period=1, periodUnit="d", when=["HS"])]),
    Dose("on Monday, Friday at 08:00", [repeat(dayOfWeek=["mon", "fri"], timeOfDay=["08:00:00"])]),
    Dose(
        "once a day for 10 days",
        [repeat(frequency=1, period=1, periodUnit="d", boundsDuration={"value": 10, "unit": "days"})],
    ),
    Dose(
        "1 at a time, once a day",
        [{"doseAndRate": [{"doseQuantity": {"value": 1}}]} | repeat(period=1, periodUnit="d")],
    ),
    Dose(
        "1 to 2 tablets by mouth, as needed for Headache",
        [
            {
                "doseAndRate": [
                    {"doseRange": {"low": {"value": 1}, "high": {"value": 2, "unit": "tablets"}}}
                ],
                "route": coded("Oral route (qualifier value)"),
                "asNeededCodeableConcept": coded("Headache"),
            }
        ],
    ),
    Dose("as needed", [{"asNeededBoolean": True}]),
    Dose("", [{"asNeededBoolean": False, "sequence": 1}]),
    Dose("Take as needed.", [{"text": "Take as needed."}]),
    Dose("Take 1 daily", [{"text": "Take 1 daily"} | repeat(frequency=2, period=1, periodUnit="d")]),
    Dose(
        "As directed (twice a day)", [{"text": "As directed"} | repeat(frequency=2, period=1, periodUnit="d")]
    ),
    Dose(
        "once a day, at most 4 g per 1 d, With food, Shake well",
        [
            repeat(frequency=1, period=1, periodUnit="d")
            | {
                "additionalInstruction": [coded("With food")],
                "patientInstruction": "Shake well",
                "maxDosePerPeriod": {
                    "numerator": {"value": 4, "unit": "g"},
                    "denominator": {"value": 1, "unit": "d"},
                },
            }
        ],
    ),
    Dose("2 first; then 1", [{"sequence": 2, "text": "then 1"}, {"sequence": 1, "text": "2 first"}]),
    Dose(
        "5 mL at 100 mL per 1 h",
        [
            {
                "doseAndRate": [
                    {
                        "doseQuantity": {"value": 5, "unit": "mL"},
                        "rateRatio": {
                            "numerator": {"value": 100, "unit": "mL"},
                            "denominator": {"value": 1, "unit": "h"},
                        },
                    }
                ]
            }
        ],
    ),
    Dose("", "nonsense"),
]


@pytest.mark.parametrize("dose", DOSES, ids=lambda dose: dose.words or "nothing")
def test_dosage_reads_as_plain_words(dose: Dose) -> None:
    assert dosage_words(dose.dosage) == dose.words


NDC = {"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "12345678901"}]}
NAMED: list[tuple[str, dict[str, Any], str]] = [
    (
        "an identifier that is a name by its system",
        {
            "identifier": [
                {"system": "urn:x", "value": "WARF5"},
                {"system": "urn:x/drug-name", "value": "WARFARIN"},
            ]
        },
        "WARFARIN",
    ),
    (
        "an identifier in small letters",
        {"identifier": [{"value": "HEP"}, {"value": "Heparin Lock"}]},
        "Heparin Lock",
    ),
    (
        "its ingredients, looked up",
        {
            "ingredient": [
                {"itemReference": {"reference": "Medication/a"}},
                {"itemReference": {"display": "Dextrose"}},
            ]
        },
        "Ciprofloxacin / Dextrose",
    ),
    ("its code, where there is nothing else", {"identifier": [{"value": "HEP5000"}]}, "12345678901"),
]


@pytest.mark.parametrize(("resource", "name"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED])
def test_a_medication_with_a_bare_code_is_named_by(resource: dict[str, Any], name: str) -> None:
    within = {"Medication/m": {"resourceType": "Medication", "id": "m", "code": NDC, **resource}}
    within["Medication/a"] = {"resourceType": "Medication", "id": "a", "code": {"text": "Ciprofloxacin"}}
    request = {"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/m"}}
    assert parse(request, within.get).display == name


@dataclass(frozen=True)
class Structured:
    text: str
    amount: float
    unit: str
    words: str


STRUCTURED = [
    Structured(
        "100 units (10.0 units) twice daily",
        10,
        "U",
        "100 units (10.0 units) twice daily, but its structured dose is 10 U",
    ),
    Structured("inject 20 units", 2, "units", "inject 20 units, but its structured dose is 2 units"),
    Structured("1O mg", 10, "mg", "1O mg (10 mg)"),
    Structured("1 tablet (500 mg) daily", 500, "mg", "1 tablet (500 mg) daily"),
    Structured("2 x 500 mg", 1000, "mg", "2 x 500 mg"),
    Structured("1 g every 8 hours", 1000, "mg", "1 g every 8 hours"),
    Structured("0,5 mg", 0.5, "mg", "0,5 mg"),
    Structured("1-0-0", 1, "Tablette", "1-0-0"),
    Structured("every 8 hours", 2, "", "every 8 hours (2 at a time)"),
]


@pytest.mark.parametrize("case", STRUCTURED, ids=lambda case: case.text)
def test_a_structured_dose_that_the_text_does_not_say_is_told(case: Structured) -> None:
    dose = {"doseQuantity": {"value": case.amount, "unit": case.unit}}
    assert dosage_words([{"text": case.text, "doseAndRate": [dose]}]) == case.words


def test_a_text_of_a_dosage_is_told_with_what_limits_it() -> None:
    most = {"numerator": {"value": 30, "unit": "mg"}, "denominator": {"value": 1, "unit": "day"}}
    dosage = {"text": "1-1-1", "asNeededBoolean": True, "maxDosePerPeriod": most}
    assert dosage_words([dosage]) == "1-1-1, at most 30 mg per 1 day, as needed"


def test_a_drug_goes_by_its_active_ingredients_too() -> None:
    parts = [
        {"itemCodeableConcept": coded("Metoprolol", "372826007")},
        {"itemCodeableConcept": coded("Lactose", "47703008"), "isActive": False},
    ]
    brand = {
        "resourceType": "Medication",
        "id": "x",
        "code": {"text": "Beloc ZOK 47,5 mg"},
        "ingredient": parts,
    }
    order = ordered(
        medicationCodeableConcept=None, contained=[brand], medicationReference={"reference": "#x"}
    )
    entry = parse(order)
    assert (entry.display, [each.display for each in entry.codings]) == ("Beloc ZOK 47,5 mg", ["Metoprolol"])
