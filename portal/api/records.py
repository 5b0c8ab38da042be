"""/api/patients: whose records there are, and what the page shows of one: kinds, timeline, curves, single resources.

Everything is read anew from the record as of the day of the question. Of a patient, only FHIR ids stand in addresses.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Response

from portal.access import Asker
from portal.api.shapes import FHIR_ID, refusals
from portal.api.views import (
    MOST_PICTURES,
    PatientDetail,
    PatientList,
    Resource,
    SeriesList,
    Timeline,
    shown_curves,
    shown_patient,
    shown_record,
    shown_resource,
    shown_timeline,
)
from portal.caller import Caller
from portal.conversations.kept import NotThere
from portal.portal import Portal
from portal.trail.events import Kind as How
from tools.measuring.curves import curves
from tools.pictures import NoPicture, pictures_of
from tools.record import PatientRecord
from tools.record.scope import Scope

_KINDS = r"^([A-Z][A-Za-z]{1,40}(,[A-Z][A-Za-z]{1,40}){0,59})?$"
PatientId = Annotated[str, Path(pattern=rf"^{FHIR_ID}$", description="FHIR id of the patient.")]
Kind = Annotated[str, Path(pattern=r"^[A-Z][A-Za-z]{2,40}$", description="FHIR resource type.")]
ResourceId = Annotated[str, Path(pattern=rf"^{FHIR_ID}$", description="FHIR id of the resource.")]
_TYPES = "FHIR resource types, separated by commas, e.g. Condition,Procedure; all if none."


def narrowed(
    since: date | None = None,
    until: date | None = None,
    kinds: Annotated[str, Query(pattern=_KINDS, description=_TYPES)] = "",
) -> Scope:
    """Return what the reader looks at; two days are a period, whichever was said first."""
    if since and until and since > until:
        since, until = until, since
    return Scope(frozenset(filter(None, kinds.split(","))), since, until)


Narrowed = Annotated[Scope, Depends(narrowed)]


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the routes."""
    routes = APIRouter(prefix="/api/patients", tags=["records"])
    desk = portal.desk

    def opened(caller: Caller, id: str, *what: str, how: How = "read") -> PatientRecord:
        return desk.record(caller, f"Patient/{id}", what=what, how=how)

    @routes.get("", responses=refusals(401, 403, 404, 422, 502, 503))
    def patients(
        caller: Asker,
        search: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> PatientList:
        """List patients by name: all, or whom an id, an identifier, a birth date, a name or part of it may mean."""
        found = desk.patients(caller, search, limit)
        return PatientList(patients=[shown_patient(p) for p in found.patients], total=found.total)

    @routes.get("/{id}", responses=refusals(401, 403, 404, 422, 502, 503))
    def patient(id: PatientId, caller: Asker) -> PatientDetail:
        """Say what a record holds, kind by kind, and what of it could not be read."""
        record = opened(caller, id)
        return shown_record(desk.assistant(caller).source.find(record.reference), record)

    @routes.get("/{id}/timeline", responses=refusals(401, 403, 404, 422, 502, 503))
    def timeline(
        id: PatientId, caller: Asker, scope: Narrowed, limit: Annotated[int, Query(ge=1, le=2000)] = 500
    ) -> Timeline:
        """Tell what happened, oldest first; the most telling entries where there are more than `limit`."""
        record = opened(caller, id, *sorted(scope.kinds), how="search")
        return shown_timeline(record.within(scope), limit)

    @routes.get("/{id}/series", responses=refusals(401, 403, 404, 422, 502, 503))
    def series(
        id: PatientId,
        caller: Asker,
        scope: Narrowed,
        reference: Annotated[str, Query(pattern=rf"^Observation/{FHIR_ID}$")],
    ) -> SeriesList:
        """Return the measurements of what an observation measures, as a curve; of a panel one curve a component."""
        record = opened(caller, id, reference, "Observation", how="search")
        entry = record.get(reference)
        if entry is None:
            raise NotThere(f"This record has no {reference}.")
        return shown_curves(curves(entry, record.within(scope)))

    @routes.get("/{id}/resources/{type}/{rid}", responses=refusals(401, 403, 404, 422, 502, 503))
    def resource(id: PatientId, type: Kind, rid: ResourceId, caller: Asker) -> Resource:
        """Return one resource of the record: in lines for a reader, and as it is."""
        reference = f"{type}/{rid}"
        record = opened(caller, id, reference)
        entry = record.get(reference)
        if entry is None:
            raise NotThere(f"This record has no {reference}.")
        return shown_resource(entry, record)

    @routes.get(
        "/{id}/resources/{type}/{rid}/pictures/{number}",
        response_class=Response,
        responses={200: {"content": {"image/png": {}}}, **refusals(401, 403, 404, 422, 502, 503)},
    )
    def picture(
        id: PatientId,
        type: Kind,
        rid: ResourceId,
        number: Annotated[int, Path(ge=1, le=MOST_PICTURES, description="Its place in `pictures`, from 1.")],
        caller: Asker,
    ) -> Response:
        """Return a picture of a resource as PNG, at most 896 x 896."""
        reference = f"{type}/{rid}"
        record = opened(caller, id, reference)
        entry = record.get(reference)
        pictures = pictures_of(entry, record) if entry else ()
        if number > len(pictures):
            raise NotThere(f"This record has no picture {number} of {reference}.")
        try:
            return Response(pictures[number - 1].png(), media_type="image/png")
        except NoPicture as trouble:
            raise NotThere(str(trouble)) from None

    app.include_router(routes)
