"""A resource as lines: what is shown, and that each path leads to where it stands."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from fhir_fixtures import REFERENCE_DATE, records
from tests.builders import (
    Resource,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    patient,
    patient_record,
)
from tools.entries.entry import Quantity
from tools.sources import open_location
from tools.wording.showing import Line, lines, title


def at(resource: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        resource = resource[step]
    return resource


def shown(resource: Resource) -> dict[str, Line]:
    record = patient_record(patient(), resource)
    entry = record.get(f"{resource['resourceType']}/x")
    assert entry
    return {line.label: line for line in lines(entry, record)}


@dataclass(frozen=True)
class Case:
    id: str
    resource: Resource
    label: str
    text: str
    path: tuple[str | int, ...]


PRESSURE = [
    {"code": {"text": "Systolic"}, "valueQuantity": {"value": 120, "unit": "mmHg"}},
    "not a component",
    {"code": {"text": "Diastolic"}, "valueQuantity": {"value": 80.0, "unit": "mmHg"}},
]
CASES = [
    Case("a value", observation("x"), "value", "6.4 %", ("valueQuantity", "value")),
    Case("a text", observation("x", value="Never smoker"), "value", "Never smoker", ("valueString",)),
    Case(
        "a concept",
        observation("x", value=None, valueCodeableConcept={"coding": [{"display": "Positive"}]}),
        "value",
        "Positive",
        ("valueCodeableConcept", "coding", 0, "display"),
    ),
    Case(
        "in words of the entry's own",
        observation("x", value=None, valueRatio={"numerator": {"value": 1}, "denominator": {"value": 128}}),
        "value",
        "1:128",
        ("valueRatio",),
    ),
    Case(
        "why there is none",
        observation("x", value=None, dataAbsentReason={"text": "refused"}),
        "value",
        "none: refused",
        ("dataAbsentReason",),
    ),
    Case(
        "the last component",
        observation("x", value=None, component=PRESSURE),
        "component",
        "Diastolic: 80.0 mmHg",
        ("component", 2, "valueQuantity", "value"),
    ),
    Case("when", observation("x", issued="2020-12-04"), "began", "2020-12-04", ("effectiveDateTime",)),
    Case("from when", encounter("x"), "began", "2019-05-02T10:00:00+02:00", ("period", "start")),
    Case("until when", encounter("x"), "ended", "2019-05-02T10:30:00+02:00", ("period", "end")),
    Case("a clinical status", condition("x"), "status", "active", ("clinicalStatus", "coding", 0, "code")),
    Case("a status", medication_request("x"), "status", "active", ("status",)),
    Case(
        "what does not count",
        condition("x", verificationStatus={"coding": [{"code": "refuted"}]}),
        "not counted",
        "refuted",
        ("verificationStatus", "coding", 0, "code"),
    ),
    Case(
        "a code",
        medication_request("x"),
        "code",
        "860975 Metformin hydrochloride 500 MG Oral Tablet (http://www.nlm.nih.gov/research/umls/rxnorm)",
        ("medicationCodeableConcept", "coding", 0, "code"),
    ),
    Case(
        "a range",
        observation("x", referenceRange=[{"low": {"value": 4}, "high": {"value": 5.6}}]),
        "reference range",
        "4–5.6",
        ("referenceRange",),
    ),
    Case(
        "whoever did it",
        observation("x", performer=[{"display": "Dr. Who"}, {"display": "Dr. What"}]),
        "who",
        "Dr. Who; Dr. What",
        ("performer",),
    ),
    Case("a detail", observation("x", note=[{"text": "fasting"}]), "note", "fasting", ("note", 0, "text")),
    Case("an id", immunization("x"), "reference", "Immunization/x", ("id",)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_line_and_where_it_stands(case: Case) -> None:
    assert shown(case.resource)[case.label] == Line(case.label, case.text, case.path)
    at(case.resource, case.path)


def test_what_stands_in_several_places_stands_nowhere() -> None:
    twice = observation("x", note=[{"text": "fasting"}], method={"text": "fasting"})
    assert shown(twice)["note"].path == ()


def test_the_title_is_what_an_answer_says() -> None:
    record = patient_record(patient(), observation("x"))
    assert title(record.entries("Observation")[0], record).startswith("Hemoglobin A1c")
    (about,) = record.entries("Patient")
    assert title(about, record).startswith("Ada Moser, female, born 1980-02-29")


@pytest.mark.slow
def test_in_real_records_the_paths_lead_to_what_is_shown() -> None:
    source = open_location(str(records()))
    record = source.open(source.find("Adelina Maggio").reference, REFERENCE_DATE)
    without: Counter[tuple[str, str]] = Counter()
    for kind in record.counts:
        for entry in (*record.entries(kind), *record.set_aside(kind)):
            for line in lines(entry, record):
                found = at(entry.raw, line.path)
                if line.label in ("status", "began", "ended", "born"):
                    assert found == line.text, (entry.reference, line)
                elif line.label == "value" and isinstance(entry.value, Quantity):
                    assert float(entry.value.value) == found
                elif line.label == "code":
                    assert not line.path or line.text.startswith(f"{found} ")
                if line.label in ("code", "component", "value") and not line.path:
                    without[kind, line.label] += 1
    assert {label for _, label in without} <= {"code"}, without
