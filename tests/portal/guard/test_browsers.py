"""What pages of other origins may send and read, and what every answer tells a browser."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portal.guard.guarded_for_tests import guarded

WARD, EVIL, OWN = "https://ward.example.org", "https://evil.example.org", "http://127.0.0.1:8765"
HTTPS = "https://assistant.example.org"
BEARER = {"Authorization": "Bearer x"}
COOKIE = {"Cookie": "fra-session=x"}


def client(folder: Path, **settings: Any) -> TestClient:
    return TestClient(guarded(folder, origins=(WARD,), **settings), base_url=OWN)


SENT: dict[str, tuple[dict[str, str], int]] = {
    "no browser": ({}, 200),
    "our page": ({"Sec-Fetch-Site": "same-origin", "Origin": OWN}, 200),
    "our page in an old browser": ({"Origin": OWN}, 200),
    "our page with the cookie": ({**COOKIE, "Origin": OWN}, 200),
    "evil": ({"Origin": EVIL}, 403),
    "evil in a new browser": ({"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}, 403),
    "evil with the cookie": ({**COOKIE, "Origin": EVIL, "Sec-Fetch-Site": "cross-site"}, 403),
    "evil without Origin": ({"Sec-Fetch-Site": "cross-site"}, 403),
    "a neighbour": ({"Origin": "https://other.example.org", "Sec-Fetch-Site": "same-site"}, 403),
    "another port of this computer": (
        {"Origin": "http://127.0.0.1:9999", "Sec-Fetch-Site": "same-site"},
        403,
    ),
    "another port in an old browser": ({"Origin": "http://127.0.0.1:9999"}, 403),
    "another name of this computer": ({"Origin": "http://localhost:8765"}, 403),
    "a sandboxed frame": ({"Origin": "null"}, 403),
    "a cookie and nothing that says where from": (COOKIE, 403),
    "the ward": ({"Origin": WARD, "Sec-Fetch-Site": "cross-site"}, 200),
    "the ward with the cookie": ({**COOKIE, "Origin": WARD, "Sec-Fetch-Site": "cross-site"}, 403),
    "a token from anywhere": ({**BEARER, "Origin": EVIL, "Sec-Fetch-Site": "cross-site"}, 200),
    "a password in the form's address": ({"Authorization": "Basic eDp5", "Origin": EVIL}, 403),
}


@pytest.mark.parametrize("name", SENT)
def test_a_page_of_somebody_else_changes_nothing(tmp_path: Path, name: str) -> None:
    headers, status = SENT[name]
    assert client(tmp_path).post("/api/echo", json={}, headers=headers).status_code == status


def test_what_is_forged_is_told_plainly(tmp_path: Path) -> None:
    answer = client(tmp_path).post("/api/echo", json={}, headers={"Origin": EVIL})
    assert answer.json() == {
        "detail": "A page of another origin may not do this: send a token as Authorization: Bearer TOKEN."
    }


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_form_is_no_json_even_from_our_page(tmp_path: Path, content_type: str) -> None:
    headers = {"Content-Type": content_type, "Origin": OWN}
    answer = client(tmp_path).post("/api/echo", content=b'{"patient": "x"}', headers=headers)
    assert answer.status_code == 415
    assert answer.json() == {"detail": "Expected a body of Content-Type: application/json."}


def test_a_page_of_an_allowed_origin_reads_answers(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/api/patients/1", headers={"Origin": WARD})
    assert answer.headers["access-control-allow-origin"] == WARD
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin", [EVIL, "null", f"{WARD}.evil.example.org", "http://ward.example.org", f"{WARD}:444"]
)
def test_a_page_of_another_origin_does_not(tmp_path: Path, origin: str) -> None:
    answer = client(tmp_path).get("/api/patients/1", headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["vary"] == "Origin"


def test_a_refusal_can_be_read_too(tmp_path: Path) -> None:
    answer = client(tmp_path).post("/api/echo", content=b"x", headers={"Origin": WARD, **BEARER})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (415, WARD)


def test_a_preflight_of_an_allowed_origin_is_answered(tmp_path: Path) -> None:
    asked = {
        "Origin": WARD,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = client(tmp_path).options("/api/echo", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == WARD
    assert answer.headers["access-control-allow-methods"] == "GET, POST, PUT, PATCH, DELETE"
    assert answer.headers["access-control-allow-headers"].startswith("Authorization, Accept, Content-Type")
    assert "access-control-allow-credentials" not in answer.headers


def test_a_preflight_of_another_origin_is_refused(tmp_path: Path) -> None:
    asked = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
    answer = client(tmp_path).options("/api/echo", headers=asked)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_any_page_may_load_the_element(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/element.js", headers={"Origin": EVIL})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "max-age=60"


EVERY = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "clipboard-write=(self), camera=(), geolocation=(), microphone=()",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
ANSWERS = {
    "data": ("GET", "/api/patients/1", {}, 200),
    "the page": ("GET", "/", {}, 200),
    "a mounted door": ("GET", "/mcp/", {}, 200),
    "not there": ("GET", "/nothing", {}, 404),
    "another method": ("PUT", "/", {}, 405),
    "another name": ("GET", "/", {"Host": "evil.example.org"}, 421),
    "forged": ("POST", "/api/echo", {"Origin": EVIL}, 403),
    "too long": ("POST", "/api/echo", {"Content-Length": "999999999"}, 413),
    "broken": ("GET", "/api/broken", {}, 500),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_tells_the_browser_what_it_may_do(tmp_path: Path, name: str) -> None:
    method, path, headers, status = ANSWERS[name]
    answer = TestClient(guarded(tmp_path), base_url=OWN).request(method, path, headers=headers)
    assert answer.status_code == status
    assert {header: answer.headers.get(header) for header in EVERY} == EVERY
    assert "strict-transport-security" not in answer.headers


def test_allowed_origins_may_frame_the_page(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/")
    assert answer.headers["content-security-policy"].endswith(f"; frame-ancestors 'self' {WARD}")
    assert "x-frame-options" not in answer.headers


def test_https_stays_https(tmp_path: Path) -> None:
    answer = TestClient(guarded(tmp_path, url=HTTPS), base_url=HTTPS).get("/")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_no_web_socket_gets_in(tmp_path: Path) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client(tmp_path).websocket_connect("/api/echo"):
        pass
