"""The scripted portal says what the description of the real one says: what holds for a page over it holds elsewhere."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from scripted_portal import ADA, ANSWERS, PATIENTS, Scripted, events_of
from starlette.testclient import TestClient

from portal.page.described import described

READ = [
    "/api/me",
    "/api/patients",
    f"/api/conversations?patient={ADA}",
    "/api/conversations/{conversation}",
    "/api/questions/{question}",
    "/api/questions/{question}/evidence",
    *(f"/api/{one['reference'].replace('Patient', 'patients')}" for one in PATIENTS),
    *(f"/api/patients/{id}/timeline" for id in ("ada", "evil")),
    *(f"/api/patients/ada/series?reference=Observation/{id}" for id in ("bp-1", "a1c-1", "evil", "other")),
    *(f"/api/patients/ada/resources/Observation/{id}" for id in ("a1c-0", "evil")),
]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(Scripted().app()) as client:
        yield client


@pytest.fixture(scope="module")
def known(client: TestClient) -> dict[str, str]:
    scope = {"kinds": ["Observation"], "since": "2019-01-01"}
    begun = client.post("/api/conversations", json={"patient": ADA, "scope": scope})
    assert_described(begun.json(), "/api/conversations", "post", "201")
    where = f"/api/conversations/{begun.json()['id']}"
    asked = client.post(f"{where}/questions", json={"question": "hba1c"})
    narrowed = client.patch(where, json={"scope": {}})
    assert_described(narrowed.json(), "/api/conversations/{id}", "patch", "200")
    return {"conversation": begun.json()["id"], "question": asked.headers["location"].split("/")[-1]}


@pytest.mark.parametrize("path", READ)
def test_what_is_read(client: TestClient, known: dict[str, str], path: str) -> None:
    answer = client.get(path.format(**known))
    assert answer.status_code == 200
    assert_described(answer.json(), template(path), "get", "200")


@pytest.mark.parametrize("script", [*ANSWERS, "fails"])
def test_what_is_told_while_a_question_is_answered(script: str) -> None:
    for name, data in events_of(script):
        told = {**data, "id": "1"} if name == "answer" else data
        assert_valid(told, {"$ref": f"#/components/schemas/Events/properties/{name}"})


def template(path: str) -> str:
    """ "/api/patients/ada/timeline" -> "/api/patients/{id}/timeline"."""
    parts = path.partition("?")[0].split("/")
    if "resources" in parts:
        parts[-2:] = ["{type}", "{rid}"]
    return "/".join("{id}" if n == 3 else part for n, part in enumerate(parts))


def assert_described(told: Any, path: str, method: str, status: str) -> None:
    response = whole()["paths"][path][method]["responses"][status]
    assert_valid(told, response["content"]["application/json"]["schema"])


def assert_valid(told: Any, shape: dict[str, Any]) -> None:
    found = Draft202012Validator({**shape, "components": whole()["components"]}).iter_errors(told)
    assert [f"{error.json_path}: {error.message}" for error in found] == []


@cache
def whole() -> dict[str, Any]:
    return described()
