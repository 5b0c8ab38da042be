"""What a run's model calls cost, counted where LangChain reports them."""

import threading
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult


class Meter(BaseCallbackHandler):
    """Counts the calls of one run and their tokens, as the model's own tokenizer or server counts them."""

    def __init__(self) -> None:
        self.calls = self.prompt_tokens = self.completion_tokens = 0
        self._lock = threading.Lock()

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **kwargs: Any
    ) -> None:
        """Count a call, also one that fails."""
        with self._lock:
            self.calls += 1

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """Add the tokens of a call."""
        for generation in (g for row in response.generations for g in row):
            message = generation.message if isinstance(generation, ChatGeneration) else None
            if isinstance(message, AIMessage) and message.usage_metadata:
                with self._lock:
                    self.prompt_tokens += message.usage_metadata["input_tokens"]
                    self.completion_tokens += message.usage_metadata["output_tokens"]
