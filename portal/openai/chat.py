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
        asked: what was asked in it.
        left: what is to be asked in it, the question that is to be answered last.
    """

    def __init__(
        self, portal: Portal, caller: Caller, conversation: str, asked: Sequence[str], left: Sequence[str]
    ) -> None:
        self._portal, self._caller, self._conversation = portal, caller, conversation
        self._asked, self._left = list(asked), list(left)

    async def answer(self) -> AsyncGenerator[Answer | None]:
        """Ask what is left; yield None as a sign of life, and the last answer.

        Raises:
            AssistantError: there is no answer. What was answered before stays asked.
        """
        try:
            for text in self._left:
                answer = None
                answering = asking.answering(self._portal, self._caller, self._conversation, text)
                async with aclosing(answering):
                    async for said in answering:
                        answer = said if isinstance(said, Answer) else None
                        yield None
                self._asked.append(text)
        finally:
            if self._asked:
                threads.keep(self._portal.database, self._caller, self._conversation, self._asked)
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
        return Chat(portal, caller, found, earlier[:many], questions[many:])
    begun = await asking.begin(portal, caller)
    return Chat(portal, caller, begun, [], questions[-threads.AGAIN - 1 :])
