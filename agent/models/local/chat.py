"""A LangChain chat model over transformers: messages -> text, streamed as it is generated.

Thoughts never are in `content`; they come with the last chunk, as `reasoning_content`. `max_tokens`, `stop` and
`response_format` (OpenAI's form of a JSON schema) are taken with each call. What is streamed is what is returned.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import OutputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field, PrivateAttr

from agent.models.local.checkpoint import Checkpoint
from agent.models.local.pieces import Pieces, UntilStop
from agent.models.local.prompt import Prompt, prompt_of
from agent.models.local.speaking import Speaker
from agent.models.local.trouble import guard
from agent.models.local.vocabulary import Vocabulary
from agent.models.local.wish import Wish, wish_of
from agent.models.options import ModelOptions
from agent.models.thinking import Apart


class LocalChat(BaseChatModel):
    """A chat model in this process.

    Attributes:
        checkpoint: the model and its tokenizer.
        options: how it is run.
        context: tokens of prompt and answer together, at most.
    """

    checkpoint: Checkpoint = Field(exclude=True, repr=False)
    options: ModelOptions
    context: int
    _speaker: Speaker = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Make what generates."""
        self._speaker = Speaker(self.checkpoint, self.options, self.context)

    @property
    def _llm_type(self) -> str:
        return "transformers"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.checkpoint.name}

    def batching(self, most: int = 8) -> AbstractContextManager[None]:
        """Let calls from several threads be generated side by side; see `agent.models.local.batching`.

        Args:
            most: calls at once.
        """
        return self._speaker.batching(most)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        wish = wish_of(kwargs, stop)
        with guard(self.checkpoint.name):
            prompt = prompt_of(self.checkpoint, messages, thinking=wish.thinking)
            for chunk in self._chunks(prompt, wish):
                if run_manager is not None:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk

    def _chunks(self, prompt: Prompt, wish: Wish) -> Iterator[ChatGenerationChunk]:
        hearing = _Hearing(self.checkpoint.vocabulary, wish.stops)
        tokens = self._speaker.tokens(prompt, wish)
        try:
            for token in tokens:
                if text := hearing.hear(token):
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text))
                if hearing.stopped:
                    break
        finally:
            tokens.close()
        yield ChatGenerationChunk(message=self._last(hearing.end(), hearing, len(prompt.ids)))

    def _last(self, text: str, hearing: "_Hearing", read: int) -> AIMessageChunk:
        reasoning = hearing.reasoning
        details = OutputTokenDetails(reasoning=hearing.thought)
        return AIMessageChunk(
            content=text,
            additional_kwargs={"reasoning_content": reasoning} if reasoning else {},
            response_metadata={
                "finish_reason": "stop" if hearing.stopped else "length",
                "model_name": self.checkpoint.name,
            },
            usage_metadata=UsageMetadata(
                input_tokens=read,
                output_tokens=hearing.heard,
                total_tokens=read + hearing.heard,
                output_token_details=details,
            ),
            chunk_position="last",
        )


class _Hearing:
    """Hears tokens; tells what is said from what is thought, up to the end of the turn or a stop string."""

    def __init__(self, vocabulary: Vocabulary, stops: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._pieces, self._parts, self._until = Pieces(vocabulary), Apart(), UntilStop(stops)
        self._ended = False
        self.heard = self.thought = 0

    def hear(self, token: int) -> str:
        """Return what may be shown now."""
        self.heard += 1
        self._ended = token in self._vocabulary.stops
        if token == self._vocabulary.end:
            self.thought = self.heard
        return self._until.hear(self._parts.hear(self._pieces.hear(token)))

    @property
    def stopped(self) -> bool:
        """Whether the turn ended by itself."""
        return self._ended or self._until.met

    def end(self) -> str:
        """Return what was held back."""
        return self._until.hear(self._parts.end()) + self._until.end()

    @property
    def reasoning(self) -> str:
        """What was thought."""
        return self._parts.reasoning
