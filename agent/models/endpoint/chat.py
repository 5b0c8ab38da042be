"""LangChain's `ChatOpenAI`, made for servers of one's own: messages -> what the model streams.

What it adds: fields that a server may refuse are left out when it does; a call is tried again, and ends in time;
reasoning that came apart is kept; end-of-turn tokens do not show. Usage is what the server counted, once; where it
counts nothing there is none. Left out: tools, several choices, OpenAI's own parsing of structured output.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, cast

import openai
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr

from agent.models.endpoint.patience import CutOff, Patience
from agent.models.endpoint.trouble import Endpoint, told
from agent.models.stops import UntilStop
from agent.models.thinking import LONGEST, asked_to_think

_CONNECT = 10.0
_ENDS = ("<end_of_turn>", "<eos>", "<|im_end|>")
"""End-of-turn tokens that a server may show instead of swallowing them."""
_STUMBLED = (openai.OpenAIError, CutOff, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What openai and LangChain raise over a server's words, also over words that are no chat completion at all."""
_REFUSABLE = {
    "skip_special_tokens": ("skip_special_tokens",),
    "stream_options": ("stream_options",),
    "response_format": ("response_format", "schema", "grammar", "guided", "structured"),
}
"""Fields that can be left out, and what a refusal of them mentions."""


class EndpointChat(ChatOpenAI):
    """A chat model behind one endpoint."""

    _endpoint: Endpoint = PrivateAttr()
    _patience: Patience = PrivateAttr()
    _slots: BoundedSemaphore = PrivateAttr()
    _refused: set[str] = PrivateAttr(default_factory=set)

    def __init__(self, endpoint: Endpoint, patience: Patience, in_flight: int, **settings: Any) -> None:
        """Take the settings of `ChatOpenAI`; nothing is connected yet."""
        super().__init__(**settings)
        self._endpoint, self._patience = endpoint, patience
        self._slots = BoundedSemaphore(in_flight)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **wishes: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Yield what the model says; the time begins when the call has its turn.

        With `thinking` no schema is sent: it would hold from the first token on and leave no room for a thought.

        Raises:
            ModelFailure: the endpoint did not answer.
        """
        if wishes.pop("thinking", False):
            messages = asked_to_think(messages)
            wishes.pop("response_format", None)
            wishes["max_tokens"] = wishes.get("max_tokens", 0) + LONGEST
        call = _Call(over=0.0, wishes={"stop": stop, **wishes}, left_out=set(self._refused))
        with self._slots:
            call.over = time.monotonic() + self._endpoint.timeout
            while True:
                try:
                    yield from self._once(messages, call)
                    break
                except _STUMBLED as error:
                    wait = self._next(call, error)
                self._patience.sleep(wait)
        self._refused |= call.left_out

    def _next(self, call: "_Call", error: Exception) -> float:
        """Return the seconds to wait before another try, with what was refused left out of it."""
        late = time.monotonic() >= call.over
        if not (call.begun or late):
            if field := call.refused(error):
                call.left_out.add(field)
                return 0.0
            wait = self._patience.wait(error, call.tries)
            if wait is not None and time.monotonic() + wait < call.over:
                call.tries += 1
                return wait
        raise self._endpoint.failure(error, call.tries, late=late, begun=call.begun) from None

    def _once(self, messages: list[BaseMessage], call: "_Call") -> Iterator[ChatGenerationChunk]:
        left = max(call.over - time.monotonic(), 0.001)
        limit = openai.Timeout(left, connect=min(left, _CONNECT))
        payload = self._get_request_payload(messages, **call.fields(), timeout=limit)
        text, usage, complete = UntilStop(_ENDS), None, False
        with self.client.create(**payload) as events:
            for event in events:
                chunk = self._convert_chunk_to_generation_chunk(
                    event.to_dict(warnings=False), AIMessageChunk, None
                )
                if chunk is None:
                    continue
                message = cast(AIMessageChunk, chunk.message)
                message.content = text.hear(cast(str, message.content))
                usage, message.usage_metadata = message.usage_metadata or usage, None
                finish = (chunk.generation_info or {}).get("finish_reason")
                complete = complete or finish not in (None, "abort", "error")
                call.begun = call.begun or bool(message.content or message.additional_kwargs)
                yield chunk
        if not complete:
            raise CutOff
        yield ChatGenerationChunk(message=AIMessageChunk(content=text.end(), usage_metadata=usage))

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        """Keep what servers with a reasoning parser send beside the text; `ChatOpenAI` drops it."""
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices") or [{}]
        delta = choices[0].get("delta") or {}
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if made is not None and thought:
            made.message.additional_kwargs["reasoning_content"] = str(thought)
        return made


@dataclass(slots=True)
class _Call:
    """One call, over all its tries.

    Attributes:
        over: when its time ends, on the monotonic clock.
        wishes: what LangChain was asked to send.
        left_out: optional fields that the server does not take.
        tries: begun so far.
        begun: a part of the answer has come.
    """

    over: float
    wishes: dict[str, Any]
    left_out: set[str]
    tries: int = 1
    begun: bool = False

    def fields(self) -> dict[str, Any]:
        """Return what to send; a schema goes past OpenAI's own parsing of what comes back."""
        sent = {field: value for field, value in self._optional().items() if field not in self.left_out}
        plain = {field: value for field, value in self.wishes.items() if field not in _REFUSABLE}
        options = {field: sent.pop(field) for field in ("stream_options",) if field in sent}
        return {**plain, **options, "extra_body": sent, "stream": True}

    def refused(self, error: Exception) -> str:
        """Return the field that a server did not take, "" if it was something else."""
        if not isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
            return ""
        words = told(error).lower()
        sent = (field for field in self._optional() if field not in self.left_out)
        return next((field for field in sent if any(word in words for word in _REFUSABLE[field])), "")

    def _optional(self) -> dict[str, Any]:
        form = self.wishes.get("response_format")
        always = {"skip_special_tokens": False, "stream_options": {"include_usage": True}}
        return {**always, "response_format": form} if form else always
