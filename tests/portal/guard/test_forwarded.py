"""X-Forwarded-For and X-Forwarded-Proto: believed from a proxy that the operator named, from nobody else."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request

from portal import worker
from portal.settings import with_environment
from tests.portal.guard.guarded_for_tests import an_app
from tests.portal.portal_for_tests import a_portal

FORGED = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]
CASES = [
    ("nobody is listed", "", "10.0.0.5", ("10.0.0.5", "http")),
    ("a stranger", "10.0.0.1", "10.0.0.5", ("10.0.0.5", "http")),
    ("this computer is a stranger too", "10.0.0.1", "127.0.0.1", ("127.0.0.1", "http")),
    ("the proxy", "10.0.0.1", "10.0.0.1", ("203.0.113.9", "https")),
    ("a proxy in a listed network", "10.0.0.0/24", "10.0.0.7", ("203.0.113.9", "https")),
]


@pytest.mark.parametrize(("proxies", "peer", "seen"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_who_forwards_is_believed_if_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxies: str, peer: str, seen: tuple[str, str]
) -> None:
    monkeypatch.setattr(worker, "LOGGING", None)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    portal = a_portal(tmp_path)
    app, heard = an_app(portal), list[tuple[str, str]]()

    @app.get("/api/who")
    def who(request: Request) -> None:
        assert request.client
        heard.append((request.client.host, request.url.scheme))

    settings = with_environment(portal.settings, {"FHIR_ASSISTANT_PROXIES": proxies})
    config = worker._config(app, settings)
    config.load()
    assert call(config.loaded_app, peer) == 200
    assert heard == [seen]


def call(app: "FastAPI | Any", peer: str) -> int:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": "/api/who",
        "raw_path": b"/api/who", "query_string": b"", "headers": [(b"host", b"testserver"), *FORGED],
        "client": (peer, 1), "server": ("testserver", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return int(sent[0]["status"])
