"""Commands with a model: which one is told, and what happens when it cannot do its part."""

import json
from pathlib import Path

import pytest

from agent.cli.running import Running
from agent.cli.starting import start
from agent.models import Choice, ModelOptions
from agent.models.names import understand
from tests.agent.cli.calling import call
from tests.agent.scripted import Records

DEAD = "openai:http://127.0.0.1:1/v1#medgemma"
WHY = "Nothing listens at http://127.0.0.1:1/v1: start the server, or correct the address in --model."
ASK = ("ask", "How old is she?", "-r", "records", "-p", "Ada", "--now", "2021-07-01")


@pytest.mark.slow
def test_a_dead_endpoint_is_told_and_the_answer_is_given_all_the_same(records: str) -> None:
    ran = call(*ASK, "--model", DEAD)
    assert (ran.status, ran.out.splitlines()[0]) == (3, call(*ASK, "--model", "none").out.splitlines()[0])
    assert f"Without the model: {WHY}" in " ".join(ran.out.split())


@pytest.mark.slow
def test_the_answer_says_so_to_programs(records: str) -> None:
    ran = call(*ASK, "--model", DEAD, "--json")
    told = json.loads(ran.out)
    assert (ran.status, told["values"], told["usage"]["model"]) == (3, [41], "medgemma")
    assert told["fallback"] == WHY


@pytest.mark.slow
def test_a_file_of_questions_counts_what_was_answered_without_the_model(records: str) -> None:
    lines = [
        {"id": name, "patient": who, "question": "How old is she?", "now": "2021-07-01"}
        for name, who in (("a", "Ada"), ("b", "Carla"), ("c", "Ada"))
    ]
    Path("questions.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ran = call("answer", "-q", "questions.jsonl", "-o", "out.jsonl", "-r", "records", "--model", DEAD)
    assert ran.status == 3
    assert ran.err == f"3 answered: out.jsonl\n3 without the model: {WHY}\n"
    rows = [json.loads(row) for row in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["values"][0], bool(row["fallback"])) for row in rows][0] == ("a", 41, True)
    assert [row["id"] for row in rows] == ["a", "c", "b"]


def test_which_model_auto_took_and_why_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    why = "google/medgemma-27b-it in bf16 takes 59.3 GB of the 84.9 GB that are free on NVIDIA H100."
    chosen = Choice(understand("medgemma-27b"), ModelOptions(), why)
    monkeypatch.setattr("agent.assistant.choose", lambda model, options: chosen)
    start(Records(), Running("auto", "auto", ModelOptions()))
    assert capsys.readouterr() == ("", f"{why}\n")


def test_that_there_is_no_model_is_not_told_where_nobody_watches(records: str) -> None:
    assert call(*ASK).err == ""


def test_a_model_that_plans_is_named_as_any_other(records: str) -> None:
    ran = call(*ASK, "--planner-model", "nonsense")
    assert (ran.status, "--planner-model" in ran.err, "medgemma-27b" in ran.err) == (2, True, True)


def test_a_dead_model_that_plans_is_told_and_is_not_needed_where_reading_is_sure(records: str) -> None:
    ran = call(*ASK, "--model", "none", "--planner-model", DEAD, "--json")
    told = json.loads(ran.out)
    assert (ran.status, told["values"], told["usage"]["model"]) == (0, [41], "none, planned by medgemma")
    ran = call(*ASK, "--model", "none", "--planner-model", DEAD, "--planner", "model", "--json")
    assert (ran.status, json.loads(ran.out)["fallback"]) == (3, WHY)


def test_thinking_is_auto_on_or_off(records: str) -> None:
    assert call(*ASK, "--model", "none", "--thinking", "off").status == 0
    assert call(*ASK, "--model", "none", "--thinking", "sometimes").status == 2
