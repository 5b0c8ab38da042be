"""A chat model that says what a script says, word by word; no library is mocked."""

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from agent.models.model import Model


class ScriptedChat(BaseChatModel):
    """Gives the replies one after the other; an exception among them is raised. Keeps the prompts."""

    replies: list[Any]
    _prompts: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _asked: list[dict[str, Any]] = PrivateAttr(default_factory=list)

    @property
    def prompts(self) -> list[list[BaseMessage]]:
        return self._prompts

    @property
    def asked(self) -> list[dict[str, Any]]:
        return self._asked

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self._prompts.append(messages)
        self._asked.append(kwargs)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        for piece in reply.replace(" ", " \x00").split("\x00"):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        read = sum(len(str(m.content).split()) for m in messages)
        said = len(reply.split())
        usage: Any = {"input_tokens": read, "output_tokens": said, "total_tokens": read + said}
        last = AIMessageChunk(content="", usage_metadata=usage, response_metadata={"finish_reason": "stop"})
        yield ChatGenerationChunk(message=last)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(c.message.content) for c in self._stream(messages, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


def scripted(*replies: Any, context: int = 8192, sees: bool = False) -> Model:
    """A model that says these things in turn; a token is a word."""
    return Model(
        name="scripted",
        chat=ScriptedChat(replies=list(replies)),
        context=context,
        count=words,
        guard=nullcontext,
        sees=sees,
    )


def written(*sentences: str, **more: Any) -> str:
    """What a model writes: a finding for each sentence, which names its facts itself: "It was 6.4 % [1]."."""
    findings = [{"says": sentence, "facts": [], "claims": []} for sentence in sentences]
    return json.dumps({"findings": findings, "assessment": [], "lacking": "", **more})


def words(text: str) -> int:
    return len(text.split())


def prompts(model: Model) -> Sequence[Sequence[BaseMessage]]:
    assert isinstance(model.chat, ScriptedChat)
    return model.chat.prompts
