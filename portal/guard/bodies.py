"""The body of a request -> passed on whole, or refused: too long (413), or no JSON (415).

It is read before the app sees anything of it, so that the limit holds for every door, and whatever the request says
of its own length. A form that any page may post never gets in.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.guard.layer import Layer, refuse
from portal.settings import Settings


class Bodies(Layer):
    """Reads bodies, up to a limit."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._most = settings.limits.body

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body; refuse it or pass it on."""
        headers = Headers(scope=scope)
        body = None if self._too_long(headers) else await self._whole(receive)
        if body is None:
            sentence = f"The body is too long: expected at most {self._most} bytes."
            await refuse(scope, receive, send, 413, sentence, {"Connection": "close"})
        elif body and not _is_json(headers.get("content-type", "")):
            await refuse(scope, receive, send, 415, "Expected a body of Content-Type: application/json.")
        else:
            await self.app(scope, _again(body, receive), send)

    def _too_long(self, headers: Headers) -> bool:
        told = headers.get("content-length", "0")
        return not told.isascii() or not told.isdigit() or len(told) > 15 or int(told) > self._most

    async def _whole(self, receive: Receive) -> bytes | None:
        held = bytearray()
        while True:
            message = await receive()
            held += message.get("body", b"")
            if len(held) > self._most:
                return None
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return bytes(held)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, and then what comes after it."""
    given = False

    async def giving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return giving


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
