"""A LangChain chat model over transformers: messages -> text, streamed as it is generated.

Thoughts never are in `content`; they come with the last chunk, as `reasoning_content`. `max_tokens`, `stop`,
`response_format` (OpenAI's form of a JSON schema) and `thinking` (a thought comes before the answer) are taken with
each call. What is streamed is what is returned.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import OutputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field, PrivateAttr

from agent.models.local.generation import Speaker, Speech, Wish
from agent.models.local.messages import prompt_of
from agent.models.local.opening import Checkpoint
from agent.models.local.trouble import guard
from agent.models.options import ModelOptions
from agent.models.stops import UntilStop
from agent.models.thinking import Apart
from tools.calls.errors import BadArgument

LONGEST = 1024
"""Tokens of an answer, where the call does not say."""


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
        for chunk in self._said(messages, _wish(kwargs), UntilStop(stop or ())):
            made = ChatGenerationChunk(message=chunk)
            if run_manager is not None:
                run_manager.on_llm_new_token(made.text, chunk=made)
            yield made

    def _said(self, messages: list[BaseMessage], wish: Wish, until: UntilStop) -> Iterator[AIMessageChunk]:
        parts, speech = Apart(), Speech(self.checkpoint.vocabulary, self.options.timeout)
        with guard(self.checkpoint.name):
            prompt = prompt_of(self.checkpoint, messages, thinking=wish.thinking)
            with closing(self._speaker.speak(prompt, speech, wish)) as pieces:
                for piece in pieces:
                    if text := until.hear(parts.hear(piece)):
                        yield AIMessageChunk(content=text)
                    if until.met:
                        break
        text = until.hear(parts.end()) + until.end()
        read, heard = len(prompt.ids), len(speech.ids)
        yield AIMessageChunk(
            content=text,
            additional_kwargs={"reasoning_content": parts.reasoning} if parts.reasoning else {},
            response_metadata={
                "finish_reason": "stop" if speech.ended or until.met else "length",
                "model_name": self.checkpoint.name,
            },
            usage_metadata=UsageMetadata(
                input_tokens=read,
                output_tokens=heard,
                total_tokens=read + heard,
                output_token_details=OutputTokenDetails(reasoning=speech.thought),
            ),
            chunk_position="last",
        )


def _wish(arguments: Mapping[str, Any]) -> Wish:
    """Return what a call wishes for; None is as if it were not there.

    Raises:
        BadArgument: an argument is unknown, as of other chat models, or has the wrong form.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    longest = given.pop("max_tokens", LONGEST)
    form = given.pop("response_format", None)
    thinking = bool(given.pop("thinking", False))
    for name, value in given.items():
        raise BadArgument(name, value, "one of max_tokens, stop, response_format, thinking", "max_tokens")
    if not isinstance(longest, int) or longest < 1:
        raise BadArgument("max_tokens", longest, "a whole number above 0", "320")
    if form is None:
        return Wish(longest=longest, thinking=thinking)
    if isinstance(form, Mapping) and form.get("type") == "json_schema":
        schema = form.get("json_schema", {}).get("schema")
        if isinstance(schema, Mapping):
            return Wish(longest=longest, schema=schema, thinking=thinking)
    example = '{"type": "json_schema", "json_schema": {"name": "plan", "schema": {"type": "object"}}}'
    raise BadArgument("response_format", form, "OpenAI's form of a JSON schema", example)
