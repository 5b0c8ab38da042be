"""What goes in and out of /v1 as JSON, as OpenAI's API reference has it, and our `Answer` beside it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.answer import Answer

MODEL = "fhir-record-assistant"
"""The only model there is; which one words the answers is the operator's choice."""


None_ = Annotated[list[Any], Field(max_length=0)]
"""A list of which this API takes none."""


class _In(BaseModel):
    """What comes in; what is not known is ignored."""

    model_config = ConfigDict(strict=True)


class Part(_In):
    """A part of a message; only texts are read."""

    type: str = Field(max_length=100, examples=["text"])
    text: str | None = None


_QUESTION = {
    "properties": {"role": {"const": "user"}, "content": {"type": "string", "pattern": r"\S"}},
    "required": ["role", "content"],
}


class Message(_In):
    """A message; only those of the role user are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | Annotated[list[Part], Field(max_length=100)] | None = None


class StreamOptions(_In):
    """How a stream ends."""

    include_usage: bool | None = None


class ResponseFormat(_In):
    """The form of the answer; text is the only one."""

    type: Literal["text"]


class Wanted(_In):
    """A chat completion.

    Sampling and length (temperature, top_p, seed, max_tokens, …) are the operator's: such parameters are accepted and
    do nothing. What would change the meaning of the answer is refused where it is not what this API does anyway.
    """

    model: str = Field(max_length=200, examples=[MODEL])
    messages: Annotated[
        list[Message], Field(min_length=1, max_length=500, json_schema_extra={"contains": _QUESTION})
    ]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    tools: None_ | None = None
    functions: None_ | None = None
    tool_choice: Literal["none", "auto"] | None = None
    response_format: ResponseFormat | None = None
    modalities: list[Literal["text"]] | None = None
    audio: None = None
    stop: Literal[""] | None_ | None = None
    logprobs: Literal[False] | None = None
    web_search_options: None = None
    patient: None = None


class Said(BaseModel):
    """What the assistant says."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    """The only choice."""

    index: Literal[0] = 0
    message: Said
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Tokens(BaseModel):
    """Tokens that the model behind the assistant read and wrote; none where no model was needed."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """An answer: as text with its sources, and whole."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Tokens
    fhir_assistant: Answer


class Model(BaseModel):
    """A model that can be asked for."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int
    owned_by: str = MODEL


class Models(BaseModel):
    """The models that can be asked for."""

    object: Literal["list"] = "list"
    data: list[Model]


class Trouble(BaseModel):
    """Why there is no answer."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class Refusal(BaseModel):
    """An error as OpenAI's clients expect it."""

    error: Trouble


def tokens(answer: Answer) -> Tokens:
    """Return what an answer cost."""
    read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return Tokens(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)
