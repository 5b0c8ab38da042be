"""What goes in and out of /v1 as JSON, as OpenAI's API reference has it, and our `Answer` beside it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from agent.answer import Answer

MODEL = "fhir-record-assistant"
"""The only model there is; which one words the answers is the operator's choice."""


class Part(BaseModel):
    """A part of a message; only texts are read."""

    type: str = Field(max_length=100, examples=["text"])
    text: str | None = None


class Message(BaseModel):
    """A message; only those of the role user are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | Annotated[list[Part], Field(max_length=100)] | None = None


class StreamOptions(BaseModel):
    """How a stream ends."""

    include_usage: bool | None = None


class ResponseFormat(BaseModel):
    """The form of the answer; text is the only one."""

    type: str = Field(max_length=100, examples=["text"])


class Wanted(BaseModel):
    """A chat completion.

    Sampling and length (temperature, top_p, seed, max_tokens, …) are the operator's: such parameters are accepted and
    do nothing. What would change the meaning of the answer is refused where it is not what this API does anyway.
    """

    model: str = Field(max_length=200, examples=[MODEL])
    messages: Annotated[list[Message], Field(min_length=1, max_length=500)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = Field(None, description="1 is the only number of answers.")
    tools: list[Any] | None = Field(None, description="None: the assistant has its own.")
    functions: list[Any] | None = Field(None, description="None: the assistant has its own.")
    tool_choice: Any = Field(None, description='"none" or "auto".')
    response_format: ResponseFormat | None = None
    modalities: list[Any] | None = Field(None, description='["text"] is the only one.')
    audio: Any = Field(None, description="Never.")
    stop: Any = Field(None, description="None: an answer is never cut.")
    logprobs: bool | None = Field(None, description="Never: there are none.")
    web_search_options: Any = Field(None, description="Never: nothing but the record is read.")
    patient: Any = Field(None, description="Never: the token decides whose record is read.")


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
