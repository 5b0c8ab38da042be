"""Chat front ends of a portal: OpenAI's own client, and plain requests."""

from typing import Any

import openai

MODEL = "fhir-record-assistant"


def client(url: str, token: str = "token-adelina") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0, timeout=60)


def said(*turns: str) -> list[Any]:
    """The messages of a chat in which the user said this, and the assistant something in between."""
    messages: list[Any] = []
    for turn in turns:
        messages += [{"role": "user", "content": turn}, {"role": "assistant", "content": "Something."}]
    return messages[:-1]


def chat(url: str, *turns: str, token: str = "token-adelina", **more: Any) -> Any:
    """What the portal says: a completion, or the chunks of a stream."""
    wanted: dict[str, Any] = {"model": MODEL, "messages": said(*turns), **more}
    with client(url, token) as asking:
        completion = asking.chat.completions.create(**wanted)
        return list(completion) if more.get("stream") else completion


def text_of(completion: Any) -> str:
    return str(completion.choices[0].message.content)


def answer_of(completion: Any) -> dict[str, Any]:
    answer: dict[str, Any] = completion.fhir_assistant
    return answer
