"""A request that changes something -> passed on if the person, and not a page of somebody else's, sent it (CSRF).

A browser sends cookies, and reaches 127.0.0.1, for any page. It cannot add a bearer token for a page that does not
know one. Without a token the request must come from the portal's own pages, or, without a cookie, from pages of an
origin the operator allows. What carries neither Sec-Fetch-Site nor Origin is no browser: every browser sends Origin
with what is not GET or HEAD.
"""

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.access.calling import bearer
from portal.access.cookies import presented
from portal.guard.layer import Layer, refuse
from portal.guard.origins import allowed
from portal.names import origin_of
from portal.settings import Settings

_SAFE = ("GET", "HEAD", "OPTIONS")
_OWN = ("same-origin", "none")
_SENTENCE = "A page of another origin may not do this: send a token as Authorization: Bearer TOKEN."


class Forgery(Layer):
    """Refuses what a page of somebody else's sends in a person's name."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._settings = settings
        self._own, self._allowed = origin_of(settings.base), allowed(settings)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request that is forged."""
        if scope["method"] in _SAFE or self._meant(HTTPConnection(scope)):
            await self.app(scope, receive, send)
        else:
            await refuse(scope, receive, send, 403, _SENTENCE)

    def _meant(self, request: HTTPConnection) -> bool:
        """Tell whether whoever is asking meant to."""
        if bearer(request) is not None:
            return True
        has_cookie = bool(presented(self._settings, request.cookies))
        origin = request.headers.get("origin")
        if not has_cookie and origin in self._allowed:
            return True
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in _OWN
        if origin is None:
            return not has_cookie
        return self._is_own(origin, request.headers)

    def _is_own(self, origin: str, headers: Headers) -> bool:
        """Tell whether an origin is the portal's; the name it is called by was checked before."""
        return origin == self._own or origin in (
            f"{scheme}://{headers['host']}" for scheme in ("http", "https")
        )
