"""/mcp: streamable HTTP. Every request says who asks, and the caller's token decides whose record it is.

Stateless: no session, so that any replica serves any request; conversations are in the database.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from mcp.server import ServerRequestContext
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from agent.answer import Answer
from portal.access import Asker
from portal.caller import Caller, NotAllowed
from portal.conversations import asking
from portal.conversations.kept import NotThere
from portal.guard.hosts import names
from portal.guard.origins import allowed
from portal.living import Living
from portal.mcp.seat import Seat, Tell
from portal.mcp.server import server
from portal.names import THIS_COMPUTER, origin_of
from portal.portal import Portal
from portal.settings import Settings
from tools.record import PatientRecord

_SEAT = "fhir_assistant.seat"


def attach(app: FastAPI, portal: Portal) -> Living:
    """Add the route; what it needs while the app lives is returned."""

    @asynccontextmanager
    async def living() -> AsyncIterator[None]:
        app.state.mcp = _manager(portal.settings)  # one lasts for one life of the app
        async with app.state.mcp.run():
            yield

    @app.post("/mcp", include_in_schema=False)
    async def mcp(request: Request, caller: Asker) -> Response:
        """Serve one message of an MCP client."""
        if not caller.patient:
            raise NotAllowed("MCP needs a token that is bound to one patient, and yours is not.")
        return _Handed(app.state.mcp, Called(portal, caller))

    return living


class Called:
    """A seat before the record of the patient to whom the caller's token is bound."""

    def __init__(self, portal: Portal, caller: Caller) -> None:
        self._portal, self._caller = portal, caller

    def record(self) -> PatientRecord:
        """Return the record as of today; raises as `Seat.record`."""
        return self._portal.desk.record(self._caller, self._caller.patient)

    def saw(self, references: Iterable[str]) -> None:
        """Keep in the trail what the client is shown; raises as `Seat.saw`."""
        self._portal.trail.read(self._caller, self._caller.patient, references)

    async def ask(self, question: str, conversation: str, tell: Tell) -> Answer:
        """Return the answer to a question; raises as `Seat.ask`."""
        about = conversation or await asking.begin(self._portal, self._caller)
        if not about.isalnum():
            raise NotThere("There is no such conversation.")
        async with aclosing(asking.answering(self._portal, self._caller, about, question)) as answering:
            async for said in answering:
                if isinstance(said, Answer):
                    return said
                await tell(said)
        raise asking.Unanswered("There is no answer.")


class _Handed(Response):
    """The response that the session manager gives to a request, from the seat of its caller."""

    def __init__(self, manager: StreamableHTTPSessionManager, seat: Seat) -> None:
        super().__init__()
        self._manager, self._seat = manager, seat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request({**scope, _SEAT: self._seat}, receive, send)


def _manager(settings: Settings) -> StreamableHTTPSessionManager:
    return StreamableHTTPSessionManager(
        server(_seat_of),
        stateless=True,
        security_settings=_security(settings),
        max_request_body_size=settings.limits.body,
    )


def _seat_of(request: ServerRequestContext[Any, Any]) -> Seat:
    came: Any = request.request
    seat: Seat = came.scope[_SEAT]
    return seat


def _security(settings: Settings) -> TransportSecuritySettings:
    """The names and origins by which the portal may be called, as the guard has them."""
    here = [f"http://{name}:*" for name in THIS_COMPUTER] if settings.local else []
    return TransportSecuritySettings(
        allowed_hosts=[host for name in sorted(names(settings)) for host in (name, f"{name}:*")],
        allowed_origins=[*here, origin_of(settings.base), *sorted(allowed(settings))],
    )
