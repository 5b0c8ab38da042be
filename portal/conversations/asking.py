"""A text in a conversation -> its answer, for doors that tell an answer as a whole.

The text is a question or, where the last answer asked back, the reply. Left out: the events on the way (`api`).
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

from agent.answer import Answer, mark
from agent.asking import readable
from portal.caller import Caller
from portal.conversations.feed import LAST
from portal.conversations.kept import NotThere, Question
from portal.portal import Portal
from tools.calls.errors import RecordError

_STOPPED = {"cancelled": "The question was cancelled.", "": "The portal is ending: ask again in a moment."}


class Unanswered(RecordError):
    """A question that was asked got no answer; the message says why."""


async def begin(portal: Portal, caller: Caller) -> str:
    """Begin a conversation about the caller's patient; return its id.

    Raises:
        NotAllowed: the caller's session has ended.
        RecordError: the patient is unknown, or the record cannot be read.
    """
    record = await asyncio.to_thread(portal.desk.record, caller, caller.patient)
    made = await asyncio.to_thread(portal.kept.begin, caller, record.reference, {})
    return made.id


async def answering(
    portal: Portal, caller: Caller, conversation: str, text: str
) -> AsyncGenerator[Answer | str]:
    """Ask; yield the name of each event, "" as a sign of life, and last the answer.

    Whoever stops listening before that cancels the question.

    Raises:
        BadArgument: the text is empty or too long.
        NotThere: no such conversation.
        Busy: its question before is being answered.
        TooMany: too much is waiting; try again.
        Unanswered: there is no answer.
    """
    asked = await asyncio.to_thread(_ask, portal, caller, conversation, readable(text))
    last: dict[str, Any] = {"event": "", "data": {}}
    try:
        async for news in portal.answering.follow(caller, asked.id):
            if not news:
                yield ""
            for event in news:
                if event["event"] in LAST:
                    last = dict(event)
                else:
                    yield event["event"]
    finally:
        if not last["event"]:
            with suppress(NotThere):  # it was deleted meanwhile
                await asyncio.shield(asyncio.to_thread(portal.answering.cancel, caller, asked.id))
    yield _told(last)


def _ask(portal: Portal, caller: Caller, conversation: str, text: str) -> Question:
    answers = [each.answer for each in portal.kept.questions(caller, conversation) if each.answer]
    waits = bool(answers and answers[-1].get("outcome") == "asked back")
    return portal.answering.ask(caller, conversation, text, is_reply=waits)


def _told(last: dict[str, Any]) -> Answer:
    if last["event"] == "answer":
        return Answer.model_validate({name: value for name, value in last["data"].items() if name != "id"})
    if last["event"] == "error":
        raise Unanswered(mark("failed") + last["data"]["detail"])
    raise Unanswered(_STOPPED[last["event"]])
