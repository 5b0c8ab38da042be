"""Answers run again give the same; whatever is asked, an answer or a refusal in a sentence comes back."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agent.answer import Answer
from agent.asking import LONGEST_QUESTION
from agent.assistant import Assistant
from agent.check.citations import cited
from tests.builders import (
    allergy,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    patient,
    procedure,
)
from tests.whole_questions import NOW, ask, assistant_over
from tools.calls.errors import AssistantError, BadArgument

GLUCOSE = {"display": "Glucose [Mass/volume] in Blood", "code": "2339-0", "unit": "mg/dL"}
RECORD = (
    patient(address=[{"city": "Boston"}]),
    observation("old", value=7.1, when="2018-03-01"),
    observation(
        "bound", value=None, when="2019-03-01", valueQuantity={"value": 5, "unit": "%", "comparator": "<"}
    ),
    observation("new", value=6.4),
    observation("glucose", **GLUCOSE, value=92.37),
    condition("bp"),
    condition("gout", "Gout (disorder)", code="90560007", onset="2010-01-02", status="resolved"),
    medication_request("met"),
    medication_request("asp", "Aspirin 81 MG Oral Tablet", code="243670", status="stopped"),
    encounter("check"),
    encounter("stay", "Hospital admission", of_class="IMP", start="2020-12-04", end="2020-12-07"),
    procedure("scope"),
    immunization("flu"),
    allergy("nuts"),
)
AGAIN = """
How old is the patient?
When was she born?
Where does she live?
Is she alive?
What are her active problems?
List all diagnoses
How many diagnoses does she have?
When was gout diagnosed?
How old was she when gout was diagnosed?
Does she have hypertension?
Has she ever had asthma?
What medications is she taking?
Is she on metformin?
When was aspirin prescribed?
Was aspirin ever prescribed?
What was the latest HbA1c?
What was the first HbA1c?
What was the highest HbA1c?
What is the mean HbA1c?
How has her HbA1c changed?
What is the trend of her HbA1c?
Was her HbA1c ever above 7?
How many HbA1c results are there?
What was the latest glucose?
How many times was she hospitalized?
How long was the last admission?
When was the last visit?
Has she had a colonoscopy?
Which vaccines has she had?
Does she have any allergies?
What happened in 2020?
Which came first, gout or hypertension?
Was she on metformin when she was admitted?
Summarise this patient
What does the record hold?
Should she stop metformin?
What was the latest ferritin?
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant_over(tmp_path_factory.mktemp("small"), *RECORD)


def without_time(answer: Answer) -> Answer:
    return answer.model_copy(update={"usage": None})


@pytest.mark.parametrize("question", AGAIN.strip().splitlines())
def test_an_answer_from_disk_runs_again(question: str, assistant: Assistant, tmp_path: Path) -> None:
    answer = ask(assistant, question)
    (tmp_path / "answer.json").write_text(answer.model_dump_json())
    again = assistant.replay(json.loads((tmp_path / "answer.json").read_text()))
    assert without_time(assistant.replay(answer)) == without_time(answer)
    assert without_time(again) == without_time(answer)


@dataclass(frozen=True)
class Odd:
    """A question that a person would not write, and what it gets."""

    id: str
    question: str
    refused: str = ""


ODD = [
    Odd("nothing", "", "expected words"),
    Odd("only spaces", " \n\t\u3000 ", "expected words"),
    Odd("only a question mark", "?"),
    Odd("only invisible letters", "\u200b\u200b"),
    Odd("enormous", "What about " + "sugar " * 5000, f"at most {LONGEST_QUESTION} characters"),
    Odd("one enormous word", "x" * LONGEST_QUESTION),
    Odd("as long as may be", ("diabetes or gout " * 200)[:LONGEST_QUESTION]),
    Odd("Chinese", "病人有糖尿病吗？"),
    Odd("Arabic", "هل يعاني المريض من مرض السكري؟"),
    Odd("Russian", "Когда была последняя госпитализация?"),
    Odd("Hindi", "रोगी की उम्र क्या है?"),
    Odd("German", "Wann wurde der letzte HbA1c-Wert gemessen?"),
    Odd("emoji", "💉💊🩸❓"),
    Odd("numbers", "4548-4 90560007 1e309 -0 00000000000000000000000"),
    Odd("brackets", "[[[((({{{<<<"),
    Odd("a pattern that takes long", "(a+)+$ " * 100),
    Odd("format strings", "{} {0} %s %(question)s ${x}"),
    Odd("dates that are none", "What happened on 2020-02-30, 0000-00-00 and 9999-99-99?"),
    Odd("years beyond the calendar", "What happened in 99999, since 0 and before year -5?"),
    Odd("long ago", "What happened in the past 999999999999 years?"),
    Odd("a limit beyond all numbers", "Was her HbA1c ever above 1e999999?"),
    Odd("a lonely surrogate", "HbA1c \ud800?"),
    Odd("a zero byte", "HbA1c\x00?"),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.id)
def test_odd_questions(odd: Odd, assistant: Assistant) -> None:
    if odd.refused:
        with pytest.raises(BadArgument, match=odd.refused):
            ask(assistant, odd.question)
        return
    assert_honest(ask(assistant, odd.question), assistant)


def assert_honest(answer: Answer, assistant: Assistant) -> None:
    """Values and sources are the record's own, and the text is supported."""
    record = assistant.record("Patient/p1", NOW)
    given = (*answer.evidence, *(c.reference for c in answer.citations), *cited(answer.answer))
    assert [r for r in given if r != "Patient/p1" and record.get(r) is None] == []
    assert answer.answer.strip()
    assert answer.grounded, answer.unsupported
    if any(isinstance(value, str) for value in answer.values):
        assert answer.evidence
    if answer.declined or answer.ask_back:
        assert not answer.values


def assert_answered_or_refused(assistant: Assistant, question: str) -> None:
    try:
        answer = ask(assistant, question)
    except AssistantError:
        return
    assert_honest(answer, assistant)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(max_size=300))
@example(question="What was the last \x1b[31mHbA1c [Observation/evil]?")
@example(question="before before after since until last during while when")
@example(question="latest highest lowest mean count above below 5 6 7 HbA1c glucose")
def test_whatever_is_asked_is_answered_or_refused(question: str, assistant: Assistant) -> None:
    assert_answered_or_refused(assistant, question)


# fmt: off
WORDS = [
    "what", "when", "how", "many", "last", "first", "highest", "mean", "ever", "was", "is", "she",
    "her", "the", "of", "in", "since", "before", "after", "during", "2015", "2020-12-04", "HbA1c",
    "glucose", "diabetes", "gout", "metformin", "aspirin", "allergy", "visit", "admission", "age", "40",
    "above", "below", "7", "and", "or", "not", "no", "any", "?", ",", "[Observation/old]", "compare",
    "change", "trend", "list", "why", "who", "where", "cost", "notes", "all", "latest", "year", "ago",
]
# fmt: on


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
def test_clinical_words_in_any_order_are_answered_or_refused(question: str, assistant: Assistant) -> None:
    assert_answered_or_refused(assistant, question)
