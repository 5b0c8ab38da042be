"""A file, or an id of the portal's database -> the answer that was given."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from agent.answer import Answer, scope_of
from tools.calls.errors import BadArgument

MOST = 10_000_000
"""Bytes of an answer; more is not read."""
_EXAMPLE = "answer.json"
_WISH = "one answer as JSON, as `ask --json` prints it"


def from_file(path: Path) -> Answer:
    """Return the answer in a file.

    Raises:
        BadArgument: there is none.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        text = file.read(MOST + 1)
    if len(text) > MOST:
        raise BadArgument("ANSWER", str(path), f"{_WISH}, at most {MOST} bytes", _EXAMPLE)
    try:
        return parsed(orjson.loads(text))
    except ValueError:  # of JSON, of the model, of the day
        raise BadArgument("ANSWER", str(path), _WISH, _EXAMPLE) from None


def from_database(url: str, id: str) -> Answer:
    """Return the answer that a portal gave under an id, as the API writes it or as a Provenance ("urn:uuid:…") does.

    Raises:
        BadArgument: none was given under it.
        SetupError: the database cannot be used.
    """
    from sqlalchemy import select

    from portal.conversations.tables import questions
    from portal.trail.opening import opened_database

    with opened_database(url) as database, database.reading() as connection:
        told = connection.scalar(select(questions.c.answer).where(questions.c.id == _kept_as(id)))
    if not told:
        raise BadArgument("ANSWER", id, "a file, or the id of an answer that is kept there", _EXAMPLE)
    return parsed(orjson.loads(told))


def _kept_as(id: str) -> str:
    try:
        return UUID(id).hex
    except ValueError:  # of no use as an id here, and told as such
        return id


def parsed(told: Any) -> Answer:
    """Return an answer from its JSON, which may have the id under which it is kept.

    Raises:
        ValueError: it is none.
        BadArgument: what it was narrowed to is none.
    """
    if not isinstance(told, dict):
        raise ValueError("no object")
    answer = Answer.model_validate({name: value for name, value in told.items() if name != "id"})
    date.fromisoformat(answer.now)
    scope_of(answer)
    return answer
