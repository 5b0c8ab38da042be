"""Prompts from several threads -> their tokens, generated side by side by transformers' continuous batching.

Each prompt joins the batch as it comes and leaves it when it is done. Every step adds its tokens in another order than
one prompt alone would, so that two tokens with all but the same score can change places. A batch reads each prompt
whole: transformers shares no beginnings between prompts of a model with sliding windows, so that on a processor long
prompts with short answers are faster one by one (on a GPU reading is cheap). Its cache takes what is free, less what
one prompt alone needs; where too little is left for a whole context, there is no batch. A batch that broke off gives
its memory back, and later prompts are generated alone. Left out, and generated alone while the batch pauses:
grammars, pictures, thoughts, temperatures above 0. A model that is spread over several devices is not batched at all,
since one cache could not serve them.
"""

import logging
import threading
import time
from collections.abc import Generator as Tokens
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any

import torch
from transformers import ContinuousBatchingConfig

from agent.models.failures import ModelFailure
from agent.models.local.checkpoint import Checkpoint
from agent.models.local.generation import Work
from agent.models.local.trouble import free
from agent.models.machine.memory import plan
from agent.models.machine.shapes import count as shape_of

_PAGE = 64
"""Tokens of a page of the cache."""
_EACH = 2048
"""Tokens of the cache for each prompt; where that is too little, prompts wait."""
_STEP = 1024
"""Tokens that are read in one step, all prompts together."""
_LOG = logging.getLogger("ContinuousBatchingLogger")


class Batch:
    """Generates for several threads at once.

    Args:
        manager: transformers' own, running.
        stops: tokens that end a turn.
        most: prompts at once.
        name: of the model, for sentences.
    """

    def __init__(self, manager: Any, stops: list[int], most: int, name: str) -> None:
        self._manager, self._stops, self._name = manager, stops, name
        self._numbers = count()
        self._outs: dict[str, SimpleQueue[Any]] = {}
        self._places = threading.Semaphore(most)
        self._broken: BaseException | None = None
        self._reader = threading.Thread(target=self._read, name="batch", daemon=True)
        self._reader.start()

    @property
    def over(self) -> bool:
        """Whether it broke off: it takes no more prompts, and keeps nobody off the model."""
        return self._broken is not None

    def tokens(self, work: Work) -> Tokens[int, None, None]:
        """Yield the tokens that follow a prompt; closing the iterator takes it out of the batch.

        Raises:
            ModelFailure: it took too long.
            RuntimeError: the batch broke off; the text is that of what broke it.
        """
        with self._places:
            name, out = f"{next(self._numbers)}", SimpleQueue[Any]()
            self._outs[name] = out
            try:
                self._manager.add_request(
                    list(work.ids),
                    request_id=name,
                    max_new_tokens=work.longest,
                    eos_token_id=self._stops,
                    streaming=True,
                )
                if self._broken is not None:  # the manager drops what comes after that
                    out.put(self._broken)
                yield from self._heard(out, time.monotonic() + work.seconds)
            except Empty:
                sentence = f"{self._name} did not finish within {work.seconds:g} s."
                raise ModelFailure("time", sentence) from None
            finally:
                del self._outs[name]
                self._manager.cancel_request(name)

    def alone(self) -> AbstractContextManager[None]:
        """Keep the batch still, while the model is used for something else."""
        return nullcontext() if self.over else self._manager.pause()

    def _heard(self, out: SimpleQueue[Any], deadline: float) -> Iterator[int]:
        given, done = 0, False
        while not done:
            heard = out.get(timeout=max(0.0, deadline - time.monotonic()))
            if isinstance(heard, BaseException):
                raise RuntimeError(str(heard))
            if heard.error is not None:
                raise RuntimeError(heard.error)
            yield from heard.generated_tokens[given:]
            given, done = len(heard.generated_tokens), heard.is_finished()

    def _read(self) -> None:
        """Hand out what the manager gives, until it stops; tell everybody who waits if something broke it."""
        for output in self._manager:
            out = self._outs.get(output.request_id)
            if out is not None:
                out.put(output)
        broken = self._manager.background_thread_status.fatal_error
        if broken is not None:
            self._manager.stop()
            free(broken)
            self._broken = broken
            for out in list(self._outs.values()):
                out.put(broken)


@contextmanager
def batched(checkpoint: Checkpoint, context: int, most: int) -> Iterator[Batch | None]:
    """Give a batch, None if this model cannot be batched.

    Args:
        checkpoint: the model.
        context: tokens of prompt and answer together, at most.
        most: prompts at once.
    """
    model: Any = checkpoint.model
    stops = sorted(checkpoint.vocabulary.stops)
    with _quiet(), ExitStack() as running:
        manager = _running(model, context, most, running)
        yield None if manager is None else Batch(manager, stops, most, checkpoint.name)


def room(free_bytes: int, alone: int, each: int, context: int, most: int) -> int:
    """Return for how many tokens the cache of a batch is, 0 if there is to be none.

    Args:
        free_bytes: of the GPU.
        alone: bytes that one prompt takes that is generated alone.
        each: bytes of a token in the cache.
        context: tokens of one prompt and its answer, at most.
        most: prompts at once.
    """
    tokens = min(max(context, most * _EACH), (free_bytes - alone) // each)
    return tokens if tokens >= context else 0


def _running(model: Any, context: int, most: int, running: ExitStack) -> Any:
    """Return transformers' manager with its cache, None where there is no room for it or it takes no such model."""
    if len(set(getattr(model, "hf_device_map", {}).values())) > 1:
        return None
    tokens = _room(model, context, most)
    if not tokens:
        return None
    try:
        return running.enter_context(
            model.continuous_batching_context_manager(
                generation_config=model.generation_config,
                continuous_batching_config=_cache(tokens, most),
                warmup=True,  # nothing is run: the cache is made here and now, not in a thread that dies of it
            )
        )
    except (RuntimeError, MemoryError, ValueError) as error:
        free(error)
        return None


def _room(model: Any, context: int, most: int) -> int:
    """Return for how many tokens the cache is on the device of a model."""
    if model.device.type != "cuda":
        return max(context, most * _EACH)
    shape = shape_of(model.config)
    each = shape.layers * shape.cached * model.dtype.itemsize
    alone = plan(shape, "bf16", context)
    kept = torch.cuda.memory_reserved(model.device) - torch.cuda.memory_allocated(model.device)
    free_bytes = torch.cuda.mem_get_info(model.device)[0] + kept
    return room(free_bytes, alone.cache + alone.passing, each, context, most)


def _cache(tokens: int, most: int) -> ContinuousBatchingConfig:
    """Return a cache of a size that is known beforehand, and kernels that are here already."""
    return ContinuousBatchingConfig(
        page_size=_PAGE,
        num_blocks=-(-tokens // _PAGE),
        max_batch_tokens=_STEP,
        max_requests_per_batch=most,
        auto_switch_to_flash=False,
        use_async_batching=False,
        use_cuda_graph=False,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from logging what a request holds."""
    level = _LOG.level
    _LOG.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        _LOG.setLevel(level)
