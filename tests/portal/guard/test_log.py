"""A request is one line that names nobody; what breaks is told without what it says."""

import logging
import re
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from portal.app import make
from tests.portal.guard.guarded_for_tests import SECRET, guarded
from tests.portal.guard.test_limits import served
from tests.portal.portal_for_tests import ADELINA, a_portal

ID = "[0-9a-f]{16}"
LINES = [
    ("GET", "/api/patients/Adelina?search=Maggio", "GET /api/patients/{id} 200"),
    ("GET", "/mcp/Adelina", "GET /mcp/… 200"),
    ("GET", "/Adelina", "GET - 404"),
    ("PUT", "/api/patients/Adelina", "PUT /api/patients/{id} 405"),
    ("ADELINA-MAGGIO", "/", "- / 405"),
    ("GET", "/api/broken", "GET /api/broken 500"),
]


@pytest.fixture(autouse=True)
def at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "portal")


@pytest.mark.parametrize(("method", "path", "line"), LINES)
def test_a_request_is_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str, path: str, line: str
) -> None:
    headers = {"Authorization": "Bearer secret-token", "Cookie": "fra-session=secret-cookie"}
    answer = TestClient(guarded(tmp_path)).request(method, path, headers=headers)
    lines = [record.getMessage() for record in caplog.records if record.name == "portal.access"]
    assert len(lines) == 1
    assert re.fullmatch(rf"{re.escape(line)} \d+ ms {answer.headers['x-request-id']}", lines[0])
    told = caplog.text
    for secret in ("Adelina", "Maggio", "secret-token", "secret-cookie", SECRET):
        assert secret not in told


GIVEN = [
    ("0af7651916cd43dd8448eb211c80319c", True),
    ("123e4567-e89b-12d3-a456-426614174000", True),
    ("Adelina Maggio", False),
    ("1\r\nforged", False),
    ("abc", False),
    ("", False),
]


@pytest.mark.parametrize(("given", "kept"), GIVEN)
def test_the_id_of_a_proxy_is_kept_if_it_is_one(tmp_path: Path, given: str, kept: bool) -> None:
    answer = TestClient(guarded(tmp_path)).get("/", headers=[(b"X-Request-ID", given.encode())])
    assert (answer.headers["x-request-id"] == given) == kept
    assert kept or re.fullmatch(ID, answer.headers["x-request-id"])


def test_what_breaks_is_told_by_its_place_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    answer = TestClient(guarded(tmp_path)).get("/api/broken")
    assert answer.json() == {"detail": "Something is wrong with this program. It was logged."}
    told = next(record.getMessage() for record in caplog.records if record.name == "portal.trouble")
    assert re.match(rf"{ID} A defect: ValueError at .*/guarded_for_tests.py:\d+$", told)
    assert SECRET not in caplog.text


def test_a_stream_that_breaks_off_says_nothing_of_the_record(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(guarded(tmp_path)) as url, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{url}/api/broken-off")
    assert re.search(r"ValueError at .*/guarded_for_tests\.py:", caplog.text)
    assert SECRET not in caplog.text


def test_the_routes_of_the_portal_are_told_as_templates(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(make(a_portal(tmp_path))) as client:
        made = client.post("/api/conversations", json={"patient": ADELINA})
        client.get(f"/api/conversations/{made.json()['id']}")
    lines = [record.getMessage() for record in caplog.records if record.name == "portal.access"]
    assert [line.rsplit(" ", 3)[0] for line in lines] == [
        "POST /api/conversations 201",
        "GET /api/conversations/{id} 200",
    ]
    assert ADELINA.removeprefix("Patient/") not in caplog.text
