"""The user's questions -> the answer to the last of them, in the conversation of the others."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from agent.answer import Answer
from portal.caller import Caller
from portal.conversations import asking
from portal.openai import threads
from portal.portal import Portal


class Chat:
    """A place in a conversation from which to go on.

    Args:
        conversation: its id.
        questions: all that the user asked.
        begins: where among them the conversation begins.
        goes_on: the first of them that was not asked in it.
    """

    def __init__(
        self,
        portal: Portal,
        caller: Caller,
        conversation: str,
        questions: Sequence[str],
        begins: int,
        goes_on: int,
    ) -> None:
        self._portal, self._caller, self._conversation = portal, caller, conversation
        self._questions, self._begins, self._next = questions, begins, goes_on

    async def answer(self) -> AsyncGenerator[Answer | None]:
        """Ask what is left; yield None as a sign of life, and the last answer.

        Raises:
            AssistantError: there is no answer. What was answered before stays asked.
        """
        try:
            for text in self._questions[self._next :]:
                answer = None
                answering = asking.answering(self._portal, self._caller, self._conversation, text)
                async with aclosing(answering):
                    async for said in answering:
                        answer = said if isinstance(said, Answer) else None
                        yield None
                self._next += 1
        finally:
            if self._next > self._begins:
                asked = self._questions[: self._next]
                keeping = asyncio.to_thread(
                    threads.keep, self._portal.database, self._caller, self._conversation, asked
                )
                await asyncio.shield(keeping)  # also when whoever listened has gone
        yield answer


async def place(portal: Portal, caller: Caller, questions: Sequence[str]) -> Chat:
    """Find the conversation of the questions before the last, or begin one.

    Raises:
        NotAllowed: the caller's session has ended.
        RecordError: the patient is unknown, or the record cannot be read.
    """
    earlier = questions[:-1]
    found, many = await asyncio.to_thread(threads.find, portal.database, caller, earlier)
    if found:
        return Chat(portal, caller, found, questions, 0, many)
    begun = await asking.begin(portal, caller)
    first = max(0, len(earlier) - threads.AGAIN)
    return Chat(portal, caller, begun, questions, first, first)
