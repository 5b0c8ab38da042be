"""Evidence and answers -> structured content, and the JSON schemas of it."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel

from agent.answer import Answer, Coverage
from agent.values import Value, plain
from tools.calls.evidence import Evidence, Outcome
from tools.calls.evidence import Fact as Line


class Fact(BaseModel):
    """A line that can be checked in the record."""

    text: str
    reference: str
    display: str
    date: str


class Found(BaseModel):
    """What one tool found.

    `outcome` tells "none recorded" (looked, nothing there) from "no value" and from "unreadable" (could not be read);
    `facts` may be fewer than `total`; `references` names every resource that carries the answer; `against` quotes the
    notes that speak against it.
    """

    id: str
    tool: str
    arguments: dict[str, Any]
    outcome: Outcome
    about: str
    period: str
    values: list[Value]
    unit: str
    facts: list[Fact]
    total: int
    references: list[str]
    coverage: list[Coverage]
    against: list[Fact]
    notes: list[str]
    readings: list[str]


class All(BaseModel):
    """What each call of a plan found."""

    found: list[Found]


def found(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as JSON has it."""
    return _found(evidence).model_dump(mode="json")


def every(evidence: Iterable[Evidence]) -> dict[str, Any]:
    """Return the evidence of several calls as JSON has it."""
    return All(found=list(map(_found, evidence))).model_dump(mode="json")


def _found(evidence: Evidence) -> Found:
    return Found(
        id=evidence.id,
        tool=evidence.tool,
        arguments=dict(evidence.arguments),
        outcome=evidence.outcome,
        about=evidence.about,
        period=evidence.period,
        values=[plain(value) for value in evidence.values],
        unit=evidence.unit,
        facts=list(map(_fact, evidence.facts)),
        total=evidence.total,
        references=list(evidence.references),
        coverage=[
            Coverage(kind=c.kind, searched=c.searched, span=c.span, problems=c.problems)
            for c in evidence.coverage
        ],
        against=list(map(_fact, evidence.against)),
        notes=list(evidence.notes),
        readings=list(evidence.readings),
    )


def _fact(fact: Line) -> Fact:
    return Fact(text=fact.text, reference=fact.reference, display=fact.display, date=fact.date)


@cache
def schema_of_found() -> dict[str, Any]:
    """Return the JSON schema of what a tool found."""
    return Found.model_json_schema(mode="serialization")


@cache
def schema_of_all() -> dict[str, Any]:
    """Return the JSON schema of what the calls of a plan found."""
    return All.model_json_schema(mode="serialization")


@cache
def schema_of_answer() -> dict[str, Any]:
    """Return the JSON schema of an answer."""
    return Answer.model_json_schema(mode="serialization")
