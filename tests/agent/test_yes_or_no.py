"""Yes-or-no questions that nobody here worded, over the fixtures: a yes or a no is hardly ever the wrong one."""

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
MOST_OPEN = {"plain": 0.4, "third": 0.55, "fourth": 0.45, "busy": 0.6}
"""Share of the questions that the record decides, and that may be left open, asked back, or be answered with names."""
MOST_WRONG = 0.008
"""Share of all of them that may be answered with the wrong one."""


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


@pytest.mark.parametrize("table", MOST_OPEN)
def test_a_yes_or_no_is_hardly_ever_the_wrong_one(table: str) -> None:
    asked = list(cases(table))

    wrong = [
        f"{case.id} -> {answered(case).answer}\n{case.why}"
        for case in asked
        if told(answered(case)) not in (None, TRUTHS.get(case.expected))
    ]

    assert len(wrong) <= MOST_WRONG * len(asked), "\n".join(wrong)
    assert all(answered(case).grounded for case in asked)


@pytest.mark.parametrize("table", MOST_OPEN)
def test_few_questions_are_left_open(table: str) -> None:
    asked = [case for case in cases(table) if case.expected != "open"]

    left = [case.id for case in asked if told(answered(case)) is None]

    assert len(left) <= MOST_OPEN[table] * len(asked), left
