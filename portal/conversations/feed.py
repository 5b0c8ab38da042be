"""What happens while a question is answered: threads tell it, any number of listeners in the event loop hear it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
"""{"id": a number that grows, "event": a name, "data": JSON}."""
LAST = frozenset({"answer", "error", "cancelled"})
"""Names of the events after which nothing comes."""
_TOGETHER = 0.004
"""Seconds in which what happens is told together: most steps take less."""
_AN_ATTEMPT = 1000
"""Events of another attempt at the same question are numbered from its multiple on: a listener misses none."""


class Feed:
    """The events of one attempt to answer a question.

    Args:
        attempt: from 1.
    """

    def __init__(self, attempt: int) -> None:
        self.events: list[Event] = []
        self.ended = False
        self._first = (attempt - 1) * _AN_ATTEMPT + 1
        self._lock = threading.Lock()
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def event(self, name: str, data: Any) -> Event:
        """Return the next event, not told yet."""
        return {"id": self._first + len(self.events), "event": name, "data": data}

    def tell(self, event: Event) -> None:
        """Let the listeners know; nothing is told after the last event."""
        with self._lock:
            if self.ended:
                return
            self.events.append(event)
            self.ended = event["event"] in LAST
        self._wake()

    def stop(self) -> None:
        """End without a last event: somebody else goes on with the question."""
        self.ended = True
        self._wake()

    async def follow(self, after: int, quiet: float) -> AsyncIterator[Sequence[Event]]:
        """Yield the events after the one of that number, to the last; none of them when nothing came for a while.

        Args:
            after: number of the last event that is known, 0 for none.
            quiet: seconds.
        """
        changed = asyncio.Event()
        listener = (asyncio.get_running_loop(), changed)
        with self._lock:
            self._listeners.add(listener)
        try:
            told = 0
            while True:
                changed.clear()
                ended, known = self.ended, len(self.events)
                news = [event for event in self.events[told:known] if event["id"] > after]
                if news:
                    yield news
                told = known
                if ended:
                    return
                try:
                    await asyncio.wait_for(changed.wait(), quiet)
                except TimeoutError:
                    yield ()
                else:
                    await asyncio.sleep(_TOGETHER)
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def _wake(self) -> None:
        with self._lock:
            for loop, changed in self._listeners:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(changed.set)
