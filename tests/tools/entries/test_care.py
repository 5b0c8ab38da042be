"""Visits, procedures, vaccines, reports, plans, goals, devices, documents, people: what their entries say."""

import pytest

from tests.tools.entries.entry_cases import PATIENT, Case, code, coded, made, told

ENCOUNTERS = [
    Case(
        "a stay",
        made(
            "Encounter",
            status="finished",
            **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}},
            type=[coded("Hospital admission")],
            subject=PATIENT,
            period={"start": "2012-06-01T23:30:00-05:00", "end": "2012-06-04T08:00:00-05:00"},
            participant=[{"individual": {"reference": "Practitioner/d1", "display": "Dr. Lee"}}],
            location=[{"location": {"display": "Ward 3"}}],
            serviceProvider={"reference": "Organization/o1", "display": "General Hospital"},
            reasonCode=[coded("Pneumonia")],
            diagnosis=[{"condition": {"reference": "Condition/c1"}}],
            hospitalization={"dischargeDisposition": coded("Home")},
        ),
        {
            "patient": "Patient/p1",
            "encounter": "",
            "display": "Hospital admission",
            "category": ["imp", "inpatient encounter"],
            "status": "finished",
            "start": "2012-06-01T23:30:00-05:00",
            "end": "2012-06-04T08:00:00-05:00",
            "who": ["Practitioner/d1 Dr. Lee"],
            "where": ["Ward 3", "Organization/o1 General Hospital"],
            "reasons": ["Pneumonia"],
            "parts": ["Condition/c1"],
            "details": ["length: 3 days", "discharge: Home"],
        },
    ),
    Case(
        "a visit within a day is measured in hours",
        made("Encounter", period={"start": "2012-06-01T10:00:00Z", "end": "2012-06-01T11:15:00Z"}),
        {"details": ["length: 1 h 15 min"]},
    ),
    Case(
        "the class as recorded",
        made("Encounter", **{"class": {"code": "EMER", "display": "emergency"}}),
        {"category": ["emer", "emergency"], "display": "emergency"},
    ),
    Case(
        "a class of R5",
        made("Encounter", **{"class": [coded("Ambulatory", "AMB")]}),
        {"category": ["amb", "ambulatory"]},
    ),
    Case(
        "planned does not count",
        made("Encounter", status="planned"),
        {"void": "planned", "display": "Encounter"},
    ),
    Case("cancelled does not count", made("Encounter", status="cancelled"), {"void": "cancelled"}),
    Case(
        "a stay that goes on counts",
        made("Encounter", status="in-progress", period={"start": "2020"}),
        {"void": "", "start": "2020", "end": None, "details": []},
    ),
]
AT_THE_END_OF_TIME = Case(
    "an open end written as the last moment of the calendar",
    made("CareTeam", period={"start": "2020-01-01", "end": "9999-12-31T23:59:59-05:00"}),
    {"start": "2020-01-01", "end": "9999-12-31T23:59:59-05:00"},
)
PROCEDURES = [
    Case(
        "a procedure",
        made(
            "Procedure",
            status="completed",
            code=coded("Appendectomy (procedure)"),
            subject=PATIENT,
            encounter={"reference": "Encounter/e1"},
            performedPeriod={"start": "2012-06-04", "end": "2012-06-05"},
            performer=[{"actor": {"reference": "Practitioner/d1"}}],
            location={"display": "Theatre 2"},
            reasonReference=[{"reference": "Condition/c1", "display": "Appendicitis"}],
            bodySite=[coded("Abdomen")],
            outcome=coded("Successful"),
        ),
        {
            "display": "Appendectomy (procedure)",
            "start": "2012-06-04",
            "end": "2012-06-05",
            "encounter": "Encounter/e1",
            "who": ["Practitioner/d1"],
            "where": ["Theatre 2"],
            "reasons": ["Condition/c1 Appendicitis"],
            "details": ["body site: Abdomen", "outcome: Successful"],
        },
    ),
    Case(
        "not done does not count",
        made("Procedure", status="not-done", statusReason=coded("Refused")),
        {"void": "not-done", "details": ["status reason: Refused"]},
    ),
    Case("in preparation does not count", made("Procedure", status="preparation"), {"void": "preparation"}),
    Case("broken off does not count", made("Procedure", status="stopped"), {"void": "stopped"}),
    Case("on hold does not count", made("Procedure", status="on-hold"), {"void": "on-hold"}),
    Case(
        "performed at an age",
        made("Procedure", performedAge={"value": 30, "unit": "years"}),
        {"start": None, "details": ["performed: at age 30 years"]},
    ),
]
VACCINES = [
    Case(
        "a vaccine",
        made(
            "Immunization",
            status="completed",
            vaccineCode=coded("Influenza", "140"),
            patient=PATIENT,
            occurrenceDateTime="2015-11-29",
            location={"display": "Clinic"},
            protocolApplied=[{"doseNumberPositiveInt": 2, "series": "Flu 2015"}],
            lotNumber="A7",
        ),
        {
            "patient": "Patient/p1",
            "display": "Influenza",
            "codings": ["140"],
            "start": "2015-11-29",
            "where": ["Clinic"],
            "details": ["dose number: 2", "series: Flu 2015", "lot: A7"],
        },
    ),
    Case(
        "a time in words",
        made("Immunization", occurrenceString="as a child"),
        {"start": None, "details": ["given: as a child"]},
    ),
    Case("not given does not count", made("Immunization", status="not-done"), {"void": "not-done"}),
]
REPORTS = [
    Case(
        "a panel lists its results",
        made(
            "DiagnosticReport",
            status="final",
            category=[coded("Laboratory", "LAB")],
            code=coded("Lipid Panel", "57698-3"),
            subject=PATIENT,
            effectiveDateTime="2014-07-12",
            result=[{"reference": "Observation/1", "display": "LDL"}, {"reference": "Observation/2"}],
            performer=[{"reference": "Organization/o1"}],
            conclusion="Borderline",
        ),
        {
            "display": "Lipid Panel",
            "category": ["lab", "laboratory"],
            "start": "2014-07-12",
            "parts": ["Observation/1 LDL", "Observation/2"],
            "who": ["Organization/o1"],
            "details": ["conclusion: Borderline"],
        },
    ),
    Case("registered does not count", made("DiagnosticReport", status="registered"), {"void": "registered"}),
    Case("partial is said", made("DiagnosticReport", status="partial"), {"caution": "partial"}),
    Case(
        "images by modality and site",
        made(
            "ImagingStudy",
            status="available",
            subject=PATIENT,
            started="2016-09-21",
            numberOfInstances=2,
            series=[
                {"modality": {"code": "DX", "display": "Digital Radiography"}, "bodySite": {"display": "Arm"}}
            ],
        ),
        {
            "display": "Digital Radiography of Arm",
            "category": ["dx", "digital radiography"],
            "start": "2016-09-21",
            "details": ["modality: Digital Radiography", "body site: Arm", "images: 2"],
        },
    ),
    Case(
        "images named by their procedure",
        made("ImagingStudy", procedureCode=[coded("Plain X-ray of chest (procedure)", "399208008")]),
        {"display": "Plain X-ray of chest (procedure)", "codings": ["399208008"]},
    ),
    Case(
        "images of nothing in particular", made("ImagingStudy"), {"display": "Imaging study", "category": []}
    ),
    Case(
        "a note is a document",
        made(
            "DocumentReference",
            status="current",
            docStatus="preliminary",
            type=coded("History and physical note"),
            category=[coded("Clinical Note", "clinical-note")],
            subject=PATIENT,
            date="2005-01-12",
            author=[{"reference": "Practitioner/d1"}],
            custodian={"display": "General Hospital"},
            content=[{"attachment": {"contentType": "text/plain; charset=utf-8", "title": "Visit"}}],
            context={"encounter": [{"reference": "Encounter/e1"}]},
        ),
        {
            "display": "History and physical note",
            "category": ["clinical-note", "clinical note"],
            "caution": "preliminary",
            "start": "2005-01-12",
            "encounter": "Encounter/e1",
            "who": ["Practitioner/d1"],
            "where": ["General Hospital"],
            "details": ["title: Visit", "format: text/plain"],
        },
    ),
    Case(
        "superseded is said",
        made("DocumentReference", status="superseded"),
        {"caution": "superseded", "void": ""},
    ),
    Case(
        "a document of care, undated",
        made("DocumentReference", context={"period": {"start": "2005"}}),
        {"start": "2005", "details": ["about: since 2005"]},
    ),
    Case(
        "a composition",
        made(
            "Composition",
            status="final",
            type=coded("Discharge summary"),
            title="Summary of stay",
            date="2020-01-01",
            subject=PATIENT,
            section=[
                {
                    "title": "Drugs",
                    "entry": [{"reference": "MedicationRequest/1"}],
                    "section": [{"title": "Stopped"}],
                }
            ],
        ),
        {
            "display": "Summary of stay",
            "parts": ["Drugs", "Stopped", "MedicationRequest/1"],
            "details": ["type: Discharge summary"],
        },
    ),
]
PLANS = [
    Case(
        "a plan is named by its SNOMED category",
        made(
            "CarePlan",
            status="active",
            intent="plan",
            title="Plan 7",
            category=[code("assess-plan"), coded("Respiratory therapy (procedure)", "53950000")],
            subject=PATIENT,
            encounter={"reference": "Encounter/e1"},
            period={"start": "1978-04-15", "end": "1979-04-29"},
            addresses=[{"reference": "Condition/c1"}],
            activity=[
                {"detail": {"code": coded("Rest"), "status": "completed"}},
                {"detail": {"description": "Deep breathing", "status": "completed"}},
                {"reference": {"reference": "Appointment/1"}},
            ],
            goal=[{"reference": "Goal/1"}],
        ),
        {
            "display": "Respiratory therapy (procedure)",
            "codings": ["53950000"],
            "status": "active",
            "start": "1978-04-15",
            "end": "1979-04-29",
            "reasons": ["Condition/c1"],
            "parts": ["Rest", "Deep breathing", "Appointment/1"],
            "details": ["activity status: completed", "goal: Goal/1"],
        },
    ),
    Case(
        "else by its title",
        made("CarePlan", title="Diabetes plan", category=[code("assess-plan")]),
        {"display": "Diabetes plan"},
    ),
    Case("revoked was in force", made("CarePlan", status="revoked"), {"void": "", "display": "Care plan"}),
    Case("a draft does not count", made("CarePlan", status="draft"), {"void": "draft"}),
    Case(
        "a proposal does not count",
        made("CarePlan", status="active", intent="proposal"),
        {"void": "proposed"},
    ),
    Case(
        "a team without the patient",
        made(
            "CareTeam",
            status="active",
            subject=PATIENT,
            period={"start": "1978"},
            participant=[
                {"member": PATIENT, "role": [coded("Patient")]},
                {
                    "member": {"reference": "Practitioner/d1", "display": "Dr. Lee"},
                    "role": [coded("Surgeon")],
                },
                {"role": [coded("Nurse")]},
            ],
            managingOrganization=[{"reference": "Organization/o1"}],
        ),
        {
            "display": "Care team",
            "start": "1978",
            "parts": ["Practitioner/d1 Dr. Lee"],
            "where": ["Organization/o1"],
            "details": ["member: Dr. Lee (Surgeon)", "member: Nurse"],
        },
    ),
    Case(
        "a goal",
        made(
            "Goal",
            lifecycleStatus="active",
            achievementStatus=code("in-progress"),
            description={"text": "HbA1c below 7"},
            subject=PATIENT,
            startDate="2005-01-05",
            addresses=[{"reference": "Condition/c1"}],
            target=[
                {
                    "measure": coded("HbA1c"),
                    "detailQuantity": {"value": 7, "unit": "%", "comparator": "<"},
                    "dueDate": "2006-01-01",
                }
            ],
        ),
        {
            "display": "HbA1c below 7",
            "status": "active",
            "void": "",
            "start": "2005-01-05",
            "reasons": ["Condition/c1"],
            "details": ["target: HbA1c: <7 % by 2006-01-01", "achievement: in-progress"],
        },
    ),
    Case(
        "a rejected goal does not count",
        made("Goal", lifecycleStatus="rejected"),
        {"void": "rejected", "display": "Goal"},
    ),
    Case(
        "a goal written as a literal with a text",
        made("Goal", description={"text": "{'text': 'Lose weight', 'addresses': ['x']}"}),
        {"display": "Lose weight"},
    ),
    Case(
        "a goal written as a literal with an observation",
        made(
            "Goal",
            description={
                "text": "{'observation': {'codes': [{'display': 'HbA1c'}], 'operator': '<', 'value': 7}}"
            },
        ),
        {"display": "HbA1c < 7"},
    ),
    Case(
        "a goal that only looks like a literal",
        made("Goal", description={"text": "{'text'"}),
        {"display": "{'text'"},
    ),
]
THINGS = [
    Case(
        "a device",
        made(
            "Device",
            status="active",
            type=coded("Pacemaker"),
            patient=PATIENT,
            manufactureDate="2008-01-21T00:00:00Z",
            serialNumber="42",
            udiCarrier=[{"deviceIdentifier": "e9"}],
            deviceName=[{"name": "Beat 3"}],
        ),
        {
            "patient": "Patient/p1",
            "display": "Pacemaker",
            "start": None,
            "details": ["name: Beat 3", "made: 2008-01-21", "serial: 42", "udi: e9"],
        },
    ),
    Case("a device that does not say what it is", made("Device", patient=PATIENT), {"display": "Device"}),
    Case(
        "a delivery",
        made(
            "SupplyDelivery",
            status="completed",
            patient=PATIENT,
            suppliedItem={"quantity": {"value": 50}, "itemCodeableConcept": coded("Dental floss")},
            occurrenceDateTime="1981-05-31",
            supplier={"reference": "Organization/o1"},
        ),
        {"display": "Dental floss", "value": "50", "start": "1981-05-31", "where": ["Organization/o1"]},
    ),
    Case(
        "an abandoned delivery does not count",
        made("SupplyDelivery", status="abandoned"),
        {"void": "abandoned"},
    ),
]
PEOPLE = [
    Case(
        "a doctor",
        made(
            "Practitioner",
            name=[{"prefix": ["Dr."], "given": ["Ann", "B."], "family": "Lee"}],
            gender="female",
            identifier=[{"system": "http://hl7.org/fhir/sid/us-npi", "value": "390"}],
        ),
        {"patient": "", "display": "Dr. Ann B. Lee", "details": ["gender: female", "npi: 390"]},
    ),
    Case(
        "what a doctor does",
        made(
            "PractitionerRole",
            practitioner={"reference": "Practitioner/d1", "display": "Dr. Lee"},
            organization={"reference": "Organization/o1"},
            specialty=[{"text": "Surgery"}],
        ),
        {
            "display": "Dr. Lee",
            "who": ["Practitioner/d1 Dr. Lee"],
            "where": ["Organization/o1"],
            "details": ["specialty: Surgery"],
        },
    ),
    Case(
        "a hospital",
        made(
            "Organization",
            name="General Hospital",
            type=[coded("Healthcare Provider", "prov")],
            telecom=[{"system": "phone", "value": "555"}],
            address=[{"line": ["1 Main St"], "city": "Boston", "state": "MA"}],
        ),
        {
            "display": "General Hospital",
            "category": ["prov", "healthcare provider"],
            "details": ["type: Healthcare Provider", "phone: 555", "address: 1 Main St, Boston, MA"],
        },
    ),
    Case(
        "a place",
        made("Location", name="Ward 3", address={"city": "Boston"}),
        {"display": "Ward 3", "details": ["address: Boston"]},
    ),
    Case(
        "who made the record",
        made("Provenance", target=[PATIENT], recorded="2025-04-13", agent=[{"who": {"display": "Import"}}]),
        {"patient": "", "display": "Provenance", "start": "2025-04-13", "who": ["Import"]},
    ),
]
OTHERS = [
    Case(
        "any other kind is named by its code",
        made(
            "ServiceRequest",
            status="active",
            code=coded("Chest X-ray"),
            subject=PATIENT,
            authoredOn="2020-01-02",
        ),
        {"kind": "ServiceRequest", "display": "Chest X-ray", "patient": "Patient/p1", "start": "2020-01-02"},
    ),
    Case("or by its title", made("ResearchStudy", title="Heart study"), {"display": "Heart study"}),
    Case("or by another concept", made("Basic", topic=[coded("Falls risk")]), {"display": "Falls risk"}),
    Case("or by its kind", made("Basic"), {"display": "Basic"}),
    Case(
        "not a no-show",
        made("Appointment", status="noshow", description="Check-up"),
        {"void": "noshow", "display": "Check-up"},
    ),
    Case("without a type it is a resource", {"id": "1"}, {"kind": "Resource", "reference": "Resource/1"}),
    Case(
        "an absolute reference",
        made("Flag", subject={"reference": "https://x.org/fhir/Patient/p1"}),
        {"patient": "Patient/p1"},
    ),
    Case("a group is no patient", made("Flag", subject={"reference": "Group/1"}), {"patient": ""}),
    Case(
        "an unresolved patient is not nobody",
        made("Flag", subject={"reference": "urn:uuid:7"}),
        {"patient": "urn:uuid:7"},
    ),
    Case(
        "a contained reference is a name",
        made(
            "ServiceRequest",
            requester={"reference": "#d"},
            contained=[{"id": "d", "name": [{"family": "Lee"}]}],
        ),
        {"who": ["Lee"]},
    ),
    Case(
        "a conditional reference stays",
        made(
            "ServiceRequest", requester={"reference": "Practitioner?identifier=npi|1", "display": "Dr. Lee"}
        ),
        {"who": ["Practitioner?identifier=npi|1 Dr. Lee"]},
    ),
]
CASES = [AT_THE_END_OF_TIME, *ENCOUNTERS, *PROCEDURES, *VACCINES, *REPORTS, *PLANS, *THINGS, *PEOPLE, *OTHERS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_entry(case: Case) -> None:
    assert told(case) == case.expected
