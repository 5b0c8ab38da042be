"""The page's view of a record: whose there are, what one holds, what happened, curves, single resources."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agent.assistant import Assistant
from fhir_fixtures import REFERENCE_DATE
from portal.access.calling import calling
from portal.app import make
from portal.caller import LOCAL, Caller
from portal.portal import opened
from portal.settings import Settings
from tests.builders import (
    Resource,
    allergy,
    bundle,
    condition,
    encounter,
    observation,
    patient,
    practitioner,
    procedure,
)
from tests.portal.portal_for_tests import ADELINA, NOON, a_portal
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live import people_for_tests as people
from tests.tools.sources.live.serving import Behaviour, serving
from tools.sources import open_location

BASE = "http://127.0.0.1:8765"
RANGE = {"referenceRange": [{"low": {"value": 4, "unit": "%"}, "high": {"value": 5.6, "unit": "%"}}]}


def pressure(id: str, when: str, systolic: float, diastolic: float) -> Resource:
    parts = (
        ("8480-6", "Systolic Blood Pressure", systolic),
        ("8462-4", "Diastolic Blood Pressure", diastolic),
    )
    return observation(
        id,
        "Blood pressure panel",
        code="85354-9",
        value=None,
        when=when,
        component=[
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}]},
                "valueQuantity": {"value": value, "unit": "mm[Hg]"},
            }
            for code, name, value in parts
        ],
    )


ADA = [
    patient(),
    observation("a1", value=7.1, when="2018-05-02", **RANGE),
    observation("a2", when="2020-12-04T09:00:00+01:00", interpretation=[{"coding": [{"code": "H"}]}], **RANGE),
    observation("a3", value=None, when="2021-01-01", valueQuantity={"value": 4, "unit": "%", "comparator": "<"}),
    observation("a4", value="haemolysed", when="2021-02-01"),
    observation("gone", when="2021-03-01", status="entered-in-error"),
    pressure("b1", "2019-01-01", 120, 80),
    pressure("b2", "2020-01-01", 130.5, 85),
    condition("gout", "Gout (disorder)", code="90560007", onset="2015-03-01"),
    encounter("visit", participant=[{"individual": {"reference": "Practitioner/doc"}}]),
    procedure("scope"),
    allergy("nuts", recordedDate=None),
    practitioner("doc"),
    {"resourceType": "Immunization", "id": "bad", "patient": {"reference": "Patient/p1"}},
]  # fmt: skip
BEN = [patient("p2", "Ben", "Moser", gender="male", birthDate="1971-01-01"), condition("eve", subject="p2")]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "records"
    folder.mkdir()
    for name, resources in (("ada", ADA), ("ben", BEN)):
        (folder / f"{name}.json").write_text(json.dumps(bundle(*resources)))
    source = open_location(str(folder), cache=tmp_path / "cache", workers=0)
    kept = Settings(database=f"sqlite:///{tmp_path / 'portal.db'}", today="2021-07-01")
    assistant = Assistant(source, model="none", conversations=tmp_path / "conversations.db")
    portal = opened(kept, assistant, lambda: NOON)
    with TestClient(make(portal), base_url=BASE) as client:
        yield client


def as_caller(client: TestClient, caller: Caller) -> None:
    client.app.dependency_overrides[calling] = lambda: caller  # type: ignore[attr-defined]


def got(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/patients{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


ADA_LINE = {
    "reference": "Patient/p1",
    "name": "Ada Moser",
    "gender": "female",
    "born": "1980-02-29",
    "died": "",
    "resources": 13,
}


@pytest.mark.parametrize(
    ("query", "names", "total"),
    [
        ({}, ["Ada Moser", "Ben Moser"], 2),
        ({"search": "mos"}, ["Ada Moser", "Ben Moser"], 2),
        ({"search": "moser", "limit": 1}, ["Ada Moser"], 2),
        ({"search": "moser ben"}, ["Ben Moser"], 1),
        ({"search": "p1"}, ["Ada Moser"], 1),
        ({"search": "1971-01"}, ["Ben Moser"], 1),
        ({"search": "nobody"}, [], 0),
    ],
)
def test_patients_are_listed_and_found(
    query: dict[str, Any], names: list[str], total: int, client: TestClient
) -> None:
    found = got(client, "", **query)
    assert ([line["name"] for line in found["patients"]], found["total"]) == (names, total)


def test_a_patient_is_told_with_what_the_record_holds(client: TestClient) -> None:
    told = got(client, "/p1")
    kinds = {line["kind"]: line for line in told.pop("kinds")}
    assert told.pop("problems") == []
    assert told == ADA_LINE
    assert kinds["Observation"] == {
        "kind": "Observation",
        "label": "Labs, vitals and other findings",
        "count": 6,
        "first": "2018-05-02",
        "last": "2021-02-01",
        "problems": ["1 not counted: entered-in-error"],
    }
    assert (kinds["Immunization"]["count"], kinds["AllergyIntolerance"]["first"]) == (1, None)
    assert kinds["Immunization"]["problems"] == ["1 immunization has no name that can be read"]


COUNTED = [
    ("each kind is read", {}, 8, []),
    (
        "a kind is kept back",
        {"Condition": bad.status(403)},
        None,
        ["Problems and diagnoses: could not be read: the server denied it (403)"],
    ),
    ("a kind is found in what is of everybody", {"Condition": bad.refuses_the_patient}, 8, []),
]


@pytest.mark.parametrize(
    ("behaves", "number", "problems"), [row[1:] for row in COUNTED], ids=[row[0] for row in COUNTED]
)
def test_a_patient_of_a_server_is_counted_when_they_are_opened(
    behaves: dict[str, Behaviour], number: int | None, problems: list[str], tmp_path: Path
) -> None:
    with serving([*people.ADA, *people.EVE], **behaves) as server:
        portal = a_portal(tmp_path, source=open_location(server.base))
        with TestClient(make(portal), base_url=BASE) as client:
            assert [line["resources"] for line in got(client, "", search="moser")["patients"]] == [None]
            told = got(client, "/p1")
    assert (told["resources"], told["problems"]) == (number, problems)


@pytest.mark.parametrize(
    ("query", "references", "not_listed"),
    [
        ({}, ["Condition/gout", "Procedure/scope", "Encounter/visit", "Observation/a2"], 5),
        ({"limit": 1}, ["Condition/gout"], 5),
        ({"kinds": "Condition,Procedure"}, ["Condition/gout", "Procedure/scope"], 0),
        ({"kinds": "Observation", "since": "2020-06-01"}, ["Observation/a2", "Observation/a3", "Observation/a4"], 0),
        ({"until": "2017-12-31"}, ["Condition/gout", "Procedure/scope"], 0),
        ({"since": "2021-02-01"}, ["Condition/gout"], 1),
    ],
)  # fmt: skip
def test_a_timeline(
    query: dict[str, Any], references: list[str], not_listed: int, client: TestClient
) -> None:
    told = got(client, "/p1/timeline", **query)
    assert [entry["reference"] for entry in told["entries"]] == references
    assert told["not_listed"] == not_listed
    assert told["total"] == (4 if query == {"limit": 1} else len(references))


def test_a_timeline_says_what_it_is_not_of(client: TestClient) -> None:
    told = got(client, "/p1/timeline", until="2017-12-31")
    assert told["entries"][0] == {
        "reference": "Condition/gout",
        "kind": "Condition",
        "display": "Gout",
        "start": "2015-03-01",
        "end": None,
        "note": "Gout, active, since 2015-03-01",
    }
    assert told["problems"]["Visits and stays"] == ["1 left out: the reader narrowed to until 2017-12-31"]
    assert told["problems"]["Immunizations"][0] == "1 immunization has no name that can be read"


def test_a_curve_is_of_exact_values_and_the_others_are_counted(client: TestClient) -> None:
    (curve,) = got(client, "/p1/series", reference="Observation/a3")["series"]
    points = curve.pop("points")
    assert points == [
        {"date": "2018-05-02", "value": 7.1, "reference": "Observation/a1"},
        {"date": "2020-12-04T09:00:00+01:00", "value": 6.4, "reference": "Observation/a2"},
    ]
    assert (curve["unit"], curve["low"], curve["high"], curve["left_out"]) == ("%", 4.0, 5.6, 2)


def test_a_panel_is_a_curve_a_component(client: TestClient) -> None:
    curves = got(client, "/p1/series", reference="Observation/b1", since="2019-06-01")["series"]
    told = [
        (c["name"], c["unit"], c["low"], [(p["value"], p["reference"]) for p in c["points"]]) for c in curves
    ]
    assert told == [
        ("Systolic Blood Pressure", "mm[Hg]", None, [(130.5, "Observation/b2")]),
        ("Diastolic Blood Pressure", "mm[Hg]", None, [(85.0, "Observation/b2")]),
    ]


@pytest.mark.parametrize("narrowed", [{"kinds": "Condition"}, {"until": "2000-01-01"}])
def test_nothing_to_draw(narrowed: dict[str, str], client: TestClient) -> None:
    assert got(client, "/p1/series", reference="Observation/a1", **narrowed) == {"series": []}


def test_a_resource_is_readable_and_as_it_is(client: TestClient) -> None:
    told = got(client, "/p1/resources/Observation/a2")
    assert told["json"]["valueQuantity"] == {"value": 6.4, "unit": "%"}
    assert (told["reference"], told["kind"], told["status"], told["caution"]) == (
        "Observation/a2", "Observation", "final", "",
    )  # fmt: skip
    assert told["title"].startswith("Hemoglobin A1c")
    assert {"label": "value", "text": "6.4 %", "path": ["valueQuantity", "value"]} in told["lines"]
    gone = got(client, "/p1/resources/Observation/gone")
    assert gone["caution"] == "not counted: entered-in-error"
    assert got(client, "/p1/resources/Practitioner/doc")["kind"] == "Practitioner"
    assert got(client, "/p1/resources/Patient/p1")["title"].startswith("Ada Moser")


REFUSED = [
    ("/p9", 404),
    ("/Moser", 404),
    ("/p%2F1", 404),
    ("/p 1", 422),
    ("/p9/timeline", 404),
    ("/p1/timeline?since=yesterday", 422),
    ("/p1/timeline?since=2020-02-30", 422),
    ("/p1/timeline?kinds=nonsense", 422),
    ("/p1/timeline?limit=0", 422),
    ("/p1/series", 422),
    ("/p1/series?reference=Condition/gout", 422),
    ("/p1/series?reference=Observation/none", 404),
    ("/p1/resources/Observation/none", 404),
    ("/p1/resources/Condition/eve", 404),
    ("/p1/resources/Patient/p2", 404),
    ("/p1/resources/observation/a1", 422),
    ("?limit=201", 422),
]


@pytest.mark.parametrize(("path", "status"), REFUSED)
def test_what_is_not_there_and_what_is_not_understood(path: str, status: int, client: TestClient) -> None:
    refused = client.get(f"/api/patients{path}")
    assert refused.status_code == status, refused.text
    assert set(refused.json()) == {"detail"}


PATHS = [
    "/p2",
    "/p2/timeline",
    "/p2/series?reference=Observation/a1",
    "/p2/resources/Condition/eve",
    "/p9",
]


@pytest.mark.parametrize("path", PATHS)
def test_whoever_may_see_one_patient_sees_no_other(path: str, client: TestClient) -> None:
    as_caller(client, Caller(subject="user", patient="Patient/p1"))
    refused = client.get(f"/api/patients{path}")
    assert refused.status_code == 403
    assert "p2" not in refused.text
    assert [p["reference"] for p in got(client, "")["patients"]] == ["Patient/p1"]
    assert got(client, "", search="ben") == {"patients": [], "total": 0}
    assert got(client, "/p1/resources/Condition/gout")["kind"] == "Condition"
    assert client.get("/api/patients/p1/resources/Condition/eve").status_code == 404


def test_a_session_that_ended_opens_nothing(client: TestClient) -> None:
    as_caller(client, Caller(subject="user", session="gone"))
    assert client.get("/api/patients").status_code == 403
    as_caller(client, LOCAL)
    assert client.get("/api/patients").status_code == 200


@pytest.mark.slow
def test_of_a_whole_record(tmp_path: Path) -> None:
    with TestClient(make(a_portal(tmp_path)), base_url=BASE) as client:
        id = ADELINA.partition("/")[2]
        kinds = got(client, f"/{id}")["kinds"]
        assert {"Observation", "Claim", "CareTeam"} <= {line["kind"] for line in kinds}
        told = got(client, f"/{id}/timeline", since="2020-01-01")
        assert 0 < len(told["entries"]) <= 500
        assert all(entry["start"] <= REFERENCE_DATE.isoformat() for entry in told["entries"])
        every = got(client, f"/{id}/timeline", kinds="Observation", limit=2000)
        assert len(every["entries"]) == every["total"]
        for entry in every["entries"][-40:]:
            reference = entry["reference"]
            assert got(client, f"/{id}/resources/{reference}")["lines"]
            for curve in got(client, f"/{id}/series", reference=reference)["series"]:
                assert [p["date"] for p in curve["points"]] == sorted(p["date"] for p in curve["points"])
