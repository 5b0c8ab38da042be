"""Too long, too slow, too often: one sentence and a status; what may last passes piece by piece."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from portal.guard.rates import Buckets
from portal.settings import Limits
from tests.portal.guard.guarded_for_tests import guarded

JSON = {"Content-Type": "application/json"}
TOO_LONG = {"detail": "The body is too long: expected at most 100 bytes."}


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an app as it is served, on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        app.state.gate.set()
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(("size", "status"), [(0, 200), (100, 200), (101, 413), (10_000, 413)])
def test_a_body_has_a_limit(tmp_path: Path, size: int, status: int) -> None:
    client = TestClient(guarded(tmp_path, Limits(body=100)))
    answer = client.post("/api/echo", content=b"x" * size, headers=JSON)
    assert (answer.status_code, answer.json()) == (status, size if status == 200 else TOO_LONG)


def test_a_streamed_body_has_the_same_limit_and_is_not_read_to_its_end(tmp_path: Path) -> None:
    given = 0

    def pieces() -> Iterator[bytes]:
        nonlocal given
        for _ in range(100_000):
            given += 1000
            yield b"x" * 1000

    with served(guarded(tmp_path, Limits(body=100_000))) as url:
        try:
            answer = httpx.post(f"{url}/api/echo", content=pieces(), headers=JSON)
            assert answer.status_code == 413
        except (httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
            pass  # the line was closed while we still wrote
    assert given < 50_000_000


def asgi(app: FastAPI, messages: list[dict[str, Any]], headers: dict[str, str]) -> tuple[int, bytes]:
    """Call an app with these very messages."""
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [
        (name.lower().encode(), value.encode()) for name, value in {"Host": "localhost", **headers}.items()
    ]
    scope = {
        "type": "http", "method": "POST", "path": "/api/echo", "raw_path": b"/api/echo", "query_string": b"",
        "headers": raw, "client": ("127.0.0.1", 1), "server": ("localhost", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def chunk(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


BODIES = {
    "in pieces": ([chunk(b"x" * 50), chunk(b"x" * 50, more=False)], {}, 200),
    "in too many pieces": ([chunk(b"x" * 50), chunk(b"x" * 50), chunk(b"x")], {}, 413),
    "longer than it says": ([chunk(b"x" * 101)], {"Content-Length": "1"}, 413),
    "a length that is no number": ([], {"Content-Length": "many"}, 413),
    "a negative length": ([], {"Content-Length": "-1"}, 413),
    "a length in other digits": ([], {"Content-Length": "²"}, 413),
    "a length beyond counting": ([], {"Content-Length": "9" * 5000}, 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_a_request_says_of_its_length_does_not_help_it(tmp_path: Path, name: str) -> None:
    messages, headers, status = BODIES[name]
    answer = asgi(guarded(tmp_path, Limits(body=100)), list(messages), {**JSON, **headers})
    assert answer == (
        status,
        b"100" if status == 200 else json.dumps(TOO_LONG, separators=(",", ":")).encode(),
    )


TYPES = [
    ("application/json", 200),
    ("application/json; charset=utf-8", 200),
    ("Application/JSON", 200),
    ("application/merge-patch+json", 200),
    ("application/fhir+json", 200),
    ("text/json", 415),
    ("application/jsonp", 415),
    ("text/plain; application/json", 415),
    ("", 415),
]


@pytest.mark.parametrize(("content_type", "status"), TYPES)
def test_a_body_is_json(tmp_path: Path, content_type: str, status: int) -> None:
    client = TestClient(guarded(tmp_path))
    answer = client.post("/api/echo", content=b"{}", headers={"Content-Type": content_type})
    assert answer.status_code == status


def test_an_empty_body_needs_no_type(tmp_path: Path) -> None:
    assert TestClient(guarded(tmp_path)).post("/api/echo").status_code == 200


LATE = {"detail": "This took too long and was given up: ask for less, or again."}


@pytest.mark.parametrize("path", ["/api/sleep/5", "/api/block/2"])
def test_what_takes_too_long_is_given_up(tmp_path: Path, path: str) -> None:
    with served(guarded(tmp_path, Limits(seconds=0.1))) as url:
        answer = httpx.get(url + path)
        assert answer.elapsed.total_seconds() < 1.5
    assert (answer.status_code, answer.json()) == (503, LATE)
    assert answer.headers["retry-after"] == "5"


def test_an_answer_of_the_model_may_take_longer(tmp_path: Path) -> None:
    client = TestClient(guarded(tmp_path, Limits(seconds=0.05)))
    assert client.get("/v1/sleep/0.2").json() == "answered"


def test_a_stream_passes_piece_by_piece_and_may_last(tmp_path: Path) -> None:
    app = guarded(tmp_path, Limits(seconds=0.1))
    with served(app) as url, httpx.stream("GET", f"{url}/api/events") as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b"data: first\n\n"
        time.sleep(0.3)
        app.state.gate.set()
        assert b"".join(pieces) == b"data: last\n\n"
    assert answer.headers["cache-control"] == "no-store"


def test_only_so_many_streams_of_one_caller_at_once(tmp_path: Path) -> None:
    app = guarded(tmp_path, Limits(streams=2))
    with served(app) as url:
        streams = [httpx.Client().stream("GET", f"{url}/api/events") for _ in range(2)]
        pieces = [stream.__enter__().iter_raw() for stream in streams]
        assert [next(piece) for piece in pieces] == [b"data: first\n\n"] * 2
        for accepted in ("text/event-stream", "*/*"):
            answer = httpx.get(f"{url}/api/events", headers={"Accept": accepted})
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        with httpx.stream("GET", f"{url}/api/events", headers={"Authorization": "Bearer other"}) as other:
            assert other.status_code == 200
        assert httpx.get(f"{url}/api/patients/1").status_code == 200
        app.state.gate.set()
        for stream in streams:
            stream.__exit__(None, None, None)
        deadline = time.monotonic() + 2
        while httpx.get(f"{url}/api/events").status_code == 429 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert httpx.get(f"{url}/api/events").status_code == 200


def carrying(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_caller_may_ask_only_so_often(tmp_path: Path) -> None:
    client = TestClient(guarded(tmp_path, Limits(a_minute=5)))
    statuses = [client.get("/api/known", headers=carrying("good")).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    answer = client.get("/api/known", headers=carrying("good"))
    assert answer.json() == {
        "detail": f"Too many requests at once: ask again in {answer.headers['retry-after']} s."
    }
    assert 10 <= int(answer.headers["retry-after"]) <= 12
    assert client.get("/api/patients/1").status_code == 200  # another caller
    assert client.get("/health/live").status_code == 200


def test_trying_tokens_is_slow_and_locks_out_nobody_who_is_known(tmp_path: Path) -> None:
    client = TestClient(guarded(tmp_path, Limits(a_minute=100)))
    assert client.get("/api/known", headers=carrying("good")).status_code == 200
    statuses = [client.get("/api/known", headers=carrying(f"guess {n}")).status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert client.get("/api/known", headers=carrying("good")).status_code == 200


def test_a_token_is_not_known_because_a_page_was_open_to_it(tmp_path: Path) -> None:
    client = TestClient(guarded(tmp_path, Limits(a_minute=100)))
    statuses = []
    for n in range(12):
        client.get("/", headers=carrying(f"guess {n}"))
        statuses.append(client.get("/api/known", headers=carrying(f"guess {n}")).status_code)
    assert statuses == [401] * 10 + [429] * 2


def test_no_limit_is_none(tmp_path: Path) -> None:
    client = TestClient(guarded(tmp_path, Limits(a_minute=0, streams=0)))
    assert {client.get("/api/known", headers=carrying(str(n))).status_code for n in range(50)} == {401}


def test_a_bucket_fills_again() -> None:
    now = 0.0
    buckets = Buckets(60, lambda: now)
    for _ in range(60):
        assert buckets.wait("a") == 0
        buckets.take("a")
    assert buckets.wait("a") == 1
    assert buckets.wait("b") == 0
    now = 0.25
    assert buckets.wait("a") == 0.75
    now = 1000.0
    buckets.take("a")
    assert buckets.wait("a") == 0
