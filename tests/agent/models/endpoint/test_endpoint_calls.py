"""What is sent to an endpoint and what is made of its answer, when all goes well or gets well."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import get_usage_metadata_callback

from agent.models.endpoint import open_endpoint
from agent.models.endpoint.patience import Patience
from agent.models.names import understand
from agent.models.options import ModelOptions
from agent.models.thinking import ASK, LONGEST
from tests.agent.models.endpoint.asking import QUESTION, SCHEMA, SECRET, ask, opened, sentence
from tests.agent.models.endpoint.misbehaving import Answering, Behaviour, says, serving, status

ROOT = Path(__file__).parents[4]
ANSWER = says("It was ", "6.4 %.")


@pytest.fixture(autouse=True)
def _no_proxy_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("FHIR_ASSISTANT_MODEL_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def deltas(*parts: dict[str, Any], finish: str = "stop") -> Behaviour:
    def answer(to: Answering) -> None:
        to.begin()
        for part in parts:
            to.delta(**part)
        to.delta(finish)
        to.done()

    return answer


def refuses(field: str, code: int = 400, note: str = "{field} is not supported") -> Behaviour:
    """Refuse every request with a field, and answer the others."""

    def answer(to: Answering) -> None:
        if field in to.server.bodies[-1]:
            to.whole(code, {"detail": note.format(field=field)})
        else:
            ANSWER(to)

    return answer


def test_what_is_sent() -> None:
    with serving(ANSWER) as server:
        ask(opened(server.url), longest=40, schema=SCHEMA)
        assert server.paths == ["/v1/chat/completions"]
        assert server.bodies == [
            {
                "model": "medgemma",
                "messages": [
                    {"role": "system", "content": "Answer shortly."},
                    {"role": "user", "content": "How is Ada Moser's HbA1c?"},
                ],
                "stream": True,
                "stream_options": {"include_usage": True},
                "max_completion_tokens": 40,
                "temperature": 0.0,
                "skip_special_tokens": False,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
                },
            }
        ]


def test_a_seed_goes_along_where_there_is_chance() -> None:
    with serving(ANSWER) as server:
        ask(opened(server.url, temperature=0.7, seed=11))
        sent = {field: server.bodies[0].get(field) for field in ("temperature", "seed", "response_format")}
        assert sent == {"temperature": 0.7, "seed": 11, "response_format": None}


KEYS = [
    ("given", "sk-given", {"FHIR_ASSISTANT_MODEL_KEY": "sk-own"}, "sk-given"),
    (
        "the project's own",
        None,
        {"FHIR_ASSISTANT_MODEL_KEY": "sk-own", "OPENAI_API_KEY": "sk-open"},
        "sk-own",
    ),
    ("OpenAI's", None, {"OPENAI_API_KEY": "sk-open"}, "sk-open"),
    ("from a file with its last line end", None, {"FHIR_ASSISTANT_MODEL_KEY": "sk-own\n"}, "sk-own"),
    ("none", None, {}, "none"),
]


@pytest.mark.parametrize(
    ("key", "environment", "sent"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS]
)
def test_the_key_that_is_sent(key: str | None, environment: dict[str, str], sent: str) -> None:
    with serving(ANSWER) as server:
        ask(
            open_endpoint(
                understand(f"openai:{server.url}#m"), ModelOptions(), key=key, environment=environment
            )
        )
        assert server.headers[0]["authorization"] == f"Bearer {sent}"


def test_the_key_is_in_nothing_that_is_printed() -> None:
    model = opened("http://127.0.0.1:1/v1")
    assert SECRET not in repr(model) + str(model) + repr(model.chat) + json.dumps(
        model.chat.to_json(), default=repr
    )


def test_text_is_heard_while_the_server_still_speaks() -> None:
    heard, go_on = threading.Event(), threading.Event()

    def answer(to: Answering) -> None:
        to.begin()
        to.delta(content="It was ")
        assert heard.wait(5), "nothing was heard before the end"
        to.delta(content="6.4 %.")
        to.delta("stop")
        to.done()
        go_on.set()

    with serving(answer) as server:
        said = ask(opened(server.url), hear=lambda text: heard.set() if text == "It was " else None)
        assert said.text == "It was 6.4 %."
        assert go_on.wait(5)


def test_whoever_stops_listening_hangs_up() -> None:
    def endless(to: Answering) -> None:
        to.begin()
        while True:
            to.delta(content="and ")
            time.sleep(0.01)

    with serving(endless) as server:
        stream = opened(server.url, in_flight=1).chat.stream(QUESTION)
        assert next(stream).text == "and "
        stream.close()
        assert server.left.wait(5)


def test_a_listener_that_fails_hangs_up_and_gives_its_place_back() -> None:
    class Stopped(Exception):
        pass

    def stop(_: str) -> None:
        raise Stopped

    with serving(says(*["and "] * 50, pause=0.01), ANSWER) as server:
        model = opened(server.url, in_flight=1)
        with pytest.raises(Stopped):
            ask(model, hear=stop)
        assert server.left.wait(5)
        assert ask(model).text == "It was 6.4 %."


def test_no_more_calls_at_once_than_wanted_and_waiting_takes_no_time_off() -> None:
    with serving(says("yes", pause=0.2)) as server:
        model = opened(server.url, in_flight=2, timeout=0.5)
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(lambda _: ask(model).text, range(8)))
        assert said == ["yes"] * 8
        assert server.most_at_once == 2


RECOVERED = [
    ("busy", status(429)),
    ("failing", status(500)),
    ("restarting", status(503)),
    ("hanging up", Answering.hang_up),
    ("a stream without a word", deltas(finish="")),
]


@pytest.mark.parametrize("trouble", [row[1] for row in RECOVERED], ids=[row[0] for row in RECOVERED])
def test_what_passes_is_tried_again_with_longer_and_longer_waits(trouble: Behaviour) -> None:
    waits: list[float] = []
    with serving(trouble, trouble, ANSWER) as server:
        said = ask(opened(server.url, patience=Patience(waits=(0.5, 1.0, 2.0), sleep=waits.append)))
        assert said.text == "It was 6.4 %."
        assert len(server.bodies) == 3
    assert [0.375 <= waits[0] <= 0.625, 0.75 <= waits[1] <= 1.25] == [True, True]


AFTER = [("3", 3.0), ("0.2", 0.625), ("soon", 0.625), ("-4", 0.625), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.625)]


@pytest.mark.parametrize(("header", "most"), AFTER)
def test_a_busy_server_says_when_to_come_back(header: str, most: float) -> None:
    waits: list[float] = []
    with serving(status(429, retry_after=header), ANSWER) as server:
        ask(opened(server.url, patience=Patience(waits=(0.5,), sleep=waits.append)))
    assert most / 2 <= waits[0] <= most


def test_nothing_is_tried_again_once_a_word_was_heard() -> None:
    def half(to: Answering) -> None:
        to.begin()
        to.delta(content="It was ")
        to.hang_up()

    with serving(half, ANSWER) as server:
        assert sentence(opened(server.url)) == (
            "endpoint",
            f"{server.url} broke off in the middle of the answer.",
        )
        assert len(server.bodies) == 1


REFUSALS = [
    ("as OpenAI says it", refuses("response_format"), "response_format"),
    ("as llama.cpp says it", refuses("response_format", 400, "Failed to parse grammar"), "response_format"),
    (
        "as vLLM says it",
        refuses("response_format", 400, "The JSON schema has features that xgrammar lacks."),
        "response_format",
    ),
    (
        "as transformers serve says it",
        refuses("skip_special_tokens", 422, "Unexpected fields in the request: {{'{field}'}}"),
        "skip_special_tokens",
    ),
    ("as an old server says it", refuses("stream_options", 422), "stream_options"),
]


@pytest.mark.parametrize(("server", "field"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_a_field_that_is_refused_is_left_out_once_and_for_all(server: Behaviour, field: str) -> None:
    with serving(server) as running:
        model = opened(running.url)
        assert [ask(model, schema=SCHEMA).text for _ in range(2)] == ["It was 6.4 %."] * 2
        assert [field in body for body in running.bodies] == [True, False, False]


def test_a_refusal_that_was_about_something_else_is_not_remembered() -> None:
    with serving(status(400, "a schema of mine"), status(400, "a schema of mine"), ANSWER) as server:
        model = opened(server.url)
        assert (
            sentence(model, schema=SCHEMA)[1] == f"{server.url} refused the request (400): look into its log."
        )
        ask(model, schema=SCHEMA)
        assert ["response_format" in body for body in server.bodies] == [True, False, True]


def thinks(field: str) -> Behaviour:
    return deltas({field: "She asks"}, {field: " for A1c."}, {"content": "6.4 %"})


REASONING = [
    ("as SGLang and llama.cpp say it", thinks("reasoning_content")),
    ("as vLLM says it", thinks("reasoning")),
    (
        "with MedGemma's markers",
        deltas(
            {"content": "<unused94>thought\nShe asks for"},
            {"content": " A1c.<unu"},
            {"content": "sed95>6.4 %"},
        ),
    ),
]


@pytest.mark.parametrize("server", [row[1] for row in REASONING], ids=[row[0] for row in REASONING])
def test_thoughts_are_kept_apart(server: Behaviour) -> None:
    shown: list[str] = []
    thought: list[str] = []
    with serving(server) as running:
        said = ask(opened(running.url), hear=shown.append, think=thought.append)
    assert (said.text, said.reasoning) == ("6.4 %", "She asks for A1c.")
    assert ("".join(shown), "".join(thought)) == ("6.4 %", "She asks for A1c.")


LARGE = "google/medgemma-27b-it"
ASKED = [
    ("not wanted", "off", LARGE, True, None, False),
    ("wanted always: room for it comes on top", "on", "medgemma", False, None, True),
    ("where it may help", "auto", LARGE, True, None, True),
    ("where it does not help", "auto", LARGE, False, None, False),
    ("a model that gains little by it", "auto", "google/medgemma-4b-it", True, None, False),
    ("a schema would hold from the first token on, so none is sent", "auto", LARGE, True, SCHEMA, True),
]


@pytest.mark.parametrize(
    ("wish", "name", "helpful", "schema", "asked"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED]
)
def test_a_thought_is_asked_for(wish: str, name: str, helpful: bool, schema: object, asked: bool) -> None:
    with serving(ANSWER) as server:
        ask(opened(server.url, name=name, thinking=wish), schema=schema, thinking=helpful)
        (body,) = server.bodies
    assert body["messages"][0]["content"] == f"{ASK if asked else ''}Answer shortly."
    assert body.get("max_tokens", body.get("max_completion_tokens")) == 40 + (LONGEST if asked else 0)
    assert ("response_format" in body, "thinking" in body) == (bool(schema) and not asked, False)


SPOKEN = [
    ("whole", ["6.4 %<end_of_turn>"], "6.4 %"),
    ("in pieces", ["6.4 %<end", "_of_", "turn>\nmore"], "6.4 %"),
    ("another model's", ["6.4 %<|im_end|>"], "6.4 %"),
    ("only alike", ["HbA1c <e", "nd of list> 6.4 % <"], "HbA1c <end of list> 6.4 % <"),
]


@pytest.mark.parametrize(("pieces", "text"), [row[1:] for row in SPOKEN], ids=[row[0] for row in SPOKEN])
def test_the_end_of_a_turn_is_not_shown(pieces: list[str], text: str) -> None:
    with serving(says(*pieces)) as server:
        assert ask(opened(server.url)).text == text


@pytest.mark.parametrize(("finish", "cut"), [("stop", False), ("length", True), ("eos", False)])
def test_an_answer_that_met_the_limit_is_cut(finish: str, cut: bool) -> None:
    with serving(says("It was", finish=finish)) as server:
        assert ask(opened(server.url), schema=SCHEMA).cut is cut


def test_usage_is_what_the_server_counted() -> None:
    with serving(ANSWER) as server, get_usage_metadata_callback() as used:
        ask(opened(server.url))
    (counted,) = used.usage_metadata.values()
    assert (counted["input_tokens"], counted["output_tokens"]) == (7, 3)


def test_usage_told_again_and_again_is_counted_once() -> None:
    def answer(to: Answering) -> None:
        to.begin()
        for n in (1, 2, 3):
            to.delta(content="x")
            to.usage(prompt_tokens=7, completion_tokens=n, total_tokens=7 + n)
        to.delta("stop")
        to.done()

    with serving(answer) as server, get_usage_metadata_callback() as used:
        ask(opened(server.url))
    (counted,) = used.usage_metadata.values()
    assert (counted["input_tokens"], counted["output_tokens"]) == (7, 3)


def test_a_server_that_counts_nothing_has_no_usage() -> None:
    with serving(deltas({"content": "6.4 %"})) as server, get_usage_metadata_callback() as used:
        ask(opened(server.url))
    assert used.usage_metadata == {}


def test_this_machine_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:1")
    with serving(ANSWER) as server:
        assert ask(opened(server.url)).text == "It was 6.4 %."


def test_another_machine_is_reached_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(ANSWER) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        assert ask(opened("http://gpu.example/v1")).text == "It was 6.4 %."
        assert proxy.paths == ["http://gpu.example/v1/chat/completions"]


def test_a_proxy_that_lets_nobody_through(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(ANSWER) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.removesuffix("/v1"))
        assert sentence(opened("https://gpu.example/v1")) == (
            "endpoint",
            "The proxy does not let through to https://gpu.example/v1: put gpu.example into NO_PROXY, or ask for it.",
        )


def test_importing_the_endpoint_brings_nothing_heavy() -> None:
    heavy = ("openai", "langchain_openai", "torch")
    code = f"import sys, agent.models.endpoint; print([m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"


def test_without_langchain_openai_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("agent.models.endpoint.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    import agent.models.endpoint as fresh

    monkeypatch.delattr(fresh, "chat", raising=False)
    assert sentence_of_opening() == (
        "not installed",
        "A model behind a server needs langchain_openai, which is not installed: "
        "pip install 'fhir-record-assistant[endpoint]'.",
    )


def sentence_of_opening() -> tuple[str, str]:
    from agent.models.endpoint.opening import open_endpoint as fresh_open
    from agent.models.failures import ModelFailure

    with pytest.raises(ModelFailure) as failure:
        fresh_open(understand("openai:http://127.0.0.1:1/v1#m"), ModelOptions())
    return failure.value.why, str(failure.value)
