"""Tokens behind a server: it is asked once, about nobody, and an estimate stands in where it does not tell."""

import pytest

from agent.models.endpoint.counting import SAMPLE, estimate
from agent.prompts.planning import instructions
from tests.agent.models import real
from tests.agent.models.endpoint.asking import SECRET, opened
from tests.agent.models.endpoint.misbehaving import Answering, Behaviour, serving

FACT = "Hemoglobin A1c/Hemoglobin.total in Blood 6.4 % on 2020-12-04"


def counts(tokens: int) -> Behaviour:
    return lambda server: server.whole(200, {"count": tokens, "tokens": [7] * tokens})


def refuses(server: Answering) -> None:
    server.whole(404, {"detail": "Not Found"})


def talks(server: Answering) -> None:
    server.whole(200, "ok", "text/html")


UNTOLD = [
    ("it has no such door", refuses),
    ("it says something else", talks),
    ("it counts nothing", counts(0)),
    ("it counts what cannot be", counts(5000)),
]


@pytest.mark.parametrize("server", [row[1] for row in UNTOLD], ids=[row[0] for row in UNTOLD])
def test_where_a_server_does_not_tell_the_estimate_stands(server: Behaviour) -> None:
    with serving(server) as running:
        assert opened(running.url).count(FACT) == estimate(FACT)


def test_where_nothing_listens_the_estimate_stands() -> None:
    assert opened("http://127.0.0.1:9/v1").count(FACT) == estimate(FACT)


def test_a_server_is_asked_once_about_nobody_and_corrects_every_count() -> None:
    with serving(counts(2 * estimate(SAMPLE))) as running:
        model = opened(running.url)
        assert model.count(FACT) == pytest.approx(2 * estimate(FACT), abs=1)
        assert model.count("Asthma since 2015.") == pytest.approx(2 * estimate("Asthma since 2015."), abs=1)
    (body,), (path,), (headers,) = running.bodies, running.paths, running.headers
    assert (path, body["model"], body["prompt"], body["content"]) == ("/tokenize", "medgemma", SAMPLE, SAMPLE)
    assert {name.lower(): value for name, value in headers.items()}["authorization"] == f"Bearer {SECRET}"


def test_nothing_is_asked_before_something_is_counted() -> None:
    with serving(counts(9)) as running:
        opened(running.url)
    assert running.bodies == []


@pytest.mark.real_model
@pytest.mark.parametrize("text", [instructions(), SAMPLE, FACT * 9], ids=["instructions", "sample", "facts"])
def test_the_estimate_is_near_gemmas_own_count(text: str) -> None:
    from transformers import AutoTokenizer

    words = AutoTokenizer.from_pretrained(real.chat_folder())
    counted = len(words(text, add_special_tokens=False)["input_ids"])
    assert estimate(text) == pytest.approx(counted, rel=0.15)


GEMMA_COUNTS = [
    ("", 0),
    ("It was 6.4 %.", 7),
    ("1. Hemoglobin A1c in Blood: 6.4 %, 2020-12-04 (Observation/5f1c2d3e-8a7b)", 43),
    ("24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet", 14),
    ("Wie war der Langzeitzucker der Patientin im letzten Jahr?", 14),
    ("患者最近一年的糖化血红蛋白是多少？", 11),
    ('{"tool": "latest_result", "loinc": "4548-4", "until": "2024-03-31"}', 35),
]


@pytest.mark.parametrize(("text", "real"), GEMMA_COUNTS)
def test_an_estimate_is_not_far_off_even_for_a_line(text: str, real: int) -> None:
    assert 0.75 * real <= estimate(text) <= 1.6 * real
