"""An answer -> a chat completion, or the events of one that is streamed."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import orjson
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from agent.answer import Answer
from portal.openai.shapes import MODEL, Choice, Completion, Refusal, Said, Trouble, tokens
from portal.saying import numbered
from tools.calls.errors import AssistantError

_PIECE = re.compile(r"(?:\S+\s*|\s+){1,6}")
FAILED = "server_error"
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def refusal(status: int, message: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """Return an error in the form that OpenAI's clients understand."""
    kind = FAILED if status >= 500 else _TYPES.get(status, "invalid_request_error")
    return Refusal(error=Trouble(message=message, type=kind, param=param, code=code)).model_dump()


def completion(answer: Answer, created: int) -> Completion:
    """Return an answer as a chat completion."""
    return Completion(
        id=_id(),
        created=created,
        choices=[Choice(message=Said(content=numbered(answer)))],
        usage=tokens(answer),
        fhir_assistant=answer,
    )


async def streamed(
    answers: AsyncGenerator[Answer | None], created: int, include_usage: bool
) -> AsyncIterator[bytes]:
    """Yield the events of a stream: the role at once, the text only when the answer was checked.

    Args:
        answers: signs of life, and the answer.
        created: seconds since 1970.
        include_usage: tell what it cost before the end.
    """
    head = {"id": _id(), "object": "chat.completion.chunk", "created": created, "model": MODEL}

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**head, "choices": [choice], **({"usage": None} if include_usage else {}), **more})

    yield chunk({"role": "assistant", "content": ""})
    try:
        answer = None
        async with aclosing(answers):
            async for answer in answers:
                if answer is None:
                    yield KEEPALIVE_COMMENT
    except AssistantError as reason:
        yield _event(Refusal(error=Trouble(message=str(reason), type=FAILED)).model_dump())
        return
    if answer is None:
        return
    for piece in pieces(numbered(answer)):
        yield chunk({"content": piece})
    yield chunk({}, "stop", fhir_assistant=answer.model_dump(mode="json"))
    if include_usage:
        yield _event({**head, "choices": [], "usage": tokens(answer).model_dump()})
    yield format_sse_event(data_str="[DONE]")


def pieces(text: str) -> Iterator[str]:
    """Yield a text a few words at a time.

    >>> list(pieces("a b c d e f g"))
    ['a b c d e f ', 'g']
    """
    return (match[0] for match in _PIECE.finditer(text))


def _id() -> str:
    return f"chatcmpl-{uuid4().hex}"


def _event(data: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=orjson.dumps(data).decode())
