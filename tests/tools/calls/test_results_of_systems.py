"""Results as systems of several countries and devices record them -> what is answered, as a table.

US Core, an Australian pathology report, German ISiK and MII laboratories, microbiology, devices at the bedside.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tools.calls.catalogue import Call
from tools.calls.program import run_plan
from tools.record import PatientRecord

JSON = dict[str, Any]
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1970-03-04", "name": [{"text": "Eva Kern"}]}
HERS = {"reference": "Patient/p"}


def named(text: str, code: str = "", system: str = LOINC) -> JSON:
    return {"coding": [{"system": system, "code": code, "display": text}]} if code else {"text": text}


def coded(code: str, system: str = SNOMED) -> JSON:
    return {"coding": [{"system": system, "code": code}]}


def amount(value: float, unit: str) -> JSON:
    return {"valueQuantity": {"value": value, "unit": unit}}


def result(
    id: str, code: JSON, when: str | None = "2024-01-05", *, category: str = "laboratory", **more: Any
) -> JSON:
    filed = [{"coding": [{"code": category}]}] if category else None
    made = {"category": filed, "effectiveDateTime": when}
    base = {"resourceType": "Observation", "id": id, "status": "final", "subject": HERS, "code": code}
    return base | {name: value for name, value in made.items() if value} | more


def vital(id: str, code: JSON, when: str, value: float, unit: str, **more: Any) -> JSON:
    return result(id, code, when, category="vital-signs", **amount(value, unit), **more)


def text_result(code: JSON, value: str, **more: Any) -> JSON:
    return result("r", code, valueString=value, **more)


def pressure(id: str, when: str, systolic: float, diastolic: float | None) -> JSON:
    unknown = {"dataAbsentReason": {"text": "Unknown"}}
    parts = [
        {"code": SYSTOLIC} | amount(systolic, "mm[Hg]"),
        {"code": DIASTOLIC} | (amount(diastolic, "mm[Hg]") if diastolic else unknown),
    ]
    return result(id, named("Blood pressure panel", "85354-9"), when, category="vital-signs", component=parts)


def specimen(id: str, text: str, **more: Any) -> JSON:
    return {"resourceType": "Specimen", "id": id, "subject": HERS, "type": {"text": text}} | more


def of(specimen: str) -> JSON:
    return {"specimen": {"reference": f"Specimen/{specimen}"}}


def refs(*ids: str) -> list[JSON]:
    return [{"reference": f"Observation/{id}"} for id in ids]


SYSTOLIC = named("Systolic blood pressure", "8480-6")
DIASTOLIC = named("Diastolic blood pressure", "8462-4")
POTASSIUM = named("Potassium [Moles/volume] in Serum or Plasma", "2823-3")
FERRITIN = named("Ferritin", "2276-4")
GLUCOSE = named("Glucose")
BLOOD_CULTURE = named("Bacteria identified in Blood by Culture", "600-7")
WEIGHT = named("Körpergewicht", "29463-7")
SMOKING = named("Tobacco smoking status", "72166-2")
EYE = named("Intraocular pressure of Eye", "56844-4")
RESISTANT = {"valueCodeableConcept": named("Resistant", "R", INTERPRETATION)}
SUSCEPTIBLE = {"valueCodeableConcept": named("Susceptible", "S", INTERPRETATION)}
URINE = specimen("u", "Urine")
BLOOD = specimen("b", "Blood")
TWO_GLUCOSES = (
    URINE,
    BLOOD,
    result("g1", GLUCOSE, "2024-03-01", **amount(5.6, "mmol/L"), **of("b")),
    result("g2", GLUCOSE, "2024-06-01", **amount(28, "mmol/L"), **of("u")),
)
E_COLI = (
    URINE,
    result("t", named("Bacteria identified in Urine by Culture", "630-4"), **of("u"), hasMember=refs("o")),
    result("o", named("Escherichia coli", "112283007", SNOMED), derivedFrom=refs("t"), hasMember=refs("q1")),
    result(
        "q1",
        named("Ciprofloxacin [Susceptibility]", "18906-8"),
        "2024-01-06",
        **RESISTANT,
        derivedFrom=refs("o"),
    ),
    result(
        "q2",
        named("Trimethoprim [Susceptibility]", "18993-6"),
        "2024-01-06",
        **SUSCEPTIBLE,
        derivedFrom=refs("o"),
    ),
)
BY_COMPONENTS = result(
    "t",
    named("Bacteria identified in Specimen by Culture", "6463-4"),
    component=[
        {
            "code": named("Organism"),
            "valueCodeableConcept": named("Streptococcus pneumoniae", "9861002", SNOMED),
        },
        {"code": named("Penicillin [Susceptibility]", "18964-7")} | SUSCEPTIBLE,
    ],
)


@dataclass(frozen=True)
class Case:
    id: str
    record: Sequence[JSON]
    tool: str
    arguments: JSON
    values: tuple[Any, ...] | None
    says: str = ""
    never: str = ""


def measured(
    id: str, record: Sequence[JSON], values: tuple[Any, ...] | None, concept: str, **more: Any
) -> Case:
    says, never = more.pop("says", ""), more.pop("never", "")
    return Case(id, record, "measure", {"concept": concept} | more, values, says, never)


def found(id: str, record: Sequence[JSON], values: tuple[Any, ...], **more: Any) -> Case:
    return Case(id, record, "find", {"kind": "observation"} | more, values)


POSITIVE = {"test": "positive", "how": "any"}
CASES = [
    measured(
        "a mean of diastolic values is of these alone",
        [pressure("a", "2024-01-01", 130, 84), pressure("b", "2024-02-01", 150, None)],
        (84,),
        "diastolic blood pressure",
        statistic="mean",
        says="1 without a value: Unknown",
    ),
    measured(
        "pressures of two Observations are never one",
        [pressure("a", "2024-01-01", 118, 62), pressure("b", "2024-01-01", 154, None)],
        (118, 62, 154),
        "blood pressure",
        says=r"118/62.*Systolic blood pressure 154",
        never=r"154\s*/\s*62",
    ),
    measured(
        "a corrected result replaces the preliminary one",
        [
            result("k1", POTASSIUM, **amount(6.9, "mmol/L"), status="preliminary"),
            result("k2", POTASSIUM, **amount(4.4, "mmol/L"), status="corrected"),
        ],
        (Decimal("4.4"),),
        "potassium",
        pick="max",
        says="6.9 mmol/L, preliminary",
    ),
    measured(
        "who smoked once was found to smoke",
        [
            result(
                "s1", SMOKING, "2012-01-01", category="social-history", valueString="Current every day smoker"
            ),
            result("s2", SMOKING, "2024-01-01", category="social-history", valueString="Never smoker"),
        ],
        (True,),
        "smoking status",
        test="found",
        how="any",
        says="every day",
    ),
    measured(
        "a SNOMED code without a name",
        [
            result(
                "h",
                named("HIV 1+2 Ab [Presence] in Serum", "7918-6"),
                valueCodeableConcept=coded("260385009"),
            )
        ],
        (False,),
        "HIV",
        **POSITIVE,
    ),
    measured(
        "a LOINC answer without a name",
        [result("c", named("SARS-CoV-2 RNA", "94500-6"), valueCodeableConcept=coded("LA6577-6", LOINC))],
        (False,),
        "94500-6",
        **POSITIVE,
    ),
    measured(
        "an interpretation where the words are not known",
        [text_result(named("SARS-CoV-2-RNA", "94500-6"), "unauffällig", interpretation=[coded("ND")])],
        (False,),
        "94500-6",
        **POSITIVE,
    ),
    measured(
        "German words",
        [text_result(named("Nitrit", "5802-4"), "nicht nachweisbar")],
        (False,),
        "5802-4",
        **POSITIVE,
    ),
    measured(
        "nothing of a kind isolated",
        [text_result(named("MRSA screen"), "No MRSA isolated")],
        (False,),
        "MRSA screen",
        **POSITIVE,
    ),
    measured(
        "a trace is no plain positive",
        [text_result(named("Protein [Presence] in Urine by Test strip", "20454-5"), "Trace")],
        (),
        "urine protein",
        **POSITIVE,
        says="neither positive nor negative: Trace",
    ),
    measured(
        "a trace is something",
        [text_result(named("Protein in Urine", "20454-5"), "Trace")],
        (True,),
        "urine protein",
        test="found",
        how="any",
    ),
    measured(
        "a Gram stain with rods is not negative",
        [text_result(named("Gram stain"), "Gram-negative rods")],
        (True,),
        "gram stain",
        **POSITIVE,
    ),
    found(
        "results of a laboratory where none has a category",
        [
            result(
                "a", named("Hemoglobin [Mass/volume] in Blood", "718-7"), category="", **amount(13, "g/dL")
            ),
            result("b", named("Heart rate", "8867-4"), category="", **amount(70, "/min")),
            result("c", SMOKING, category="", valueString="Never smoker"),
            result(
                "d", named("Zonulin"), category="", **amount(30, "ng/mL"), referenceRange=[{"text": "<50"}]
            ),
        ],
        (2,),
        category="laboratory",
        give="count",
    ),
    measured(
        "a blood group in components",
        [
            result(
                "bg",
                named("ABO and Rh group [Type] in Blood", "882-1"),
                component=[
                    {"code": named("ABO group", "883-9"), "valueString": "A"},
                    {"code": named("Rh [Type]", "10331-7"), "valueString": "Rh(D) positive"},
                ],
            )
        ],
        ("A", "Rh(D) positive"),
        "blood group",
    ),
    measured(
        "a blood group in members",
        [
            result(
                "p",
                named("Blood type and Indirect antibody screen panel", "34532-2"),
                hasMember=refs("abo", "rh"),
            ),
            result("abo", named("ABO group [Type] in Blood", "883-9"), valueString="O"),
            result("rh", named("Rh [Type] in Blood", "10331-7"), valueString="Negative"),
        ],
        ("O", "Negative"),
        "blood group",
    ),
    measured(
        "dated by its issue",
        [
            result("f1", FERRITIN, "2023-01-01", **amount(20, "ug/L")),
            result("f2", FERRITIN, None, **amount(44, "ug/L"), issued="2024-06-01T10:00:00+10:00"),
        ],
        (44,),
        "ferritin",
        says="dated by when it was issued",
    ),
    measured(
        "dated by its specimen",
        [
            specimen("s", "Serum", collection={"collectedDateTime": "2024-06-03T08:00:00+10:00"}),
            result("f", FERRITIN, None, **amount(44, "ug/L"), **of("s")),
        ],
        ("2024-06-03",),
        "ferritin",
        give="date",
    ),
    measured(
        "glucose is that of the blood",
        TWO_GLUCOSES,
        (Decimal("5.6"),),
        "glucose",
        says="another specimen: urine",
    ),
    measured("the glucose of the urine, when asked", TWO_GLUCOSES, (28,), "urine glucose"),
    measured(
        "a weight of her newborn is not hers",
        [
            vital("w1", WEIGHT, "2024-02-01", 68, "kg"),
            vital("w2", WEIGHT, "2024-02-10", 3.4, "kg", focus=[{"display": "Neugeborenes"}]),
        ],
        (68,),
        "weight",
        pick="min",
        says="1 not counted: about someone or something else: Neugeborenes",
    ),
    found(
        "which organism",
        E_COLI,
        ("Escherichia coli",),
        concept="urine culture",
        give="attribute",
        part="organism",
    ),
    found(
        "resistant to what",
        E_COLI,
        ("Ciprofloxacin",),
        concept="urine culture",
        give="attribute",
        part="resistant to",
    ),
    found(
        "sensitive to what",
        E_COLI,
        ("Trimethoprim",),
        concept="Escherichia coli",
        give="attribute",
        part="sensitive to",
    ),
    found(
        "its specimen",
        E_COLI,
        ("Urine",),
        category="microbiology",
        pick="last",
        give="attribute",
        part="specimen",
    ),
    found("by its specimen", E_COLI, (1,), category="microbiology", concept="urine", give="count"),
    measured(
        "a culture in which something grew",
        E_COLI,
        (True,),
        "urine culture",
        **POSITIVE,
        says="grew Escherichia coli",
    ),
    measured(
        "nothing grew",
        [text_result(BLOOD_CULTURE, "No growth after 5 days")],
        (False,),
        "blood culture",
        **POSITIVE,
    ),
    measured(
        "the value is what grew",
        [text_result(BLOOD_CULTURE, "Staphylococcus aureus")],
        (True,),
        "blood culture",
        **POSITIVE,
    ),
    measured(
        "an organism of which no susceptibility is known has grown",
        [
            result("t", BLOOD_CULTURE, hasMember=refs("o")),
            result(
                "o",
                named("Candida albicans", "53326005", SNOMED),
                valueString="No susceptibility data present",
            ),
        ],
        (True,),
        "blood culture",
        **POSITIVE,
    ),
    found(
        "all in components",
        [BY_COMPONENTS],
        ("Penicillin",),
        concept="culture",
        give="attribute",
        part="sensitive to",
    ),
    measured(
        "a rhythm is no rate",
        [
            vital("h1", named("Heart rate", "8867-4"), "2024-01-05", 58, "/min"),
            result(
                "h2",
                named("Heart rate", "8867-4"),
                "2024-01-09",
                category="vital-signs",
                valueString="Irregular",
            ),
        ],
        (58,),
        "heart rate",
        says="left out, in words: .*Irregular",
    ),
    measured(
        "the pressure of one eye",
        [
            result(
                "r",
                EYE,
                category="exam",
                **amount(15, "mm[Hg]"),
                bodySite=named("Right eye structure", "18944008", SNOMED),
            ),
            result(
                "l",
                EYE,
                category="exam",
                **amount(24, "mm[Hg]"),
                bodySite=named("Left eye structure", "8966001", SNOMED),
            ),
        ],
        (15,),
        "intraocular pressure of the right eye",
    ),
    measured(
        "a Gram stain is told whole",
        [
            result(
                "g",
                named("Microscopic observation by Gram stain", "664-3"),
                valueString="Gram-positive cocci in chains",
                component=[{"code": named("Gram stain"), "valueString": "Gram-positive"}],
            )
        ],
        ("Gram-positive cocci in chains",),
        "gram stain",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_results(case: Case) -> None:
    kept: dict[str, list[JSON]] = {}
    for resource in case.record:
        kept.setdefault(resource["resourceType"], []).append(resource)
    counts = Counter({kind: len(members) for kind, members in kept.items()})
    record = PatientRecord(PATIENT, counts, lambda kind: kept.get(kind, []), date(2024, 12, 1))
    (evidence,) = run_plan([Call(case.tool, case.arguments, "a")], record)
    told = "; ".join([*(line.text for line in evidence.facts), *evidence.notes])
    assert case.values is None or evidence.values == case.values, told
    assert re.search(case.says, told), told
    assert not (case.never and re.search(case.never, told)), told
