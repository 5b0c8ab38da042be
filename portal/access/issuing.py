"""/api/tokens: a caller -> a token for one patient, for a page, an AI client or an MCP client to carry."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, FastAPI, Request
from pydantic import Field, StringConstraints

from portal.access import Asker, tokens
from portal.access.calling import bearer
from portal.api.shapes import FHIR_ID, Shape, refusals
from portal.caller import Caller, NotAllowed
from portal.portal import Portal


class Wanted(Shape):
    """A token for one patient.

    Attributes:
        patient: "Patient/…"; the token shows no other.
        minutes: after which it ends.
        user: who will carry it, where a program with an API key asks for people; their conversations are their own.
    """

    patient: Annotated[str, StringConstraints(pattern=rf"^Patient/{FHIR_ID}$")]
    minutes: int = Field(default=60, ge=1, le=1440)
    user: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=100)] = ""


class Issued(Shape):
    """A token; it is shown this once.

    Attributes:
        token: goes into `Authorization: Bearer`.
        patient: whose record it shows.
        expires: when it ends.
    """

    token: str
    patient: str
    expires: datetime


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the routes."""
    routes = APIRouter(prefix="/api/tokens", tags=["tokens"])

    @routes.post("", status_code=201, responses=refusals(401, 403, 404, 422, 502))
    def issue(wanted: Wanted, caller: Asker, request: Request) -> Issued:
        """Issue a token for one patient."""
        if _by_token(request):
            portal.trail.refused(caller, "A token issues no tokens.", caller.patient)
            raise NotAllowed("A token issues no tokens: ask as whoever issued it.")
        portal.desk.hold(caller, wanted.patient)
        patient = portal.desk.assistant(caller).source.find(wanted.patient).reference
        lifetime, now = timedelta(minutes=wanted.minutes), portal.clock()
        carrier = _carrier(caller, patient, wanted.user.strip())
        portal.trail.token_issued(caller, carrier)
        token = tokens.issue(portal.database, carrier, now, lifetime)
        return Issued(token=token, patient=patient, expires=now + lifetime)

    @routes.delete("/current", status_code=204, responses=refusals(401, 403))
    def revoke(caller: Asker, request: Request) -> None:
        """End the token that this request carries."""
        if not _by_token(request):
            raise NotAllowed("This request carries no token that was issued here.")
        tokens.revoke(portal.database, bearer(request) or "")

    app.include_router(routes)


def _by_token(request: Request) -> bool:
    return (bearer(request) or "").startswith(tokens.PREFIX)


def _carrier(caller: Caller, patient: str, user: str) -> Caller:
    """Return who will carry a token: the caller, or, where that is a program, a person of theirs."""
    if user and not caller.subject.startswith(("key:", "local")):
        raise NotAllowed("Only the holder of an API key names a user: a person's tokens are their own.")
    subject = f"{caller.subject}/{user}" if user else caller.subject
    return Caller(subject=subject, name=user or caller.name, patient=patient, session=caller.session)
