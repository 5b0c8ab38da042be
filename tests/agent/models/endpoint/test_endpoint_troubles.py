"""What a server does wrong -> what the operator reads, and how often it was asked."""

import re
import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.models.endpoint import caution, open_endpoint, wire
from agent.models.failures import ModelFailure
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.endpoint.asking import QUESTION, SECRET, opened, sentence
from tests.agent.models.endpoint.misbehaving import Answering, Behaviour, drips, says, serving, status
from tools.calls.errors import BadArgument

VLLM_TOO_LONG = {
    "error": {
        "message": "This model's maximum context length is 4096 tokens. However, you requested 5040 tokens "
        "(5000 in the messages, 40 in the completion). How is Ada Moser's HbA1c?",
        "type": "BadRequestError",
        "code": 400,
    }
}
LLAMA_TOO_LONG = {
    "error": {
        "code": 400,
        "message": "the request exceeds the available context size (2048 tokens), try increasing it",
        "type": "exceed_context_size_error",
    }
}
PINNED = {"detail": "Server is pinned to 'google/medgemma-4b-it'; requested 'medgemma'."}


def half(to: Answering) -> None:
    to.begin()
    to.delta(content="It was 6")
    to.hang_up()


def ended_early(to: Answering) -> None:
    to.begin()
    to.delta(content="It was 6")
    to.done()


def nothing(to: Answering) -> None:
    to.begin()
    to.done()


def hangs_up(to: Answering) -> None:
    to.hang_up()


def raw(*texts: str) -> Behaviour:
    def answer(to: Answering) -> None:
        to.begin()
        for text in texts:
            to.raw(text)
        to.done()

    return answer


def slow_headers(to: Answering) -> None:
    while True:
        to.wfile.write(b"H")
        to.wfile.flush()
        threading.Event().wait(0.05)


def silent_after_a_word(to: Answering) -> None:
    to.begin()
    to.delta(content="It ")
    threading.Event().wait(4)


def endless_line(to: Answering) -> None:
    to.begin()
    while True:
        to.raw("x" * 65536)


@dataclass(frozen=True)
class Case:
    id: str
    server: Behaviour
    sentence: str
    why: str = "endpoint"
    asked: int = 1
    models: dict[str, list[str]] = field(default_factory=dict)
    timeout: float = 5.0


NO_CHAT = "{url} sent something that is no chat completion: is it the base URL of a model?"
CASES = [
    Case(
        "wrong key",
        status(401, {"error": "bad key"}),
        "{url} refuses the key (401): put the right one into FHIR_ASSISTANT_MODEL_KEY.",
    ),
    Case(
        "forbidden",
        status(403),
        "{url} refuses the key (403): put the right one into FHIR_ASSISTANT_MODEL_KEY.",
    ),
    Case(
        "unknown model",
        status(404, {"error": {"message": "The model `medgemma` does not exist.", "code": 404}}),
        "{url} has no model 'medgemma'; it offers 'google/medgemma-27b-it', 'qwen'.",
        models={"/v1/models": ["google/medgemma-27b-it", "qwen"]},
    ),
    Case(
        "unknown model among many",
        status(404),
        "{url} has no model 'medgemma'; it offers 'a', 'b', 'c', 'd', 'e' and 2 more.",
        models={"/v1/models": list("abcdefg")},
    ),
    Case(
        "no model at all",
        status(404),
        "{url} has no model 'medgemma', and offers none.",
        models={"/v1/models": []},
    ),
    Case(
        "unknown model, said with 400",
        status(400, PINNED),
        "{url} has no model 'medgemma'; it offers 'google/medgemma-4b-it'.",
    ),
    Case("wrong path", status(404), "{url} is no base URL of a model (404): it usually ends with /v1."),
    Case(
        "too long for vLLM",
        status(400, VLLM_TOO_LONG),
        "The prompt and the answer do not fit the context of 4096 tokens of medgemma at {url}: "
        "start the server with a longer one.",
    ),
    Case(
        "too long for llama.cpp",
        status(400, LLAMA_TOO_LONG),
        "The prompt and the answer do not fit the context of 2048 tokens of medgemma at {url}: "
        "start the server with a longer one.",
    ),
    Case(
        "any other refusal",
        status(400, {"detail": "Ada Moser"}),
        "{url} refused the request (400): look into its log.",
    ),
    Case("busy", status(429), "{url} is too busy (429, 4 times).", asked=4),
    Case(
        "busy for longer than a call",
        status(429, retry_after="60"),
        "{url} is too busy (429), and asks to come back in 60 s.",
    ),
    Case("failing", status(500, "Ada Moser"), "{url} failed (500, 4 times): look into its log.", asked=4),
    Case(
        "a gateway without a server",
        status(502, "<html>", "text/html"),
        "{url} failed (502, 4 times): look into its log.",
        asked=4,
    ),
    Case(
        "a redirect",
        status(307, location="https://elsewhere.example/"),
        "{url} sends elsewhere (307), and records do not follow: write the final address in --model.",
    ),
    Case("hanging up", hangs_up, "{url} broke off before it answered 4 times: look into its log.", asked=4),
    Case("half a stream", half, "{url} broke off in the middle of the answer."),
    Case("a stream that ends too early", ended_early, "{url} broke off in the middle of the answer."),
    Case(
        "a server that gives up",
        says("It was", finish="abort"),
        "{url} broke off in the middle of the answer.",
    ),
    Case(
        "an empty stream", nothing, "{url} broke off before it answered 4 times: look into its log.", asked=4
    ),
    Case("an empty answer", says(), "The model medgemma said nothing.", "nonsense"),
    Case("only blanks", says("  ", "\n"), "The model medgemma said nothing.", "nonsense"),
    Case("broken JSON", raw('data: {"choices": [{"del\n\n'), NO_CHAT),
    Case(
        "JSON of something else",
        raw('data: {"answer": 42}\n\n'),
        "{url} broke off before it answered 4 times: look into its log.",
        asked=4,
    ),
    Case("a list", raw("data: [1, 2]\n\n"), NO_CHAT),
    Case("a number", raw("data: 42\n\n"), NO_CHAT),
    Case("choices that are none", raw('data: {"choices": "many"}\n\n'), NO_CHAT),
    Case("a delta that is none", raw('data: {"choices": [{"delta": 3}]}\n\n'), NO_CHAT),
    Case("text that is no text", raw('data: {"choices": [{"delta": {"content": 3}}]}\n\n'), NO_CHAT),
    Case(
        "bytes that are no text",
        lambda to: (to.begin(), to.wfile.write(b"8\r\ndata: \xff\n\r\n"), to.done()),
        NO_CHAT,
    ),
    Case("JSON without end", raw("data: " + "[" * 100_000 + "\n\n"), NO_CHAT),
    Case(
        "a log-in page",
        status(200, "<html>Log in</html>", "text/html; charset=utf-8"),
        "{url} answered with a web page, perhaps of a proxy or a log-in, and not with a stream: "
        "is it the base URL of a model?",
    ),
    Case(
        "no stream",
        status(200, {"choices": [{"message": {"content": "6.4 %"}}]}),
        "{url} answered with plain JSON, and not with a stream: is it the base URL of a model?",
    ),
    Case(
        "an error within the stream",
        raw('data: {"error": {"message": "CUDA out of memory: Ada Moser", "code": 500}}\n\n'),
        "{url} broke off with an error of its own: look into its log.",
    ),
    Case(
        "an error within the stream, bare",
        raw('data: {"error": "Ada Moser"}\n\n'),
        "{url} broke off with an error of its own: look into its log.",
    ),
    Case(
        "silence",
        lambda to: threading.Event().wait(3) and None,
        "{url} did not finish within 0.3 s.",
        "time",
        timeout=0.3,
    ),
    Case(
        "silence after a word", silent_after_a_word, "{url} did not finish within 0.3 s.", "time", timeout=0.3
    ),
    Case("headers that never end", slow_headers, "{url} did not finish within 0.3 s.", "time", timeout=0.3),
    Case("pings for ever", drips(": ping\n\n"), "{url} did not finish within 0.3 s.", "time", timeout=0.3),
    Case(
        "words for ever",
        drips('data: {"choices": [{"delta": {"content": "and "}}]}\n\n'),
        "{url} did not finish within 0.3 s.",
        "time",
        timeout=0.3,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_server_that_misbehaves_gets_one_sentence(case: Case) -> None:
    with serving(case.server, models=case.models) as server:
        why, said = sentence(opened(server.url, timeout=case.timeout))
        assert (why, said) == (case.why, case.sentence.format(url=server.url))
        assert len(server.bodies) == case.asked
        assert SECRET not in said
        assert "Moser" not in said


def test_an_answer_without_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_MIB", 2)
    with serving(endless_line) as server:
        assert sentence(opened(server.url)) == (
            "endpoint",
            f"{server.url} sent more than 2 MiB for one answer.",
        )


def test_an_error_page_without_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_MIB", 2)
    with serving(status(400, "x" * 3_000_000)) as server:
        assert sentence(opened(server.url)) == (
            "endpoint",
            f"{server.url} sent more than 2 MiB for one answer.",
        )


def test_a_server_that_wants_a_key_names_the_variable() -> None:
    with serving(status(401)) as server:
        model = open_endpoint(understand(f"openai:{server.url}#m"), ModelOptions(), environment={})
        assert sentence(model) == (
            "endpoint",
            f"{server.url} wants a key (401): put one into FHIR_ASSISTANT_MODEL_KEY.",
        )


def test_a_base_url_without_v1_gets_the_one_that_works() -> None:
    with serving(status(404), models={"/v1/models": ["medgemma"]}) as server:
        base = server.url.removesuffix("/v1")
        said = f"{base} is no base URL (404): write openai:{base}/v1#medgemma."
        assert sentence(opened(base)) == ("endpoint", said)


def test_a_password_in_the_base_url_is_not_shown() -> None:
    with serving(status(500)) as server:
        _, said = sentence(opened(server.url.replace("http://", "http://me:hush@")))
        assert said == f"{server.url} failed (500, 4 times): look into its log."


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        assert sentence(opened(url)) == (
            "endpoint",
            f"Nothing listens at {url}: start the server, or correct the address in --model.",
        )


def test_an_unknown_host() -> None:
    assert sentence(opened("http://no-such-host.invalid/v1")) == (
        "endpoint",
        "The host no-such-host.invalid is not known here: correct the address in --model.",
    )


def test_https_to_a_server_without() -> None:
    with serving(says("never")) as server:
        url = server.url.replace("http:", "https:")
        said = f"{url} does not speak TLS as it should: is it http:// instead?"
        assert sentence(opened(url)) == ("endpoint", said)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    with serving(says("never")) as server:
        server.socket = _tls(tmp_path).wrap_socket(server.socket, server_side=True)
        url = server.url.replace("http:", "https:")
        said = f"The certificate of {url} is not trusted: name its authority's file in SSL_CERT_FILE."
        assert sentence(opened(url)) == ("endpoint", said)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_time_ends_inside_tls_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(drips(": ping\n\n")) as server:
        server.socket = _tls(tmp_path).wrap_socket(server.socket, server_side=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        url = server.url.replace("http:", "https:")
        assert sentence(opened(url, timeout=0.5)) == ("time", f"{url} did not finish within 0.5 s.")


def _tls(folder: Path) -> ssl.SSLContext:
    new = (
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1"
    )
    asked = [*new.split(), "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(asked, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize("base", ["http://127.0.0.1:99999/v1", "http://a b/v1", "http://[::1/v1"])
def test_an_address_that_is_none(base: str) -> None:
    with pytest.raises(BadArgument, match=r"^--model 'openai:.*': expected a base URL, e\.g\."):
        opened(base)


def test_a_key_that_no_header_carries() -> None:
    said = "The key in FHIR_ASSISTANT_MODEL_KEY has characters that no header can carry."
    with pytest.raises(ModelFailure, match=f"^{re.escape(said)}$"):
        opened("http://127.0.0.1:1/v1", key="geheim-schlüssel")


@pytest.mark.parametrize(
    ("url", "careful"),
    [
        ("http://127.0.0.1:8000/v1", False),
        ("http://localhost:8000/v1", False),
        ("http://[::1]:8000/v1", False),
        ("https://gpu.example/v1", False),
        ("http://gpu.example/v1", True),
        ("http://10.0.0.7:8000/v1", True),
    ],
)
def test_facts_in_the_clear_are_said(url: str, careful: bool) -> None:
    assert bool(caution(url)) is careful


def test_the_question_is_in_no_sentence_of_a_server_that_repeats_it() -> None:
    with serving(status(422, {"detail": [{"input": str(QUESTION)}]})) as server:
        said = f"{server.url} refused the request (422): look into its log."
        assert sentence(opened(server.url)) == ("endpoint", said)
