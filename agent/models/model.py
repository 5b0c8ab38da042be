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
from agent.models.options import Thinking
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
        thinking: when it thinks before it answers: "auto" where the caller says that it may help.
        sees: it reads pictures too.
    """

    name: str
    chat: BaseChatModel
    context: int
    count: Callable[[str], int]
    guard: Callable[[], AbstractContextManager[None]]
    thinking: Thinking = "off"
    sees: bool = False

    def thinks(self, helpful: bool) -> bool:
        """Tell whether it thinks before an answer for which a thought may be helpful, or not."""
        return self.thinking == "on" or (self.thinking == "auto" and helpful)

    def say(
        self,
        messages: Sequence[BaseMessage],
        *,
        longest: int,
        schema: Mapping[str, Any] | None = None,
        thinking: bool = False,
        hear: Hear = _unheard,
        think: Hear = _unheard,
    ) -> Said:
        """Return what the model says.

        Args:
            messages: the prompt.
            longest: tokens of the answer, thoughts not counted where the model can tell them apart.
            schema: JSON schema of the text, named by its title; behind a server it does not hold where it thinks.
            thinking: a thought may help here; see `thinks`.
            hear: hears the text piece by piece, sometimes an empty one.
            think: hears the thoughts once, at the end; "" if none.

        Raises:
            ModelFailure: it said nothing, or could not be asked.
        """
        parts, cut = Apart(), False
        with self.guard():
            for chunk in self._stream(messages, longest, schema, self.thinks(thinking)):
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
        self,
        messages: Sequence[BaseMessage],
        longest: int,
        schema: Mapping[str, Any] | None,
        thinking: bool,
    ) -> Iterator[AIMessageChunk]:
        form: dict[str, Any] = {"thinking": True} if thinking else {}
        if schema is not None:
            named = {"name": schema.get("title", "answer"), "schema": dict(schema), "strict": True}
            form["response_format"] = {"type": "json_schema", "json_schema": named}
        for chunk in self.chat.stream(list(messages), max_tokens=longest, **form):
            if isinstance(chunk, AIMessageChunk):
                yield chunk
