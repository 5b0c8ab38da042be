"""A plain question makes few calls inside this project: what words mean in a record is worked out once.

Counted is every call of a function of `tools` and `agent`, comprehensions and each step of a generator among them, from
the question to the checked answer. The record is open, all kinds of it are read, and another question was answered of
the kind that it asks of; the question itself, its words and what they name are new to the process.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from pathlib import Path
from types import FrameType

import pytest

import agent
import tools
from agent.answer import Answer
from agent.assistant import Assistant
from fhir_fixtures import REFERENCE_DATE, records
from tools.sources import open_location

MOST = 12_500
"""Calls that a plain question may make."""
PATIENT = "Adelina Maggio"
NOTES = "Is she taking hydrochlorothiazide?"
"""A question for which what notes say of drugs is worked out once a record."""
ROOMS = tuple(f"{Path(room.__path__[0])}/" for room in (tools, agent))
SHOWN = 12
"""Functions that a question with too many calls is told to call most."""


@dataclass(frozen=True)
class Case:
    question: str
    before: str
    """Another question, for which what is worked out once of the kind that this one asks of is there."""

    def __str__(self) -> str:
        return self.question


RESULTS = "What was her last heart rate before 2020?"
VISITS = "When was her first visit after 2001?"
PROBLEMS = "Does she have asthma?"
DRUGS = "How many prescriptions has she had since 2010?"
SHOTS = "How many shots has she had since 2010?"
OPERATIONS = "When was her first X-ray after 2001?"
ALLERGIES = "Is she allergic to peanuts?"

CASES = [
    Case("What was her latest creatinine?", RESULTS),
    Case("What was her last systolic blood pressure?", RESULTS),
    Case("What was the latest HbA1c?", RESULTS),
    Case("What was her highest glucose since 2015?", RESULTS),
    Case("What was her average BMI in 2019?", RESULTS),
    Case("Was her cholesterol ever above 200?", RESULTS),
    Case("What was her first hemoglobin?", RESULTS),
    Case("When was she diagnosed with hypertension?", PROBLEMS),
    Case("Does she have diabetes?", PROBLEMS),
    Case("List her active conditions", PROBLEMS),
    Case("Which medications is she taking?", DRUGS),
    Case("Is she taking lisinopril?", "Is she taking warfarin?"),
    Case("Why was she prescribed hydrochlorothiazide?", DRUGS),
    Case("How many different medications was she prescribed between 2010 and 2015?", DRUGS),
    Case("How many visits has she had since 2015?", VISITS),
    Case("When was her last hospital admission?", VISITS),
    Case("When was her last flu shot?", SHOTS),
    Case("Did she have a tetanus shot in the last 10 years?", SHOTS),
    Case("Has she ever had a colonoscopy?", OPERATIONS),
    Case("Which procedures were done in 2018?", OPERATIONS),
    Case("What are her allergies?", ALLERGIES),
    Case("What is her date of birth?", ALLERGIES),
]


def _forget() -> None:
    """Make the process as it was before it heard any question."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("agent", "tools"):
            for value in list(vars(module).values()):
                if isinstance(value, _lru_cache_wrapper):
                    value.cache_clear()


def _ask(assistant: Assistant, question: str) -> Answer:
    return assistant.ask(PATIENT, question, now=REFERENCE_DATE)


def _calls(assistant: Assistant, question: str) -> tuple[Answer, Counter[str]]:
    """Return the answer to a question, and how often it called each function of this project."""
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(ROOMS):
            calls[f"{Path(code.co_filename).name} {code.co_qualname}"] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        answer = _ask(assistant, question)
    finally:
        sys.setprofile(before)
    return answer, calls


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_plain_question_makes_few_calls(case: Case) -> None:
    _forget()
    assistant = Assistant(open_location(str(records())), model="none")
    record = assistant.record(PATIENT, REFERENCE_DATE)
    assert all(map(record.entries, record.counts))
    assert _ask(assistant, case.before).values
    assert _ask(assistant, NOTES).outcome == "answered"
    answer, calls = _calls(assistant, case.question)
    assert answer.outcome == "answered"
    assert calls.total() < MOST, calls.most_common(SHOWN)
