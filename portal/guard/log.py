"""Each request -> one line in the log "portal.access": method, route, status, time, and the id of the request.

The route is its template, "/api/patients/{id}", never the path; queries, bodies, names and tokens stand nowhere.
"""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import BaseRoute, Mount
from starlette.types import Message, Receive, Scope, Send

from portal.guard.layer import UNGUARDED, Layer

log = logging.getLogger("portal.access")
_ID = re.compile(r"[0-9A-Fa-f-]{8,64}")
_METHOD = re.compile(r"[A-Z]{1,16}")


class AccessLog(Layer):
    """Writes a line when an answer has ended, and gives each request an id."""

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; write the line."""
        began, status = time.perf_counter(), 0
        id = _id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = id

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = id
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            spent = (time.perf_counter() - began) * 1000
            level = logging.DEBUG if scope["path"] in UNGUARDED else logging.INFO
            log.log(level, "%s %s %s %.0f ms %s", _method(scope), template(scope), status or "-", spent, id)


def template(scope: Scope) -> str:
    """Return the route that a request took, "-" if none."""
    route = scope.get("route") or _reached(scope)
    path = getattr(route, "path", "")
    return (f"{path}/…" if isinstance(route, Mount) else path) or "-"


def _reached(scope: Scope) -> BaseRoute | None:
    """Return the route of what answered: FastAPI names its own alone, not mounts and plain routes."""
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return None
    routes: list[BaseRoute] = scope["app"].routes
    return next(
        (r for r in routes if endpoint in (getattr(r, "endpoint", None), getattr(r, "app", None))), None
    )


def _id(headers: Headers) -> str:
    """Return the id that a proxy gave a request if it is one, else a new one."""
    given = headers.get("x-request-id", "")
    return given if _ID.fullmatch(given) else secrets.token_hex(8)


def _method(scope: Scope) -> str:
    return scope["method"] if _METHOD.fullmatch(scope["method"]) else "-"
