"""Pages of other origins -> those that the operator allows may read answers (CORS); nobody else's may.

They carry a token: credentials of the browser (cookies) are never allowed. https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.guard.layer import Layer, refuse
from portal.names import origin_of
from portal.settings import Settings

FOR_ANYBODY = "/element.js"
"""What any page may load: the element, which holds nothing of anybody."""
_METHODS = "GET, POST, PUT, PATCH, DELETE"
_MAY_SEND = "Authorization, Accept, Content-Type, Last-Event-ID, Mcp-Protocol-Version, Mcp-Session-Id"
_MAY_READ = "Location, Mcp-Session-Id, Retry-After, WWW-Authenticate, X-Request-ID"
_REMEMBERED = "600"


def allowed(settings: Settings) -> frozenset[str]:
    """Return the origins that may call, as browsers write them."""
    return frozenset(filter(None, map(origin_of, settings.origins)))


class Origins(Layer):
    """Tells browsers which pages may read the answers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._allowed = allowed(settings)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight; else pass on, and say on the answer who may read it."""
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._mark(MutableHeaders(scope=message), origin, scope["path"])
            await send(message)

        if scope["method"] == "OPTIONS" and origin and "access-control-request-method" in headers:
            await self._preflight(scope, receive, marked, origin)
        else:
            await self.app(scope, receive, marked)

    async def _preflight(self, scope: Scope, receive: Receive, send: Send, origin: str) -> None:
        if origin not in self._allowed:
            sentence = (
                "Pages of this origin may not call the portal; its operator can allow it with --origin."
            )
            await refuse(scope, receive, send, 403, sentence)
            return
        told = {
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _MAY_SEND,
            "Access-Control-Max-Age": _REMEMBERED,
        }
        await Response(status_code=204, headers=told)(scope, receive, send)

    def _mark(self, headers: MutableHeaders, origin: str, path: str) -> None:
        headers.add_vary_header("Origin")
        if path == FOR_ANYBODY:
            headers["Access-Control-Allow-Origin"] = "*"
        elif origin in self._allowed:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = _MAY_READ
