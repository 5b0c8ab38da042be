"""What goes in and out of the conversations API as JSON."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from agent.answer import Answer
from agent.asking import LONGEST_QUESTION
from portal.conversations.kept import Conversation, Question, Status

FHIR_ID = r"[A-Za-z0-9\-.]{1,64}"
"""https://hl7.org/fhir/R4/datatypes.html#id"""
FhirId = Annotated[str, StringConstraints(pattern=rf"^{FHIR_ID}$")]
Reference = Annotated[
    str,
    StringConstraints(pattern=rf"^(Patient/)?{FHIR_ID}$"),
    Field(examples=["Patient/dad125e2-4eff-4aa8-b878-a3377f1de25c"]),
]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="32 hexadecimal digits.")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S")]
Verdict = Literal["right", "wrong", "unclear"]


class Shape(BaseModel):
    """What comes in says nothing that is not understood."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Detail(BaseModel):
    """Why there is no answer, in one sentence."""

    detail: str


class Scope(Shape):
    """What the reader narrowed the record to; without anything it is all of it.

    Attributes:
        kinds: FHIR resource types; none are all.
        since: first day.
        until: last day.
    """

    kinds: list[Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]{2,40}$")]] = Field(
        default_factory=list, max_length=60, examples=[["Observation"]]
    )
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Scope":
        """Two days are a period, whichever was said first."""
        if self.since and self.until and self.since > self.until:
            self.since, self.until = self.until, self.since
        return self


class NewConversation(Shape):
    """Whom it is about, and what of the record."""

    patient: Reference
    scope: Scope = Field(default_factory=Scope)


class Narrowing(Shape):
    """What the record is narrowed to from here on."""

    scope: Scope


class NewQuestion(Shape):
    """A question in one's own words."""

    question: Words


class NewReply(Shape):
    """The reply to a clarifying question: one of its options, its number, or other words."""

    reply: Words


class Feedback(Shape):
    """What the reader thinks of an answer."""

    verdict: Verdict
    comment: Annotated[str, StringConstraints(max_length=2000)] = ""


class Told(Answer):
    """An answer with its id, which is the id of its question."""

    id: str


class ShownQuestion(BaseModel):
    """A question and what became of it."""

    id: str
    conversation: str
    question: str
    is_reply: bool
    scope: Scope
    status: Status
    answer: Told | None
    error: str | None
    feedback: Feedback | None
    created: datetime
    finished: datetime | None


class ShownConversation(BaseModel):
    """A conversation; `questions` is empty where only a list was asked for."""

    id: str
    patient: str
    scope: Scope
    created: datetime
    touched: datetime
    first: str
    questions: list[ShownQuestion]


class Begun(BaseModel):
    """A question is being answered; `events` is where that is told."""

    id: str
    events: str


def shown_question(kept: Question) -> ShownQuestion:
    """Return a question as JSON tells it."""
    judged = (
        Feedback.model_validate({"verdict": kept.verdict, "comment": kept.comment}) if kept.verdict else None
    )
    return ShownQuestion(
        id=kept.id,
        conversation=kept.conversation,
        question=kept.text,
        is_reply=kept.is_reply,
        scope=Scope.model_validate(kept.scope),
        status=kept.status,
        answer=Told.model_validate(kept.answer) if kept.answer else None,
        error=kept.error,
        feedback=judged,
        created=_moment(kept.created),
        finished=_moment(kept.finished) if kept.finished else None,
    )


def shown_conversation(kept: Conversation, questions: list[Question], first: str = "") -> ShownConversation:
    """Return a conversation as JSON tells it."""
    return ShownConversation(
        id=kept.id,
        patient=kept.patient,
        scope=Scope.model_validate(kept.scope),
        created=_moment(kept.created),
        touched=_moment(kept.touched),
        first=first or (questions[0].text if questions else ""),
        questions=[shown_question(question) for question in questions],
    )


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how OpenAPI tells that these statuses come with one sentence."""
    return {status: {"model": Detail} for status in statuses}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
