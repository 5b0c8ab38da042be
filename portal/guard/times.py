"""A request -> answered in time, or 503; what breaks -> 500, and where it broke into the log.

The time is until the answer begins: a stream may last. What is too late is not waited for. An error that nobody
expected is logged by its kind and place alone, since its message may quote a record.
"""

import asyncio
import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.defects import told
from portal.guard.layer import Layer, refuse
from portal.settings import Settings

log = logging.getLogger("portal.trouble")
_ANSWERING = ("/v1", "/mcp", "/cds-services")
"""Doors at which the answer to a question may be the answer to one request."""
_SOME = 5.0


class Gone(OSError):
    """Nobody listens any more."""


class Times(Layer):
    """Holds the app to a time, and its errors to one sentence."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._limits = settings.limits
        self._late: set[asyncio.Task[None]] = set()

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the answer to begin, then for its end."""
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        over = False

        async def telling(message: Message) -> None:
            if over:
                raise Gone
            if message["type"] == "http.response.start" and not begun.done():
                begun.set_result(None)
            await send(message)

        task = asyncio.ensure_future(self.app(scope, receive, telling))
        try:
            await asyncio.wait(
                {task, begun}, timeout=self._seconds(scope["path"]), return_when="FIRST_COMPLETED"
            )
            if task.done() or begun.done():
                await asyncio.wait({task})
                await self._ended(task, begun.done(), scope, receive, send)
                return
            over = True
        finally:
            self._let_go(task)
        sentence = "This took too long and was given up: ask for less, or again."
        await refuse(scope, receive, send, 503, sentence, {"Retry-After": "5"})

    def _seconds(self, path: str) -> float:
        slow = any(path == door or path.startswith(f"{door}/") for door in _ANSWERING)
        return self._limits.answer + _SOME if slow else self._limits.seconds

    async def _ended(
        self, task: "asyncio.Task[None]", begun: bool, scope: Scope, receive: Receive, send: Send
    ) -> None:
        error = task.exception()
        if error is None or isinstance(error, Gone | ClientDisconnect):
            return
        log.error("%s A defect: %s", scope.get("state", {}).get("request_id", "-"), told(error))
        if begun:
            raise RuntimeError("The answer broke off; see the log of portal.trouble.")
        await refuse(scope, receive, send, 500, "Something is wrong with this program. It was logged.")

    def _let_go(self, task: "asyncio.Task[None]") -> None:
        """Cancel what still runs; a thread of it ends when it will."""
        if task.done():
            return
        task.cancel()
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        task.add_done_callback(lambda late: None if late.cancelled() else late.exception())
