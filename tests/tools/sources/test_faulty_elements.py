"""A fault in one element of a resource costs that element, and is told; the resource is read."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    Resource,
    allergy,
    bundle,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    patient,
)
from tools.entries import parse
from tools.sources import open_location
from tools.sources.make_r4 import written
from tools.sources.validation import check

ABSENT = {
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
    ]
}


def without(element: str, resource: Resource, **more: Any) -> Resource:
    return {**{name: value for name, value in resource.items() if name != element}, **more}


@dataclass(frozen=True)
class Faulty:
    """A resource, what is told of it, whether that is told with an answer too, and what stands there afterwards."""

    id: str
    given: Resource
    faults: tuple[str, ...] = ()
    caution: str = ""
    now: dict[str, Any] = field(default_factory=dict)


VALID = [
    Faulty(
        "a date that is not known",
        without("occurrenceDateTime", immunization("v"), _occurrenceDateTime=ABSENT),
    ),
    Faulty("a status that is not known", without("status", observation("o"), _status=ABSENT)),
    Faulty("a leap second", observation("o", when="2016-12-31T23:59:60Z")),
    Faulty("a concept that is an extension only", {**condition("c"), "code": ABSENT}),
    Faulty("a list of texts with a gap", patient(name=[{"given": ["Ada"], "_given": [{"id": "x"}]}])),
]
NOT_READ = [
    Faulty(
        "a month that is none",
        observation("o", when="2012-13-40"),
        ("effectiveDateTime “2012-13-40” is not a date of FHIR",),
        "effectiveDateTime “2012-13-40” is not a date of FHIR",
    ),
    Faulty(
        "a year before the first",
        condition("c", onset="-0044-03-15"),
        ("onsetDateTime “-0044-03-15” is not a date of FHIR",),
        "onsetDateTime “-0044-03-15” is not a date of FHIR",
    ),
    Faulty(
        "midnight at the end of a day",
        observation("o", when="2023-12-31T24:00:00Z"),
        ("effectiveDateTime “2023-12-31T24:00:00Z” is read as the start of the next day",),
        "effectiveDateTime “2023-12-31T24:00:00Z” is read as the start of the next day",
        {"effectiveDateTime": "2024-01-01T00:00:00Z"},
    ),
    Faulty(
        "a number that is none",
        observation("o", value=None, valueQuantity={"value": "high", "unit": "%"}),
        ("valueQuantity.value “high” is not a number",),
        "valueQuantity.value “high” is not a number",
        {"valueQuantity": {"unit": "%"}},
    ),
    Faulty(
        "an infinite number",
        observation("o", value=None, valueQuantity={"value": "1e400"}),
        ("valueQuantity.value “1e400” is not a number",),
        "valueQuantity.value “1e400” is not a number",
        {"valueQuantity": None},
    ),
    Faulty(
        "two values of one choice",
        observation("o", valueString="high"),
        ("value[x] is given in more than one form",),
        "value[x] is given in more than one form",
    ),
    Faulty("no status", observation("o", status=None), ("status is missing",), "status is missing"),
    Faulty(
        "an element that R4 does not know",
        {**observation("o"), "negated": True},
        ("negated is not an element of R4",),
        "negated is not an element of R4",
    ),
    Faulty(
        "more than may be said",
        observation("o", when="soon", issued="then", status=5.5, method=7),
        (
            "effectiveDateTime “soon” is not a date of FHIR",
            "issued “then” is not a date of FHIR",
            "status 5.5 is not text",
            "method 7 is not an object",
            "status is missing",
        ),
        "status 5.5 is not text; effectiveDateTime “soon” is not a date of FHIR; and 3 more like these",
    ),
]
MENDED = [
    Faulty(
        "a reaction without a manifestation",
        allergy("a", reaction=[{"severity": "severe"}]),
        ("reaction.manifestation is missing",),
        now={"reaction": [{"severity": "severe"}]},
    ),
    Faulty(
        "a display that is empty",
        condition("c", code2=None) | {"code": {"coding": [{"code": "I10", "display": ""}]}},
        ("code.coding.display is empty",),
        now={"code": {"coding": [{"code": "I10"}]}},
    ),
    Faulty(
        "a number in quotes",
        observation("o", value=None, valueQuantity={"value": "5.4"}),
        ("valueQuantity.value “5.4” is a number in quotes",),
        now={"valueQuantity": {"value": 5.4}},
    ),
    Faulty(
        "an object where a list belongs",
        {**observation("o"), "category": {"text": "lab"}},
        ("category is not a list",),
        now={"category": [{"text": "lab"}]},
    ),
    Faulty(
        "a date written as a number",
        {**observation("o"), "effectiveDateTime": 20120101},
        ("effectiveDateTime 20120101 is not written as FHIR writes it",),
        now={"effectiveDateTime": "2012-01-01"},
    ),
    Faulty(
        "a time without its zone",
        observation("o", when="2012-03-01T10:00:00"),
        ("effectiveDateTime “2012-03-01T10:00:00” has no zone",),
        now={"effectiveDateTime": "2012-03-01T10:00:00"},
    ),
    Faulty(
        "a narrative without its text",
        observation("o", text={"status": "generated"}),
        ("text.div is missing",),
    ),
    Faulty("what a database adds", {**observation("o"), "$loaded": 1}, ("$loaded is not an element of R4",)),
]
OTHERS = [
    Faulty("a date of DSTU2", condition("c", dateRecorded="2014-01-01"), now={"recordedDate": "2014-01-01"}),
    Faulty(
        "a prescription of DSTU2",
        {
            "resourceType": "MedicationOrder",
            "id": "m",
            "status": "active",
            "patient": {"reference": "Patient/p1"},
            "dateWritten": "2014-01-01",
            "medicationCodeableConcept": {"text": "Metformin"},
        },
        ("intent is missing",),
        now={"resourceType": "MedicationRequest", "authoredOn": "2014-01-01"},
    ),
    Faulty(
        "a visit of DSTU2",
        {**without("subject", encounter("e")), "patient": {"reference": "Patient/p1"}, "class": "inpatient"},
        now={"class": {"code": "IMP"}, "subject": {"reference": "Patient/p1"}},
    ),
    Faulty("a comment of STU3", observation("o", comment="repeat it"), now={"note": [{"text": "repeat it"}]}),
    Faulty(
        "a vaccine of STU3 that was not given", immunization("v", notGiven=True), now={"status": "not-done"}
    ),
    Faulty(
        "a drug of R5",
        without(
            "medicationCodeableConcept",
            medication_request("m"),
            medication={"concept": {"text": "Metformin"}},
        ),
        now={"medicationCodeableConcept": {"text": "Metformin"}},
    ),
]


@pytest.mark.parametrize("case", [*VALID, *NOT_READ, *MENDED, *OTHERS], ids=lambda case: case.id)
def test_a_resource_is_read_without_its_faults(case: Faulty) -> None:
    resource = deepcopy(case.given)
    checked = check(resource)
    assert (checked.refused, sorted(fault.sentence for fault in checked.faults)) == ("", sorted(case.faults))
    entry = parse(resource)
    assert (entry.absent or entry.caution) == case.caution
    assert {name: resource.get(name) for name in case.now} == case.now


TEXTS = [
    ("a number that is none", '"value": 6.4', '"value": NaN', "valueQuantity.value “NaN” is not a number"),
    (
        "a number that is too large",
        '"value": 6.4',
        '"value": 1e400',
        "valueQuantity.value “1e400” is not a number",
    ),
    ("a name that stands twice", '"status": ', '"status": "final", "status": ', ""),
    (
        "twice, with something else",
        '"status": ',
        '"status": "amended", "status": ',
        "status stands twice; status is missing",
    ),
    ("a line break in a text", "Hemoglobin A1c/", "Hemoglobin\nA1c/", ""),
    ("half a character", "Hemoglobin A1c/", "Hemoglobin \\ud800/", ""),
]


@pytest.mark.parametrize(("what", "old", "new", "caution"), TEXTS, ids=[row[0] for row in TEXTS])
@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_what_is_almost_json_is_read(
    what: str, old: str, new: str, caution: str, form: str, tmp_path: Path
) -> None:
    lines = [json.dumps(patient()), json.dumps(observation("o")).replace(old, new)]
    whole = "\n".join(lines) if form == "ndjson" else f"[{', '.join(lines)}]"
    if form == "ndjson" and "\n" in new:
        pytest.skip("a line break ends a line of NDJSON")
    (tmp_path / f"ada.{form}").write_text(whole)
    record = open_location(str(tmp_path / f"ada.{form}"), cache=tmp_path, workers=0).open(
        "Patient/p1", date(2026, 1, 1)
    )
    assert [entry.absent or entry.caution for entry in record.entries("Observation")] == [caution]
    assert record.problems == {}


def test_other_character_sets_are_read(tmp_path: Path) -> None:
    for number, charset in enumerate(("cp1252", "utf-16", "utf-8-sig")):
        made = bundle(patient(f"p{number}", family="Müller"))
        (tmp_path / f"{charset}.json").write_bytes(json.dumps(made, ensure_ascii=False).encode(charset))
    source = open_location(str(tmp_path), cache=tmp_path / "cache", workers=0)
    assert {found.name for found in source.patients()} == {"Ada Müller"}


def test_the_table_of_elements_is_that_of_the_models() -> None:
    table = Path("tools/sources/r4.json")
    assert table.read_bytes() == written()
