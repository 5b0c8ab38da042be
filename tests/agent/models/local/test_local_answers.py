"""Questions to a tiny Gemma 3: what is streamed, when it ends, and what a call may wish for."""

import threading
import time
from typing import Any

import pytest
import torch
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from transformers import LogitsProcessor

from agent.models.failures import ModelFailure
from agent.models.local import open_local
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.local.watching import chat_of, steps_of
from tools.calls.errors import BadArgument

FULL = (
    "ran out of memory: --precision 4bit or a shorter --context needs less; "
    "fhir-assistant doctor shows what fits"
)
ASKED: list[BaseMessage] = [
    SystemMessage("You are a careful assistant. Answer from the facts alone."),
    HumanMessage("Which medication does the patient take?"),
]


@pytest.fixture(params=["text_model", "picture_model"])
def model(request: pytest.FixtureRequest) -> Model:
    opened: Model = request.getfixturevalue(request.param)
    return opened


def test_what_is_streamed_is_what_is_returned(model: Model) -> None:
    whole = model.chat.invoke(ASKED, max_tokens=60)
    pieces = [chunk.text for chunk in model.chat.stream(ASKED, max_tokens=60)]
    assert len(pieces) > 10
    assert "".join(pieces) == whole.text


def test_the_same_question_gets_the_same_answer(model: Model) -> None:
    first, again = (model.chat.invoke(ASKED, max_tokens=60).text for _ in range(2))
    assert first == again != ""


def test_usage_is_counted_in_tokens(text_model: Model) -> None:
    words = chat_of(text_model).checkpoint.vocabulary
    last = list(text_model.chat.stream(ASKED, max_tokens=9))[-1]
    turns = [{"role": "system", "content": ASKED[0].text}, {"role": "user", "content": ASKED[1].text}]
    read = words.tokenizer.apply_chat_template(turns, add_generation_prompt=True)["input_ids"]
    assert last.usage_metadata == {
        "input_tokens": len(read),
        "output_tokens": 9,
        "total_tokens": len(read) + 9,
        "output_token_details": {"reasoning": 0},
    }
    assert last.response_metadata == {"finish_reason": "length", "model_name": "tiny-text"}


def test_count_is_the_tokenizers(text_model: Model) -> None:
    assert text_model.count("") == 0
    assert text_model.count("HbA1c") == 1
    assert text_model.count("💊") == 4


class Forced(LogitsProcessor):
    """Makes the model say what the test says; then it ends its turn."""

    def __init__(self, tokens: list[int], start: int, then: int) -> None:
        self.tokens, self.start, self.then = tokens, start, then

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        said = input_ids.shape[1] - self.start
        kept = torch.full_like(scores, float("-inf"))
        kept[:, self.tokens[said] if said < len(self.tokens) else self.then] = 0.0
        return kept


@pytest.fixture
def says(text_model: Model, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that makes the tiny model say a text, then end its turn with a token."""
    speaker = chat_of(text_model)._speaker
    words = chat_of(text_model).checkpoint.vocabulary.tokenizer

    def force(text: str, then: str = "<end_of_turn>") -> None:
        tokens = words(text, add_special_tokens=False)["input_ids"]
        end = words.convert_tokens_to_ids(then)
        made = lambda prompt, wish: [Forced(tokens, len(prompt.ids), end)]  # noqa: E731
        monkeypatch.setattr(speaker, "_processors", made)

    return force


@pytest.mark.parametrize("end", ["<end_of_turn>", "<eos>"])
def test_the_turn_ends_at_its_token_which_is_no_text(text_model: Model, says: Any, end: str) -> None:
    says("The latest HbA1c was 6.4 %.", then=end)
    answer = text_model.chat.invoke(ASKED, max_tokens=200)
    assert answer.text == "The latest HbA1c was 6.4 %."
    assert answer.response_metadata["finish_reason"] == "stop"


@pytest.mark.parametrize("text", ["é è 𝄞", "💊💊 twice", "数値は6.4です", "a\n\n  b", "ligature ﬁ"])
def test_characters_are_streamed_whole(text_model: Model, says: Any, text: str) -> None:
    says(text)
    pieces = [chunk.text for chunk in text_model.chat.stream(ASKED, max_tokens=200)]
    assert "".join(pieces) == text
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in pieces)


def test_a_character_that_is_cut_off_is_left_out(text_model: Model, says: Any) -> None:
    says("a💊")
    assert text_model.chat.invoke(ASKED, max_tokens=3).text == "a"


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        (["6.4"], "The latest HbA1c was "),
        (["%.", "6.4"], "The latest HbA1c was "),
        (["The"], ""),
        (["never"], "The latest HbA1c was 6.4 %."),
        (["% of"], "The latest HbA1c was 6.4 %."),
    ],
)
def test_a_stop_string_ends_the_answer_and_is_not_part_of_it(
    text_model: Model, says: Any, stop: list[str], said: str
) -> None:
    says("The latest HbA1c was 6.4 %.")
    answer = text_model.chat.invoke(ASKED, stop=stop, max_tokens=200)
    assert answer.text == said
    assert answer.response_metadata["finish_reason"] == "stop"


@pytest.mark.parametrize("name", ["text_model", "thinking_model"])
def test_a_thought_that_was_not_asked_for_cannot_begin(name: str, request: pytest.FixtureRequest) -> None:
    chat = chat_of(request.getfixturevalue(name))
    begin = chat.checkpoint.vocabulary.begin

    def urge(module: Any, args: Any, output: Any) -> None:
        output.logits[..., begin] += 1e3

    hook = chat.checkpoint.model.register_forward_hook(urge)
    try:
        answer = chat.invoke(ASKED, max_tokens=5)
    finally:
        hook.remove()
    assert answer.text
    assert answer.additional_kwargs == {}


def test_closing_the_stream_ends_the_work_and_its_thread(text_model: Model) -> None:
    with steps_of(text_model) as steps:
        stream = text_model.chat.stream(ASKED, max_tokens=1500)
        next(stream)
        begun = time.monotonic()
        stream.close()
        assert time.monotonic() - begun < 2
        done = len(steps)
        time.sleep(0.2)
        assert len(steps) == done < 500


def test_a_slow_reader_does_not_hold_the_model(text_model: Model) -> None:
    slow = text_model.chat.stream(ASKED, max_tokens=30)
    next(slow)
    assert text_model.chat.invoke(ASKED, max_tokens=5).text
    assert len(list(slow)) > 3


def test_several_threads_take_turns(text_model: Model) -> None:
    alone = text_model.chat.invoke(ASKED, max_tokens=20).text
    assert [answer.text for answer in text_model.chat.batch([ASKED] * 4, max_tokens=20)] == [alone] * 4


def opened(folder: Any, **options: Any) -> Model:
    return open_local(understand(str(folder)), ModelOptions(**options))


def test_the_time_for_a_call_is_bounded(text_folder: Any) -> None:
    model = opened(text_folder, timeout=0.3)
    begun = time.monotonic()
    with pytest.raises(ModelFailure) as raised:
        model.chat.invoke(ASKED, max_tokens=2000)
    assert raised.value.why == "time"
    assert str(raised.value) == "tiny-text did not finish within 0.3 s."
    assert time.monotonic() - begun < 2


def test_a_step_that_hangs_holds_nobody_up(text_folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model, go = opened(text_folder, timeout=0.2), threading.Event()
    monkeypatch.setattr(chat_of(model).checkpoint.model, "generate", lambda **_: go.wait(10))
    with pytest.raises(ModelFailure, match="within 0.2 s"):
        model.chat.invoke(ASKED)
    go.set()


def test_memory_that_runs_out_is_a_failure_that_says_what_to_type(
    text_folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = opened(text_folder)

    def full(**_: Any) -> None:
        raise torch.OutOfMemoryError("Tried to allocate 2.00 GiB. Prompt: Anna Berg")

    monkeypatch.setattr(chat_of(model).checkpoint.model, "generate", full)
    with pytest.raises(ModelFailure) as raised:
        model.chat.invoke(ASKED)
    assert raised.value.why == "memory"
    assert str(raised.value) == f"tiny-text {FULL}"


@pytest.mark.parametrize(
    ("error", "why", "sentence"),
    [
        (torch.OutOfMemoryError("x"), "memory", f"tiny {FULL}"),
        (MemoryError(), "memory", f"tiny {FULL}"),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
            "memory",
            f"tiny {FULL}",
        ),
        (
            RuntimeError("CUDA error: device-side assert triggered, near Anna Berg"),
            "nonsense",
            "tiny broke off with a RuntimeError; type: fhir-assistant doctor",
        ),
    ],
)
def test_what_torch_raises_is_one_sentence_without_its_own_words(
    error: BaseException, why: str, sentence: str
) -> None:
    from agent.models.local.trouble import guard

    with pytest.raises(ModelFailure) as raised, guard("tiny"):
        raise error
    assert (raised.value.why, str(raised.value)) == (why, sentence)


def test_a_prompt_longer_than_the_context_is_refused_not_cut(text_folder: Any) -> None:
    model = opened(text_folder, context=64)
    with pytest.raises(ModelFailure) as raised:
        model.chat.invoke([HumanMessage("HbA1c " * 100)])
    assert raised.value.why == "memory"
    assert (
        str(raised.value) == "A prompt of 215 tokens leaves no room to answer in a context of 64 (tiny-text)."
    )


def test_an_answer_ends_where_the_context_does(text_folder: Any) -> None:
    answer = opened(text_folder, context=64).chat.invoke([HumanMessage("HbA1c?")], max_tokens=500)
    assert answer.usage_metadata["total_tokens"] <= 64
    assert answer.response_metadata["finish_reason"] == "length"


def test_the_context_is_never_longer_than_the_models(text_folder: Any) -> None:
    assert opened(text_folder, context=100_000).context == 2048


def test_a_seed_decides_the_draws_and_disturbs_nobody(text_folder: Any) -> None:
    def answer(**options: Any) -> str:
        return str(opened(text_folder, **options).chat.invoke(ASKED, max_tokens=30).text)

    torch.manual_seed(7)
    untouched = torch.rand(3)
    torch.manual_seed(7)
    hot = [answer(temperature=1.0, seed=1), answer(temperature=1.0, seed=1), answer(temperature=1.0, seed=2)]
    assert torch.equal(torch.rand(3), untouched)
    assert hot[0] == hot[1]
    assert len({*hot, answer()}) == 3


SCHEMA = {"type": "object"}
FORM = {"type": "json_schema", "json_schema": {"name": "plan", "schema": SCHEMA, "strict": True}}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"max_tokens": 0}, "max_tokens 0: expected a whole number above 0, e.g. '320'."),
    (
        {"top_k": 3},
        "top_k 3: expected one of max_tokens, stop, response_format, thinking, e.g. 'max_tokens'.",
    ),
    (
        {"response_format": {"type": "json_object"}},
        "response_format {'type': 'json_object'}: expected OpenAI's form",
    ),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG)
def test_a_wish_that_cannot_be_met_is_refused(
    text_model: Model, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadArgument) as raised:
        text_model.chat.invoke(ASKED, **arguments)
    assert str(raised.value).startswith(sentence)
