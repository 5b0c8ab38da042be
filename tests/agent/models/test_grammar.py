"""A grammar: whatever the scores are, the text that comes out has the form, and ends when it is complete."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerBase, PreTrainedTokenizerFast

from agent.models.failures import ModelFailure
from agent.models.grammar import Grammar
from agent.planner.form import plan_schema, read_plan
from tests.agent.models.local import tiny
from tools.calls.catalogue import check

PROMPT = [7, 8, 9]
BEYOND = 64
"""Logits that no token of the tokenizer has."""
LONGEST = 6000
"""Tokens of a random plan, at most: most tokens of a tiny vocabulary are single bytes."""
COLOUR: dict[str, Any] = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
PLANS = [
    '{"calls":[],"answer":[],"yes_no":false,"more":false,"decline":"advice"}',
    '{"calls":[{"id":"a","tool":"measure","arguments":{"concept":"Größe 身長 🩸","test":"above","limits":[6.5]}}],'
    '"yes_no":true,"more":false,"decline":null}',
    '{"calls":[{"id":"a","tool":"read","arguments":{"reference":"Condition/1f-2d.A"}},'
    '{"id":"a","tool":"timeline","arguments":{"kinds":"care plan, goal"}}],"yes_no":false,"more":true,"decline":null}',
]


@cache
def of_bytes() -> PreTrainedTokenizerBase:
    """A tokenizer of Qwen's and Llama 3's form: its words are bytes, spelt as letters."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    trained.train_from_iterator(PLANS, trainer)
    trained.add_special_tokens(["<|im_end|>"])
    trained.add_tokens(["<tool_call>"])
    return PreTrainedTokenizerFast(tokenizer_object=trained, eos_token="<|im_end|>")


@cache
def of_gemma() -> PreTrainedTokenizerBase:
    return tiny.tokenizer()


@cache
def grammar(make: Any) -> Grammar:
    tokenizer = make()
    return Grammar(tokenizer, len(tokenizer) + BEYOND, [_end_of_turn(tokenizer)])


def _end_of_turn(tokenizer: PreTrainedTokenizerBase) -> int:
    named = tokenizer.convert_tokens_to_ids("<end_of_turn>")
    return named if named in tokenizer.added_tokens_decoder else tokenizer.eos_token_id


def ends(tokenizer: PreTrainedTokenizerBase) -> set[int]:
    return {tokenizer.eos_token_id, _end_of_turn(tokenizer)}


def allowed(processor: Any, ids: list[int], width: int) -> list[int]:
    """The tokens that may follow."""
    left = processor(torch.tensor([ids]), torch.zeros(1, width))[0]
    return torch.isfinite(left).nonzero().flatten().tolist()  # type: ignore[no-any-return]


def walk(tokenizer: PreTrainedTokenizerBase, width: int, seed: int, processor: Any = None) -> str:
    """Return what the highest of random scores spell, until an end or the limit."""
    draw, ids = torch.Generator().manual_seed(seed), list(PROMPT)
    while len(ids) < LONGEST:
        scores = torch.randn(1, width, generator=draw)
        token = int((processor(torch.tensor([ids]), scores) if processor else scores).argmax())
        if token in ends(tokenizer):
            break
        ids.append(token)
    return str(tokenizer.decode([token for token in ids[len(PROMPT) :] if token < len(tokenizer)]))


FORMS = pytest.mark.parametrize("make", [of_gemma, of_bytes])


@FORMS
@pytest.mark.parametrize("seed", range(50))
def test_random_scores_spell_a_plan_that_can_be_run(make: Any, seed: int) -> None:
    width = len(make()) + BEYOND
    text = walk(make(), width, seed, grammar(make).processor(plan_schema()))
    for call in read_plan(text).calls:
        check(call)
    assert not re.search(r"\s", re.sub(r'"[^"]*"', '""', text)), "blanks between what it says"


@FORMS
def test_without_a_grammar_they_spell_none(make: Any) -> None:
    for seed in range(10):
        with pytest.raises(json.JSONDecodeError):
            json.loads(walk(make(), len(make()), seed))


@FORMS
@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_may_be_written_as_the_tokenizer_cuts_it_and_ends_when_it_is_complete(
    make: Any, plan: str
) -> None:
    tokenizer, processor = make(), grammar(make).processor(plan_schema())
    written = tokenizer(plan, add_special_tokens=False)["input_ids"]
    for place, token in enumerate(written):
        may = allowed(processor, PROMPT + written[:place], len(tokenizer))
        assert token in may
        assert not ends(tokenizer) & set(may)
    assert set(allowed(processor, PROMPT + written, len(tokenizer))) == ends(tokenizer)


@FORMS
def test_control_tokens_and_logits_without_a_token_are_never_part_of_it(make: Any) -> None:
    tokenizer, processor = make(), grammar(make).processor(plan_schema())
    begun = '{"calls":[{"id":"a","tool":"notes","arguments":{"text":"of '
    written = tokenizer(begun, add_special_tokens=False)["input_ids"]
    for place in range(len(written) + 1):
        may = allowed(processor, PROMPT + written[:place], len(tokenizer) + 2 * BEYOND)
        assert not set(may) & (set(tokenizer.added_tokens_decoder) | set(range(len(tokenizer), 10_000)))
    assert len(may) > 100


@pytest.mark.parametrize("begun", ["", "{", '{"colour"', '{"colour":', '{"colour":"red"'])
def test_the_json_is_compact(begun: str) -> None:
    tokenizer, processor = of_gemma(), grammar(of_gemma).processor(COLOUR)
    written = tokenizer(begun, add_special_tokens=False)["input_ids"]
    for place in range(len(written) + 1):
        may = allowed(processor, PROMPT + written[:place], len(tokenizer))
    assert may
    assert not any(tokenizer.decode([token])[0].isspace() for token in may)


def test_the_form_holds_from_the_end_of_a_thought_on() -> None:
    tokenizer, width = of_gemma(), len(of_gemma())
    end = tokenizer.convert_tokens_to_ids("<unused95>")
    processor = grammar(of_gemma).processor(COLOUR, after=end)
    thought = [*PROMPT]
    for token in (20, 21, 22, end):
        assert allowed(processor, thought, width) == list(range(width))
        thought.append(token)
    (brace,) = {tokenizer.decode([token])[0] for token in allowed(processor, thought, width)}
    assert brace == "{"


def test_an_end_of_thought_in_the_prompt_is_none() -> None:
    end = of_gemma().convert_tokens_to_ids("<unused95>")
    processor = grammar(of_gemma).processor(COLOUR, after=end)
    assert len(allowed(processor, [*PROMPT, end], 300)) == 300


def test_each_processor_follows_a_text_of_its_own() -> None:
    tokenizer, width = of_gemma(), len(of_gemma())
    one, other = grammar(of_gemma).processor(COLOUR), grammar(of_gemma).processor(COLOUR)
    at_first = allowed(one, PROMPT, width)
    brace = tokenizer.convert_tokens_to_ids("{")
    assert allowed(one, [*PROMPT, brace], width) != at_first
    assert allowed(other, [*PROMPT, *PROMPT], width) == at_first


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.float16])
def test_scores_keep_their_kind_and_those_allowed_their_value(kind: torch.dtype) -> None:
    width = len(of_gemma())
    scores = torch.randn(1, width, generator=torch.Generator().manual_seed(0)).to(kind)
    before = scores.clone()
    left = grammar(of_gemma).processor(COLOUR)(torch.tensor([PROMPT]), scores)
    kept = torch.isfinite(left)
    assert left.dtype == kind
    assert torch.equal(left[kept], scores[kept])
    assert torch.equal(scores, before)


def test_a_token_that_was_ruled_out_is_nonsense() -> None:
    processor = grammar(of_gemma).processor(COLOUR)
    allowed(processor, PROMPT, 300)
    with pytest.raises(ModelFailure) as raised:
        allowed(processor, [*PROMPT, 299], 300)
    assert raised.value.why == "nonsense"
    assert str(raised.value) == "The model left the form of its answer while it wrote."


def test_one_sequence_at_a_time() -> None:
    processor = grammar(of_gemma).processor(COLOUR)
    with pytest.raises(ValueError, match=r"^2 sequences: expected one\.$"):
        processor(torch.tensor([PROMPT, PROMPT]), torch.zeros(2, 300))


def test_a_schema_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="The schema cannot be a grammar: "):
        grammar(of_gemma).processor({"type": "colour"})


def test_a_tokenizer_without_an_end_needs_one() -> None:
    endless = PreTrainedTokenizerFast(tokenizer_object=of_bytes().backend_tokenizer)
    width, end = len(endless), endless.convert_tokens_to_ids("<|im_end|>")
    with pytest.raises(ValueError, match=r"^A grammar needs a token that ends a text\.$"):
        Grammar(endless, width)
    processor = Grammar(endless, width, [end]).processor({"const": "7"})
    written = endless('"7"', add_special_tokens=False)["input_ids"]
    assert end not in allowed(processor, PROMPT, width)
    assert allowed(processor, PROMPT + written, width) == [end]


@pytest.fixture(scope="session")
def gemma(gemma270: Path) -> tuple[PreTrainedTokenizerBase, Grammar]:
    tokenizer = AutoTokenizer.from_pretrained(gemma270)
    return tokenizer, Grammar(tokenizer, 262_208, [_end_of_turn(tokenizer)])


@pytest.mark.real_model
@pytest.mark.parametrize("seed", range(20))
def test_the_vocabulary_of_gemma_spells_plans(
    gemma: tuple[PreTrainedTokenizerBase, Grammar], seed: int
) -> None:
    tokenizer, words = gemma
    text = walk(tokenizer, 262_208, seed, words.processor(plan_schema()))
    for call in read_plan(text).calls:
        check(call)


@pytest.mark.real_model
@pytest.mark.parametrize("plan", PLANS)
def test_the_vocabulary_of_gemma_writes_a_plan_as_its_tokenizer_cuts_it(
    gemma: tuple[PreTrainedTokenizerBase, Grammar], plan: str
) -> None:
    tokenizer, words = gemma
    processor = words.processor(plan_schema())
    written = tokenizer(plan, add_special_tokens=False)["input_ids"]
    for place, token in enumerate(written):
        assert token in allowed(processor, PROMPT + written[:place], 262_208)
    assert set(allowed(processor, PROMPT + written, 262_208)) == {1, 106}
