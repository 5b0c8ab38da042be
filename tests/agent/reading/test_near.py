"""Names that are said in other words than those of record and lexicon: answered, or asked back with the right one."""

from pathlib import Path

import pytest

from agent.assistant import Assistant
from tests.builders import condition, immunization, medication_request, observation, patient, procedure
from tests.whole_questions import NOW, assistant_over

HELD = (
    patient(),
    condition("clavicle", "Fracture of clavicle (disorder)", onset="2012-05-03"),
    condition("rib", "Fracture of rib (disorder)", onset="2015-08-09"),
    condition("embolism", "Acute pulmonary embolism (disorder)", onset="2018-02-01"),
    condition("ckd", "Chronic kidney disease stage 1 (disorder)", onset="2019-03-04"),
    procedure("appendix", "Appendectomy", when="2001-09-18"),
    procedure("shock", "Direct current cardioversion (procedure)", when="2010-08-19"),
    medication_request("beta", "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet", authored="2016-04-05"),
    immunization("zoster", "zoster vaccine, live", when="2017-08-23"),
    observation("gravity", "Specific gravity of Urine by Test strip", code="5811-5", value=1.021, when="2020-03-01"),
    condition("mono", "Suspected infectious mononucleosis (situation)", onset="2014-01-05"),
    condition("femur", "Closed fracture of neck of right femur (disorder)", onset="2013-01-05"),
    condition("prostate", "Benign neoplasm of prostate (disorder)", onset="2011-01-05"),
    observation("a1c", "Hemoglobin A1c/Hemoglobin.total in Blood", code="4548-4", value=6.4, when="2020-04-01"),
)  # fmt: skip
ASKED = {
    "When was the clavicle fx recorded?": "2012-05-03",
    "cracked rib, when was that?": "2015-08-09",
    "When was the clot on the lung first recorded?": "2018-02-01",
    "When did he have his appendix out?": "2001-09-18",
    "What is the latest urine spec grav?": 1.021,
    "When was metoprolol slow-release last prescribed?": "2016-04-05",
}
"""A question with a name in other words -> what the record says."""
LEFT_ALONE = {
    "What was her last HbA1c?": (6.4,),
    "When was the fracture of the rib recorded?": ("2015-08-09",),
    "When was the last shingles vaccine?": ("2017-08-23",),
}
"""What the linkers know is not taken for something that is near it."""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant_over(tmp_path_factory.mktemp("near"), *HELD)


@pytest.mark.parametrize("question", ASKED)
def test_a_name_in_other_words_is_found(assistant: Assistant, question: str) -> None:
    answer = assistant.ask("Patient/p1", question, now=NOW)
    offered = [reading.values for reading in answer.readings]
    assert (ASKED[question],) in [answer.values, *offered], (answer.outcome, answer.read_as, offered)


@pytest.mark.parametrize("question", LEFT_ALONE)
def test_what_is_known_by_its_name_stays_what_it_is(assistant: Assistant, question: str) -> None:
    assert assistant.ask("Patient/p1", question, now=NOW).values == LEFT_ALONE[question]


@pytest.mark.parametrize(
    "question",
    ["Has he ever had stage 4 kidney disease?", "Has he ever broken his leg?", "Was there a hernia repair?"],
)
def test_what_is_only_like_it_is_not_affirmed(assistant: Assistant, question: str) -> None:
    assert True not in assistant.ask("Patient/p1", question, now=NOW).values


@pytest.mark.parametrize(
    "question",
    [
        "Has he ever had glandular fever?",  # suspected
        "Has he ever had a left hip fracture?",  # the other side
        "Has he ever had cancer of the prostate?",  # benign
        "Was the clot on the lung ever recorded?",  # only near: a yes is offered, not given
    ],
)
def test_no_yes_is_given_by_a_name_that_is_only_near(assistant: Assistant, question: str) -> None:
    answer = assistant.ask("Patient/p1", question, now=NOW)
    assert answer.values != (True,)


def test_words_that_ask_stay_in_the_question(assistant: Assistant) -> None:
    answer = assistant.ask("Patient/p1", "What was the highest urine spec grav?", now=NOW)
    assert all("highest" in line for line in (answer.read_as, *(r.read_as for r in answer.readings)) if line)


def test_capitals_change_nothing(assistant: Assistant) -> None:
    answer = assistant.ask("Patient/p1", "What is the latest Urine Spec Grav?", now=NOW)
    assert (1.021,) in [answer.values, *(reading.values for reading in answer.readings)]


def test_how_the_name_was_taken_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("Patient/p1", "What is the latest urine spec grav?", now=NOW)
    told = [answer.read_as, *(reading.read_as for reading in answer.readings)]
    assert any("Specific gravity of Urine" in line for line in told)


def test_a_long_question_stays_cheap(tmp_path: Path) -> None:
    many = (condition(f"c{n}", f"Fracture of bone number {n} (disorder)") for n in range(400))
    asked = assistant_over(tmp_path, patient(), *many)
    answer = asked.ask(
        "Patient/p1", f"When was {'the broken collarbone or wrist and ' * 8} recorded?", now=NOW
    )
    assert answer.usage.seconds < 1
