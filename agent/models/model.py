"""One door to a language model, wherever it runs: messages -> what it says, with thoughts kept apart.

Behind it is a LangChain chat model that takes `max_tokens`, `stop` and OpenAI's `response_format` (a JSON schema)
and streams `AIMessageChunk`s. Left out: prompts, and what the text means.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from agent.models.failures import ModelFailure
from agent.models.thinking import Apart

Hear = Callable[[str], None]


def _unheard(text: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said.

    Attributes:
        text: without thoughts.
        reasoning: the thoughts, "" if none.
        cut: it ran into the limit of tokens.
    """

    text: str
    reasoning: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that can be asked.

    Attributes:
        name: as answers report it.
        chat: the LangChain chat model.
        context: tokens of prompt and answer together, at most.
        count: tokens of a text, by the model's own tokenizer where it is at hand.
        guard: turns what the chat model raises into `ModelFailure`.
    """

    name: str
    chat: BaseChatModel
    context: int
    count: Callable[[str], int]
    guard: Callable[[], AbstractContextManager[None]]

    def say(
        self,
        messages: Sequence[BaseMessage],
        *,
        longest: int,
        schema: Mapping[str, Any] | None = None,
        hear: Hear = _unheard,
        think: Hear = _unheard,
    ) -> Said:
        """Return what the model says.

        Args:
            messages: the prompt.
            longest: tokens of the answer, thoughts not counted where the model can tell them apart.
            schema: JSON schema that the text is constrained to.
            hear: hears the text piece by piece, sometimes an empty one.
            think: hears the thoughts once, at the end; "" if none.

        Raises:
            ModelFailure: it said nothing, or could not be asked.
        """
        parts, cut = Apart(), False
        with self.guard():
            for chunk in self._stream(messages, longest, schema):
                cut = cut or chunk.response_metadata.get("finish_reason") == "length"
                parts.note(str(chunk.additional_kwargs.get("reasoning_content") or ""))
                hear(parts.hear(chunk.text))
        hear(parts.end())
        think(parts.reasoning)
        if not parts.text:
            why = "only thought, and did not answer" if parts.reasoning else "said nothing"
            raise ModelFailure("nonsense", f"The model {self.name} {why}.")
        return Said(parts.text, parts.reasoning, cut)

    def _stream(
        self, messages: Sequence[BaseMessage], longest: int, schema: Mapping[str, Any] | None
    ) -> Iterator[AIMessageChunk]:
        form: dict[str, Any] = {}
        if schema is not None:
            named = {"name": "plan", "schema": dict(schema), "strict": True}
            form = {"response_format": {"type": "json_schema", "json_schema": named}}
        for chunk in self.chat.stream(list(messages), max_tokens=longest, **form):
            if isinstance(chunk, AIMessageChunk):
                yield chunk
