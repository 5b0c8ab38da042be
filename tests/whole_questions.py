"""Resources -> the record opened as a user would -> whole answers, and what a reader may expect of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from agent.answer import Answer
from agent.assistant import Assistant
from tests.builders import Resource, bundle
from tools.sources import StoredRecords, open_location

NOW = date(2021, 7, 1)


@dataclass(frozen=True)
class Case:
    """What the record holds, a question, and what the answer is.

    Attributes:
        values: the answer for machines.
        says: words that must be in the answer, whatever their case.
        never: words that must not.
        cites: resources that carry the answer; None if that is not the point.
    """

    id: str
    holds: Sequence[Resource]
    question: str
    values: tuple[object, ...]
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    cites: tuple[str, ...] | None = None
    now: date = NOW


def stored(folder: Path, *resources: Resource) -> StoredRecords:
    """Write one bundle and open it, with a cache of its own."""
    (folder / "records").mkdir(exist_ok=True)
    (folder / "records" / "bundle.json").write_text(json.dumps(bundle(*resources)))
    return open_location(str(folder / "records"), cache=folder / "cache", workers=0)


def assistant_over(folder: Path, *resources: Resource) -> Assistant:
    return Assistant(stored(folder, *resources), model="none")


def ask(assistant: Assistant, question: str, patient: str = "Patient/p1", now: date = NOW) -> Answer:
    """Ask, and press the first of the readings where the question is asked back: what counts here is the record."""
    return chosen(assistant, assistant.ask(patient, question, now=now))


def chosen(assistant: Assistant, answer: Answer) -> Answer:
    """Return the answer of the first reading where a question was asked back."""
    if not answer.readings:
        return answer
    first = answer.readings[0]
    told = {"plan": first.plan, "values": first.values, "ask_back": "", "options": (), "readings": ()}
    return assistant.replay(answer.model_copy(update=told))


def check(case: Case, folder: Path) -> None:
    answer = ask(assistant_over(folder, *case.holds), case.question, now=case.now)
    said = answer.answer.casefold()
    assert answer.values == case.values, answer.answer
    assert [words for words in case.says if words.casefold() not in said] == [], answer.answer
    assert [words for words in case.never if words.casefold() in said] == [], answer.answer
    if case.cites is not None:
        assert set(answer.evidence) == set(case.cites)
    assert answer.grounded, answer.unsupported


def coded(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}
