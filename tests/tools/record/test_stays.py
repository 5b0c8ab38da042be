"""Hospital stays as systems record them: classes, parts, wards, who and where from; what goes on; what is not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import concept, condition, encounter, patient, patient_record
from tools.calls.find import find

Resource = dict[str, Any]
V2 = {"system": "http://terminology.hl7.org/CodeSystem/v2-0004"}
LEVELS = "http://terminology.hl7.org/CodeSystem/location-physical-type"
UNKNOWN = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]
}
HOSPITAL: Mapping[str, Any] = {"category": "inpatient"}


def place(id: str, name: str, level: str, within: str | None = None) -> Resource:
    around = {"partOf": {"reference": f"Location/{within}"}} if within else {}
    physical = {"physicalType": concept(level, level, LEVELS)}
    return {"resourceType": "Location", "id": id, "name": name, **physical, **around}


def in_place(where: str, start: str | None = None, end: str | None = None, **more: Any) -> Resource:
    link = {"reference": where} if where.startswith("Location/") else {"display": where}
    period = {key: value for key, value in (("start", start), ("end", end)) if value}
    return {"location": link, **({"period": period} if period else {}), **more}


def person(role: str, name: str) -> Resource:
    return {"type": [{"coding": [{"code": role}]}], "individual": {"display": name}}


def part_of(whole: str) -> Resource:
    return {"partOf": {"reference": f"Encounter/{whole}"}}


def classed(code: str, display: str | None = None, **more: Any) -> Resource:
    return {"class": {"code": code, **({"display": display} if display else {}), **more}}


OPEN = {"status": "in-progress", "end": None}
LOCAL_CLASSES = [
    place("w7", "7 West", "wa"),
    place("b2", "7W-12-B", "bd", within="r12"),
    place("r12", "7W-12", "ro", within="w7"),
    encounter(
        "stay",
        start="2019-03-02T01:10:00Z",
        end="2019-03-06T16:40:00Z",
        **classed("101", "Inpatient", system="urn:oid:1.2.3"),
        participant=[person("ADM", "Dr. Otis"), person("ATND", "Dr. Blake"), person("CON", "Dr. Roth")],
        hospitalization={"admitSource": {"text": "Physician referral"}, "dischargeDisposition": UNKNOWN},
        location=[
            in_place("Surgical ICU", "2019-03-02T01:10:00Z", "2019-03-04T09:00:00Z"),
            in_place("Location/b2", "2019-03-04T09:00:00Z", "2019-03-06T16:40:00Z"),
            in_place("Hospice", "2019-03-07T00:00:00Z", status="planned"),
        ],
    ),
    encounter(
        "door",
        start="2019-03-01T21:00:00Z",
        end="2019-03-02T01:10:00Z",
        **classed("103", "Emergency"),
        **part_of("stay"),
        location=[in_place("Main Emergency Department")],
    ),
    encounter("office", **classed("13", "Office Visit")),
]
NESTED = [
    encounter(
        "house",
        start="2019-06-10T08:00:00+02:00",
        end="2019-06-19T11:00:00+02:00",
        of_class="IMP",
        hospitalization={"admitSource": {"text": "Einweisung"}},
    ),
    *(
        encounter(id, start=start, end=end, of_class="IMP", serviceType={"text": name}, **part_of("house"))
        for id, name, start, end in (
            ("surgery", "Chirurgie", "2019-06-14T10:00:00+02:00", "2019-06-19T11:00:00+02:00"),
            ("medicine", "Innere Medizin", "2019-06-10T08:00:00+02:00", "2019-06-14T10:00:00+02:00"),
        )
    ),
    encounter(
        "care",
        start="2019-06-14T10:00:00+02:00",
        end="2019-06-15T09:00:00+02:00",
        of_class="IMP",
        location=[in_place("Intensivstation")],
        **part_of("surgery"),
    ),
    condition("gall", "Cholezystitis", onset=None, encounter={"reference": "Encounter/care"}),
]
ED_THEN_STAY = [
    encounter(
        "ed",
        start="2019-10-05T01:20:00+10:00",
        end="2019-10-05T05:05:00+11:00",
        of_class="EMER",
        hospitalization={"dischargeDisposition": {"text": "Admitted to this hospital"}},
        location=[in_place("Emergency Department")],
    ),
    encounter("in", start="2019-10-05T05:05:00+11:00", end="2019-10-07T10:05:00+11:00", of_class="IMP"),
]
V2_CLASSES = [
    encounter(code, start=f"2019-0{n}-01", end=f"2019-0{n}-04", **classed(code, **V2))
    for n, code in enumerate("IEO", 1)
]
OBSERVED = [
    encounter(
        "obs",
        start="2019-04-10",
        end="2019-04-11",
        of_class="OBSENC",
        hospitalization={"dischargeDisposition": UNKNOWN},
        priority={"text": "routine"},
    ),
    encounter("urgent", start="2019-05-10", end="2019-05-11", of_class="IMP", priority={"text": "urgent"}),
]
HERE_NOW = [
    encounter(
        "now",
        start="2021-06-29T22:00:00Z",
        of_class="IMP",
        location=[
            in_place("Intensive Care Unit", "2021-06-29T22:00:00Z", "2021-06-30T18:00:00Z"),
            in_place("Ward C5", "2021-06-30T18:00:00Z"),
        ],
        **OPEN,
    )
]
LEFT_OPEN = [encounter("left", start="2019-04-10T10:00:00Z", end="2019-04-12T10:00:00Z", of_class="IMP",
                       status="in-progress")]  # fmt: skip


@dataclass(frozen=True)
class Case:
    id: str
    record: list[Resource]
    call: Mapping[str, Any]
    values: tuple[Any, ...]


def of(part: str, pick: str = "last", **more: Any) -> Mapping[str, Any]:
    return {**HOSPITAL, "pick": pick, "give": "attribute", "part": part, **more}


CASES = [
    Case("a system's own class", LOCAL_CLASSES, {**HOSPITAL, "give": "count"}, (1,)),
    Case("the emergency part", LOCAL_CLASSES, {"category": "emergency", "give": "count"}, (1,)),
    Case(
        "intensive care by the place, in hours",
        LOCAL_CLASSES,
        {"category": "icu", "give": "duration", "unit": "hours"},
        ("55.83",),
    ),
    Case("the attending among others", LOCAL_CLASSES, of("attending"), ("Dr. Blake",)),
    Case("where from", LOCAL_CLASSES, of("admit source"), ("Physician referral",)),
    Case("where to is not known", LOCAL_CLASSES, of("discharge disposition"), ()),
    Case(
        "of a bed its ward; what was only planned is none",
        LOCAL_CLASSES,
        of("ward"),
        ("Main Emergency Department", "Surgical ICU", "7 West"),
    ),
    Case(
        "the first unit",
        LOCAL_CLASSES,
        {"category": "ward", "pick": "first"},
        ("Main Emergency Department",),
    ),
    Case(
        "when on a unit",
        LOCAL_CLASSES,
        {"category": "ward", "place": "7 West", "give": "time"},
        ("2019-03-04 09:00",),
    ),
    Case("stays within stays are one", NESTED, {**HOSPITAL, "give": "count"}, (1,)),
    Case("departments stand on parts", NESTED, of("service"), ("Innere Medizin", "Chirurgie")),
    Case("a part's place without a time", NESTED, {"category": "icu", "give": "time"}, ("2019-06-14 10:00",)),
    Case(
        "a diagnosis without a date has that of its part",
        NESTED,
        {"kind": "condition", "period": "during the last admission"},
        ("Cholezystitis",),
    ),
    Case(
        "an emergency visit that says where its patient went is no stay",
        ED_THEN_STAY,
        {**HOSPITAL, "give": "count"},
        (1,),
    ),
    Case(
        "minutes across a change of the clocks",
        ED_THEN_STAY,
        {"category": "emergency", "give": "duration", "unit": "minutes"},
        (165,),
    ),
    Case("classes of HL7 v2: a stay", V2_CLASSES, {**HOSPITAL, "give": "count"}, (1,)),
    Case("classes of HL7 v2: an emergency", V2_CLASSES, {"category": "emergency", "give": "count"}, (1,)),
    Case(
        "classes of HL7 v2: by name",
        V2_CLASSES,
        {"pick": "last", "give": "attribute", "part": "class"},
        ("outpatient",),
    ),
    Case("stays for observation", OBSERVED, {"category": "observation", "give": "count"}, (1,)),
    Case(
        "observation is a type of admission",
        OBSERVED,
        of("admission type", "first"),
        ("observation encounter",),
    ),
    Case("else the priority is", OBSERVED, of("admission type"), ("urgent",)),
    Case("in hospital now", HERE_NOW, {**HOSPITAL, "status": "active", "give": "exists"}, (True,)),
    Case(
        "not in intensive care any more",
        HERE_NOW,
        {"category": "icu", "status": "active", "give": "exists"},
        (False,),
    ),
    Case("the ward now", HERE_NOW, {"category": "ward", "status": "active"}, ("Ward C5",)),
    Case("here for hours", HERE_NOW, {**HOSPITAL, "give": "duration", "unit": "hours"}, (26,)),
    Case(
        "a stay with an end is over",
        LEFT_OPEN,
        {**HOSPITAL, "status": "active", "give": "exists"},
        (False,),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_stays(case: Case) -> None:
    record = patient_record(patient(), *case.record)
    evidence = find(record, **{"kind": "encounter", **case.call})

    assert tuple(str(v) if isinstance(v, str) or "." in str(v) else v for v in evidence.values) == case.values


ABSENT = {
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
    ]
}


@pytest.mark.parametrize("why", [UNKNOWN, ABSENT], ids=["as a code", "as an extension"])
def test_what_is_not_known_is_told(why: Resource) -> None:
    stay = encounter("obs", of_class="OBSENC", hospitalization={"dischargeDisposition": why})
    evidence = find(patient_record(patient(), stay), "encounter", **of("discharge disposition"))

    assert evidence.outcome == "no value"
    assert evidence.notes == ("discharge: not known, the record says (unknown)",)


def test_the_dead_are_in_no_hospital() -> None:
    dead = patient(deceasedDateTime="2021-06-30T10:00:00Z")
    call = {**HOSPITAL, "status": "active", "give": "exists"}

    assert find(patient_record(dead, *HERE_NOW), "encounter", **call).values == (False,)
