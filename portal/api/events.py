"""The events of a question -> what each of them carries, and where the API's description says so."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from agent.answer import PlannedCall
from portal.api.shapes import Detail, Told
from portal.conversations.evidence import ShownFact

STREAM = "text/event-stream"
_EVENTS = "Events"
_COMPONENT = "#/components/schemas/{model}"


class _Carried(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BeganRun(_Carried):
    """Whom it is about, and the ISO day of the question; what was told before belongs to an attempt that was lost."""

    patient: str
    now: str


class RunCall(_Carried):
    """A tool was called; `facts` follow."""

    id: str
    tool: str
    arguments: dict[str, Any]
    outcome: str


class FoundFacts(_Carried):
    """What the call before found: `total` facts, of which these are the telling ones."""

    facts: list[ShownFact]
    total: int


class AskedBack(_Carried):
    """Which readings there are to choose from."""

    question: str
    options: list[str]


class ToldText(_Carried):
    """A piece of a text, or a sentence."""

    text: str


class UnsupportedStatement(_Carried):
    """A statement of the draft that the evidence does not support."""

    text: str
    reason: str


class CheckedDraft(_Carried):
    """Whether the draft may stand as it is."""

    supported: bool
    unsupported: list[UnsupportedStatement]


class Nothing(_Carried):
    """Nothing more."""


class Events(_Carried):
    """What the events of a question carry: the data of an event has the shape of the property with its name.

    Attributes:
        writing: a piece of a draft before it is checked.
        thinking: a piece of what the model thinks.
        text: the whole draft, which is checked next.
        trouble: why the built-in planner or writer stands in for the model.
        answer: the last event, or `error`, or `cancelled`.
    """

    scope: BeganRun
    plan: list[PlannedCall]
    tool: RunCall
    facts: FoundFacts
    ask: AskedBack
    thinking: ToldText
    writing: ToldText
    text: ToldText
    check: CheckedDraft
    trouble: ToldText
    answer: Told
    error: Detail
    cancelled: Nothing


STREAMED: dict[str, Any] = {
    "description": f"What happens, as it happens; what each event carries is in `{_EVENTS}`.",
    "content": {
        STREAM: {
            "schema": {
                "type": "string",
                "contentMediaType": STREAM,
                "contentSchema": {"$ref": _COMPONENT.format(model=_EVENTS)},
            }
        }
    },
}
"""How OpenAPI tells of a response that is a stream of events."""


def describe(app: FastAPI) -> None:
    """Have the app's description tell what events carry."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            events = Events.model_json_schema(ref_template=_COMPONENT, mode="serialization")
            shapes = plain()["components"]["schemas"]
            for name, shape in {**events.pop("$defs"), _EVENTS: events}.items():
                shapes.setdefault(name, shape)
        return plain()

    app.openapi = described  # type: ignore[method-assign]
