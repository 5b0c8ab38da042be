"""A chat model that answers with kept replies, and asks another one for those that are lacking.

Where there is another one, a reply counts only for the very prompt that it answered. Where there is none, the next
reply of the form that is asked for is given whatever the prompt, and the change is noted.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import orjson
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from agent.models import ModelFailure, ModelOptions
from agent.models.endpoint.counting import estimate
from agent.models.model import Model
from agent.models.names import reads_pictures
from agent.models.thinking import settled
from evaluation.played.questions import PlayedQuestion, Reply

_SHOWN = 12
"""Hexadecimal digits of a digest."""


@dataclass(frozen=True, slots=True)
class Change:
    """A prompt that is another than the one that the kept reply answered.

    Attributes:
        step: which call of the model for this question, from 1.
        form: in which a reply was asked for.
        what: "system" (the instructions), "user" (the rest), or "system and user".
    """

    step: int
    form: str
    what: str


@dataclass(slots=True)
class Play:
    """One question while it is answered: hands out kept replies and keeps new ones.

    Attributes:
        waiting: kept replies that were not given yet.
        keep: hears all replies to be kept, after each new one.
        replies: those given so far, with the digests of the prompts that they were given to.
        changes: prompts that are others than those that the replies answered.
        prompt_tokens: of all prompts so far, estimated as Gemma counts them.
        unanswered: the form of a prompt to which there is no reply, "" if none.
    """

    waiting: list[Reply]
    keep: Callable[[Sequence[Reply]], None] = lambda replies: None
    replies: list[Reply] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    prompt_tokens: int = 0
    unanswered: str = ""

    def prompted(self, messages: Sequence[BaseMessage], form: str) -> Reply:
        """Return the reply to be given to a prompt, still without a text."""
        self.prompt_tokens += sum(estimate(message.text) for message in messages)
        self.unanswered = form
        system = [message for message in messages if message.type == "system"]
        user = [message for message in messages if message.type != "system"]
        return Reply(form=form, system=digest(system), user=digest(user), text="")

    def next_kept(self, form: str) -> Reply | None:
        """Return the next kept reply of a form; it waits no longer."""
        kept = next((reply for reply in self.waiting if reply.form == form), None)
        if kept:
            self.waiting.remove(kept)
        return kept

    def give(self, reply: Reply) -> None:
        """Count a reply as given."""
        self.replies.append(reply)
        self.unanswered = ""

    def note_change(self, before: Reply, now: Reply) -> None:
        """Note what of a prompt is not as it was, if anything."""
        parts = {"system": before.system != now.system, "user": before.user != now.user}
        if changed := [name for name, differs in parts.items() if differs]:
            self.changes.append(Change(len(self.replies) + 1, now.form, " and ".join(changed)))


class PlayedChat(BaseChatModel):
    """A chat model for one question.

    Attributes:
        play: the `Play`.
        other: the chat model that is asked where no reply was kept for a prompt; None asks nobody.
    """

    play: Any = Field(exclude=True, repr=False)
    other: BaseChatModel | None = Field(default=None, exclude=True, repr=False)

    @property
    def _llm_type(self) -> str:
        return "played"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Yield a reply.

        Raises:
            ModelFailure: none was kept, and there is nobody to ask.
        """
        play: Play = self.play
        prompted = play.prompted(messages, _form(kwargs))
        kept = play.next_kept(prompted.form)
        if kept and (self.other is None or _same_prompt(kept, prompted)):
            play.note_change(kept, prompted)
            yield _chunk(kept, sum(estimate(message.text) for message in messages))
            play.give(prompted.model_copy(update={"text": kept.text, "cut": kept.cut}))
        elif self.other is None:
            raise ModelFailure("endpoint", f"No reply was kept for a prompt of the form {prompted.form!r}.")
        else:
            # its own `stream` would be counted as another call
            text, cut = "", False
            for chunk in self.other._stream(messages, stop, None, **kwargs):
                text, cut = text + chunk.message.text, cut or _cut(chunk)
                yield chunk
            play.give(prompted.model_copy(update={"text": text, "cut": cut}))
            play.keep([*play.replies, *play.waiting])

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))


def kept_model(question: PlayedQuestion, play: Play, options: ModelOptions) -> Model:
    """Return a model that says what was kept of a question, with the abilities of the one that replied."""
    name = question.model or "played"
    return Model(
        name=name,
        chat=PlayedChat(play=play),
        context=options.context,
        count=estimate,
        guard=nullcontext,
        thinking=settled(options.thinking, name),
        sees=options.pictures == "on" or (options.pictures == "auto" and reads_pictures(name)),
    )


def keeping(model: Model, play: Play) -> Model:
    """Return a model whose replies are kept.

    It counts tokens as a replay does, so that prompts are cut at the same place there.
    """
    return replace(model, chat=PlayedChat(play=play, other=model.chat), count=estimate)


def digest(messages: Sequence[BaseMessage]) -> str:
    """Return the first digits of the SHA-256 over messages, with who says them."""
    told = orjson.dumps([[message.type, message.content] for message in messages])
    return sha256(told).hexdigest()[:_SHOWN]


def _same_prompt(one: Reply, other: Reply) -> bool:
    return (one.system, one.user) == (other.system, other.user)


def _form(asked: dict[str, Any]) -> str:
    return str(asked["response_format"]["json_schema"]["name"])


def _chunk(kept: Reply, prompt: int) -> ChatGenerationChunk:
    """Return a reply with the tokens that it and its prompt take, as they are counted against what a run may cost."""
    ended, said = {"finish_reason": "length" if kept.cut else "stop"}, estimate(kept.text)
    used = UsageMetadata(input_tokens=prompt, output_tokens=said, total_tokens=prompt + said)
    return ChatGenerationChunk(
        message=AIMessageChunk(content=kept.text, response_metadata=ended, usage_metadata=used)
    )


def _cut(chunk: ChatGenerationChunk) -> bool:
    told = {**(chunk.generation_info or {}), **chunk.message.response_metadata}
    return told.get("finish_reason") == "length"
