"""What all layers of the guard share: a plain ASGI app around another one; streams pass through it as they come."""

from collections.abc import Mapping

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.openai.wire import refusal

UNGUARDED = ("/health/live", "/health/ready")
"""What probes ask by address and often; it tells nothing of anybody."""


class Layer:
    """One layer around an app; each says in `http` what it does with a request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no HTTP request; there are no web sockets here, and none gets in unguarded."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self.http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Do with a request what the layer is for."""
        raise NotImplementedError


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    sentence: str,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer with a status and one sentence, in the form of the door that was knocked at."""
    told = refusal(status, sentence) if for_openai(scope["path"]) else {"detail": sentence}
    await JSONResponse(told, status, headers)(scope, receive, send)


def for_openai(path: str) -> bool:
    """Tell whether OpenAI's clients call a path."""
    return path == "/v1" or path.startswith("/v1/")
