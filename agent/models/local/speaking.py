"""A prompt and a wish -> tokens: its beginning reused, a thought within bounds, a grammar kept, or in a batch."""

import threading
from collections.abc import Generator as Tokens
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from transformers import DynamicCache, LogitsProcessor

from agent.models.failures import ModelFailure
from agent.models.local.batching import Batch, batched
from agent.models.local.checkpoint import Checkpoint
from agent.models.local.decoding import Drawn, Thought
from agent.models.local.generation import Generator, Work
from agent.models.local.prefix import Prefixes
from agent.models.local.prompt import Prompt, render
from agent.models.local.wish import Wish
from agent.models.options import ModelOptions
from agent.models.thinking import LONGEST

if TYPE_CHECKING:
    from agent.models.grammar import Grammar


class Speaker:
    """Generates for one checkpoint.

    Args:
        checkpoint: the model and its tokenizer.
        options: how it is run.
        context: tokens of prompt and answer together, at most.
    """

    def __init__(self, checkpoint: Checkpoint, options: ModelOptions, context: int) -> None:
        self._checkpoint, self._options, self._context = checkpoint, options, context
        self._prefixes = Prefixes(checkpoint.model, self._rendered)
        self._generator = Generator(checkpoint.model, self._prefixes.forget, checkpoint.name)
        self._batch: Batch | None = None
        self._grammar: Grammar | None = None
        self._lock = threading.Lock()

    def tokens(self, prompt: Prompt, wish: Wish) -> Tokens[int, None, None]:
        """Yield what follows a prompt, the end of the turn included if it comes.

        Raises:
            ModelFailure: the prompt does not fit the context, or it took too long.
        """
        work = self._work(prompt, wish)
        batch = self._batch
        if batch is not None and not batch.over and not work.processors and not work.pictures:
            return batch.tokens(work)
        return self._generator.tokens(work)

    @contextmanager
    def batching(self, most: int) -> Iterator[None]:
        """Generate side by side what several threads ask for; within another one, nothing changes."""
        if self._batch is not None:
            yield
            return
        with batched(self._checkpoint, self._context, most) as together:
            self._batch = together
            self._generator.alone = together.alone if together else nullcontext
            try:
                yield
            finally:
                self._batch, self._generator.alone = None, nullcontext

    def _work(self, prompt: Prompt, wish: Wish) -> Work:
        budget = LONGEST + 2 if wish.thinking else 0
        room = self._context - len(prompt.ids)
        if room < budget + 1:
            needed = f"{len(prompt.ids):,} tokens" + (f" and a thought of {LONGEST:,}" if budget else "")
            sentence = f"A prompt of {needed} leaves no room to answer in a context of {self._context:,}"
            raise ModelFailure("memory", f"{sentence} ({self._checkpoint.name}).")
        return Work(
            ids=prompt.ids,
            longest=min(room, budget + wish.longest),
            answer=wish.longest,
            seconds=self._options.timeout,
            closing=self._checkpoint.vocabulary.end if wish.thinking else None,
            pictures=prompt.pictures,
            processors=self._processors(prompt, wish),
            begun=partial(self._begun, prompt),
        )

    def _processors(self, prompt: Prompt, wish: Wish) -> list[LogitsProcessor]:
        vocabulary, options = self._checkpoint.vocabulary, self._options
        made: list[LogitsProcessor] = []
        if wish.thinking:
            made.append(Thought(vocabulary, len(prompt.ids), LONGEST))
        if wish.schema is not None:
            made.append(self._constraint(wish.schema, vocabulary.end if wish.thinking else None))
        if options.temperature > 0:
            made.append(Drawn(options.temperature, options.seed))
        return made

    def _begun(self, prompt: Prompt) -> DynamicCache:
        if prompt.pictures:
            return DynamicCache(config=self._checkpoint.model.config)
        return self._prefixes.begun(prompt.system, prompt.ids)

    def _rendered(self, system: str, user: str) -> list[int]:
        turns = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        return render(self._checkpoint, turns)

    def _constraint(self, schema: Mapping[str, Any], after: int | None) -> LogitsProcessor:
        """Return what keeps one answer inside a schema; the grammar's table of tokens is made once."""
        from agent.models.grammar import Grammar

        vocabulary = self._checkpoint.vocabulary
        with self._lock:
            if self._grammar is None:
                size = int(self._checkpoint.model.config.get_text_config().vocab_size)
                self._grammar = Grammar(vocabulary.tokenizer, size, vocabulary.stops)
            return self._grammar.processor(schema, after=after)
