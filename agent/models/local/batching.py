"""Prompts from several threads -> their tokens, generated side by side by transformers' continuous batching.

Each prompt joins the batch as it comes and leaves it when it is done. Every step adds its tokens in another order than
one prompt alone would, so that two tokens with all but the same score can change places. A batch reads each prompt
whole: transformers shares no beginnings between prompts of a model with sliding windows, so that on a processor long
prompts with short answers are faster one by one (on a GPU reading is cheap). Left out, and generated
alone while the batch pauses: grammars, pictures, thoughts, temperatures above 0. A model that is spread over several
devices is not batched at all, since one cache could not serve them.
"""

import logging
import threading
import time
from collections.abc import Generator as Tokens
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any

from transformers import ContinuousBatchingConfig

from agent.models.failures import ModelFailure
from agent.models.local.checkpoint import Checkpoint
from agent.models.local.generation import Work

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
        manager: transformers' own, running; None where there is none.
        stops: tokens that end a turn.
        most: prompts at once.
        name: of the model, for sentences.
    """

    def __init__(self, manager: Any, stops: list[int], most: int, name: str) -> None:
        self._manager, self._stops, self._name = manager, stops, name
        self._numbers = count()
        self._outs: dict[str, SimpleQueue[Any]] = {}
        self._places = threading.Semaphore(most)
        self._reader = threading.Thread(target=self._read, name="batch", daemon=True)
        self._reader.start()

    def tokens(self, work: Work) -> Tokens[int, None, None]:
        """Yield the tokens that follow a prompt; closing the iterator takes it out of the batch.

        Raises:
            ModelFailure: it took too long.
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
                yield from self._heard(out, time.monotonic() + work.seconds)
            except Empty:
                sentence = f"{self._name} did not finish within {work.seconds:g} s."
                raise ModelFailure("time", sentence) from None
            finally:
                del self._outs[name]
                self._manager.cancel_request(name)

    def alone(self) -> AbstractContextManager[None]:
        """Keep the batch still, while the model is used for something else."""
        return self._manager.pause()  # type: ignore[no-any-return]

    def _heard(self, out: SimpleQueue[Any], deadline: float) -> Iterator[int]:
        given, done = 0, False
        while not done:
            heard = out.get(timeout=max(0.0, deadline - time.monotonic()))
            if heard.error is not None:
                raise RuntimeError(heard.error)
            yield from heard.generated_tokens[given:]
            given, done = len(heard.generated_tokens), heard.is_finished()

    def _read(self) -> None:
        """Hand out what the manager gives, until it stops."""
        for output in self._manager:
            out = self._outs.get(output.request_id)
            if out is not None:
                out.put(output)


@contextmanager
def batch(checkpoint: Checkpoint, context: int, most: int) -> Iterator[Batch | None]:
    """Give a batch, None if this model cannot be batched.

    Args:
        checkpoint: the model.
        context: tokens of prompt and answer together, at most.
        most: prompts at once.
    """
    model: Any = checkpoint.model
    if len(set(getattr(model, "hf_device_map", {}).values())) > 1:
        yield None
        return
    stops = sorted(checkpoint.vocabulary.stops)
    with (
        _quiet(),
        model.continuous_batching_context_manager(
            generation_config=model.generation_config,
            continuous_batching_config=_cache(max(context, most * _EACH), most),
            warmup=False,
        ) as manager,
    ):
        yield Batch(manager, stops, most, checkpoint.name)


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
