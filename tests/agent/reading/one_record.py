"""Ruth Adler, 60: one hand-made record with a little of everything, for questions about it. The clock is 2021-07-01."""

import base64
from typing import Any

from tests.builders import (
    LOINC,
    SNOMED,
    allergy,
    concept,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    organization,
    patient,
    patient_record,
    practitioner,
    procedure,
)
from tools.record import PatientRecord

Resource = dict[str, Any]
ABOUT_HER = {"subject": {"reference": "Patient/p1"}}


def _vital(id: str, name: str, code: str, value: float, unit: str, day: str) -> Resource:
    return observation(id, name, code=code, value=value, unit=unit, when=day, category="vital-signs")


def _lab(id: str, name: str, code: str, value: float, unit: str, day: str) -> Resource:
    return observation(id, name, code=code, value=value, unit=unit, when=day)


def _pressure(id: str, systolic: int, diastolic: int, day: str) -> Resource:
    parts = [
        ("Systolic Blood Pressure", "8480-6", systolic),
        ("Diastolic Blood Pressure", "8462-4", diastolic),
    ]
    component = [
        {"code": concept(name, code, LOINC), "valueQuantity": {"value": value, "unit": "mm[Hg]"}}
        for name, code, value in parts
    ]
    return observation(
        id,
        "Blood Pressure",
        code="85354-9",
        value=None,
        when=day,
        category="vital-signs",
        component=component,
    )


def _drug(id: str, name: str, code: str, day: str, status: str, reason: str) -> Resource:
    return medication_request(
        id,
        name,
        code=code,
        authored=day,
        status=status,
        reasonReference=[{"reference": f"Condition/{reason}"}],
        requester={"reference": "Practitioner/doc"},
        dosageInstruction=[{"text": "1 tablet twice a day"}],
    )


def _visit(id: str, name: str, of_class: str, start: str, end: str, reason: str = "") -> Resource:
    why = [concept(reason, id, SNOMED)] if reason else None
    seen_by = [{"individual": {"reference": "Practitioner/doc", "display": "Dr. Lena Sommer"}}]
    return encounter(
        id,
        name,
        of_class=of_class,
        start=start,
        end=end,
        reasonCode=why,
        participant=seen_by,
        serviceProvider={"reference": "Organization/hospital", "display": "General Hospital"},
    )


def _note(id: str, text: str, day: str) -> Resource:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "type": concept("Progress note", "11506-3", LOINC),
        "date": f"{day}T09:00:00+00:00",
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
        **ABOUT_HER,
    }


def _claim(id: str, day: str, total: float) -> Resource:
    return {
        "resourceType": "Claim",
        "id": id,
        "status": "active",
        "use": "claim",
        "created": day,
        "patient": {"reference": "Patient/p1"},
        "item": [{"sequence": 1, "productOrService": {"text": "Office visit"}}],
        "total": {"value": total, "currency": "USD"},
    }


PERSON = (
    patient(
        given="Ruth",
        family="Adler",
        birthDate="1961-04-12",
        telecom=[{"system": "phone", "value": "555-0100"}, {"system": "email", "value": "ruth@example.org"}],
        address=[{"line": ["1 Elm St"], "city": "Springfield", "state": "MA", "postalCode": "01101"}],
        maritalStatus={"text": "Married"},
        communication=[{"language": {"text": "English"}}],
        generalPractitioner=[{"reference": "Practitioner/doc"}],
    ),
    practitioner("doc", name=[{"prefix": ["Dr."], "given": ["Lena"], "family": "Sommer"}]),
    organization("hospital"),
)
PROBLEMS = (
    condition("dm", "Diabetes mellitus type 2 (disorder)", code="44054006", onset="2012-05-10"),
    condition("htn", "Essential hypertension (disorder)", code="59621000", onset="2010-03-01"),
    condition("asthma", "Asthma (disorder)", code="195967001", onset="1975-09-01"),
    condition(
        "appx",
        "Acute appendicitis (disorder)",
        code="85189001",
        onset="1990-06-02",
        status="resolved",
        abatementDateTime="1990-06-20",
    ),
    condition(
        "bronchitis",
        "Acute bronchitis (disorder)",
        code="10509002",
        onset="2018-01-05",
        status="resolved",
        abatementDateTime="2018-01-19",
    ),
    condition("pneumonia", "Pneumonia (disorder)", code="233604007", onset="2019-11-02", status="resolved"),
)
DRUGS = (
    _drug("met", "Metformin hydrochloride 500 MG Oral Tablet", "860975", "2012-06-01", "active", "dm"),
    _drug("lis", "Lisinopril 10 MG Oral Tablet", "314076", "2010-03-15", "active", "htn"),
    _drug("sim", "Simvastatin 20 MG Oral Tablet", "312961", "2013-02-01", "stopped", "dm"),
    _drug("alb", "Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", "745752", "1999-04-01", "active", "asthma"),
    _drug("ins", "Insulin glargine 100 UNT/ML Injectable Solution", "311041", "2019-08-01", "active", "dm"),
    _drug("amox", "Amoxicillin 500 MG Oral Capsule", "308191", "2018-01-05", "completed", "bronchitis"),
)
RESULTS = (
    _lab("a1c-1", "Hemoglobin A1c/Hemoglobin.total in Blood", "4548-4", 8.9, "%", "2019-05-02"),
    _lab("a1c-2", "Hemoglobin A1c/Hemoglobin.total in Blood", "4548-4", 7.2, "%", "2020-03-10"),
    _lab("a1c-3", "Hemoglobin A1c/Hemoglobin.total in Blood", "4548-4", 6.8, "%", "2021-02-11"),
    _lab("glu-1", "Glucose", "2345-7", 182, "mg/dL", "2019-05-02"),
    _lab("glu-2", "Glucose", "2345-7", 121, "mg/dL", "2021-02-11"),
    _lab("cre-1", "Creatinine", "38483-4", 0.9, "mg/dL", "2019-05-02"),
    _lab("cre-2", "Creatinine", "38483-4", 1.1, "mg/dL", "2021-02-11"),
    _lab("ldl-1", "Low Density Lipoprotein Cholesterol", "18262-6", 141, "mg/dL", "2013-01-20"),
    _lab("ldl-2", "Low Density Lipoprotein Cholesterol", "18262-6", 88, "mg/dL", "2020-03-10"),
    _pressure("bp-1", 152, 94, "2019-05-02"),
    _pressure("bp-2", 131, 82, "2021-02-11"),
    _vital("wt-1", "Body Weight", "29463-7", 84.5, "kg", "2019-05-02"),
    _vital("wt-2", "Body Weight", "29463-7", 79.2, "kg", "2021-02-11"),
    _vital("ht-1", "Body Height", "8302-2", 166, "cm", "2021-02-11"),
    _vital("hr-1", "Heart rate", "8867-4", 72, "/min", "2021-02-11"),
)
VISITS = (
    _visit("w19", "Encounter for check up", "AMB", "2019-05-02T10:00:00Z", "2019-05-02T10:30:00Z"),
    _visit(
        "er17",
        "Emergency room visit",
        "EMER",
        "2017-07-07T22:00:00Z",
        "2017-07-08T02:00:00Z",
        "Asthma attack",
    ),
    _visit(
        "in90", "Hospital admission", "IMP", "1990-06-02T08:00:00Z", "1990-06-07T08:00:00Z", "Appendicitis"
    ),
    _visit("in19", "Hospital admission", "IMP", "2019-11-02T08:00:00Z", "2019-11-06T08:00:00Z", "Pneumonia"),
    _visit("w21", "Encounter for check up", "AMB", "2021-02-11T09:00:00Z", "2021-02-11T09:40:00Z"),
)
DONE = (
    procedure("scope", "Colonoscopy", when="2014-09-12T09:00:00Z"),
    procedure("appy", "Appendectomy", code="80146002", when="1990-06-03T11:00:00Z"),
    immunization("flu19"),
    immunization("flu20", when="2020-10-05"),
    immunization("td", "Td (adult) preservative free", code="113", when="2015-04-20"),
)
OTHER = (
    allergy(
        "pen",
        "Allergy to penicillin",
        reaction=[{"manifestation": [concept("Hives", "247472004", SNOMED)], "severity": "moderate"}],
    ),
    {
        "resourceType": "CarePlan",
        "id": "plan",
        "status": "active",
        "intent": "plan",
        "category": [concept("Diabetes self management plan", "735985000", SNOMED)],
        "period": {"start": "2012-05-10"},
        "activity": [
            {"detail": {"code": concept("Diabetic diet", "160670007", SNOMED), "status": "in-progress"}}
        ],
        **ABOUT_HER,
    },
    {
        "resourceType": "Goal",
        "id": "goal",
        "lifecycleStatus": "active",
        "description": {"text": "Hemoglobin A1c below 7"},
        "startDate": "2012-05-10",
        **ABOUT_HER,
    },
    {
        "resourceType": "Device",
        "id": "device",
        "status": "active",
        "type": concept("Blood glucose meter", "337414009", SNOMED),
        "patient": {"reference": "Patient/p1"},
    },
    {
        "resourceType": "SupplyDelivery",
        "id": "strips",
        "status": "completed",
        "patient": {"reference": "Patient/p1"},
        "suppliedItem": {
            "quantity": {"value": 50},
            "itemCodeableConcept": concept("Blood glucose testing strips", "337388004", SNOMED),
        },
        "occurrenceDateTime": "2021-02-11",
    },
    {
        "resourceType": "CareTeam",
        "id": "team",
        "status": "active",
        "participant": [{"member": {"reference": "Practitioner/doc"}}],
        **ABOUT_HER,
    },
    _note("note19", "Patient reports occasional dizziness. Smoking cessation was discussed.", "2019-05-02"),
    _note("note21", "Doing well on metformin. Next visit in six months.", "2021-02-11"),
    _claim("c19", "2019-05-02", 129.5),
    _claim("c21", "2021-02-11", 142),
    {
        "resourceType": "Coverage",
        "id": "cover",
        "status": "active",
        "beneficiary": {"reference": "Patient/p1"},
        "period": {"start": "2015-01-01"},
        "payor": [{"display": "Aetna"}],
    },
)


def ruth() -> PatientRecord:
    """Her record as of 2021-07-01."""
    return patient_record(*PERSON, *PROBLEMS, *DRUGS, *RESULTS, *VISITS, *DONE, *OTHER)
