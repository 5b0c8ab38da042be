"""`chat`: follow-ups, clarifying questions, /commands, and a conversation that is kept."""

import pytest

import agent.assistant
from agent.plan import Plan
from tests.agent.cli.calling import Ran, call
from tests.agent.scripted import ScriptedPlanner, measured

SCRIPT = {
    "latest": measured("Hemoglobin A1c"),
    "which": Plan(ask_back="Which one?", options=("latest", "[bold]other")),
    "[bold]other": Plan(decline="opinion"),
}
A1C = "Hemoglobin A1c"
SAID = f"The latest {A1C} was 6.4 % on 2020-12-04 [1].\n"


@pytest.fixture(autouse=True)
def _scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent.assistant, "_planner", lambda door, planning: ScriptedPlanner(SCRIPT))


def chat(*lines: str, name: str = "round", patient: str = "Ada") -> Ran:
    whom = ("-p", patient) if patient else ()
    typed = "".join(f"{line}\n" for line in lines)
    return call("chat", "-r", "records", *whom, "--now", "2021-07-01", "-c", name, typed=typed)


def test_an_answer_streams_its_steps_and_cites(records: str) -> None:
    ran = chat("latest", "/quit")
    assert ran.status == 0
    assert "you> latest\n  · measure(concept: Hemoglobin A1c" in ran.out
    assert f"– found\n{SAID}\n[1]  Observation/a1  2020-12-04  {A1C}\n" in ran.out


def test_it_says_how_to_go_on_and_does(records: str) -> None:
    first = chat("latest")
    command = "fhir-assistant chat --conversation round --records records --now 2021-07-01 --patient p1"
    assert first.out.endswith(f"Kept. Go on with: {command}\n")
    again = chat("/sources", patient="")
    assert "Ada Moser, female, born 1980-02-29 (Patient/p1)." in again.out
    assert "Going on with the conversation 'round'.\n" in again.out


@pytest.mark.parametrize("reply", ["1", "latest"], ids=["by number", "by words"])
def test_a_clarifying_question_takes_an_answer(reply: str, records: str) -> None:
    ran = chat("which", reply)
    assert "Which one?\n  1. latest\n  2. [bold]other\n" in ran.out
    assert SAID in ran.out


def test_sources_lists_where_the_last_answer_comes_from(records: str) -> None:
    ran = chat("/sources", "latest", "/sources")
    assert "No answer with sources yet.\n" in ran.out
    assert ran.out.count(f"[1]  Observation/a1  2020-12-04  {A1C}\n") == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/help", "Ask about the patient"),
        ("/frobnicate", "There is no '/frobnicate'. Ask about the patient"),
        ("why " * 750, "question 'why why"),
        ("\x1b[2Jlatest", "you> �[2Jlatest"),
    ],
    ids=["help", "unknown command", "enormous question", "hostile question"],
)
def test_what_is_no_question_is_answered_too(line: str, said: str, records: str) -> None:
    ran = chat(line) if "\x1b" not in line else _hostile(line)
    assert ran.status == 0
    assert said in ran.out
    assert "\x1b" not in ran.out


def _hostile(line: str) -> Ran:
    SCRIPT[line] = SCRIPT["latest"]
    return chat(line)


def test_an_empty_line_is_passed_over(records: str) -> None:
    assert "Error" not in chat("", "   ", "latest").out


def test_a_conversation_stays_with_its_patient(records: str) -> None:
    chat("latest")
    ran = chat("latest", patient="Carla")
    assert ran.status == 1
    assert ran.err == (
        "Error: This conversation is about Patient/p1, not about Patient/p3: begin another conversation.\n"
    )
