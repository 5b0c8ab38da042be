"""What was gathered and summed up -> the answer of the service, and the answer of discovery.

https://cds-hooks.hl7.org/2.0/#cds-service-response. What has no value is left out of the JSON.
"""

from datetime import date
from typing import Literal
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, Field

from portal.hooks.asked import Asked
from portal.hooks.clients import Client
from portal.hooks.gathering import Gathered
from portal.hooks.summary import LONGEST, Summary
from portal.hooks.wanted import templates

SERVICE = "record-summary"
HOOK = "patient-view"
_REASONS = (
    ("known", "I know this record"),
    ("incomplete", "Something important is missing"),
    ("wrong", "Something in it is not right"),
    ("unsuitable", "Not useful at this moment"),
)


class Topic(BaseModel):
    """A code of this service."""

    system: str
    code: str
    display: str


class Source(BaseModel):
    """Who says so."""

    label: str
    url: str
    topic: Topic


class Link(BaseModel):
    """A way into the portal."""

    label: str
    url: str
    type: Literal["absolute", "smart"]


class Card(BaseModel):
    """A card; `uuid` is the same for the same call."""

    uuid: UUID
    summary: str = Field(max_length=LONGEST)
    detail: str
    indicator: Literal["info", "warning", "critical"]
    source: Source
    links: list[Link] | None = None
    overrideReasons: list[Topic]


class Cards(BaseModel):
    """The answer of the service; no card where the record holds nothing to sum up."""

    cards: list[Card]


class Service(BaseModel):
    """What an EHR learns of a service."""

    hook: str
    title: str
    description: str
    id: str
    prefetch: dict[str, str]
    usageRequirements: str


class Services(BaseModel):
    """The answer of discovery."""

    services: list[Service]


def services(since: date) -> Services:
    """Return what there is, with templates that read results and visits since a day."""
    return Services(
        services=[
            Service(
                hook=HOOK,
                title="Record summary",
                description="Sums up the record of the patient that is opened: active conditions, current medications,"
                " allergies, results out of range, the latest visit; and leads to questions about it.",
                id=SERVICE,
                prefetch=templates(since),
                usageRequirements="Send every prefetch key whole, without further pages, or let this service read your"
                " FHIR server with a token for the patient in context. It only reads.",
            )
        ]
    )


def card(asked: Asked, client: Client | None, gathered: Gathered, said: Summary, base: str) -> Card:
    """Return the card of a call.

    Args:
        asked: the call.
        client: who calls, None for this computer.
        gathered: the record.
        said: what is said of it.
        base: where browsers reach the portal.
    """
    links = _links(asked, client, gathered, base)
    return Card(
        uuid=uuid5(NAMESPACE_URL, f"{client.issuer if client else ''}|{asked.hook_instance}|{asked.patient}"),
        summary=said.short,
        detail=said.detail,
        indicator="info",
        source=Source(
            label="FHIR record assistant",
            url=f"{base}/",
            topic=Topic(system=f"{base}/cds-services/topics", code=SERVICE, display="Record summary"),
        ),
        links=links or None,
        overrideReasons=[
            Topic(system=f"{base}/cds-services/override-reasons", code=code, display=display)
            for code, display in _REASONS
        ],
    )


def _links(asked: Asked, client: Client | None, gathered: Gathered, base: str) -> list[Link]:
    """Return the way to the chat: a launch, or the page where the portal has the same patient; else none."""
    label = "Ask about this record"
    if client and client.launch:
        return [Link(label=label, url=f"{base}/launch", type="smart")]
    if not gathered.here:
        return []
    return [Link(label=label, url=f"{base}/?patient={quote(asked.context.patient_id)}", type="absolute")]
