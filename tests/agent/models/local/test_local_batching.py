"""Calls of several threads, generated side by side."""

import time
from typing import Any

import pytest
import torch
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from agent.models.failures import ModelFailure
from agent.models.local import open_local
from agent.models.local.batching import room
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.local.test_local_answers import FULL
from tests.agent.models.local.test_local_grammars import SCHEMA, in_form
from tests.agent.models.local.test_local_messages import png
from tests.agent.models.local.watching import chat_of, steps_of

SYSTEM = SystemMessage("You are a careful assistant. Answer from the facts alone.")
USERS = ["HbA1c?", "Which medication?", "Diabetes, since when? " * 5, "Why?", "1 or 2?", "Who?"]
ASKED: list[list[BaseMessage]] = [[SYSTEM, HumanMessage(user)] for user in USERS]


@pytest.fixture(params=["text_model", "picture_model"])
def model(request: pytest.FixtureRequest) -> Model:
    opened: Model = request.getfixturevalue(request.param)
    return opened


def test_a_batch_says_what_each_would_say_alone_in_fewer_steps(model: Model) -> None:
    with steps_of(model) as alone:
        expected = [model.chat.invoke(messages, max_tokens=24) for messages in ASKED]
    with chat_of(model).batching(6), steps_of(model) as together:
        answers = model.chat.batch(ASKED, max_tokens=24)
    assert [answer.text for answer in answers] == [answer.text for answer in expected]
    assert [answer.usage_metadata for answer in answers] == [answer.usage_metadata for answer in expected]
    assert len(together) < len(alone) / 2


def test_more_calls_than_places_wait_for_their_turn(text_model: Model) -> None:
    expected = [text_model.chat.invoke(messages, max_tokens=8).text for messages in ASKED]
    with chat_of(text_model).batching(2):
        answers = text_model.chat.batch(ASKED, max_tokens=8)
    assert [answer.text for answer in answers] == expected


def test_a_stream_in_a_batch_comes_in_pieces_and_can_be_closed(text_model: Model) -> None:
    with chat_of(text_model).batching(2):
        stream = text_model.chat.stream(ASKED[0], max_tokens=1500)
        assert [bool(next(stream).text) for _ in range(5)] == [True] * 5
        stream.close()
        assert text_model.chat.invoke(ASKED[1], max_tokens=5).text


def test_a_stop_string_ends_an_answer_in_a_batch(text_model: Model) -> None:
    whole = text_model.chat.invoke(ASKED[0], max_tokens=24).text
    with chat_of(text_model).batching(2):
        answer = text_model.chat.invoke(ASKED[0], max_tokens=24, stop=["facts"])
    assert answer.text == whole[: whole.index("facts")]


def test_a_picture_is_looked_at_alone_while_the_batch_pauses(picture_model: Model) -> None:
    block = {"type": "image", "base64": png(), "mime_type": "image/png"}
    picture: list[BaseMessage] = [SYSTEM, HumanMessage([{"type": "text", "text": "What?"}, block])]
    asked = [*ASKED[:2], picture, *ASKED[2:4]]
    expected = [picture_model.chat.invoke(messages, max_tokens=12).text for messages in asked]
    with chat_of(picture_model).batching(4):
        answers = picture_model.chat.batch(asked, max_tokens=12)
    assert [answer.text for answer in answers] == expected


def test_the_time_for_a_call_in_a_batch_is_bounded(text_folder: Any) -> None:
    model = open_local(understand(str(text_folder)), ModelOptions(timeout=0.3))
    begun = time.monotonic()
    with chat_of(model).batching(2), pytest.raises(ModelFailure) as raised:
        model.chat.invoke(ASKED[0], max_tokens=2000)
    assert str(raised.value) == "tiny-text did not finish within 0.3 s."
    assert time.monotonic() - begun < 5


def test_a_batch_that_fails_is_a_failure_of_each_call(
    text_folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = open_local(understand(str(text_folder)), ModelOptions())

    with chat_of(model).batching(2):
        monkeypatch.setattr(chat_of(model).checkpoint.model, "forward", _full)
        with pytest.raises(ModelFailure) as raised:
            model.chat.invoke(ASKED[0], max_tokens=5)
    assert str(raised.value) == f"tiny-text {FULL}"


def test_after_a_batch_that_broke_off_calls_are_alone(text_model: Model) -> None:
    alone = [text_model.chat.invoke(messages, max_tokens=8).text for messages in ASKED[:2]]
    begun = time.monotonic()
    with chat_of(text_model).batching(2):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(chat_of(text_model).checkpoint.model, "forward", _full)
            failed = text_model.chat.batch(ASKED, max_tokens=5, return_exceptions=True)
        answers = text_model.chat.batch(ASKED[:2], max_tokens=8)
        plan = text_model.say(ASKED[0], longest=200, schema=SCHEMA)
    assert [str(failure) for failure in failed] == [f"tiny-text {FULL}"] * len(ASKED)
    assert [answer.text for answer in answers] == alone
    assert in_form(plan.text)
    assert time.monotonic() - begun < 20


def _full(*_: Any, **__: Any) -> None:
    raise RuntimeError("CUDA out of memory. Prompt: Anna Berg")


@pytest.mark.parametrize("trouble", [torch.OutOfMemoryError("CUDA out of memory."), ValueError("layers")])
def test_without_room_for_its_cache_there_is_no_batch(
    text_model: Model, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise trouble

    alone = text_model.chat.invoke(ASKED[0], max_tokens=8).text
    monkeypatch.setattr(
        "transformers.generation.continuous_batching.continuous_api.PagedAttentionCache", refused
    )
    with chat_of(text_model).batching(2):
        assert text_model.chat.invoke(ASKED[0], max_tokens=8).text == alone


GB, EACH = 10**9, 62 * 8192
"""A token of MedGemma 27B in all layers."""
ROOMS = [
    ("80 GB, bf16", 29, 8192, 8 * 2048),
    ("80 GB, bf16, a long context", 29, 32_768, 32_768),
    ("48 GB, 8-bit", 18, 8192, 8 * 2048),
    ("32 GB, 4-bit", 11, 8192, (11 - 3) * GB // EACH),
    ("24 GB, 4-bit", 7, 8192, 0),
]


@pytest.mark.parametrize(
    ("free", "context", "expected"), [room[1:] for room in ROOMS], ids=[room[0] for room in ROOMS]
)
def test_the_cache_of_a_batch_takes_what_is_free_beside_one_prompt(
    free: int, context: int, expected: int
) -> None:
    assert room(free * GB, 3 * GB, EACH, context, 8) == expected


def test_a_thought_that_was_not_asked_for_cannot_begin_in_a_batch_either(text_folder: Any) -> None:
    model = open_local(understand(str(text_folder)), ModelOptions())
    checkpoint = chat_of(model).checkpoint

    def favour(module: Any, args: Any, scores: Any) -> Any:
        scores[..., checkpoint.vocabulary.begin] += 1e6
        return scores

    hook = checkpoint.model.get_output_embeddings().register_forward_hook(favour)
    with chat_of(model).batching(2):
        answer = model.chat.invoke(ASKED[0], max_tokens=12)
    hook.remove()
    assert answer.text == model.chat.invoke(ASKED[0], max_tokens=12).text != ""


def test_after_a_batch_calls_are_alone_again(text_model: Model) -> None:
    with chat_of(text_model).batching(2):
        pass
    assert text_model.chat.invoke(ASKED[0], max_tokens=5).text
