"""What `find` answers, as tables a clinician can check."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.builders import (
    RXNORM,
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
from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence, Outcome
from tools.calls.find import find

HYPERTENSION = condition("htn", "Essential hypertension (disorder)", onset="2010-05-24")
SORE_THROAT = condition(
    "sore",
    "Acute viral pharyngitis (disorder)",
    onset="2016-02-19",
    abatementDateTime="2016-03-04",
    status="resolved",
)
SORE_AGAIN = condition(
    "sore2",
    "Acute viral pharyngitis (disorder)",
    onset="2018-01-10",
    abatementDateTime="2018-01-20",
    status="resolved",
)
SORE_NOW = condition("sore3", "Acute viral pharyngitis (disorder)", onset="2021-06-20")
JOB = condition("job", "Full-time employment (finding)", onset="2012-01-01")
WRONG_PATIENT = condition(
    "wrong", "Gout", code="90560007", verificationStatus={"coding": [{"code": "entered-in-error"}]}
)
COMING = condition("next", "Cataract", code="193570009", onset="2022-01-01")
UNDATED = condition("undated", "Myopia", code="57190000", onset=None)
METFORMIN = medication_request("met", reasonReference=[{"reference": "Condition/htn"}])
NAPROXEN = medication_request(
    "nap1", "Naproxen sodium 220 MG Oral Tablet", code="849574", authored="2012-07-01"
)
NAPROXEN_ENDED = NAPROXEN | {"status": "stopped"}
NAPROXEN_AGAIN = NAPROXEN | {"id": "nap2", "status": "completed", "authoredOn": "2015-02-03"}
STRONGER = medication_request("nap500", "Naproxen 500 MG Oral Tablet", code="198014")
NEEDED = medication_request("needed", dosageInstruction=[{"asNeededBoolean": True}])
SCHEDULED = medication_request(
    "scheduled", dosageInstruction=[{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}]
)
HEPARIN_GIVEN = {
    "resourceType": "MedicationAdministration",
    "id": "hep",
    "status": "completed",
    "medicationCodeableConcept": concept("1 ML heparin sodium 5000 UNT/ML Injection", "1361048", RXNORM),
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2019-03-27",
}
WARFARIN_STATED = {
    "resourceType": "MedicationStatement",
    "id": "warf",
    "status": "active",
    "medicationCodeableConcept": concept("Warfarin Sodium 5 MG Oral Tablet", "855332", RXNORM),
    "subject": {"reference": "Patient/p1"},
}
WITHOUT_STATUS = {
    name: value
    for name, value in condition("quiet", "Asthma", code="195967001").items()
    if name != "clinicalStatus"
}
DOSED = medication_request(
    "dosed",
    "Amlodipine 5 MG Oral Tablet",
    code="197361",
    dosageInstruction=[{"text": "1 tablet every morning"}],
    requester={"reference": "Practitioner/doc"},
)
DOCTOR = practitioner("doc", name=[{"prefix": ["Dr."], "given": ["Lloyd"], "family": "Effertz"}])
HOSPITAL = organization("gh", "General Hospital")
STAY = encounter(
    "stay",
    "Hospital admission",
    of_class="IMP",
    start="2019-04-03T08:00:00+02:00",
    end="2019-04-06T18:00:00+02:00",
    serviceProvider={"reference": "Organization/gh"},
    participant=[{"individual": {"reference": "Practitioner/doc"}}],
    reasonCode=[concept("Appendicitis", "74400008", SNOMED)],
)
EMERGENCY = encounter("er", "Emergency room admission", of_class="EMER", start="2018-08-01T01:00:00+02:00")
CHECKUP = encounter("check")
SILENT_STAY = encounter("quiet", "Hospital admission", of_class="IMP", start="2020-01-01", end="2020-01-02")
FRACTURE = condition(
    "fx", "Fracture of forearm", onset="2020-01-01", encounter={"reference": "Encounter/quiet"}
)
SCOPE = procedure("scope", encounter={"reference": "Encounter/stay"})
SAME_DAY = [procedure(name, name, when="2020-03-01T10:00:00+01:00") for name in ("Biopsy", "Polypectomy")]
FLU = [immunization(f"flu{year}", when=f"{year}-10-01") for year in (2018, 2019, 2020)]
PEANUT = allergy(
    "nut",
    category=["food"],
    criticality="high",
    reaction=[{"manifestation": [{"text": "Hives"}], "severity": "severe"}],
)
NO_ALLERGY = allergy("none", "No known allergy", code=concept("No known allergy", "716186003", SNOMED))
LAB = observation("lab", when="2020-12-04")
VITAL = observation("pulse", "Heart rate", code="8867-4", value=70, unit="/min", category="vital-signs")


@dataclass(frozen=True)
class Case:
    id: str
    record: list[dict[str, Any]]
    ask: dict[str, Any]
    values: tuple[Any, ...]
    references: str = ""
    outcome: Outcome = "found"
    more: dict[str, Any] = field(default_factory=dict)


def case(
    id: str, record: list[dict[str, Any]], values: tuple[Any, ...], references: str = "", /, **ask: Any
) -> Case:
    outcome = ask.pop("outcome", "found" if references else "none recorded")
    return Case(id, record, ask, values, references, outcome)


CONDITIONS = [
    case(
        "active problems only",
        [HYPERTENSION, SORE_THROAT],
        ("Essential hypertension (disorder)",),
        "htn",
        kind="condition",
        status="active",
    ),
    case(
        "relapse is active",
        [condition("r", "Leukemia", status="relapse")],
        ("Leukemia",),
        "r",
        kind="condition",
        status="active",
    ),
    case(
        "past problems",
        [HYPERTENSION, SORE_THROAT],
        ("Acute viral pharyngitis (disorder)",),
        "sore",
        kind="condition",
        status="past",
    ),
    case(
        "a name is told once, its entries all",
        [SORE_AGAIN, SORE_THROAT],
        ("Acute viral pharyngitis (disorder)",),
        "sore sore2",
        kind="condition",
    ),
    case(
        "first by onset, not by place",
        [SORE_AGAIN, SORE_THROAT],
        ("2016-02-19",),
        "sore",
        kind="condition",
        concept="acute viral pharyngitis",
        give="date",
        pick="first",
    ),
    case(
        "resolved when: the last that did resolve",
        [SORE_THROAT, SORE_AGAIN, SORE_NOW],
        ("2018-01-20",),
        "sore2",
        kind="condition",
        concept="acute viral pharyngitis",
        give="end",
        pick="last",
    ),
    case(
        "not resolved has no end",
        [HYPERTENSION],
        (),
        "htn",
        kind="condition",
        concept="hypertension",
        give="end",
        pick="last",
        outcome="no value",
    ),
    case(
        "age is in completed years: born on 29 February, 30 only after the 28th",
        [condition("a", "Anemia", onset="2010-02-28")],
        (29,),
        "a",
        kind="condition",
        concept="anemia",
        give="age",
        pick="first",
    ),
    case(
        "ever had: yes",
        [HYPERTENSION],
        (True,),
        "htn",
        kind="condition",
        concept="hypertension",
        give="exists",
    ),
    case("ever had: no", [HYPERTENSION], (False,), kind="condition", concept="gout", give="exists"),
    case(
        "entered in error never was",
        [WRONG_PATIENT],
        (False,),
        kind="condition",
        concept="gout",
        give="exists",
    ),
    case(
        "after the clock is not yet", [COMING], (False,), kind="condition", concept="cataract", give="exists"
    ),
    case(
        "in a period, by the onset",
        [HYPERTENSION, SORE_THROAT, SORE_AGAIN],
        ("Acute viral pharyngitis (disorder)",),
        "sore",
        kind="condition",
        period="in 2016",
        relation="started",
    ),
    case(
        "without a date it is never the last",
        [HYPERTENSION, UNDATED],
        ("Essential hypertension (disorder)",),
        "htn",
        kind="condition",
        pick="last",
    ),
    case("nothing recorded is an answer", [], (), kind="condition", outcome="none recorded"),
]
MEDICATIONS = [
    case(
        "still taking: yes, the active one",
        [NAPROXEN, NAPROXEN_AGAIN],
        (True,),
        "nap1",
        kind="medication",
        concept="naproxen",
        give="exists",
        status="active",
    ),
    case(
        "still taking: no, told by the ended ones",
        [NAPROXEN_ENDED, NAPROXEN_AGAIN],
        (False,),
        "nap1 nap2",
        kind="medication",
        concept="naproxen",
        give="exists",
        status="active",
        outcome="none recorded",
    ),
    case(
        "how often it was prescribed",
        [NAPROXEN_ENDED, NAPROXEN_AGAIN],
        (2,),
        "nap1 nap2",
        kind="medication",
        concept="naproxen",
        give="count",
    ),
    case(
        "the dose as written",
        [DOSED],
        ("1 tablet every morning",),
        "dosed",
        kind="medication",
        concept="amlodipine",
        give="attribute",
        part="dose",
    ),
    case(
        "who prescribed it, by name",
        [DOSED, DOCTOR],
        ("Dr. Lloyd Effertz",),
        "dosed",
        kind="medication",
        concept="amlodipine",
        give="attribute",
        part="who",
    ),
    case(
        "why it was prescribed",
        [METFORMIN, HYPERTENSION],
        ("Essential hypertension (disorder)",),
        "met",
        kind="medication",
        concept="metformin",
        give="attribute",
        part="reason",
    ),
    case(
        "the reason that the order gives itself",
        [METFORMIN, HYPERTENSION],
        ("Essential hypertension (disorder)",),
        "met",
        kind="medication",
        concept="metformin",
        give="attribute",
        part="own reason",
    ),
    case(
        "as needed: yes or no",
        [NEEDED],
        (True,),
        "needed",
        kind="medication",
        give="attribute",
        part="as needed",
    ),
    case(
        "a schedule is not as needed",
        [SCHEDULED],
        (False,),
        "scheduled",
        kind="medication",
        give="attribute",
        part="as needed",
    ),
    case(
        "a strength that is said chooses",
        [NAPROXEN, STRONGER],
        ("Naproxen 500 MG Oral Tablet",),
        "nap500",
        kind="medication",
        concept="naproxen 500 mg",
    ),
    case(
        "medications for a condition whose longer name holds the words",
        [METFORMIN, HYPERTENSION],
        ("Metformin hydrochloride 500 MG Oral Tablet",),
        "met",
        kind="medication",
        reason="essential",
    ),
    case(
        "medications for a condition",
        [METFORMIN, NAPROXEN, HYPERTENSION],
        ("Metformin hydrochloride 500 MG Oral Tablet",),
        "met",
        kind="medication",
        reason="hypertension",
    ),
]
ENCOUNTERS = [
    case(
        "emergency visits are of class EMER",
        [STAY, EMERGENCY, CHECKUP],
        (1,),
        "er",
        kind="encounter",
        category="emergency",
        give="count",
    ),
    case(
        "length of the last stay in days between the two dates",
        [STAY, EMERGENCY],
        (3,),
        "stay",
        kind="encounter",
        category="inpatient",
        give="duration",
        pick="last",
    ),
    case(
        "wellness is told by the name of the visit",
        [STAY, CHECKUP],
        ("2019-05-02",),
        "check",
        kind="encounter",
        category="wellness",
        give="date",
    ),
    case(
        "where she was admitted",
        [STAY, HOSPITAL],
        ("General Hospital",),
        "stay",
        kind="encounter",
        category="inpatient",
        give="attribute",
        part="where",
    ),
    case(
        "why she was admitted",
        [STAY],
        ("Appendicitis",),
        "stay",
        kind="encounter",
        category="inpatient",
        give="attribute",
        part="reason",
    ),
    case(
        "a stay without a reason: what was diagnosed in it",
        [SILENT_STAY, FRACTURE],
        ("Fracture of forearm",),
        "quiet Condition/fx",
        kind="encounter",
        category="inpatient",
        give="attribute",
        part="reason",
    ),
    case(
        "visits with a doctor",
        [STAY, CHECKUP, DOCTOR],
        (1,),
        "stay",
        kind="encounter",
        concept="Dr. Effertz",
        give="count",
    ),
    case(
        "discharge counts in the period of its own day",
        [encounter("over", of_class="IMP", start="2018-12-30", end="2019-01-02")],
        ("2019-01-02",),
        "over",
        kind="encounter",
        give="end",
        period="in 2019",
    ),
    case(
        "what was done in the stay, by link",
        [STAY, SCOPE],
        ("Colonoscopy",),
        "scope",
        kind="procedure",
        period="during the last admission",
    ),
    case(
        "who did it: the encounter says",
        [SCOPE, STAY, DOCTOR],
        ("Dr. Lloyd Effertz",),
        "scope Encounter/stay",
        kind="procedure",
        give="attribute",
        part="who",
    ),
]
OTHERS = [
    case(
        "the last procedures at the same moment, both",
        [*SAME_DAY, SCOPE],
        ("Biopsy", "Polypectomy"),
        "Biopsy Polypectomy",
        kind="procedure",
        pick="last",
    ),
    case(
        "flu shots",
        FLU,
        (3,),
        "flu2018 flu2019 flu2020",
        kind="immunization",
        concept="flu shot",
        give="count",
    ),
    case("food allergies", [PEANUT], ("Allergy to peanuts",), "nut", kind="allergy", category="food"),
    case("no known allergy is none", [NO_ALLERGY], (), "none", kind="allergy", outcome="none recorded"),
    case(
        "no known allergy: does she have any?",
        [NO_ALLERGY],
        (False,),
        "none",
        kind="allergy",
        give="exists",
        outcome="none recorded",
    ),
    case(
        "lab tests are of category laboratory",
        [LAB, VITAL],
        ("2020-12-04",),
        "lab",
        kind="observation",
        category="lab",
        give="date",
    ),
    case("a FHIR type is a kind", [PEANUT], (1,), "nut", kind="AllergyIntolerance", give="count"),
]

TRUTHS = [
    case(
        "she is on it",
        [METFORMIN],
        (True,),
        "met",
        kind="medication",
        concept="metformin",
        give="exists",
        status="active",
    ),
    case(
        "not any more, and what it was is told",
        [NAPROXEN_ENDED],
        (False,),
        "nap1",
        kind="medication",
        concept="naproxen",
        give="exists",
        status="active",
        outcome="none recorded",
    ),
    case(
        "a dose that was given does not go on",
        [HEPARIN_GIVEN],
        (False,),
        "hep",
        kind="medication",
        concept="heparin",
        give="exists",
        status="active",
        outcome="none recorded",
    ),
    case(
        "a statement says that she takes it, beside prescriptions",
        [METFORMIN, WARFARIN_STATED],
        (True,),
        "warf",
        kind="medication",
        concept="warfarin",
        give="exists",
        status="active",
    ),
    case(
        "it is not there, as was asked",
        [METFORMIN],
        (True,),
        "",
        kind="medication",
        concept="insulin",
        give="absent",
    ),
    case(
        "it is there, though it was asked whether it is not",
        [METFORMIN],
        (False,),
        "met",
        kind="medication",
        concept="metformin",
        give="absent",
    ),
    case(
        "it was, and is over",
        [SORE_THROAT, SORE_AGAIN],
        (True,),
        "sore sore2",
        kind="condition",
        concept="pharyngitis",
        give="over",
    ),
    case(
        "it was, and is again",
        [SORE_THROAT, SORE_NOW],
        (False,),
        "sore3",
        kind="condition",
        concept="pharyngitis",
        give="over",
    ),
    case(
        "what never was is not over",
        [METFORMIN],
        (),
        "",
        kind="condition",
        concept="pharyngitis",
        give="over",
    ),
    case(
        "whether a problem goes on need not be recorded",
        [WITHOUT_STATUS],
        (),
        "quiet",
        kind="condition",
        concept="asthma",
        give="exists",
        status="active",
        outcome="no value",
    ),
]


def test_nobody_takes_a_drug_after_death() -> None:
    record = patient_record(patient(deceasedDateTime="2020-05-21"), METFORMIN)

    evidence = find(record, "medication", "metformin", give="exists", status="active")

    assert (evidence.outcome, evidence.values) == ("no value", ())
    assert evidence.notes == ("the patient died on 2020-05-21",)


@pytest.mark.parametrize(
    "case", [*CONDITIONS, *MEDICATIONS, *ENCOUNTERS, *OTHERS, *TRUTHS], ids=lambda case: case.id
)
def test_find(case: Case) -> None:
    evidence = find(patient_record(patient(), *case.record), **case.ask)

    assert evidence.outcome == case.outcome
    assert evidence.values == case.values
    assert sorted(_ids(evidence, case.references)) == sorted(case.references.split())


def _ids(evidence: Evidence, wanted: str) -> list[str]:
    kinds = {"/" in name and name.partition("/")[0] for name in wanted.split()}
    return [ref if ref.partition("/")[0] in kinds else ref.partition("/")[2] for ref in evidence.references]


FACTS = [
    (HYPERTENSION, "Essential hypertension, active, since 2010-05-24"),
    (SORE_THROAT, "Acute viral pharyngitis, resolved, 2016-02-19 to 2016-03-04"),
    (NAPROXEN_ENDED, "Naproxen sodium 220 MG Oral Tablet, stopped, prescribed 2012-07-01"),
    (FLU[0], "Influenza, seasonal, injectable, preservative free, given 2018-10-01"),
    (SCOPE, "Colonoscopy, done 2017-04-05"),
    (STAY, "Hospital admission (inpatient), 2019-04-03 to 2019-04-06, for Appendicitis"),
    (
        PEANUT,
        "Allergy to peanuts, active, since 2001-07-08; reaction: Hives (severe); criticality: high",
    ),
    (
        condition("u", "Asthma", onset="2019-05", verificationStatus={"coding": [{"code": "unconfirmed"}]}),
        "Asthma, active, since 2019-05, unconfirmed",
    ),
]


@pytest.mark.parametrize(("resource", "line"), FACTS, ids=lambda x: x if isinstance(x, str) else "")
def test_a_fact_is_a_line_a_reader_can_check(resource: dict[str, Any], line: str) -> None:
    evidence = find(patient_record(patient(), resource), resource["resourceType"])

    assert [fact.text for fact in evidence.facts] == [line]


def test_what_was_not_counted_is_said() -> None:
    record = patient_record(patient(), WRONG_PATIENT, HYPERTENSION)

    evidence = find(record, "condition", "gout", give="exists")

    assert evidence.notes == ("1 not counted: entered-in-error",)
    assert evidence.coverage[0].problems == ("1 not counted: entered-in-error",)


def test_no_known_allergies_is_quoted() -> None:
    evidence = find(patient_record(patient(), NO_ALLERGY), "allergy")

    assert [fact.text for fact in evidence.facts] == [
        "the record states: No known allergy, active, since 2001-07-08"
    ]


def test_an_event_that_never_was_places_nothing() -> None:
    evidence = find(patient_record(patient(), HYPERTENSION), "condition", period="after the stroke")

    assert (evidence.outcome, evidence.values) == ("none recorded", ())
    assert evidence.notes == ('the record has no such event: "after the stroke"',)


def test_a_long_list_is_grouped_and_clinical_names_come_first() -> None:
    many = [
        condition(f"c{n}", f"Disorder {n} (disorder)", code=str(n), onset=f"20{n:02}-01-01")
        for n in range(20)
    ]
    repeated = [JOB | {"id": f"job{n}"} for n in range(3)]

    evidence = find(patient_record(patient(), *many, *repeated), "condition")

    assert len(evidence.values) == 21
    assert len(evidence.references) == 23
    assert evidence.total == 21
    assert [fact.text for fact in evidence.facts][:2] == [
        "Disorder 19, active, since 2019-01-01",
        "Disorder 18, active, since 2018-01-01",
    ]
    assert len(evidence.facts) == 12


def test_a_kind_that_could_not_be_read_is_not_none() -> None:
    record = patient_record(patient(), problems={"Condition": ("2 could not be read",)})

    assert find(record, "condition", give="exists").outcome == "unreadable"
    assert find(record, "condition", give="exists").values == ()


WRONG_CALLS = [
    ({"kind": "disease"}, "kind 'disease': expected one of condition, medication,"),
    (
        {"kind": "condition", "status": "so-so"},
        "status 'so-so': expected active, past, out of range or a FHIR status, e.g. 'resolved'.",
    ),
]


@pytest.mark.parametrize(("ask", "message"), WRONG_CALLS)
def test_a_wrong_argument_is_named(ask: dict[str, Any], message: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        find(patient_record(patient(), HYPERTENSION), **ask)

    assert str(refusal.value).startswith(message)
