"""A JSON schema -> what keeps a model's next token inside it, so that what it writes is JSON of that form.

The JSON is compact: a model cannot spend its tokens on blanks. Tokens that were added to a vocabulary (turns, thoughts,
pictures, "<unused94>") are never part of it, and the tokens that end a text come once it is complete, no earlier.
Left out: what the JSON means, batches.

Why llguidance: each library with Gemma's 262 144 words and the schema of a plan, on two busy cores (token: of random
plans, the mask alone; applying it takes 1 ms more on a CPU):

    library                   tables   schema     token, p99         besides
    llguidance 1.9.1          2.6 s    0.01 s     0.3 ms, 5 ms       MIT, 3 MB, imported in 0.03 s, needs nothing
    xgrammar 0.2.8            2 s      15-22 s    0.1 ms, 4 ms       imports torch; installs triton (286 MB)
    outlines_core 0.2.14      1.3 s    > 6 min    -                  0.2 ms a token with smaller schemas
    lm-format-enforcer 0.11   17 s     0.02 s     12 ms, 76 ms       no import beside transformers 5, no null in an enum

vLLM and SGLang have llguidance and xgrammar, so a plan has the same form behind either door.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import torch
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper
from numpy.typing import NDArray
from transformers import LogitsProcessor, PreTrainedTokenizerBase

from agent.models.failures import ModelFailure

_COMPACT: Any = {"whitespace_flexible": False}
_APART = "\x02"
"""Merges with nothing: what follows it is tokenized as in the middle of a text."""


class Grammar:
    """Constrains what one tokenizer's models write. Building it takes a few seconds; it may be shared by threads.

    Args:
        tokenizer: with byte fallback (Gemma, Llama 2) or of bytes (Qwen, Llama 3).
        vocab_size: logits of the model; may be more than the tokenizer has tokens.
        stops: tokens that end a text, besides the tokenizer's own.

    Raises:
        ValueError: nothing ends a text.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, vocab_size: int, stops: Iterable[int] = ()
    ) -> None:
        ends = [end for end in {tokenizer.eos_token_id, *stops} if end is not None and end < vocab_size]
        if not ends:
            raise ValueError("A grammar needs a token that ends a text.")
        self._table = LLTokenizer(TokenizerWrapper(_Words(tokenizer, vocab_size, ends[0])), eos_token=ends)
        self._compiled: dict[bytes, LLMatcher] = {}

    def processor(self, schema: Mapping[str, Any], *, after: int | None = None) -> LogitsProcessor:
        """Return what constrains ONE generated sequence to the schema; the next one needs another.

        Args:
            schema: JSON schema.
            after: token from which on the constraint holds, e.g. the end of a thought; None for the very beginning.

        Raises:
            ValueError: the schema cannot be turned into a grammar.
        """
        return _Constraint(self._matcher(schema).deep_copy(), after)

    def _matcher(self, schema: Mapping[str, Any]) -> LLMatcher:
        text = orjson.dumps(schema)
        if text not in self._compiled:
            grammar = LLMatcher.grammar_from_json_schema(text.decode(), defaults=_COMPACT)
            matcher = LLMatcher(self._table, grammar, log_level=0)
            if matcher.is_error():
                raise ValueError(f"The schema cannot be a grammar: {matcher.get_error()}")
            self._compiled[text] = matcher
        return self._compiled[text]


class _Constraint(LogitsProcessor):
    """Follows one sequence from its first call on: what stands there already is the prompt."""

    def __init__(self, matcher: LLMatcher, after: int | None) -> None:
        self._matcher = matcher
        self._after = after
        self._read = -1

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return the scores with every token that would leave the form ruled out.

        Raises:
            ModelFailure: a token was taken that had been ruled out.
        """
        if len(input_ids) != 1:
            raise ValueError(f"{len(input_ids)} sequences: expected one.")
        self._follow(input_ids[0])
        if self._after is not None:
            return scores
        ruled_out = torch.from_numpy(self._ruled_out(scores.shape[-1])).to(scores.device)
        return scores.masked_fill(ruled_out, float("-inf"))  # type: ignore[return-value]

    def _ruled_out(self, width: int) -> NDArray[np.bool_]:
        """Return a flag for each logit; those beyond the vocabulary are ruled out too."""
        mask = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        ruled_out = np.ones(width, np.bool_)
        allowed = np.unpackbits(mask, count=min(width, 8 * len(mask)), bitorder="little")
        ruled_out[: len(allowed)] = allowed == 0
        return ruled_out

    def _follow(self, ids: torch.Tensor) -> None:
        said = [] if self._read < 0 else ids[self._read :].tolist()
        self._read = len(ids)
        for token in said:
            if self._after is not None:
                self._after = None if token == self._after else self._after
            elif not self._matcher.consume_token(token):
                raise ModelFailure("nonsense", "The model left the form of its answer while it wrote.")


class _Words:
    """A tokenizer as the grammar library wants it: the bytes of each token, and how a text is cut into tokens."""

    bos_token_id = None

    def __init__(self, tokenizer: PreTrainedTokenizerBase, size: int, end: int) -> None:
        vocabulary, added = tokenizer.get_vocab(), tokenizer.added_tokens_decoder
        spelt = _spelling(vocabulary)
        self.tokens = [b""] * size
        for word, token in vocabulary.items():
            if token < size:
                self.tokens[token] = word.encode() if token in added else spelt(word)
        self.special_token_ids = [token for token in added if token < size]
        self.eos_token_id = end
        self._tokenizer = tokenizer
        self._before = len(self._cut(_APART))

    def __call__(self, text: str) -> Sequence[int]:
        return self._cut(_APART + text)[self._before :]

    def _cut(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids


def _spelling(vocabulary: Mapping[str, int]) -> Callable[[str], bytes]:
    """Return how the words of a vocabulary are bytes."""
    if "<0x00>" in vocabulary:
        hexed = {f"<0x{byte:02X}>": bytes([byte]) for byte in range(256)}
        return lambda word: hexed.get(word) or word.replace("▁", " ").encode()
    byte_of = {character: byte for byte, character in enumerate(_letters_of_bytes())}
    return lambda word: bytes(map(byte_of.__getitem__, word)) if byte_of.keys() >= set(word) else b""


def _letters_of_bytes() -> list[str]:
    """Return the letter that spells each byte in the vocabularies that GPT-2 began; those without one got the next."""
    printed = {*range(33, 127), *range(161, 173), *range(174, 256)}
    spare = iter(range(256, 512))
    return [chr(byte if byte in printed else next(spare)) for byte in range(256)]
