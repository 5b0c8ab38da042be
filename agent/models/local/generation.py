"""A prompt in tokens -> the tokens that follow, one by one, while they are generated.

A model works on one prompt at a time, in a thread of its own, so that a slow reader holds nobody up and a reader who
goes away ends the work. Left out: batches (`agent.models.local.batching`).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Generator as Tokens
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import torch
from transformers import (
    DynamicCache,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedModel,
    StoppingCriteriaList,
)
from transformers.generation.streamers import BaseStreamer

from agent.models.failures import ModelFailure
from agent.models.local.decoding import Halt
from agent.models.local.trouble import free, out_of_memory
from agent.models.machine import READ_AT_ONCE

Begun = Callable[[], DynamicCache]
_Out = SimpleQueue[int | None]
_TURN = -1
"""Heads what comes out of a generation: it has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One generation.

    Attributes:
        ids: tokens of the prompt.
        longest: tokens to generate, at most.
        answer: of these, after the thought.
        seconds: for it, from its turn on.
        closing: the token that closes the thought, None if there is to be none.
        pictures: what the processor made of the pictures besides tokens.
        processors: change the scores, in this order.
        begun: gives the cache to begin with.
    """

    ids: Sequence[int]
    longest: int
    answer: int
    seconds: float
    closing: int | None = None
    pictures: Mapping[str, torch.Tensor] = field(default_factory=dict)
    processors: Sequence[LogitsProcessor] = ()
    begun: Begun


class Generator:
    """Generates with one model, one prompt after the other.

    Args:
        model: generates as its own generation configuration says.
        relieve: gives up what can be had again, when memory ran out.
        name: of the model, for sentences.
    """

    def __init__(self, model: PreTrainedModel, relieve: Callable[[], None], name: str) -> None:
        self._model, self._relieve, self._name = model, relieve, name
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="model")
        self.alone: Callable[[], AbstractContextManager[None]] = nullcontext
        """Keeps others off the model meanwhile."""

    def tokens(self, work: Work) -> Tokens[int, None, None]:
        """Yield the tokens that follow; closing the iterator ends the work after the step under way.

        Raises:
            ModelFailure: it took too long.
        """
        out: _Out = SimpleQueue()
        halt = Halt(work.answer, len(work.ids), work.closing, work.seconds)
        task = self._worker.submit(self._run, work, out, halt)
        task.add_done_callback(lambda _: out.put(None))
        try:
            yield from self._heard(work, out, task)
        except Empty:
            halt.late = True
        finally:
            halt.ask()
            if not task.cancel() and not halt.late:
                wait([task])
        if halt.late:
            raise ModelFailure("time", f"{self._name} did not finish within {work.seconds:g} s.")

    def _heard(self, work: Work, out: _Out, task: Future[None]) -> Iterator[int]:
        """Yield until the task is done; its turn may be long in coming."""
        token = out.get()
        deadline = time.monotonic() + work.seconds
        while token is not None:
            if token != _TURN:
                yield token
            token = out.get(timeout=max(0.0, deadline - time.monotonic()))
        task.result()

    def _run(self, work: Work, out: _Out, halt: Halt) -> None:
        halt.begin()
        out.put(_TURN)
        try:
            with self.alone():
                self._generate(work, out, halt)
        except (RuntimeError, MemoryError) as error:
            if out_of_memory(error):
                self._relieve()
                free(error)
            raise

    def _generate(self, work: Work, out: _Out, halt: Halt) -> None:
        config = deepcopy(self._model.generation_config)
        config.max_new_tokens = work.longest
        if not work.pictures:  # a sliding cache would keep all of what was read at once
            config.prefill_chunk_size = READ_AT_ONCE
        self._model.generate(  # type: ignore[operator]
            input_ids=torch.tensor([list(work.ids)], device=self._model.device),
            **work.pictures,
            past_key_values=work.begun(),
            generation_config=config,
            logits_processor=LogitsProcessorList(work.processors),
            stopping_criteria=StoppingCriteriaList([halt]),
            streamer=_Tokens(out),
        )


class _Tokens(BaseStreamer):
    """Puts generated tokens into a queue; the prompt, which comes first, is left out."""

    def __init__(self, out: _Out) -> None:
        self._out = out
        self._prompt = True

    def put(self, value: torch.Tensor) -> None:
        """Take the prompt, then a token at a time."""
        if not self._prompt:
            for token in value.flatten().tolist():
                self._out.put(token)
        self._prompt = False

    def end(self) -> None:
        """Nothing to do: the task being done is the end."""
