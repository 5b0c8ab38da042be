"""The name a request calls the portal by -> passed on, or refused: a name that is not ours is DNS rebinding.

A page of anybody's can make its own name lead to 127.0.0.1, and then read what it likes, unless names are checked.
"""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.guard.layer import UNGUARDED, Layer, refuse
from portal.names import THIS_COMPUTER, host_of
from portal.settings import Settings

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_ANYWHERE = ("0.0.0.0", "::", "")


def names(settings: Settings) -> frozenset[str]:
    """Return the names that the portal answers to, in lower case."""
    own = {host_of(settings.base), *settings.hosts}
    if settings.host not in _ANYWHERE:
        own.add(f"[{settings.host}]" if ":" in settings.host else settings.host)
    if settings.local:
        own.update(THIS_COMPUTER)
    return frozenset(name.lower() for name in own if name.strip("[]") not in _ANYWHERE)


class Hosts(Layer):
    """Passes on requests that call the portal by one of its names."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._names = names(settings)
        # load balancers and Prometheus call by the address of a container; on one's own computer nobody has to
        self._by_any_name = () if settings.local else (*UNGUARDED, "/metrics")

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what calls by another name."""
        told = Headers(scope=scope).getlist("host")
        found = _HOST.fullmatch(told[0]) if len(told) == 1 else None
        if found is None:
            await refuse(scope, receive, send, 400, "Expected one Host header, a name or address.")
        elif found["name"].lower().rstrip(".") not in self._names and scope["path"] not in self._by_any_name:
            sentence = (
                "This portal does not answer to the name it was called by; its operator can allow it with"
                " FHIR_ASSISTANT_HOSTS."
            )
            await refuse(scope, receive, send, 421, sentence)
        else:
            await self.app(scope, receive, send)
