"""Yes-or-no questions that nobody here worded, over the fixtures: a yes or a no is never the wrong one."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from agent.answer import Answer
from agent.assistant import Assistant
from fhir_fixtures import REFERENCE_DATE, records
from tools.sources import open_location

TABLES = Path(__file__).parent / "yes_or_no"
TRUTHS = {"yes": True, "no": False}
MOST_OPEN = {"plain": 1 / 3, "third": 0.35, "fourth": 1 / 3, "busy": 0.6}
"""Share of the questions that the record decides, and that may be left open or be answered with names."""


@dataclass(frozen=True)
class Case:
    """A question and what the record says of it.

    Attributes:
        expected: what the sentence, as it is asked, is: "open" where the record cannot tell.
        kind: what makes it hard.
        why: what of the record decides.
    """

    patient: str
    question: str
    expected: Literal["yes", "no", "open"]
    kind: str
    why: str

    @property
    def id(self) -> str:
        return f"{self.patient}: {self.question}"


def cases(table: str) -> Iterator[Case]:
    told = tomllib.loads((TABLES / f"{table}.toml").read_text(encoding="utf-8"))
    for patient, questions in told.items():
        for question, row in questions.items():
            yield Case(patient, question, row["is"], row["kind"], row["why"])


@cache
def assistant() -> Assistant:
    return Assistant(open_location(str(records())), model="none")


@cache
def answered(case: Case) -> Answer:
    return assistant().ask(case.patient, case.question, now=REFERENCE_DATE)


def told(answer: Answer) -> bool | None:
    """What an answer says, yes or no; None where it says neither."""
    return answer.values[0] if len(answer.values) == 1 and isinstance(answer.values[0], bool) else None


@pytest.mark.parametrize("case", [c for table in MOST_OPEN for c in cases(table)], ids=lambda case: case.id)
def test_a_yes_or_no_is_never_the_wrong_one(case: Case) -> None:
    answer = answered(case)

    if told(answer) is None:
        assert not answer.answer.startswith(("Yes", "No:", "No,")), answer.answer
    else:
        assert told(answer) == TRUTHS.get(case.expected), f"{answer.answer}\n{case.why}"
    assert answer.grounded


@pytest.mark.parametrize("table", MOST_OPEN)
def test_few_questions_are_left_open(table: str) -> None:
    asked = [case for case in cases(table) if case.expected != "open"]

    left = [case.id for case in asked if told(answered(case)) is None]

    assert len(left) <= MOST_OPEN[table] * len(asked), left
