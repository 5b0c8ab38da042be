"""/api/trail: the trail for auditors, as a FHIR R4 searchset; and posting it, while the app runs."""

import os
from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI, Query, Response

from portal.access import Asker
from portal.api.shapes import Reference, refusals
from portal.caller import LOCAL, Caller, NotAllowed
from portal.living import Living
from portal.portal import Portal
from portal.trail.outbox import Outbox
from portal.trail.posting import Posting
from portal.trail.reading import Kept, Wanted, count, page
from portal.trail.server import trail_server

_FHIR = "application/fhir+json"
_SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["resourceType", "type", "total", "link"],
    "properties": {
        "resourceType": {"const": "Bundle"},
        "type": {"const": "searchset"},
        "total": {"type": "integer"},
        "link": {"type": "array", "items": {"type": "object"}},
        "entry": {"type": "array", "items": {"type": "object"}},
    },
}


def attach(app: FastAPI, portal: Portal) -> Living | None:
    """Add the route; where the operator named a server, return what posts to it.

    Raises:
        SetupError: nothing can be posted there.
    """
    settings, database, trail = portal.settings, portal.database, portal.trail
    server = trail_server(settings.trail, os.environ) if settings.trail else None

    @app.get(
        "/api/trail",
        tags=["trail"],
        response_class=Response,
        responses={200: {"content": {_FHIR: {"schema": _SHAPE}}}, **refusals(401, 403, 422, 503)},
    )
    def look(
        caller: Asker,
        patient: Annotated[Reference | None, Query()] = None,
        since: Annotated[date | None, Query(description="The first day, in UTC.")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        before: Annotated[int, Query(ge=0, le=2**53, description="As the link `next` says.")] = 0,
    ) -> Response:
        """Return accesses and answers, the newest first, as AuditEvents and Provenances. For auditors."""
        _hold(portal, caller)
        about = f"Patient/{patient.removeprefix('Patient/')}" if patient else ""
        first = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None
        wanted = Wanted(patient=about, since=first)
        found, total = page(database, wanted, limit, before), count(database, wanted)
        trail.audited(caller, about)
        asked = {"patient": about, "since": since.isoformat() if since else "", "limit": str(limit)}
        bundle = _bundle(f"{settings.base}/api/trail", asked, before, found, total, limit)
        return Response(orjson.dumps(bundle), media_type=_FHIR)

    return Posting(Outbox(database), server, trail.kept).living if server else None


def _hold(portal: Portal, caller: Caller) -> None:
    known = caller.subject in portal.settings.auditors
    mine = caller.subject == LOCAL.subject and not portal.settings.authenticates
    if caller.patient or not (known or mine):
        portal.trail.refused(caller, "The trail is for auditors.")
        raise NotAllowed("The trail is for auditors: the operator names them in FHIR_ASSISTANT_AUDITORS.")


def _bundle(
    address: str, asked: dict[str, str], before: int, found: list[Kept], total: int, limit: int
) -> dict[str, Any]:
    def link(relation: str, older_than: int) -> dict[str, str]:
        terms = {name: value for name, value in {**asked, "before": str(older_than or "")}.items() if value}
        return {"relation": relation, "url": f"{address}?{urlencode(terms)}"}

    more = [link("next", found[-1].id)] if len(found) == limit else []
    entries = [_entry(event) for event in found]
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": [link("self", before), *more],
    }
    return {**bundle, "entry": entries} if entries else bundle


def _entry(event: Kept) -> dict[str, Any]:
    resource = event.parsed()
    return {
        "fullUrl": f"urn:uuid:{resource['id']}",
        "resource": resource,
        "search": {"mode": "match"},
    }
