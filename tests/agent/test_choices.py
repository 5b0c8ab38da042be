"""Multiple choice: options in a question, and the one that says what was computed."""

from dataclasses import dataclass

import pytest

from agent.choices import given_choice, lettered, split
from agent.choosing import Computed, choose, computed, settled
from agent.plan import Plan
from agent.values import Value
from agent.wording import CONCLUDED, NO_OPTION
from tests.builders import medication_request, observation, patient, patient_record
from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence
from tools.calls.program import run_plan

SPLIT = [
    ("When was it? A) 2019 B) 2020", ("When was it?", ["2019", "2020"])),
    ("When was it? (A) 2019 (B) 2020 (C) never", ("When was it?", ["2019", "2020", "never"])),
    ("When was it?\nA. 2019\nB. 2020", ("When was it?", ["2019", "2020"])),
    ("When was it? A: 2019; B: 2020", ("When was it?", ["2019", "2020"])),
    ("Was hepatitis B: positive?", ("Was hepatitis B: positive?", [])),
    ("Vitamin A. Was it given?", ("Vitamin A. Was it given?", [])),
    ("A) yes B) no", ("A) yes B) no", [])),
]


@pytest.mark.parametrize(("question", "expected"), SPLIT, ids=[question for question, _ in SPLIT])
def test_options_are_found_in_a_question(question: str, expected: tuple[str, list[str]]) -> None:
    stem, choices = split(question)
    assert (stem, [choice.text for choice in choices]) == expected


@dataclass(frozen=True)
class Case:
    id: str
    options: tuple[str, ...]
    values: tuple[Value, ...]
    letter: str


CASES = [
    Case("a number with its unit", ("6.4 %", "7.1 %"), (6.4,), "A"),
    Case("a number as people round it", ("92.4 mg/dL", "95 mg/dL"), (92.37,), "A"),
    Case("a count", ("2", "3", "4"), (3,), "B"),
    Case("a count in words around it", ("2 visits", "12 visits"), (2,), "A"),
    Case("a day", ("2020-12-04", "2020-12-05"), ("2020-12-05",), "B"),
    Case("yes", ("Yes", "No"), (True,), "A"),
    Case("no", ("Yes", "No", "Not recorded"), (False,), "B"),
    Case("nothing recorded", ("6.4 %", "Not recorded"), (), "B"),
    Case(
        "a name, whatever its tag and case",
        ("viral sinusitis", "Asthma"),
        ("Viral sinusitis (disorder)",),
        "A",
    ),
    Case("a longer name is another one", ("Prediabetes", "Diabetes"), ("Diabetes",), "B"),
    Case("several names", ("Asthma, gout", "Asthma"), ("Asthma", "Gout"), "A"),
    Case(
        "a list with no more and no fewer",
        ("Asthma; gout; cough", "Asthma", "Gout; asthma"),
        ("Asthma", "Gout"),
        "C",
    ),
    Case("a name within a longer one", ("Sprain of ankle; cough", "Cough; sprain"), ("Sprain", "Cough"), "B"),
    Case("a name alone before a list", ("Asthma; gout", "Asthma"), ("Asthma",), "B"),
    Case("a count is not rounded", ("200", "201"), (201,), "B"),
    Case("none of them", ("6.4 %", "7.1 %"), (8.2,), ""),
    Case("two of them say it", ("6.4", "6.4 %"), (6.4,), ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_option_that_says_what_was_computed_is_chosen(case: Case) -> None:
    choice = choose(lettered(case.options), Computed(case.values))
    assert (choice.letter if choice else "") == case.letter


DATED = ("No", "Yes, most recently on 2019-03-04", "Yes, most recently on 2021-03-04", "Yes, on 2020-01-01")
SIDES = ("Yes", "No, it is above the range", "No, it is below the range")
COMPUTED = [
    ("the latest day", DATED, Computed((True,), frozenset({"2019-03-04", "2021-03-04"})), "C"),
    (
        "a day that is not the latest",
        DATED[:2],
        Computed((True,), frozenset({"2019-03-04", "2021-03-04"})),
        "B",
    ),
    ("no needs no day", DATED, Computed((False,)), "A"),
    (
        "the side on which a value lies",
        SIDES,
        Computed((False,), facts="bmi 17 on 2020-01-01 (low; reference 18–25)"),
        "C",
    ),
    ("the side is not told", SIDES, Computed((False,), facts="bmi 17 on 2020-01-01"), ""),
    (
        "the fuller of two that the record says",
        ("Yes", "No, the record says married", "No, the record says never married"),
        Computed((False,), facts="marital status: never married"),
        "C",
    ),
    ("one of several at the same moment", ("Gout", "Cough"), Computed(("Asthma", "Gout"), either=True), "A"),
    ("a list is not one of them", ("Gout", "Cough"), Computed(("Asthma", "Gout")), ""),
]


@pytest.mark.parametrize(
    ("options", "told", "letter"), [case[1:] for case in COMPUTED], ids=[c[0] for c in COMPUTED]
)
def test_days_and_ties_tell_options_apart(options: tuple[str, ...], told: Computed, letter: str) -> None:
    choice = choose(lettered(options), told)
    assert (choice.letter if choice else "") == letter


@pytest.mark.parametrize(("pick", "either"), [("first", True), ("last", True), ("nth", True), ("all", False)])
def test_values_of_one_moment_are_an_answer_each_where_a_moment_is_picked(pick: str, either: bool) -> None:
    record = patient_record(patient(), observation("a", when="2020-03-10"))
    evidence = Evidence(
        tool="measure", arguments={"pick": pick}, outcome="found", references=("Observation/a",)
    )
    assert computed([evidence], Plan(), record).either is either


def test_the_only_option_that_names_something_found_is_chosen() -> None:
    record = patient_record(
        patient(),
        medication_request("m", "Metformin hydrochloride 500 MG Oral Tablet"),
        medication_request("a", "Aspirin 81 MG"),
    )
    calls = (Call("find", {"kind": "medication"}, "a"),)
    told = computed(run_plan(calls, record), Plan(calls=calls), record)
    choice = choose(lettered(("warfarin", "metformin", "lisinopril")), told)
    assert choice
    assert choice.letter == "B"
    assert choose(lettered(("aspirin", "metformin")), told) is None


SETTLED = [
    ("the option is the value of one reading", ("9.1 %", "7.5 %"), "first"),
    ("it is the value of the other", ("6.4 %", "5.5 %"), "last"),
    ("each reading has an option", ("6.4 %", "7.5 %"), ""),
    ("none has", ("5.1 %", "5.5 %"), ""),
    ("nothing recorded is an option of any", ("5.1 %", "Not recorded"), ""),
    ("no options", (), ""),
]


@pytest.mark.parametrize(("options", "pick"), [row[1:] for row in SETTLED], ids=[row[0] for row in SETTLED])
def test_options_decide_between_readings(options: tuple[str, ...], pick: str) -> None:
    record = patient_record(
        patient(),
        observation("a", "Hemoglobin A1c", code="4548-4", value=7.5, unit="%", when="2013-01-10"),
        observation("b", "Hemoglobin A1c", code="4548-4", value=6.4, unit="%", when="2020-12-04"),
    )
    first, last = (
        Plan(calls=(Call("measure", {"concept": "A1c", "pick": pick}, "a"),)) for pick in ("first", "last")
    )
    plan = settled(Plan(readings=(first, last), sure=0.5), lettered(options), record)
    assert [call.arguments["pick"] for call in plan.calls] == ([pick] if pick else [])


GIVEN = [
    ("what was computed, whatever was chosen", "A", "B", ("A) 6.4 %\nIt was 6.4 %.", "A")),
    ("what the model chose, and that it did", "", "A", (f"A) 6.4 %\n{CONCLUDED} It was 6.4 %.", "A")),
    ("none", "", "", (f"{NO_OPTION} It was 6.4 %.", "")),
    ("a letter without an option", "", "F", (f"{NO_OPTION} It was 6.4 %.", "")),
]


@pytest.mark.parametrize(
    ("computed", "chosen", "expected"), [row[1:] for row in GIVEN], ids=[row[0] for row in GIVEN]
)
def test_an_answer_begins_with_its_option(computed: str, chosen: str, expected: tuple[str, str]) -> None:
    choices = lettered(("6.4 %", "7.1 %"))
    known = next((choice for choice in choices if choice.letter == computed), None)
    assert given_choice("It was 6.4 %.", choices, known, chosen) == expected
