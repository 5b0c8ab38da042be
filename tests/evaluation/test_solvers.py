"""The agent as a solver: what of an answer becomes a result, and what becomes of a question that has none."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from agent.assistant import Assistant
from agent.cli.running import Running
from agent.models import ModelFailure, ModelOptions
from agent.models.model import Model
from agent.plan import Plan
from agent.planner.model import ModelPlanner
from agent.reading import Reader
from agent.writer.model import ModelWriter
from evaluation.dataset import Case, Form
from evaluation.result import Result, Stage
from evaluation.solvers import AgentSolver, solver_of
from tests.agent.scripted import ANNA, NOW, Records
from tests.agent.scripted_chat import scripted, written
from tests.evaluation.entries_for_tests import case
from tools.calls.errors import BadArgument, UnreadableRecord
from tools.record import PatientRecord

ASKED = case(
    "q1",
    patient="anna",
    now=NOW,
    question="What was her last HbA1c?",
    answer_choices=("7.1 %", "6.4 %", "not recorded"),
)
GOOD = written("The latest A1c was 6.4 % on 2020-12-04 [1].")
CITED = "The latest A1c was 6.4 % on 2020-12-04 [Observation/a1c]."
BUILT_IN = "The latest Hemoglobin A1c in Blood was 6.4 % on 2020-12-04 [Observation/a1c]."
DOWN = ModelFailure("endpoint", "The server at http://127.0.0.1:1/v1 refused the connection.")


def assistant(*replies: Any) -> Assistant:
    """One that asks a scripted model wherever it can; without replies the built-in one."""
    if not replies:
        return Assistant(Records(), model="none", timer=lambda: 0.0)
    model: Model = scripted(*replies)
    planner = ModelPlanner(lambda: model, Reader())
    writer = ModelWriter(lambda: model)
    return Assistant(Records(), model="none", planner=planner, writer=writer, timer=lambda: 0.0)


def solved(asking: Assistant, asked: Case = ASKED, form: Form = "open") -> Result:
    return asyncio.run(AgentSolver(asking).solve(asked, form, 1))


def test_an_answer_becomes_a_result() -> None:
    told = solved(assistant())
    assert told.answers(ASKED)
    assert (told.solver, told.model, told.form, told.run) == ("agent", "none", "open", 1)
    assert (told.answer, told.values, told.unit, told.choice) == (BUILT_IN, (6.4,), "%", "")
    assert (told.evidence, told.citations) == (("Observation/a1c",), ("Observation/a1c",))
    assert (told.grounded, told.abstained, told.failed, told.fallback) == (True, False, "", "")
    call = {"id": "a", "tool": "measure", "arguments": {"concept": "HbA1c", "pick": "last"}, "answers": True}
    assert told.plan == (call,)
    assert list(told.stages) == ["scope", "plan", "retrieve", "write", "check"]


def test_the_choices_are_asked_in_the_multiple_choice_form_only() -> None:
    told = solved(assistant(), form="choice")
    assert (told.form, told.choice, told.values) == ("choice", "B", (6.4,))
    assert told.answer == f"B) 6.4 %\n{BUILT_IN}"
    assert told.question == ASKED.question


def test_what_the_model_costs_is_told_by_stage() -> None:
    told = solved(assistant(GOOD))
    said = len(GOOD.split())
    assert (told.answer, told.model_calls, told.completion_tokens) == (CITED, 1, said)
    assert told.stages["write"] == Stage(
        model_calls=1, prompt_tokens=told.prompt_tokens, completion_tokens=said
    )
    assert told.stages["plan"] == Stage()


def test_a_model_that_fails_is_told_beside_the_built_in_answer() -> None:
    told = solved(assistant(DOWN))
    assert (told.answer, told.fallback, told.failed, told.model_calls) == (BUILT_IN, str(DOWN), "", 1)


def test_a_question_that_is_too_long_with_its_choices_fails_by_name() -> None:
    long = case("q1", patient="anna", now=NOW, answer_choices=("x" * 1990, "y"), correct_answer="A")
    assert solved(assistant(), long).failed == ""
    told = solved(assistant(), long, "choice")
    assert told.failed == (
        f"question 'What is q1? A) {'x' * 61}...: expected at most 2000 characters, e.g. 'What was the last HbA1c?'."
    )
    assert (told.values, told.answer) == (None, "")


@dataclass
class Broken(Records):
    """Records that raise when they are opened."""

    error: Exception = field(default_factory=lambda: UnreadableRecord("anna.json line 1: no JSON."))

    def open(self, reference: str, now: date) -> PatientRecord:
        raise self.error


def test_a_record_that_cannot_be_read_fails_its_question() -> None:
    told = solved(Assistant(Broken(), model="none"))
    assert (told.failed, told.values) == ("anna.json line 1: no JSON.", None)


class Faulty:
    """A planner with an error in it."""

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        raise ZeroDivisionError


def test_an_error_in_the_program_is_no_result() -> None:
    with pytest.raises(ZeroDivisionError):
        solved(Assistant(Records(), model="none", planner=Faulty()))


def running(model: str) -> Running:
    return Running(model, "auto", ModelOptions())


NO_MODEL = (
    "--model 'none': expected a model for the solver {}, e.g. 'openai:http://127.0.0.1:8000/v1#medgemma'."
)


@pytest.mark.parametrize(
    ("name", "model", "sentence"),
    [
        ("navigator", "none", NO_MODEL.format("navigator")),
        ("whole-record", "none", NO_MODEL.format("whole-record")),
        (
            "oracle",
            "none",
            "--solver 'oracle': expected one of agent, whole-record, navigator, e.g. 'agent'.",
        ),
    ],
)
def test_a_solver_that_cannot_be_is_refused(name: str, model: str, sentence: str) -> None:
    with pytest.raises(BadArgument) as refused:
        solver_of(name, Records(), running(model))
    assert str(refused.value) == sentence


@pytest.mark.parametrize("name", ["agent", "navigator", "whole-record"])
def test_a_solver_has_a_name_and_a_model(name: str) -> None:
    solver = solver_of(name, Records((ANNA,)), running("openai:http://127.0.0.1:1/v1#medgemma"))
    assert (solver.name, solver.model) == (name, "medgemma")
