"""An answer as text: numbered sources, options of a clarifying question, and nothing alive in a page."""

from typing import Any

import pytest

from agent.answer import Answer, Assessed, Citation, HowChecked
from agent.wording import ASSESSMENT
from portal.saying import cited, inert, numbered

A1C = Citation(reference="Observation/a1c", display="Hemoglobin A1c", date="2020-12-04")
LIVE = Citation(reference="Condition/x", display="![x](http://evil.example/?q=) <img src=x>")


def answer(text: str, **more: Any) -> Answer:
    return Answer(question="?", patient="Patient/1", now="2021-07-01", answer=text, **more)


CASES = [
    ("nothing to cite", answer("Not recorded.", outcome="not recorded"), "[not recorded] Not recorded."),
    (
        "a source is numbered and listed",
        answer("It was 6.4 % [Observation/a1c].", citations=(A1C,)),
        "It was 6.4 % [1].\n\nSources:\n- [1] Hemoglobin A1c, 2020-12-04, Observation/a1c",
    ),
    (
        "a name is nothing alive",
        answer("It is there [Condition/x].", citations=(LIVE,)),
        "It is there [1].\n\nSources:\n- [1] ! [x] (http: //evil.example/?q=) < img src=x>, Condition/x",
    ),
    (
        "what stood in for the model is said",
        answer("Not recorded.", outcome="not recorded", fallback="It could not be reached."),
        "[not recorded] Not recorded.\n\nWithout the model: It could not be reached.",
    ),
    (
        "what is not confirmed is said",
        answer("It was 9 %.", grounded=False, unsupported=("9 % (no such number)",)),
        "It was 9 %.\n\nNot confirmed by the record: 9 % (no such number)",
    ),
    (
        "what the check could not decide is said",
        answer("Es waren 6,4 %.", grounded=False, checked=HowChecked(undecided=("Es waren 6,4 %.",))),
        "Es waren 6,4 %.\n\nThe check could not decide: Es waren 6,4 %.",
    ),
    (
        "what the model concludes stands apart, with the numbers of the same sources",
        answer(
            "It was 6.4 % [Observation/a1c].",
            citations=(A1C,),
            assessment=Assessed(text="Within the goal [Observation/a1c]. <b>Fine</b>.", citations=(A1C,)),
        ),
        f"It was 6.4 % [1].\n\n{ASSESSMENT}\nWithin the goal [1]. < b>Fine< /b>.\n\n"
        "Sources:\n- [1] Hemoglobin A1c, 2020-12-04, Observation/a1c",
    ),
    (
        "nothing was concluded",
        answer("Not recorded.", outcome="not recorded", assessment=Assessed()),
        "[not recorded] Not recorded.",
    ),
    (
        "a clarifying question has its options",
        answer("Which? a | b", outcome="asked back", ask_back="Which?", options=("a", "b")),
        "[asked back] Which?\n1. a\n2. b\nReply with a number, or in other words.",
    ),
    (
        "a clarifying question may have none",
        answer("Which?", outcome="asked back", ask_back="Which?"),
        "[asked back] Which?",
    ),
]


@pytest.mark.parametrize(("told", "text"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_an_answer_as_text(told: Answer, text: str) -> None:
    assert numbered(told) == text


def test_programs_get_the_references_themselves() -> None:
    assert (
        cited(answer("It was 6.4 % [Observation/a1c].", citations=(A1C,)))
        == "It was 6.4 % [Observation/a1c]."
    )


ALIVE = [
    "![x](http://evil.example/x.png)",
    "![x]\n\n[x]: http://evil.example/x.png",
    "[click](javascript:alert(1))",
    "<img src=http://evil.example/x>",
    "<!-- <script>alert(1)</script> -->",
    "<http://evil.example>",
    "see https://evil.example/?q=1 and www.evil.example",
    "[1](//evil.example)",
]
MARKS = ("![", "](", "<i", "<s", "<!", "</", "<h", "://", "[x]:", "www.e")


@pytest.mark.parametrize("text", ALIVE)
def test_nothing_alive_is_left(text: str) -> None:
    assert [mark for mark in MARKS if mark in inert(text)] == []


@pytest.mark.parametrize(
    "text", ["HbA1c <7 % and >5", "120/80 [Observation/1]", "a_b*c", "10:30", "1. one\n- two"]
)
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text
