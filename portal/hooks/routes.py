"""/cds-services: discovery, the service, and feedback on its cards.

Every call carries a JWT of a client that the operator named. Where none is named, a portal that only this computer
reaches answers without.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response

from portal.hooks.asked import Asked, Feedback
from portal.hooks.cards import HOOK, SERVICE, Cards, Services, card, services
from portal.hooks.clients import Client, read_clients
from portal.hooks.gathering import Insufficient, caller_of, gather
from portal.hooks.keeping import Keeping, UnknownCard
from portal.hooks.summary import sum_up
from portal.hooks.tokens import Gate, Refused
from portal.hooks.wanted import NAMES, year_before
from portal.names import host_of, is_this_computer
from portal.portal import Portal
from portal.settings import Settings
from tools.calls.errors import SetupError
from tools.sources.live.server import base_url
from tools.sources.validation import check

PATH = "/cds-services"
_WHY = {
    401: "The token is missing or not taken.",
    404: "There is no such service, hook or card.",
    412: "What the card needs was not sent and cannot be read.",
    502: "The record could not be read.",
    503: "The keys of the client cannot be had.",
}


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the routes.

    Raises:
        SetupError: the file of the clients, or their keys, cannot be used.
    """
    clients = read_clients(portal.settings.hooks) if portal.settings.hooks else ()
    if clients:
        _ready()
    gate = Gate(clients, portal.database, lambda: portal.clock().timestamp())
    keeping = Keeping(portal.database, lambda: portal.clock().timestamp(), portal.settings.limits.days)
    routes = APIRouter(prefix=PATH, tags=["cds-hooks"])

    def calls(*paths: str) -> Any:
        return Depends(_knows(gate, portal.settings, paths, anybody=not clients))

    @routes.get("", responses=_refusals(401, 503), dependencies=[calls(PATH)])
    def discovery() -> Services:
        """Tell what services there are."""
        return services(year_before(portal.desk.today()))

    @routes.post(
        f"/{SERVICE}", responses=_refusals(401, 404, 412, 502, 503), response_model_exclude_none=True
    )
    def summary(asked: Asked, client: Annotated[Client | None, calls(f"{PATH}/{SERVICE}")]) -> Cards:
        """Sum up the record of the patient that was opened."""
        if asked.hook != HOOK:
            raise HTTPException(404, f"{SERVICE} is a service for the hook {HOOK} only.")
        return _answered(asked, client, portal, keeping)

    own = (f"{PATH}/{SERVICE}/feedback", f"{PATH}/{SERVICE}")

    @routes.post(f"/{SERVICE}/feedback", status_code=204, responses=_refusals(401, 404, 503))
    def feedback(told: Feedback, client: Annotated[Client | None, calls(*own)]) -> Response:
        """Keep what became of cards."""
        try:
            keeping.became(told.feedback, _subject(client))
        except UnknownCard as unknown:
            raise HTTPException(404, str(unknown)) from None
        return Response(status_code=204)

    app.include_router(routes)


def _answered(asked: Asked, client: Client | None, portal: Portal, keeping: Keeping) -> Cards:
    since = year_before(portal.desk.today())
    try:
        gathered = gather(asked, client, portal, since)
    except Insufficient as lacking:
        raise HTTPException(412, str(lacking)) from None
    if not gathered.here:  # what the portal has itself stands in the trail already
        portal.trail.read(
            caller_of(asked, client), asked.patient, gathered.record.counts, server=_server(asked)
        )
    said = sum_up(gathered.record, since, gathered.origin)
    if said is None:
        return Cards(cards=[])
    made = card(asked, client, gathered, said, portal.settings.base)
    keeping.given(made.uuid, _subject(client))
    return Cards(cards=[made])


def _server(asked: Asked) -> str:
    """Return the server whose patient it is, as far as the client says."""
    try:
        return str(base_url(asked.fhir_server or "")).rstrip("/")
    except SetupError:
        return ""


def _knows(
    gate: Gate, settings: Settings, paths: tuple[str, ...], *, anybody: bool
) -> Callable[[Request], Client | None]:
    """Return what tells who sends a request to one of the paths, None for this computer; it raises 401."""
    opened = anybody and _only_here(settings)
    audiences = [settings.base + path for path in paths]

    def who(request: Request) -> Client | None:
        if opened:
            return None
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.casefold() != "bearer" or not token.strip():
                raise Refused("there is none")
            return gate.client(token.strip(), audiences)
        except Refused as why:
            raise HTTPException(
                401, f"The token of the CDS client is not taken: {why}.", {"WWW-Authenticate": "Bearer"}
            ) from None

    return who


def _ready() -> None:
    """Load what checks resources now: an EHR waits for the first card as little as for the next."""
    for kind in ("Patient", "Medication", *NAMES):
        check({"resourceType": kind})


def _only_here(settings: Settings) -> bool:
    """Tell whether the portal is reached from this computer alone, by whoever uses it."""
    return settings.local and not settings.authenticates and is_this_computer(host_of(settings.base))


def _subject(client: Client | None) -> str:
    return client.subject if client else "local"


def _refusals(*codes: int) -> dict[int | str, dict[str, Any]]:
    detail = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
    return {
        code: {"description": _WHY[code], "content": {"application/json": {"schema": detail}}}
        for code in codes
    }
