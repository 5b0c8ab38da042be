"""The events of an answered question -> what the tools found, call by call."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from portal.conversations.kept import Question


class ShownFact(BaseModel):
    """A line that can be checked in the record, and the resource it comes from."""

    text: str
    reference: str


class ShownCall(BaseModel):
    """What one tool call found; `total` facts, of which `facts` are the telling ones."""

    tool: str
    arguments: dict[str, Any]
    outcome: str
    facts: list[ShownFact]
    total: int


class ShownCoverage(BaseModel):
    """What was searched."""

    kind: str
    searched: int
    span: tuple[str, str] | None
    problems: list[str]


class ShownEvidence(BaseModel):
    """All that an answer rests on."""

    calls: list[ShownCall]
    coverage: list[ShownCoverage]


def evidence_of(question: Question) -> ShownEvidence:
    """Return what the tools found for a question, as far as it is kept."""
    covered = (question.answer or {}).get("coverage", ())
    return ShownEvidence(
        calls=list(_calls(question)),
        coverage=[ShownCoverage.model_validate(dict(part)) for part in covered],
    )


def _calls(question: Question) -> Iterator[ShownCall]:
    """Each "tool" event is followed by the "facts" that it found."""
    call: dict[str, Any] | None = None
    for event in question.events:
        if event["event"] == "tool":
            call = event["data"]
        elif event["event"] == "facts" and call:
            yield ShownCall.model_validate({**call, **event["data"]})
            call = None
