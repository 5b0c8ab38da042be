"""The real Gemma 3 270M: the same checks as with tiny models, on real scores and the real vocabulary."""

from pathlib import Path

import pytest
import torch
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from agent.models.local import open_local
from agent.models.local.messages import prompt_of
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.local.watching import chat_of, steps_of

pytestmark = [pytest.mark.real_model, pytest.mark.slow]
RULES = "You answer questions about one patient from numbered facts alone, and cite each fact by its number. "
FACTS = "Facts:\n[1] Hemoglobin A1c 6.4 % on 2020-12-04\n\nQuestion: "
WINDOW = 512


def asked(question: str, *, rules: int = 4) -> list[BaseMessage]:
    return [SystemMessage(RULES * rules), HumanMessage(FACTS + question)]


@pytest.fixture(scope="module")
def model(gemma270: Path) -> Model:
    return open_local(understand(str(gemma270)), ModelOptions(timeout=600))


def test_it_streams_what_it_returns_twice(model: Model) -> None:
    messages = asked("What was the last HbA1c?")
    first, again = (model.chat.invoke(messages, max_tokens=16) for _ in range(2))
    pieces = [chunk.text for chunk in model.chat.stream(messages, max_tokens=16)]
    assert "".join(pieces) == first.text == again.text != ""
    assert len(pieces) > 4


def test_the_marks_of_a_thought_are_gemmas(model: Model) -> None:
    words = chat_of(model).checkpoint.vocabulary
    assert (words.begin, words.end, sorted(words.stops)) == (100, 101, [1, 106])


@pytest.mark.parametrize("rules", [4, 32], ids=["within the sliding window", "longer than it"])
def test_the_beginning_is_read_once_and_changes_nothing(model: Model, rules: int) -> None:
    chat, messages = chat_of(model), asked("What was the last HbA1c?", rules=rules)
    prompt = prompt_of(chat.checkpoint, messages)
    ids = prompt.ids
    chat._speaker._beginning.cache_clear()
    with steps_of(model) as steps:
        for _ in range(2):
            model.chat.invoke(messages, max_tokens=1)
        held, rest, again = steps
    assert (held > WINDOW) == (rules == 32)
    assert held + rest == len(ids)
    assert again == rest < held
    cache = chat._speaker._begun(prompt)
    with torch.no_grad():
        after = chat.checkpoint.model(input_ids=torch.tensor([ids[held:]]), past_key_values=cache).logits
        whole = chat.checkpoint.model(input_ids=torch.tensor([ids])).logits
    torch.testing.assert_close(after, whole[:, held:], atol=1e-2, rtol=1e-3)
