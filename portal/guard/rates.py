"""Requests -> passed on as often as a caller may ask, 429 above that.

A caller is what the request presents: a token or a cookie, by its hash; else the address. What was not recognised
here before also counts on its address when it is refused (401), so that trying keys is slow, and a person who is
known is not locked out by one who tries. Token buckets, held by this process alone: several count each for itself.
"""

import hashlib
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.access.calling import bearer
from portal.access.cookies import presented
from portal.guard.layer import UNGUARDED, Layer, refuse
from portal.guard.times import Gone
from portal.settings import Settings

_MINUTE = 60.0
_TRIES = 10
"""Refused credentials of one address in a minute are a tenth of what a caller may ask, and at least these."""
_KNOWN = 20_000
"""Callers that are remembered; those who asked longest ago are forgotten first."""
_EVENTS = "text/event-stream"


class Buckets:
    """How much each may still ask.

    Args:
        a_minute: how often one may ask; 0 is as often as they like.
        ticks: seconds.
    """

    def __init__(self, a_minute: int, ticks: Callable[[], float]) -> None:
        self._most, self._ticks = a_minute, ticks
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, whose: str) -> float:
        """Return the seconds until one more is allowed, 0 if it is now."""
        return max(0.0, (1.0 - self._now(whose)) * _MINUTE / self._most) if self._most else 0.0

    def take(self, whose: str) -> None:
        """Count one."""
        if not self._most:
            return
        self._left[whose] = (max(0.0, self._now(whose) - 1.0), self._ticks())
        self._left.move_to_end(whose)
        while len(self._left) > _KNOWN:
            self._left.popitem(last=False)

    def _now(self, whose: str) -> float:
        left, since = self._left.get(whose, (float(self._most), 0.0))
        return min(float(self._most), left + (self._ticks() - since) * self._most / _MINUTE)


class Rates(Layer):
    """Counts requests and streams of each caller."""

    def __init__(self, app: ASGIApp, settings: Settings, ticks: Callable[[], float] = time.monotonic) -> None:
        super().__init__(app)
        self._settings, self._streams = settings, Counter[str]()
        a_minute = settings.limits.a_minute
        self._asked = Buckets(a_minute, ticks)
        self._refused = Buckets(a_minute and max(_TRIES, a_minute // 10), ticks)
        self._accepted: OrderedDict[str, None] = OrderedDict()

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is too much; count the rest."""
        if scope["path"] in UNGUARDED:
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        address = request.client.host if request.client else "-"
        whose = self._whose(request) or address
        wait = max(self._asked.wait(whose), self._tried(whose, address))
        if wait:
            await _refuse(scope, receive, send, wait)
        elif _EVENTS in request.headers.get("accept", "") and self._streaming_enough(whose):
            await _refuse(scope, receive, send, 1)
        else:
            self._asked.take(whose)
            await self._passed(scope, receive, send, whose, address)

    def _whose(self, request: HTTPConnection) -> str:
        shown = bearer(request) or presented(self._settings, request.cookies)
        return hashlib.sha256(shown.encode()).hexdigest() if shown else ""

    def _tried(self, whose: str, address: str) -> float:
        return 0.0 if whose == address or whose in self._accepted else self._refused.wait(address)

    def _streaming_enough(self, whose: str) -> bool:
        most = self._settings.limits.streams
        return bool(most) and self._streams[whose] >= most

    async def _passed(self, scope: Scope, receive: Receive, send: Send, whose: str, address: str) -> None:
        streaming = refused = False

        async def counting(message: Message) -> None:
            nonlocal streaming, refused
            if refused:
                raise Gone
            if message["type"] == "http.response.start":
                self._remember(whose, address, message["status"], "caller" in scope.get("state", {}))
                if _is_stream(message):
                    refused = self._streaming_enough(whose)
                    streaming = not refused
                    self._streams[whose] += streaming
            if refused:
                await _refuse(scope, receive, send, 1)
                raise Gone
            await send(message)

        async def hearing() -> Message:
            return {"type": "http.disconnect"} if refused else await receive()

        try:
            await self.app(scope, hearing, counting)
        finally:
            self._streams[whose] -= streaming
            if not self._streams[whose]:
                del self._streams[whose]

    def _remember(self, whose: str, address: str, status: int, recognised: bool) -> None:
        if whose == address:
            return
        if status == 401:
            self._accepted.pop(whose, None)
            self._refused.take(address)
            return
        if not recognised:
            return
        self._accepted[whose] = None
        self._accepted.move_to_end(whose)
        while len(self._accepted) > _KNOWN:
            self._accepted.popitem(last=False)


def _is_stream(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith(_EVENTS)


async def _refuse(scope: Scope, receive: Receive, send: Send, wait: float) -> None:
    seconds = max(1, math.ceil(wait))
    sentence = f"Too many requests at once: ask again in {seconds} s."
    await refuse(scope, receive, send, 429, sentence, {"Retry-After": str(seconds)})
