"""What a run costs, stage by stage: model calls and tokens where LangChain reports them, seconds by a timer.

The stages of a run follow one another, so what is reported while one is on belongs to it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls of the model, also those that failed; their tokens, as its own tokenizer or server counts them; seconds."""

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    def __add__(self, more: "Spent") -> "Spent":
        """Return both together."""
        return Spent(
            self.model_calls + more.model_calls,
            self.prompt_tokens + more.prompt_tokens,
            self.completion_tokens + more.completion_tokens,
            round(self.seconds + more.seconds, 6),
        )


class Meter(BaseCallbackHandler):
    """Counts what one run costs.

    Args:
        timer: seconds.
    """

    def __init__(self, timer: Callable[[], float] = time.perf_counter) -> None:
        self.stages: dict[str, Spent] = {}
        self._timer = timer
        self._stage = ""

    @property
    def total(self) -> Spent:
        """All stages together."""
        return sum(self.stages.values(), Spent())

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is spent within as this stage's; a stage may come again."""
        self._stage, begun = name, self._timer()
        try:
            yield
        finally:
            self._add(Spent(seconds=self._timer() - begun))

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **kwargs: Any
    ) -> None:
        """Count a call, also one that fails."""
        self._add(Spent(model_calls=1))

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """Add the tokens of a call."""
        for generation in (g for row in response.generations for g in row):
            message = generation.message if isinstance(generation, ChatGeneration) else None
            if isinstance(message, AIMessage) and (told := message.usage_metadata):
                tokens = {"prompt_tokens": told["input_tokens"], "completion_tokens": told["output_tokens"]}
                self._add(Spent(**tokens))

    def _add(self, spent: Spent) -> None:
        self.stages[self._stage] = self.stages.get(self._stage, Spent()) + spent
