"""Questions read by what was learned: answered where reading is sure, asked back where it is not."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import one_record
import pytest

from agent.assistant import Assistant
from agent.plan import Plan
from agent.reading.network import network
from agent.reading.passage import questions_in
from agent.reading.reader import WHICH, Reader
from agent.reading.slots import marked, variants
from agent.values import values_of
from fhir_fixtures import REFERENCE_DATE, records
from tests.builders import condition, medication_request, observation, patient, patient_record
from tools.calls.catalogue import Call
from tools.calls.program import run_plan
from tools.record import PatientRecord
from tools.sources import open_location

NOW = date(2021, 7, 1)
NOTE = (
    "Pt seen today for follow-up. Feels well, no chest pain. Walks two miles a day. Will see her again in spring. "
    "Medications reviewed with daughter, who fills the pill box. Discussed diet and salt at length; she agrees. "
)


def ruth() -> PatientRecord:
    return patient_record(
        patient(),
        condition("gout", "Gout", code="90560007", onset="2012-05-03"),
        medication_request("met", "metformin 500 MG", authored="2014-02-01"),
        observation("a1", "Hemoglobin A1c", code="4548-4", value=7.5, unit="%", when="2013-01-10"),
        observation("a2", "Hemoglobin A1c", code="4548-4", value=6.4, unit="%", when="2020-12-04"),
    )


MARKED = [
    ("When was metformin started?", "When was [drug] started?"),
    ("A1c before 2015, and was it ever > 7 %?", "[test] [time], and was it ever > [amount]?"),
    ("second to last hba1c", "[nth] [test]"),
    ("the last 3 A1c values", "the last [number] [test] values"),
    ("Did gout come before metformin?", "Did [problem] come before [drug]?"),
    ("A1c in mmol/mol", "[test] in [unit]"),
]
PEOPLE = [
    ("Did Dr. Lena Sommer see her at General Hospital?", "Did [person] see her at [place]?"),
    ("Was Lena Sommer the prescriber?", "Was [person] the prescriber?"),
    ("Since when is she with Aetna?", "Since when is she with [item]?"),
]


@pytest.mark.parametrize(("question", "text"), MARKED)
def test_names_times_and_numbers_are_marked(question: str, text: str) -> None:
    assert marked(question, ruth()).text == text


@pytest.mark.parametrize(("question", "text"), PEOPLE)
def test_recorded_people_places_and_insurers_are_marked(question: str, text: str) -> None:
    assert marked(question, one_record.ruth()).text == text


READ = [
    ("When did metformin get kicked off?", ("2014-02-01",)),
    ("highest A1c so far, please", (7.5,)),
    ("By how much did the A1c change from the first to the last one?", (-1.1,)),
    ("number of A1c results on file", (2,)),
    ("last A1c prior to metformin", (7.5,)),
    ("Which came first, gout or metformin?", ("Gout",)),
    ("mean of all A1c values", (6.95,)),
]


@pytest.mark.parametrize(("question", "values"), READ)
def test_a_question_is_read_or_offered(question: str, values: tuple[object, ...]) -> None:
    record = ruth()
    plan = Reader().plan(question, record, {})
    readings = (plan,) if plan.calls else plan.readings
    found = [values_of(each.answers(run_plan(each.calls, record)), each.yes_no) for each in readings]
    assert values in found, (plan.sure, [each.calls for each in readings])


def test_the_question_after_a_pasted_note_is_found() -> None:
    assert questions_in(f"{NOTE}{NOTE}When was metformin started?")[0] == "When was metformin started?"
    alone = Reader().plan("When was metformin started?", ruth(), {})
    after = Reader().plan(f"{NOTE}{NOTE}When was metformin started?", ruth(), {})
    assert (after.calls, after.options) == (alone.calls, alone.options) != ((), ())


HALVES = [
    ("What was the last A1c and when was metformin started?", (6.4, "2014-02-01")),
    ("When was gout diagnosed? Also the highest A1c please", ("2012-05-03", 7.5)),
]


@pytest.mark.parametrize(("question", "values"), HALVES)
def test_two_questions_in_one_are_both_answered(question: str, values: tuple[object, ...]) -> None:
    record = ruth()
    plan = Reader().plan(question, record, {})
    assert values_of(plan.answers(run_plan(plan.calls, record)), plan.yes_no) == values


def test_what_is_made_of_common_words_may_be_no_name() -> None:
    def common(text: str) -> bool:
        return text in ("A1c", "metformin")

    read = [each.text for _, each in variants(marked("last A1c on metformin", ruth()), common)]
    assert read[:3] == ["last [test] on [drug]", "last A1c on [drug]", "last [test] on metformin"]


def test_a_follow_up_leans_on_the_question_before() -> None:
    first = Reader().plan("When was metformin started?", ruth(), {})
    second = Reader().plan("and the A1c just before that?", ruth(), first.frame)
    assert any(call.tool == "measure" for each in (second, *second.readings) for call in each.calls)


def test_a_narrowing_that_no_plan_can_say_makes_a_reading_unsure() -> None:
    plain = Reader().plan("What was her last A1c?", ruth(), {})
    narrowed = Reader().plan("What was her last fasting A1c taken while standing?", ruth(), {})
    assert narrowed.sure < plain.sure
    assert narrowed.left_out


class Unsure:
    """A planner that offers two readings."""

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        first, last = (
            Plan(calls=(Call("measure", {"concept": "HbA1c", "pick": pick}, "a"),))
            for pick in ("first", "last")
        )
        return Plan(ask_back=WHICH, options=("first", "last"), readings=(first, last), sure=0.4)


def test_what_is_not_sure_is_asked_back_with_values_and_the_choice_is_answered(tmp_path: Path) -> None:
    source = open_location(str(records()), cache=tmp_path)
    assistant = Assistant(source, model="none", planner=Unsure(), conversations=tmp_path / "kept.db")
    asked = assistant.ask("Adelina Maggio", "the sugar thing", now=REFERENCE_DATE, conversation="x")
    assert (asked.outcome, asked.values, asked.sure) == ("asked back", (), 0.4)
    assert [reading.values for reading in asked.readings] != [(), ()]
    chosen = assistant.resume("x", "2")
    assert (chosen.outcome, chosen.values) == ("answered", asked.readings[1].values)
    assert chosen.read_as == asked.readings[1].read_as == "HbA1c: the last value"


def test_the_network_is_loaded_once() -> None:
    assert network() is network()
