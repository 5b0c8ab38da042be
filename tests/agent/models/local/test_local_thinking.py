"""Thoughts: asked for or not, bounded, closed, and never in the text."""

from typing import Any

import pytest
import torch
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from agent.models.failures import ModelFailure
from agent.models.local import generation, open_local
from agent.models.local.vocabulary import vocabulary_of
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from agent.models.thinking import ASK
from tests.agent.models.local import tiny
from tests.agent.models.local.watching import chat_of

ASKED: list[BaseMessage] = [SystemMessage("Be brief."), HumanMessage("Which medication?")]


@pytest.fixture(autouse=True)
def short_thoughts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "LONGEST", 12)


def test_a_thought_comes_apart_from_the_answer(thinking_model: Model) -> None:
    answer = thinking_model.chat.invoke(ASKED, max_tokens=20, thinking=True)
    assert answer.additional_kwargs["reasoning_content"]
    assert answer.text
    assert "unused" not in answer.text + answer.additional_kwargs["reasoning_content"]


def test_the_thought_has_a_budget_of_its_own(thinking_model: Model) -> None:
    usage = thinking_model.chat.invoke(ASKED, max_tokens=20, thinking=True).usage_metadata
    assert usage["output_token_details"] == {"reasoning": 1 + 12 + 1}
    assert usage["output_tokens"] == 1 + 12 + 1 + 20


def test_a_short_thought_leaves_the_answer_no_more_than_its_own_tokens(
    text_folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "LONGEST", 3)
    model = open_local(understand(str(text_folder)), ModelOptions(thinking="on"))
    assert (
        model.chat.invoke(ASKED, max_tokens=5, thinking=True).usage_metadata["output_tokens"] == 1 + 3 + 1 + 5
    )


def test_what_is_streamed_is_the_answer_alone(thinking_model: Model) -> None:
    chunks = list(thinking_model.chat.stream(ASKED, max_tokens=20, thinking=True))
    assert (
        "".join(chunk.text for chunk in chunks)
        == thinking_model.chat.invoke(ASKED, max_tokens=20, thinking=True).text
    )
    assert [bool(chunk.additional_kwargs) for chunk in chunks] == [False] * (len(chunks) - 1) + [True]


def test_a_model_keeps_thoughts_apart_too(thinking_model: Model) -> None:
    heard: list[str] = []
    said = thinking_model.say(ASKED, longest=20, think=heard.append)
    assert heard == [said.reasoning] != [""]


@pytest.mark.parametrize("messages", [ASKED, ASKED[1:]], ids=["with a system message", "without one"])
def test_thinking_is_asked_for_at_the_head_of_the_system_message(
    thinking_model: Model, messages: list[BaseMessage]
) -> None:
    from agent.models.local.messages import prompt_of

    checkpoint = chat_of(thinking_model).checkpoint
    prompt = prompt_of(checkpoint, messages, thinking=True)
    read = checkpoint.vocabulary.tokenizer.decode(prompt.ids)
    assert read.startswith(f"<bos><start_of_turn>user\n{ASK}")


@pytest.mark.parametrize(
    "special", [True, False], ids=["special tokens, as in .gguf", "plain ones, as MedGemma's"]
)
def test_the_marks_reach_the_text_and_other_control_tokens_do_not(special: bool) -> None:
    words = tiny.tokenizer(thoughts=False)
    words.add_tokens(list(tiny.THOUGHT), special_tokens=special)
    speech = generation.Speech(vocabulary_of(words, [1]), 1)
    text = "<unused94>thought\nShe asks.<unused95>It was 6.4 %.<end_of_turn>"
    for ids in ([2, 2], *([token] for token in words(text, add_special_tokens=False)["input_ids"])):
        speech.put(torch.tensor(ids))
    speech.end()
    assert "".join(speech) == text.removesuffix("<end_of_turn>")
    assert speech.ended


def test_a_vocabulary_without_the_marks_cannot_be_asked_to_think(tmp_path: Any) -> None:
    folder = tiny.save_text(tmp_path / "plain", thoughts=False)
    with pytest.raises(ModelFailure) as raised:
        open_local(understand(str(folder)), ModelOptions(thinking="on"))
    assert raised.value.why == "no chat model"
    assert str(raised.value) == "plain cannot think: its vocabulary has no <unused94> and <unused95>."
    assert open_local(understand(str(folder)), ModelOptions()).chat.invoke(ASKED, max_tokens=5).text


def test_a_context_without_room_for_the_thought_is_refused(text_folder: Any) -> None:
    model = open_local(understand(str(text_folder)), ModelOptions(thinking="on", context=90))
    with pytest.raises(ModelFailure) as raised:
        model.chat.invoke([HumanMessage("HbA1c " * 20)], thinking=True)
    assert str(raised.value).endswith(
        "and a thought of 12 leaves no room to answer in a context of 90 (tiny-text)."
    )
