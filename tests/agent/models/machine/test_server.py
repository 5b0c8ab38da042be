"""A look at the models of a server, over a real socket."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from agent.models.machine import server
from agent.models.machine.server import judge_server
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.machine.machines import made_up

MODELS = json.dumps({"object": "list", "data": [{"id": "medgemma"}, {"id": "other"}]})


@dataclass
class Answer:
    status: int = 200
    body: str = MODELS
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def answer() -> Answer:
    return Answer()


@pytest.fixture
def base(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer.asked.append((self.path, self.headers["Authorization"]))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *_: object) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/v1"
    http.shutdown()
    thread.join()
    http.server_close()


def why(base: str, name: str = "medgemma", environment: dict[str, str] | None = None) -> tuple[str, str]:
    model = understand(f"openai:{base}#{name}")
    judged = judge_server(model, ModelOptions(), made_up(Path()).packages, environment or {})
    return judged.model, judged.why.replace(base, "BASE")


def test_a_server_that_has_the_model(base: str, answer: Answer) -> None:
    assert why(base) == (f"openai:{base}#medgemma", "BASE answers and has medgemma.")
    assert answer.asked == [("/v1/models", None)]


@pytest.mark.parametrize("variable", ["FHIR_ASSISTANT_MODEL_KEY", "OPENAI_API_KEY"])
def test_the_key_goes_along_and_is_not_told(base: str, answer: Answer, variable: str) -> None:
    assert why(base, environment={variable: "secret"})[1] == "BASE answers and has medgemma."
    assert answer.asked == [("/v1/models", "Bearer secret")]


NO = "none"
TROUBLE = [
    (Answer(401), {}, "BASE asks for a key in FHIR_ASSISTANT_MODEL_KEY."),
    (
        Answer(403),
        {"OPENAI_API_KEY": "x"},
        "BASE refuses the key in FHIR_ASSISTANT_MODEL_KEY or OPENAI_API_KEY.",
    ),
    (Answer(404), {}, "BASE answers 404 for its models: a base URL mostly ends in /v1."),
    (Answer(500), {}, "BASE answers 500 for its models."),
    (
        Answer(302, headers={"Location": "http://127.0.0.1:9/models"}),
        {},
        "BASE answers 302 and sends on to another address: name that one.",
    ),
    (Answer(body="<html>log in</html>"), {}, "BASE answers, but not as an OpenAI-compatible server does."),
    (Answer(body="[]"), {}, "BASE answers, but not as an OpenAI-compatible server does."),
    (Answer(body='{"data": []}'), {}, "BASE answers, but has no model 'medgemma'; it has none."),
    (Answer(body='{"data": [{"id": "a"}, 1]}'), {}, "BASE answers, but has no model 'medgemma'; it has a."),
    (
        Answer(body=json.dumps({"data": [{"id": f"m{n}"} for n in range(10)]})),
        {},
        "BASE answers, but has no model 'medgemma'; it has m0, m1, m2, m3, m4, m5, m6, m7 and 2 more.",
    ),
    (
        Answer(body="{", headers={"Content-Length": "100"}),
        {},
        "BASE answers, but not as an OpenAI-compatible server does.",
    ),
]


@pytest.mark.parametrize(("given", "environment", "expected"), TROUBLE, ids=lambda value: str(value)[:30])
def test_what_a_server_may_answer(
    base: str, answer: Answer, given: Answer, environment: dict[str, str], expected: str
) -> None:
    answer.status, answer.body, answer.headers = given.status, given.body, given.headers
    assert why(base, environment=environment) == (NO, expected)


def test_nobody_listens(base: str) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
        assert why(closed) == (NO, "BASE cannot be reached: Connection refused.")


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        assert why(base) == (NO, "BASE does not answer within 0 seconds.")


def test_a_password_in_the_address_is_used_and_not_told(base: str, answer: Answer) -> None:
    named = base.replace("http://", "http://me:secret@")
    assert why(named)[1] == f"{base} answers and has medgemma."
    assert answer.asked == [("/v1/models", "Basic bWU6c2VjcmV0")]


def test_without_langchain_openai_it_cannot_be_used(base: str) -> None:
    packages = made_up(Path(), without=("langchain-openai",)).packages
    judged = judge_server(understand(f"openai:{base}#medgemma"), ModelOptions(), packages, {})
    assert judged.model == "none"
    assert judged.why == f"{base} has medgemma, but langchain-openai is not installed."
    assert [step.command for step in judged.steps] == ["pip install 'fhir-record-assistant[endpoint]'"]
