"""Names that are only codes, names in other languages, and local labels: what they are found by, and what not."""

from datetime import date
from typing import Any

import pytest

from tests.builders import LOINC, SNOMED
from tools.calls.find import find
from tools.calls.measure import measure
from tools.concepts import link
from tools.record import PatientRecord

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
GM = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"
ATC = "http://www.whocc.no/atc"
CVX = "http://hl7.org/fhir/sid/cvx"
OURS = "urn:ours"
_ROOM = {"MedicationStatement": "medicationCodeableConcept", "Immunization": "vaccineCode"}


def resource(kind: str, system: str, code: str, display: str = "", **more: Any) -> dict[str, Any]:
    coding = {"system": system, "code": code, **({"display": display} if display else {})}
    holder = "patient" if kind == "Immunization" else "subject"
    return {
        "resourceType": kind,
        "id": code.lower().replace(".", "-"),
        "status": "final" if kind == "Observation" else "completed",
        _ROOM.get(kind, "code"): {"coding": [coding]},
        holder: {"reference": "Patient/p"},
        **more,
    }


def record_of(*resources: dict[str, Any]) -> PatientRecord:
    counts = {each["resourceType"]: 1 for each in resources}
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1950-01-01"}
    return PatientRecord(
        patient, counts, lambda kind: [r for r in resources if r["resourceType"] == kind], date(2024, 1, 1)
    )


C, M, O, P, V = "Condition", "MedicationStatement", "Observation", "Procedure", "Immunization"  # noqa: E741
NAMES = [
    # kind, system, code, display: found by, not found by
    (C, ICD, "I10", "", "hypertension, high blood pressure", "diabetes"),
    (C, ICD, "E11.65", "", "diabetes, type 2 diabetes", "type 1 diabetes"),
    (C, ICD, "E10.9", "", "diabetes, type 1 diabetes", "type 2 diabetes"),
    (C, GM, "J45.9", "", "asthma", "copd"),
    (C, ICD, "N18.31", "", "ckd", "kidney stones"),
    (C, ICD, "S72.001A", "", "hip fracture, fracture", "stroke"),
    (C, GM, "I10.90", "Essentielle Hypertonie, nicht näher bezeichnet", "hypertension", "diabetes"),
    (C, GM, "M23.3", "Sonstige Meniskusschädigungen", "meniscus derangement", "gout"),
    (C, OURS, "c1", "Bluthochdruck", "hypertension", "pulmonary hypertension"),
    (C, OURS, "c2", "Zuckerkrankheit", "diabetes", "hypertension"),
    (C, OURS, "c3", "Herzinsuffizienz NYHA II", "heart failure", "heart attack"),
    (C, OURS, "c4", "Z.n. Schlaganfall 2019", "stroke", "tia"),
    (C, OURS, "c5", "boezemfibrilleren", "afib", "heart failure"),
    (C, OURS, "c6", "Diabète de type 2", "diabetes, type 2 diabetes", "type 1 diabetes"),
    (C, OURS, "c7", "Niereninsuffizienz, chronisch", "chronic kidney disease", "liver disease"),
    (C, OURS, "c8", "insuffisance cardiaque", "heart failure", "renal failure"),
    (M, ATC, "B01AC06", "", "aspirin, antiplatelet", "anticoagulant"),
    (M, ATC, "B01AA07", "", "blood thinner", "statin"),
    (M, ATC, "C10AA99", "", "statin", "beta blocker"),
    (M, ATC, "C07AB12", "Lokales Nebi-Präparat", "beta blocker, nebivolol", "ace inhibitor"),
    (M, OURS, "m1", "Metoprololsuccinat 47,5 mg ret.", "metoprolol, beta blocker", "statin"),
    (M, OURS, "m2", "Marcumar 3 mg", "blood thinner", "aspirin"),
    (M, OURS, "m3", "ASS 100", "aspirin", "insulin"),
    (M, OURS, "m4", "L-Thyroxin 75 Henning", "levothyroxine", "statin"),
    (M, OURS, "m5", "Acide acétylsalicylique 75 mg", "aspirin", "folic acid"),
    (M, OURS, "m6", "Metforminhydrochlorid 1000", "metformin", "insulin"),
    (M, OURS, "m7", "Natriumvalproaat 500", "valproate", "aspirin"),
    (M, OURS, "m8", "Insulin syringe U-100 1 mL", "", "insulin, diabetes medication"),
    (M, OURS, "m9", "enoxaparin 40 mg/0.4 mL subcutaneous syringe", "enoxaparin", "insulin"),
    (M, OURS, "m10", "Hold warfarin before procedure", "", "warfarin, blood thinner"),
    (M, OURS, "m11", "Warfarin allergy alert", "", "warfarin"),
    (V, CVX, "140", "", "flu shot", "tetanus"),
    (V, CVX, "115", "", "tetanus, tdap", "flu shot"),
    (O, LOINC, "2823-3", "", "potassium", "sodium"),
    (O, LOINC, "55423-8", "", "steps", "weight"),
    (O, OURS, "o1", "Height (cm)", "height", "weight"),
    (O, OURS, "o2", "Daily Weight", "weight", "height"),
    (O, OURS, "o3", "Admission Weight (Kg)", "weight", "bmi"),
    (O, OURS, "o4", "Temperature Fahrenheit", "temperature", "heart rate"),
    (O, OURS, "o5", "O2 saturation pulseoxymetry", "oxygen saturation, spo2", "heart rate"),
    (O, OURS, "o6", "SpO2 Desat Limit", "", "oxygen saturation, spo2"),
    (O, OURS, "o7", "Heart rate Alarm - High", "heart rate alarm", "heart rate, pulse"),
    (O, OURS, "o8", "Respiratory Rate (Set)", "respiratory rate set", "respiratory rate"),
    (O, OURS, "o9", "Ideal body weight", "ideal body weight", "weight"),
    (O, OURS, "o10", "Creatinine (serum)", "creatinine", "urine creatinine"),
    (O, OURS, "o11", "ABP systolic", "systolic blood pressure", "diastolic"),
    (O, OURS, "o12", "Kalium", "potassium", "calcium, sodium"),
    (O, OURS, "o13", "Void", "urine output, void output", "weight"),
    (O, OURS, "o14", "BP Sys", "systolic", "diastolic"),
    (O, OURS, "o15", "Wt (lbs)", "weight", "height"),
    (O, OURS, "o16", "INR goal", "", "inr"),
    (O, OURS, "o17", "Gewicht (kg)", "weight", "height"),
    (O, OURS, "o18", "Glucose (CSF)", "", "glucose, blood sugar"),
    (O, OURS, "o19", "Cardiac Output (thermodilution)", "cardiac output", "urine output, output"),
    (C, OURS, "c9", "COPD GOLD II", "copd", "asthma"),
    (C, OURS, "c10", "Infarctus du myocarde", "heart attack", "stroke"),
    (C, ICD, "E23.2", "", "diabetes insipidus", "diabetes"),
    (C, ICD, "Z59.82", "", "transportation problem", "homelessness"),
    (V, OURS, "v1", "Grippeimpfung", "flu shot", "tetanus"),
    (P, OURS, "p1", "Xray exam chest 1 view", "chest x-ray, x-ray", "ct scan"),
    (P, OURS, "p2", "Röntgen Thorax", "chest x-ray", "mammogram"),
    (P, OURS, "p3", "Drainage of Pleural Cavity, Percutaneous Approach, Diagnostic", "pleural cavity drainage",
     "percutaneous approach"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "system", "code", "display", "by", "not_by"), NAMES, ids=lambda value: str(value)[:30]
)
def test_a_name_is_found_by_what_it_is(
    kind: str, system: str, code: str, display: str, by: str, not_by: str
) -> None:
    record = record_of(resource(kind, system, code, display))
    missed = [each for each in filter(None, by.split(", ")) if not link(each, record, (kind,))]
    wrong = [each for each in not_by.split(", ") if link(each, record, (kind,))]
    assert (missed, wrong) == ([], [])


def measured(id: str, code: str, display: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    return resource(
        "Observation", OURS, code, display, id=id, valueQuantity={"value": value, "unit": unit}, **more
    )


def test_labels_that_differ_by_their_unit_are_one_test() -> None:
    record = record_of(
        measured("f", "1", "Temperature Fahrenheit", 104, "°F", effectiveDateTime="2023-01-01"),
        measured("c", "2", "Temperature (C)", 37, "°C", effectiveDateTime="2023-01-02"),
    )
    highest = measure(record, "temperature", pick="max")
    assert (highest.values, highest.unit, highest.references) == ((40.0,), "°C", ("Observation/f",))


def test_a_category_is_part_of_a_name_that_leaves_it_out() -> None:
    drains = [{"coding": [{"system": OURS, "code": "Drains"}]}]
    record = record_of(
        measured("d", "1", "Chest Tube #1", 40, "mL", category=drains, effectiveDateTime="2023-01-01")
    )
    assert measure(record, "chest tube #1 output", statistic="sum").values == (40.0,)


def test_the_outputs_together_are_told_one_by_one() -> None:
    outputs = [{"coding": [{"system": OURS, "code": "Output"}]}]
    record = record_of(
        measured("f", "1", "Foley", 100, "mL", category=outputs, effectiveDateTime="2023-01-01T08:00:00Z"),
        measured("g", "1", "Foley", 50, "mL", category=outputs, effectiveDateTime="2023-01-01T09:00:00Z"),
        measured("e", "2", "Emesis", 30, "mL", category=outputs, effectiveDateTime="2023-01-01T10:00:00Z"),
    )
    assert sorted(measure(record, "total output", statistic="sum").values) == [30, 150]


def test_a_code_and_a_name_that_disagree_are_found_under_both_and_said() -> None:
    record = record_of(
        resource(
            "Observation",
            LOINC,
            "2823-3",
            "Sodium",
            id="odd",
            effectiveDateTime="2023-05-01",
            valueQuantity={"value": 7.4, "unit": "mmol/L"},
        ),
        resource(
            "Observation",
            LOINC,
            "2823-3",
            "Potassium",
            id="plain",
            effectiveDateTime="2023-04-01",
            valueQuantity={"value": 4.0, "unit": "mmol/L"},
        ),
    )
    found = {asked: measure(record, asked) for asked in ("potassium", "sodium")}
    assert {asked: each.references for asked, each in found.items()} == {
        "potassium": ("Observation/odd",),
        "sodium": ("Observation/odd",),
    }
    said = "its code says potassium, its name sodium"
    assert all(said in " ".join(each.notes) for each in found.values())


def test_a_wider_name_is_no_disagreement() -> None:
    record = record_of(resource("Condition", SNOMED, "44054006", "Diabetes mellitus", id="c"))
    assert [entry.caution for entry in record.entries("Condition")] == [""]


@pytest.mark.parametrize("display", ["", "Selo forte 200"])
def test_the_ingredient_of_a_contained_drug_gives_its_class(display: str) -> None:
    request = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "contained": [
            {
                "resourceType": "Medication",
                "id": "x",
                "code": {"coding": [{"system": OURS, "code": "L-1", "display": display}]},
                "ingredient": [{"itemCodeableConcept": {"coding": [{"system": ATC, "code": "C07AB02"}]}}],
            }
        ],
        "medicationReference": {"reference": "#x"},
        "authoredOn": "2023-01-01",
        "subject": {"reference": "Patient/p"},
    }
    found = find(record_of(request), "medication", concept="beta blocker", give="exists")
    assert (found.values, found.references) == ((True,), ("MedicationRequest/m",))
