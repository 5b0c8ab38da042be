"""Whole answers with the real Gemma 3 270M, which plans and writes: form, what stays inside, whose record it is of.

It writes form, not sense: what it says is mostly refused, or copied from the example of its prompt. Left out: whether
its plan is the right one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import torch
from jsonschema import Draft202012Validator
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.outputs import LLMResult

from agent.answer import Answer
from agent.assistant import Assistant
from agent.check.citations import cited
from agent.choices import lettered
from agent.models.local import open_local
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from agent.nodes import CALLS
from agent.planner.form import plan_schema
from agent.planner.model import ModelPlanner
from agent.prompts import prompt
from agent.prompts.planning import instructions
from agent.reading import Reader
from agent.writer.form import draft_schema
from agent.writer.model import ModelWriter
from tests.builders import condition, medication_request, observation, patient
from tests.whole_questions import NOW, stored
from tools.sources import StoredRecords

pytestmark = [pytest.mark.real_model, pytest.mark.slow]
SHORT = 80
"""Tokens of a draft here: a small model, asked of what it does not know, repeats itself up to the limit."""
PHRASE = 6
"""Words in a row that an answer shares with the instructions only by copying them."""
MARKUP = ("<record>", "</record>", "<start_of_turn>", "<end_of_turn>", '"findings"', '"calls"')
"""What stands in a prompt or a reply, and in no answer."""
NAMED = re.compile(r"\b[A-Z][A-Za-z]+/[A-Za-z0-9.-]{8,64}")
RECORDS = [
    patient("p1", "Ada", "Moser"),
    observation("ada-first-a1c", value=8.3, when="2018-05-07", subject="p1"),
    observation("ada-last-a1c", value=7.7, when="2020-09-21", subject="p1"),
    condition("ada-asthma", "Asthma (disorder)", code="195967001", subject="p1"),
    patient("p2", "Berta", "Huber"),
    observation("berta-first-a1c", value=5.9, when="2017-02-13", subject="p2"),
    observation("berta-last-a1c", value=5.4, when="2021-03-02", subject="p2"),
    medication_request("berta-metformin", subject="p2"),
]


@dataclass(frozen=True)
class Case:
    """A question about one of two patients; `assess`: the model may say what the findings mean."""

    patient: str
    question: str
    choices: tuple[str, ...] = ()
    assess: bool = False


CASES = [
    Case("p1", "What was the latest HbA1c?"),
    Case("p2", "Which was the last HbA1c?", ("5.4 %", "7.7 %", "Not recorded")),
    Case("p2", "Has the diabetes improved?", assess=True),
]


class Replies(BaseCallbackHandler):
    """Keeps what a model says, and whether it ended by itself."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bool]] = []

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        message = response.generations[0][0].message  # type: ignore[union-attr]
        self.said.append((str(message.text), message.response_metadata["finish_reason"] == "stop"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> StoredRecords:
    return stored(tmp_path_factory.mktemp("records"), *RECORDS)


@pytest.fixture(scope="module")
def model(gemma270: Path) -> Iterator[Model]:
    """The model on one thread: on cores that others use too, two that wait for each other take five times as long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield open_local(understand(str(gemma270)), ModelOptions(timeout=600))
    torch.set_num_threads(before)


@pytest.mark.parametrize("case", CASES, ids=[case.question for case in CASES])
def test_the_form_holds_and_nothing_leaks(
    case: Case, model: Model, source: StoredRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.writer.model.LONGEST", SHORT)
    model.chat.callbacks = [replies := Replies()]
    assistant = Assistant(
        source,
        model="none",
        planner=ModelPlanner(lambda: model, Reader(), always=True),
        writer=ModelWriter(lambda: model, assess=case.assess),
    )
    answer = assistant.ask(case.patient, case.question, now=NOW, choices=case.choices)
    assert 1 <= len(replies.said) == answer.usage.model_calls <= CALLS
    assert [reply for reply in replies.said if not in_form(*reply, case)] == []
    assert answer.fallback == "" or answer.fallback.startswith("The model"), answer.fallback
    shown = text_of(answer)
    assert phrases(shown) & instructed() - phrases(case.question) == set()
    assert [mark for mark in MARKUP if mark in shown] == []
    record = assistant.record(case.patient, NOW)
    named = {*NAMED.findall(shown), *cited(shown), *answer.evidence, *(c.reference for c in answer.citations)}
    assert [each for each in named if each != record.reference and record.get(each) is None] == []
    others = {patient.name for patient in source.patients() if patient.reference != record.reference}
    assert [name for name in others if name in shown] == []


def in_form(said: str, ended: bool, case: Case) -> bool:
    """Tell whether a reply has the form that was asked for; one that ran into the limit only begins like it."""
    if not ended:
        return said.startswith(("{", "```"))
    told = orjson.loads(said)
    schema = plan_schema() if "calls" in told else draft_schema(lettered(case.choices), assess=case.assess)
    return bool(Draft202012Validator(schema).is_valid(told))


def text_of(answer: Answer) -> str:
    """Return everything of an answer that is read as its words."""
    assessment = answer.assessment.text if answer.assessment else ""
    read = (each.read_as for each in answer.readings)
    return "\n".join((answer.answer, assessment, answer.read_as, answer.ask_back, *answer.left_out, *read))


def instructed() -> set[str]:
    """Return the phrases of all that a model is told."""
    names = ("plan_again", "plan_more", "write", "write_again", "assess")
    return set().union(phrases(instructions()), *(phrases(prompt(name).template) for name in names))


def phrases(text: str) -> set[str]:
    words = re.findall(r"[\w.%’-]+", text.casefold())
    return {" ".join(words[at : at + PHRASE]) for at in range(len(words) - PHRASE + 1)}
