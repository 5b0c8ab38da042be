"""A prompt -> the text that follows, in pieces while it is generated: transformers' `generate` and streamer.

A model works on one prompt at a time, in a thread of its own, so that a slow reader holds nobody up and a reader who
goes away ends the work. What the system message makes of a prompt is read once: on two cores of a processor that
takes 2.0 of the 5.3 seconds of a plan (Gemma 3 270M). Left out: prompts side by side, which a server does better.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import takewhile
from queue import Empty
from typing import TYPE_CHECKING, Any

import torch
from transformers import (
    DynamicCache,
    LogitsProcessor,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
    TextIteratorStreamer,
)

from agent.models.failures import ModelFailure
from agent.models.local.messages import Prompt, rendered
from agent.models.local.opening import Checkpoint
from agent.models.local.trouble import free, out_of_memory
from agent.models.local.vocabulary import Vocabulary
from agent.models.machine.memory import READ_AT_ONCE
from agent.models.options import ModelOptions
from agent.models.thinking import LONGEST

if TYPE_CHECKING:
    from agent.models.grammar import Grammar

BEGINNINGS = 4
"""Beginnings of prompts that are kept; the one that was not needed for longest goes first."""
_NEVER = float("-inf")
_BROKEN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one call wishes for.

    Attributes:
        longest: tokens of the answer, at most, the thought not counted.
        schema: JSON schema that the answer is constrained to.
        thinking: a thought comes before the answer.
    """

    longest: int
    schema: Mapping[str, Any] | None = None
    thinking: bool = False


class Speaker:
    """Generates with one checkpoint, one prompt after the other.

    Args:
        checkpoint: generates as its model's own generation configuration says.
        options: how it is run.
        context: tokens of prompt and answer together, at most.
    """

    def __init__(self, checkpoint: Checkpoint, options: ModelOptions, context: int) -> None:
        self._checkpoint, self._options, self._context = checkpoint, options, context
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._beginning = lru_cache(BEGINNINGS)(self._read)
        self._grammar: Grammar | None = None

    def speak(self, prompt: Prompt, speech: "Speech", wish: Wish) -> Generator[str]:
        """Yield what follows a prompt; closing the iterator ends the work after the step under way.

        Args:
            prompt: what is read.
            speech: hears the tokens.
            wish: what the call wishes for; a thought only of a vocabulary that can mark it.

        Raises:
            ModelFailure: the prompt does not fit the context, or it took too long.
        """
        read = len(prompt.ids)
        budget = LONGEST + 2 if wish.thinking else 0
        room = self._context - read
        if room < budget + 1:
            needed = f"{read:,} tokens" + (f" and a thought of {LONGEST:,}" if budget else "")
            sentence = f"A prompt of {needed} leaves no room to answer in a context of {self._context:,}"
            raise ModelFailure("memory", f"{sentence} ({self._checkpoint.name}).")
        halt = Halt(speech, wish.longest, self._options.timeout)
        work = partial(self._work, prompt, speech, halt, min(room, budget + wish.longest), wish)
        yield from self._heard(speech, halt, work)

    def _heard(self, speech: "Speech", halt: "Halt", work: Callable[[], None]) -> Iterator[str]:
        """Yield what the worker says; its turn may be long in coming, and only then its time begins."""
        task = self._worker.submit(work)
        task.add_done_callback(lambda _: speech.end())  # type: ignore[no-untyped-call]
        halt.begun.wait()
        try:
            yield from speech
            task.result()
        except Empty:
            halt.late = True
        finally:
            halt.asked.set()
            if not halt.late:
                wait([task])
        if halt.late:
            name, seconds = self._checkpoint.name, self._options.timeout
            raise ModelFailure("time", f"{name} did not finish within {seconds:g} s.")

    def _work(self, prompt: Prompt, speech: "Speech", halt: "Halt", most: int, wish: Wish) -> None:
        halt.begin()
        try:
            with self._seeded():
                self._checkpoint.model.generate(  # type: ignore[operator]
                    **prompt.inputs,
                    past_key_values=self._begun(prompt),
                    max_new_tokens=most,
                    # a sliding cache would keep all of what was read at once; a picture is read whole
                    prefill_chunk_size=None if prompt.pictures else READ_AT_ONCE,
                    logits_processor=LogitsProcessorList(self._processors(prompt, wish)),
                    suppress_tokens=None if wish.thinking else self._checkpoint.vocabulary.marks or None,
                    stopping_criteria=StoppingCriteriaList([halt]),
                    streamer=speech,
                )
        except (RuntimeError, MemoryError) as error:
            if out_of_memory(error):
                self._beginning.cache_clear()
                free(error)
            raise

    def _begun(self, prompt: Prompt) -> DynamicCache:
        """Return a cache to write to, which holds the keys and values of the beginning where that was read before.

        The cache is made for the model's configuration: those of Gemma 3's sliding layers cannot be cut back, so
        that each call gets a copy.
        """
        if prompt.system and not prompt.pictures:
            ids, kept = self._beginning(prompt.system)
            if len(ids) < len(prompt.ids) and prompt.ids[: len(ids)] == ids:
                return deepcopy(kept)
        return DynamicCache(config=self._checkpoint.model.config)

    @torch.no_grad()
    def _read(self, system: str) -> tuple[list[int], DynamicCache]:
        """Return what two prompts with a system message begin with, read by the model."""
        model, tokenizer = self._checkpoint.model, self._checkpoint.vocabulary.tokenizer
        turn = {"role": "system", "content": system}
        one, other = (
            rendered(self._checkpoint, tokenizer, [turn, {"role": "user", "content": user}])["input_ids"]
            for user in ("a", "1")
        )
        pairs = zip(one[0].tolist(), other[0].tolist(), strict=False)
        ids = [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        cache = DynamicCache(config=model.config)
        model(input_ids=one[:, : len(ids)], past_key_values=cache, use_cache=True, logits_to_keep=1)
        return ids, cache

    def _processors(self, prompt: Prompt, wish: Wish) -> list[LogitsProcessor]:
        vocabulary = self._checkpoint.vocabulary
        made: list[LogitsProcessor] = []
        if wish.thinking:
            made.append(Thought(vocabulary, len(prompt.ids), LONGEST))
        if wish.schema is not None:
            made.append(self._constraint(wish.schema, vocabulary.end if wish.thinking else None))
        return made

    def _constraint(self, schema: Mapping[str, Any], after: int | None) -> LogitsProcessor:
        """Return what keeps one answer inside a schema; the grammar's table of tokens is made once."""
        from agent.models.grammar import Grammar

        vocabulary = self._checkpoint.vocabulary
        if self._grammar is None:
            size = int(self._checkpoint.model.config.get_text_config().vocab_size)
            self._grammar = Grammar(vocabulary.tokenizer, size, vocabulary.stops)
        return self._grammar.processor(schema, after=after)

    @contextmanager
    def _seeded(self) -> Iterator[None]:
        """Draw with the seed that was wished for, and leave torch's own random numbers as they were."""
        if self._options.temperature == 0:
            yield
            return
        with torch.random.fork_rng(range(torch.cuda.device_count())):
            torch.manual_seed(self._options.seed)
            yield


class Speech(TextIteratorStreamer):
    """What a model says, a word at a time; its control tokens are heard and not shown.

    Args:
        vocabulary: of the model.
        seconds: to wait for the next word, at most; then the iterator raises `queue.Empty`.

    Attributes:
        ids: the tokens that were heard.
    """

    def __init__(self, vocabulary: Vocabulary, seconds: float) -> None:
        super().__init__(vocabulary.tokenizer, True, seconds, clean_up_tokenization_spaces=False)
        self.vocabulary = vocabulary
        self.ids: list[int] = []

    @property
    def thought(self) -> int:
        """How many of the tokens are the thought, its marks included."""
        end = self.vocabulary.end
        return self.ids.index(end) + 1 if end in self.ids else 0

    @property
    def ended(self) -> bool:
        """Whether the turn ended by itself."""
        return bool(self.ids) and self.ids[-1] in self.vocabulary.stops

    def put(self, value: torch.Tensor) -> None:
        """Take the prompt, then a token at a time."""
        if not self.next_tokens_are_prompt:
            self.ids += value.tolist()
            if self.ids[-1] in self.vocabulary.silent:
                return
        super().put(value)  # type: ignore[no-untyped-call]

    def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
        """Pass text on; a character that is not whole at the end is left out."""
        super().on_finalized_text(text.rstrip(_BROKEN) if stream_end else text, stream_end)


class Halt(StoppingCriteria):
    """Ends a generation that nobody waits for, that takes too long, or that has said enough after its thought.

    Args:
        speech: what was said.
        longest: tokens after the thought, at most.
        seconds: from `begin` on.

    Attributes:
        begun: its turn has come.
        asked: nobody waits for more.
        late: its time is over.
    """

    def __init__(self, speech: Speech, longest: int, seconds: float) -> None:
        self._speech, self._longest = speech, longest
        self._seconds, self._deadline = seconds, float("inf")
        self.begun, self.asked, self.late = threading.Event(), threading.Event(), False

    def begin(self) -> None:
        """Let the time run."""
        self._deadline = time.monotonic() + self._seconds
        self.begun.set()

    def __call__(self, input_ids: torch.LongTensor, scores: Any, **kwargs: Any) -> torch.BoolTensor:
        """Return whether to end now."""
        self.late = self.late or time.monotonic() > self._deadline
        thought = self._speech.thought
        enough = thought > 0 and len(self._speech.ids) - thought >= self._longest
        over = self.late or enough or self.asked.is_set()
        return torch.full((len(input_ids),), over, device=input_ids.device)  # type: ignore[return-value]


class Thought(LogitsProcessor):
    """Opens one thought at the very beginning, closes it in time, and lets none be opened after it.

    Args:
        vocabulary: one that can mark thoughts.
        start: tokens of the prompt.
        budget: tokens of the thought, at most.
    """

    def __init__(self, vocabulary: Vocabulary, start: int, budget: int) -> None:
        self._begin, self._end = vocabulary.marks
        self._stops = sorted(vocabulary.stops)
        self._start, self._budget = start, budget

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return the scores with what may not come now ruled out."""
        said = input_ids[0, self._start :].tolist()
        if self._end in said:
            barred = [self._begin, self._end]
        elif said and len(said) <= self._budget:
            barred = [self._begin, *self._stops]  # a turn that ended inside a thought would hold no answer
        else:
            only = self._end if said else self._begin
            barred = [token for token in range(scores.shape[-1]) if token != only]
        return scores.index_fill(1, torch.tensor(barred, device=scores.device), _NEVER)  # type: ignore[return-value]
