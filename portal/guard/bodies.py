"""The body of a request -> passed on whole, or refused: too long (413), or no JSON (415).

It is read before the app sees anything of it, so that the limit holds for every door, and whatever the request says
of its own length. A form that any page may post never gets in.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.guard.layer import Layer, refuse
from portal.settings import Settings

_LARGE = "/cds-services/"
"""The door through which a part of a record comes in."""


class Bodies(Layer):
    """Reads bodies, up to a limit."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._limits = settings.limits

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body; refuse it or pass it on."""
        headers = Headers(scope=scope)
        most = self._limits.prefetch if scope["path"].startswith(_LARGE) else self._limits.body
        body = None if _too_long(headers, most) else await _whole(receive, most)
        if body is None:
            sentence = f"The body is too long: expected at most {most} bytes."
            await refuse(scope, receive, send, 413, sentence, {"Connection": "close"})
        elif body and not _is_json(headers.get("content-type", "")):
            await refuse(scope, receive, send, 415, "Expected a body of Content-Type: application/json.")
        else:
            await self.app(scope, _again(body, receive), send)


def _too_long(headers: Headers, most: int) -> bool:
    told = headers.get("content-length", "0")
    return not told.isascii() or not told.isdigit() or len(told) > 15 or int(told) > most


async def _whole(receive: Receive, most: int) -> bytes | None:
    held = bytearray()
    while True:
        message = await receive()
        held += message.get("body", b"")
        if len(held) > most:
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
