"""A chat model that counts its prompts, and says what was answered without it.

Left out: what a real model says.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import orjson
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from agent.answer import Answer
from agent.models import ModelOptions
from agent.models.model import Model
from evaluation.bench.tokens import Tokens

_WRONG = " It was 987654 on 1801-02-03."


class CountingChat(BaseChatModel):
    """Says the plan and the text of an answer that is there already, and tells how long the prompt was.

    Attributes:
        tokens: `Tokens`.
        stumbles: the first draft of each answer says what nothing supports.
    """

    tokens: Any
    stumbles: bool = False
    _answer: Answer = PrivateAttr()
    _wrong: str = PrivateAttr(default="")

    @property
    def _llm_type(self) -> str:
        return "counting"

    def will_say(self, answer: Answer) -> None:
        """Say this from now on; with references, which the numbers of a draft are turned into anyway."""
        self._answer, self._wrong = answer, _WRONG if self.stumbles else ""

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        form = kwargs["response_format"]["json_schema"]["name"]
        text = planned(self._answer) if form == "plan" else self._draft()
        read, said = self.tokens.chat(messages), self.tokens.count(text)
        usage: Any = {"input_tokens": read, "output_tokens": said, "total_tokens": read + said}
        ended = {"finish_reason": "stop"}
        yield ChatGenerationChunk(
            message=AIMessageChunk(content=text, usage_metadata=usage, response_metadata=ended)
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = self._stream(messages, stop, run_manager, **kwargs)
        return ChatResult(generations=[ChatGeneration(message=chunk.message) for chunk in chunks])

    def _draft(self) -> str:
        wrong, self._wrong = self._wrong, ""
        lines = f"{self._answer.answer}{wrong}".splitlines()
        said = [line.removeprefix("- ") for line in lines if line]
        findings = [{"says": each, "facts": [], "claims": []} for each in said]
        return orjson.dumps({"findings": findings, "assessment": [], "lacking": ""}).decode()


def planned(answer: Answer) -> str:
    """Return the plan of an answer as a model says it."""
    truth = bool(answer.values) and all(isinstance(value, bool) for value in answer.values)
    told = {"calls": [step.model_dump() for step in answer.plan], "yes_no": truth}
    return orjson.dumps({**told, "more": False, "decline": answer.declined}, default=str).decode()


def counting(tokens: Tokens, stumbles: bool = False) -> tuple[Model, CountingChat]:
    """Return a model with the usual context, and the chat model behind it."""
    chat = CountingChat(tokens=tokens, stumbles=stumbles)
    context = ModelOptions().context
    return Model(name="counting", chat=chat, context=context, count=tokens.count, guard=nullcontext), chat
