"""The constant beginning of a prompt is read once, and what follows is the same as if it were read each time."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import torch
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from agent.models.local import generation
from agent.models.local.messages import prompt_of
from agent.models.model import Model
from tests.agent.models.local import tiny
from tests.agent.models.local.watching import chat_of, steps_of


@dataclass(frozen=True)
class Case:
    id: str
    system: str
    user: str


LONG = "Answer from the facts alone. Which medication does the patient take for diabetes? " * 2
CASES = [
    Case("a beginning longer than the sliding window", LONG, "HbA1c?"),
    Case("a beginning and a question longer than the window", LONG, "HbA1c, and which medication? " * 6),
    Case("a beginning within the window", "Be.", "HbA1c?"),
    Case("no system message", "", "Which medication does the patient take?"),
]


def asked(case: Case) -> list[BaseMessage]:
    head: list[BaseMessage] = [SystemMessage(case.system)] if case.system else []
    return [*head, HumanMessage(case.user)]


def forget(model: Model) -> None:
    chat_of(model)._speaker._beginning.cache_clear()


@pytest.fixture(params=["text_model", "picture_model"])
def model(request: pytest.FixtureRequest) -> Iterator[Model]:
    opened: Model = request.getfixturevalue(request.param)
    forget(opened)
    yield opened
    forget(opened)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_scores_after_a_kept_beginning_are_those_of_the_whole(model: Model, case: Case) -> None:
    chat = chat_of(model)
    prompt = prompt_of(chat.checkpoint, asked(case))
    ids = prompt.ids
    for _ in range(2):
        cache = chat._speaker._begun(prompt)
        held = cache.get_seq_length()
        assert (held > tiny.WINDOW) == (case.system == LONG)
        with torch.no_grad():
            rest = chat.checkpoint.model(input_ids=torch.tensor([ids[held:]]), past_key_values=cache).logits
            whole = chat.checkpoint.model(input_ids=torch.tensor([ids])).logits
        torch.testing.assert_close(rest, whole[:, held:], atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_answer_is_the_same_with_and_without(
    model: Model, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = (model.chat.invoke(asked(case), max_tokens=40).text for _ in range(2))
    monkeypatch.setattr(chat_of(model)._speaker, "_begun", lambda prompt: None)
    assert first == again == model.chat.invoke(asked(case), max_tokens=40).text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_answer_is_the_same_when_it_is_read_in_chunks(
    model: Model, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = model.chat.invoke(asked(case), max_tokens=40).text
    monkeypatch.setattr(generation, "READ_AT_ONCE", 7)
    forget(model)
    with steps_of(model) as steps:
        assert model.chat.invoke(asked(case), max_tokens=40).text == whole
    assert max(steps[1:]) <= 7


def test_the_beginning_is_read_once(model: Model) -> None:
    with steps_of(model) as steps:
        read = model.chat.invoke(asked(CASES[0]), max_tokens=1).usage_metadata["input_tokens"]
        held, rest = steps
        assert held + rest == read
        assert held > 2 * rest
        model.chat.invoke(asked(CASES[0]), max_tokens=1)
        assert steps == [held, rest, rest]


def test_another_question_reuses_it(model: Model) -> None:
    with steps_of(model) as steps:
        for user in ("HbA1c?", "1 or 2?", " \nWhy?"):
            model.chat.invoke([SystemMessage(LONG), HumanMessage(user)], max_tokens=1)
    assert len(steps) == 4
    assert max(steps[1:]) < 20


def test_few_beginnings_are_kept(model: Model) -> None:
    def ask(number: int) -> int:
        with steps_of(model) as steps:
            model.chat.invoke([SystemMessage(f"{number}. {LONG}"), HumanMessage("Why?")], max_tokens=1)
        return len(steps)

    assert [ask(number) for number in range(generation.BEGINNINGS)] == [2] * generation.BEGINNINGS
    assert ask(0) == 1
    assert ask(generation.BEGINNINGS) == 2
    assert [ask(0), ask(1)] == [1, 2]
