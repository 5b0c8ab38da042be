"""/cds-services as the specification draws it: discovery, the card, its statuses."""

import time
from pathlib import Path

import jsonschema
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from fhir_fixtures import REFERENCE_DATE
from portal.app import make
from portal.trail.tables import trail
from tests.builders import allergy, condition, observation, patient
from tests.portal.hooks.hooks_for_tests import (
    BASE,
    CARDS_SCHEMA,
    RECORD,
    SERVICE,
    SERVICES_SCHEMA,
    asked,
    behind,
    card_of,
    clients_file,
    local,
    prefetch,
    searchset,
    signed,
)
from tests.portal.portal_for_tests import ADELINA, a_portal, fixtures

DETAIL = """\
**Patient**

- 45 years old on 2026-01-01 (born 1980-02-29)
- female

**1 active condition**

- Diabetes mellitus type 2, active, since 2015-03-01, first recorded 2014-01-01

**1 current medication**

- Metformin hydrochloride 500 MG Oral Tablet, active, prescribed 2018-06-01

**1 allergy**

- Allergy to peanuts, active, since 2001-07-08

**1 result out of range of 2 laboratory tests since 2025-01-01, at the latest measurement**

- Hemoglobin A1c in Blood 8.1 % on 2025-12-04 (high)

**Latest visit**

- Encounter for check up (outpatient), on 2025-12-04

As of 2026-01-01, computed from what this system sent. Recorded facts only, no advice."""


def test_discovery_lists_one_service(tmp_path: Path) -> None:
    told = local(tmp_path).get("/cds-services").json()
    jsonschema.validate(told, SERVICES_SCHEMA)
    (service,) = told["services"]
    assert (service["hook"], service["id"]) == ("patient-view", "record-summary")
    assert service["prefetch"] == {
        "patient": "Patient/{{context.patientId}}",
        "conditions": "Condition?patient={{context.patientId}}&clinical-status=active,recurrence,relapse",
        "prescriptions": "MedicationRequest?patient={{context.patientId}}&status=active",
        "allergies": "AllergyIntolerance?patient={{context.patientId}}",
        "medications": "MedicationStatement?patient={{context.patientId}}&status=active",
        "results": "Observation?patient={{context.patientId}}&category=laboratory&date=ge2025-01-01",
        "visits": "Encounter?patient={{context.patientId}}&date=ge2025-01-01",
    }


def test_a_card_says_what_the_tools_computed(tmp_path: Path) -> None:
    card = card_of(behind(tmp_path), prefetch=prefetch())
    jsonschema.validate({"cards": [card]}, CARDS_SCHEMA)
    assert card["summary"] == (
        "Record: 45 years old, female, 1 active condition, 1 current medication, 1 allergy, 1 result out of range"
    )
    assert card["detail"] == DETAIL
    assert card["indicator"] == "info"


def test_every_fixture_patient_has_a_card_that_fits_the_specification(tmp_path: Path) -> None:
    portal = local(tmp_path)
    for person in fixtures().patients():
        answer = portal.post(SERVICE, json=asked(person.reference.removeprefix("Patient/")))
        assert answer.status_code == 200
        jsonschema.validate(answer.json(), CARDS_SCHEMA)
        assert "could not be read" not in answer.text


def test_what_was_prefetched_of_the_fullest_fixture_is_summed_up_in_half_a_second(tmp_path: Path) -> None:
    portal, opened = behind(tmp_path), fixtures().open(ADELINA, REFERENCE_DATE)
    sent = {"patient": opened.get(ADELINA).raw}  # type: ignore[union-attr]
    for key, kind in (("conditions", "Condition"), ("prescriptions", "MedicationRequest")):
        sent[key] = searchset(*(dict(e.raw) for e in opened.entries(kind) if e.status == "active"))
    sent["allergies"] = searchset(*(dict(e.raw) for e in opened.entries("AllergyIntolerance")))
    sent["medications"] = None
    for key, kind in (("results", "Observation"), ("visits", "Encounter")):
        rows = (e for e in opened.entries(kind) if e.start and e.start.day >= "2025-01-01")
        sent[key] = searchset(
            *(dict(e.raw) for e in rows if kind == "Encounter" or "laboratory" in e.category)
        )
    call = asked(ADELINA.removeprefix("Patient/"), prefetch=sent)
    took = []
    for _ in range(3):  # the first call of a process also loads the tools
        began = time.process_time()
        answer = portal.post(SERVICE, json=call, headers=signed())
        took.append(time.process_time() - began)
    assert min(took) < 0.5
    assert "27 active conditions, 10 current medications, 7 allergies, 9 results out of range" in answer.text


@pytest.mark.parametrize(
    ("path", "change", "status"),
    [
        ("/cds-services/another", {}, 404),
        (SERVICE, {"hook": "order-sign"}, 404),
        (SERVICE, {"hookInstance": "not a uuid"}, 422),
        (SERVICE, {"context": {}}, 422),
        (SERVICE, {"context": {"patientId": "p1/../p2"}}, 422),
        (SERVICE, {"fhirAuthorization": {"access_token": "x", "token_type": "MAC"}}, 422),
        (SERVICE, {"prefetch": {}}, 412),
        (SERVICE, {}, 412),
    ],
)
def test_statuses(path: str, change: dict[str, object], status: int, tmp_path: Path) -> None:
    assert behind(tmp_path).post(path, json=asked() | change, headers=signed()).status_code == status


def test_a_record_that_holds_nothing_gives_no_card(tmp_path: Path) -> None:
    call = asked(prefetch=prefetch([patient()]))
    answer = behind(tmp_path).post(SERVICE, json=call, headers=signed())
    assert (answer.status_code, answer.json()) == (200, {"cards": []})


def test_what_is_recorded_as_absent_is_said(tmp_path: Path) -> None:
    none = allergy(
        "none",
        "No known allergy (situation)",
        code={"coding": [{"code": "716186003"}], "text": "No known allergy"},
    )
    card = card_of(behind(tmp_path), prefetch=prefetch([patient(), condition("dm"), none]))
    assert "**No allergy recorded**\n\n- the record states: No known allergy" in card["detail"]
    assert "allerg" not in card["summary"]


def test_the_dead_are_not_called_old(tmp_path: Path) -> None:
    died = patient(deceasedDateTime="2024-05-01")
    card = card_of(behind(tmp_path), prefetch=prefetch([died, *RECORD[1:]]))
    assert card["summary"].startswith("Record: died at the age of 44, female, ")


@pytest.mark.parametrize(
    ("client", "link"),
    [
        ({}, None),
        ({"launch": True}, {"type": "smart", "url": "https://assistant.example.org/launch"}),
    ],
)
def test_a_link_leads_only_where_the_patient_is(
    client: dict[str, bool], link: object, tmp_path: Path
) -> None:
    links = card_of(behind(tmp_path, **client), prefetch=prefetch()).get("links")
    assert links == (link and [{"label": "Ask about this record", **link}])  # type: ignore[dict-item]


def test_the_portals_own_patient_is_linked_by_the_page(tmp_path: Path) -> None:
    patient_id = ADELINA.removeprefix("Patient/")
    card = card_of(behind(tmp_path, records=True), patient_id=patient_id)
    assert card["links"] == [
        {
            "label": "Ask about this record",
            "url": f"https://assistant.example.org/?patient={patient_id}",
            "type": "absolute",
        }
    ]


def test_the_portals_own_records_are_not_those_of_any_ehr(tmp_path: Path) -> None:
    call = asked(ADELINA.removeprefix("Patient/"))
    assert behind(tmp_path).post(SERVICE, json=call, headers=signed()).status_code == 412


def test_the_same_call_gives_the_same_card(tmp_path: Path) -> None:
    portal = behind(tmp_path)
    one, again = (card_of(portal, prefetch=prefetch())["uuid"] for _ in range(2))
    other = card_of(portal, prefetch=prefetch(), hookInstance="0a52ab42-87b4-4d5d-9f2a-4a1a3e4f8c11")["uuid"]
    assert one == again != other


def test_what_was_read_for_a_card_stands_in_the_trail(tmp_path: Path) -> None:
    portal = behind(tmp_path)
    card_of(portal, prefetch=prefetch(), fhirServer="https://ehr.example.org/r4")
    with portal.app.state.portal.database.reading() as connection:  # type: ignore[attr-defined]
        (kept,) = connection.scalars(select(trail.c.resource)).all()
    for told in (
        "hooks:https://ehr.example.org",
        "https://ehr.example.org/r4/Patient/p1",
        "AllergyIntolerance",
    ):
        assert told in kept


def test_a_part_of_a_record_may_be_larger_than_other_requests(tmp_path: Path) -> None:
    portal, large = behind(tmp_path), observation("x", note=[{"text": "x" * 1_000_000}], when="2025-12-01")
    card_of(portal, prefetch=prefetch([*RECORD, large]))
    call = asked(prefetch={"patient": {"x": "x" * 9_000_000}})
    assert portal.post(SERVICE, json=call, headers=signed()).status_code == 413


def test_replicas_with_postgresql_take_a_token_once(postgres_url: str, tmp_path: Path) -> None:
    settings = {"url": BASE, "hooks": clients_file(tmp_path), "database": postgres_url}
    one, other = (TestClient(make(a_portal(tmp_path, **settings)), base_url=BASE) for _ in range(2))
    head, call = signed(), asked(prefetch=prefetch())
    given = one.post(SERVICE, json=call, headers=head)
    assert [given.status_code, other.post(SERVICE, json=call, headers=head).status_code] == [200, 401]
    card = given.json()["cards"][0]["uuid"]
    told = {"feedback": [{"card": card, "outcome": "overridden", "outcomeTimestamp": "2025-12-11T00:00:00Z"}]}
    assert other.post(f"{SERVICE}/feedback", json=told, headers=signed()).status_code == 204
