"""A step of a run -> the event that tells it."""

from typing import Any

from agent.answer import Answer
from agent.nodes import Step

_NAMES = {"call": "tool", "ask back": "ask"}
_WORDS = frozenset({"writing", "thinking", "text", "trouble"})
"""Steps whose data is a text alone."""


def event_of(step: Step) -> tuple[str, Any]:
    """Return name and data of the event for a step that is not the answer.

    >>> event_of(Step("text", "The latest HbA1c was 7.3 %."))
    ('text', {'text': 'The latest HbA1c was 7.3 %.'})
    """
    data = {"text": step.data} if step.name in _WORDS else step.data
    return _NAMES.get(step.name, step.name), data


def answer_json(answer: Answer, id: str) -> dict[str, Any]:
    """Return an answer as JSON, with its id."""
    return {"id": id, **answer.model_dump(mode="json")}
