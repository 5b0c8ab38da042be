"""A request -> the user's questions in their order; refused where it wants what this API does not do."""

from contextlib import suppress

from agent.asking import readable
from portal.openai.shapes import MODEL, Message, Wanted
from tools.calls.errors import AssistantError, BadArgument

UNSERVED = {
    "patient": "The token decides whose record is read, never a parameter.",
    "n": "There is one answer: n is 1.",
    "tools": "The assistant calls its own tools and no others.",
    "functions": "The assistant calls its own tools and no others.",
    "tool_choice": "The assistant calls its own tools and no others.",
    "response_format": "The answer is text; as JSON it stands in fhir_assistant.",
    "modalities": "The answer is text.",
    "audio": "The answer is text.",
    "stop": "An answer is given as a whole: nothing cuts it.",
    "logprobs": "There are no log probabilities.",
    "web_search_options": "Nothing but the record is read.",
}
"""Why a parameter is refused that would change the meaning of the answer; its type tells what is taken."""


class Refused(AssistantError):
    """A request that this API does not serve."""

    def __init__(self, message: str, param: str, code: str, status: int = 400) -> None:
        super().__init__(message)
        self.param, self.code, self.status = param, code, status


def questions(wanted: Wanted) -> list[str]:
    """Return what the user asked, the question that is to be answered last.

    Earlier messages that never were a question (empty, or too long) are left out: they were refused when they came.

    Raises:
        Refused: it wants what this API does not do.
    """
    if wanted.model != MODEL:
        raise Refused(f"There is one model, {MODEL!r}.", "model", "model_not_found", 404)
    said = [message for message in wanted.messages if message.role == "user"]
    if not said:
        raise Refused(
            "messages: expected a question, in a message of the role user.", "messages", "no_question"
        )
    try:
        last = readable(_text(said[-1]))
    except BadArgument as wrong:
        raise Refused(str(wrong), "messages", "invalid_question") from None
    earlier: list[str] = []
    for message in said[:-1]:
        with suppress(BadArgument, Refused):
            earlier.append(readable(_text(message)))
    return [*earlier, last]


def _text(message: Message) -> str:
    if isinstance(message.content, str | None):
        return message.content or ""
    for part in message.content:
        if part.type != "text":
            raise Refused(
                "messages: only text is read, no images, sounds or files.", "messages", "unsupported_content"
            )
    return " ".join(part.text or "" for part in message.content)
