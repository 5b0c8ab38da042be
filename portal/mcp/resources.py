"""fhir://Type/id -> the resource of the bound patient, readable and as JSON."""

import mcp_types as types
import orjson

from portal.mcp.calls import worded
from portal.mcp.seat import Seat
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument, UnreadableRecord
from tools.calls.program import run
from tools.record import PatientRecord

_SCHEME = "fhir://"
_JSON = "application/fhir+json"
TEMPLATE = types.ResourceTemplate(
    name="resource",
    title="A resource of the record",
    uri_template="fhir://{type}/{id}",
    description="A resource as answers cite it, e.g. fhir://Observation/1f2d: readable, then its FHIR JSON.",
)


def listed(seat: Seat) -> list[types.Resource]:
    """Return what a client finds without a reference: the patient; all else is cited by answers.

    Raises:
        AssistantError: the record cannot be read.
    """
    record = seat.record()
    patient = types.Resource(
        name="patient",
        title="The patient",
        uri=f"{_SCHEME}{record.reference}",
        description="The patient that this server is bound to.",
        mime_type=_JSON,
    )
    return [patient]


def content(seat: Seat, uri: str) -> list[types.TextResourceContents]:
    """Return a resource in words and as JSON.

    Raises:
        AssistantError: it is none of this record, or cannot be read.
    """
    record = seat.record()
    reference = _reference(uri, record)
    evidence = run(Call("read", {"reference": reference}), record)
    raw = record.patient.raw if reference == record.reference else getattr(record.get(reference), "raw", None)
    if raw is None:
        raise UnreadableRecord(f"{reference}: no such resource in this record.")
    seat.saw((reference,))
    return [
        types.TextResourceContents(uri=uri, mime_type="text/plain", text=worded(evidence, record)),
        types.TextResourceContents(uri=uri, mime_type=_JSON, text=orjson.dumps(raw).decode()),
    ]


def _reference(uri: str, record: PatientRecord) -> str:
    """The reference of a URI; clients may write what stands where a host would in small letters."""
    kind, _, id = uri.removeprefix(_SCHEME).partition("/")
    if not uri.startswith(_SCHEME) or not id:
        raise BadArgument("uri", uri, "fhir://Type/id", f"{_SCHEME}{record.reference}")
    known = (name for name in ("Patient", *record.counts) if name.lower() == kind)
    return f"{next(known, kind)}/{id}"
