"""The outbox -> the trail's FHIR server, in a thread of its own: answers never wait for it.

What goes wrong is logged by the number of the event, without what it says.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from portal.trail.outbox import Outbox, Waiting
from portal.trail.server import NotTaken, TrailServer, Unavailable

_LOOK = 2.0
"""Seconds between two looks for what another process left, or kept while nobody listened."""
_FIRST, _LONGEST = 1.0, 60.0
"""Seconds of the first and of the longest wait after trouble; each is twice the one before."""
_log = logging.getLogger(__name__)


class Posting:
    """Posts the trail until it is told to end.

    Args:
        outbox: what waits.
        server: where it is posted.
        kept: set when there is more.
        first: seconds of the first wait after trouble.
    """

    def __init__(
        self,
        outbox: Outbox,
        server: TrailServer,
        kept: threading.Event,
        first: float = _FIRST,
    ) -> None:
        self._outbox, self._server, self._kept, self._first = outbox, server, kept, first
        self._ending = False
        self._wait = 0.0
        self._thread = threading.Thread(target=self._run, name="trail-posting", daemon=True)

    def start(self) -> None:
        """Begin, with what was set aside before."""
        self._outbox.again()
        self._thread.start()

    def close(self, seconds: float = 5.0) -> None:
        """End; what is left waits in the database."""
        self._ending = True
        self._kept.set()
        self._thread.join(seconds)

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Post while the block runs."""
        await asyncio.to_thread(self.start)
        try:
            yield
        finally:
            await asyncio.to_thread(self.close)

    def _run(self) -> None:
        asyncio.run(self._posting())

    async def _posting(self) -> None:
        try:
            while not self._ending:
                if not await self._batch():
                    await asyncio.to_thread(self._pause)
        finally:
            await self._server.close()

    def _pause(self) -> None:
        """Wait for more or, after trouble, for a while, whatever is kept meanwhile."""
        until = time.monotonic() + (self._wait or _LOOK)
        while not self._ending and (left := until - time.monotonic()) > 0:
            if self._wait:
                time.sleep(min(left, 0.1))
            elif self._kept.wait(left):
                break
        self._kept.clear()

    async def _batch(self) -> bool:
        """Post what is next; tell whether there may be more at once."""
        try:
            events = self._outbox.claim(time.time())
            left = await self._posted(events)
            if left:
                self._outbox.release(left)
        except SQLAlchemyError as trouble:
            self._later(f"the database says {type(trouble).__name__}")
            return False
        return bool(events) and not left

    async def _posted(self, events: list[Waiting]) -> list[Waiting]:
        """Post events in order; return those that must wait."""
        for number, event in enumerate(events):
            if self._ending:
                return events[number:]
            try:
                await self._server.post(event)
            except NotTaken as trouble:
                _log.error(
                    "Event %d of the trail %s by %s: it is set aside.", event.id, trouble, self._server.base
                )
                self._outbox.refused(event)
                continue
            except Unavailable as trouble:
                self._later(str(trouble), trouble.wait)
                return events[number:]
            self._wait = 0.0
            self._outbox.posted(event)
        return []

    def _later(self, why: str, wait: float = 0.0) -> None:
        self._wait = max(min(2 * self._wait, _LONGEST) or self._first, wait)
        _log.warning("The trail cannot be posted, %s: it waits and is tried again in %g s.", why, self._wait)
