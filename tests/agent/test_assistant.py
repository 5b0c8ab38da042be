"""The facade: answers, conversations, clarifying questions, replay, and what bad input gets."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from agent.answer import Answer
from agent.assistant import Assistant
from agent.models import choose
from agent.nodes import Step
from agent.plan import Plan
from agent.wording import PARTLY_FAILED
from tests.agent.scripted import NOW, Records, ScriptedPlanner, found, measured
from tools.calls.catalogue import Call
from tools.calls.errors import AssistantError, BadArgument, RecordError, SetupError, UnknownPatient

ASKING = Plan(
    ask_back="Which one?", options=("HbA1c", "glucose"), frame={"topic": "measure", "tuple": [1, 2]}
)
SCRIPT = {
    "latest": measured("Hemoglobin A1c"),
    "HbA1c": measured("Hemoglobin A1c"),
    "glucose": measured("Glucose"),
    "either": ASKING,
    "problems": found("condition"),
    "diabetes?": found("condition", "diabetes", yes_no=True, give="exists"),
    "gout?": found("condition", "gout", yes_no=True),
    "gouts": found("condition", "gout"),
    "drugs": found("medication"),
    "broken": Plan(calls=(Call("find", {"kind": "condition"}), Call("find", {"kind": "nonsense"}))),
    "advice": Plan(decline="advice", calls=(Call("find", {"kind": "medication", "concept": "metformin"}),)),
    "follow": Plan(
        calls=(Call("measure", {"concept": "Glucose", "pick": "last"}),), frame={"topic": "glucose"}
    ),
    "nothing": Plan(),
}


def _assistant(conversations: Path | None = None, records: Records | None = None) -> Assistant:
    ticks = count()
    return Assistant(
        records or Records(),
        planner=ScriptedPlanner(SCRIPT),
        conversations=conversations,
        timer=lambda: next(ticks) / 4,
    )


@dataclass(frozen=True)
class Case:
    id: str
    question: str
    values: tuple[object, ...]
    evidence: set[str]
    abstained: bool = False


CASES = [
    Case("a value", "latest", (6.4,), {"Observation/a1c"}),
    Case(
        "names as recorded",
        "problems",
        ("Diabetes mellitus type 2 (disorder)", "Viral sinusitis (disorder)"),
        {"Condition/diabetes", "Condition/sinusitis"},
    ),
    Case("yes", "diabetes?", (True,), {"Condition/diabetes"}),
    Case("not recorded is no where yes or no is wanted", "gout?", (False,), set()),
    Case("not recorded claims nothing where a name is wanted", "gouts", (), set(), abstained=True),
    Case(
        "advice is declined with what the record holds",
        "advice",
        (),
        {"MedicationRequest/metformin"},
        abstained=True,
    ),
    Case("not understood claims nothing", "nothing", (), set(), abstained=True),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_ask(case: Case) -> None:
    answer = _assistant().ask("Anna Berg", case.question, now=NOW)
    assert (answer.values, set(answer.evidence), answer.abstained) == (
        case.values,
        case.evidence,
        case.abstained,
    )
    assert answer.grounded, answer.unsupported
    assert {c.reference for c in answer.citations} <= set(answer.evidence)


def test_the_answer_is_the_contract() -> None:
    answer = _assistant().ask("anna", "latest", now=NOW).model_dump(mode="json")
    assert answer == {
        "question": "latest",
        "patient": "Patient/anna",
        "now": "2021-07-01",
        "answer": "The latest Hemoglobin A1c in Blood was 6.4 % on 2020-12-04 [Observation/a1c].",
        "scope": None,
        "values": [6.4],
        "unit": "%",
        "citations": [
            {
                "reference": "Observation/a1c",
                "display": "Hemoglobin A1c/Hemoglobin.total in Blood",
                "date": "2020-12-04",
            }
        ],
        "evidence": ["Observation/a1c"],
        "coverage": [
            {"kind": "Observation", "searched": 4, "span": ["2019-11-02", "2020-12-04"], "problems": []}
        ],
        "read_as": "Hemoglobin A1c: the last value",
        "sure": 1.0,
        "readings": [],
        "outcome": "answered",
        "left_out": [],
        "abstained": False,
        "assessment": None,
        "grounded": True,
        "checked": {"recomputed": [], "quoted": [], "undecided": [], "reworded": []},
        "unsupported": [],
        "plan": [{"id": "a", "tool": "measure", "arguments": {"concept": "Hemoglobin A1c"}, "answers": True}],
        "usage": {
            "model": "none",
            "model_calls": 0,
            "prompt_tokens": 0,
            "completion_tokens": 0,
            "seconds": 2.75,
        },
        "declined": None,
        "choice": "",
        "fallback": "",
        "conversation": "",
        "ask_back": "",
        "options": [],
    }


@pytest.mark.parametrize("question", [q for q in SCRIPT if q != "broken"])
def test_a_replay_gives_the_same_values(question: str) -> None:
    assistant = _assistant()
    answer = assistant.ask("anna", question, now=NOW)
    again = assistant.replay(json.loads(answer.model_dump_json()))
    assert again.model_copy(update={"usage": answer.usage}) == answer


def test_a_failed_call_is_said_and_the_rest_answered() -> None:
    answer = _assistant().ask("anna", "broken", now=NOW)
    assert answer.answer.endswith(PARTLY_FAILED)
    assert answer.values
    assert answer.grounded


def test_many_questions_open_a_record_once() -> None:
    records = Records()
    assistant = _assistant(records=records)
    for question, now in (("latest", NOW), ("problems", date(2012, 1, 1)), ("latest", NOW)):
        assistant.ask("anna", question, now=now)
    assert records.opened == ["Patient/anna"]


def test_the_record_used_last_stays_open_whatever_its_size() -> None:
    records = Records()
    assistant = Assistant(records, model="none", planner=_assistant().planner, memory=0)
    for patient in ("anna", "anna", "bert", "anna"):
        assistant.ask(patient, "latest", now=NOW)
    assert records.opened == ["Patient/anna", "Patient/bert", "Patient/anna"]


def test_the_clock_decides_what_has_been() -> None:
    answer = _assistant().ask("anna", "latest", now=date(2020, 1, 1))
    assert (answer.values, answer.evidence) == ((7.1,), ("Observation/a1c-old",))


def test_a_conversation_hands_on_the_frame(tmp_path: Path) -> None:
    first, second = _assistant(tmp_path / "c.db"), _assistant(tmp_path / "c.db")
    first.ask("anna", "follow", now=NOW, conversation="round")
    second.ask("anna", "latest", now=NOW, conversation="round")
    second.ask("anna", "latest", now=NOW, conversation="another")
    assert isinstance(second.planner, ScriptedPlanner)
    assert [handed.get("topic") for handed in second.planner.before] == ["glucose", None]
    assert [len(handed.get("turns", ())) for handed in second.planner.before] == [1, 0]


@pytest.mark.parametrize("reply", ["2", "glucose"])
def test_a_clarifying_question_waits_for_its_reply(
    reply: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = _assistant(tmp_path / "c.db").ask("anna", "either", now=NOW, conversation="round")
    assert (asked.ask_back, asked.options, asked.abstained) == ("Which one?", ("HbA1c", "glucose"), True)
    with caplog.at_level(logging.WARNING):
        answer = _assistant(tmp_path / "c.db").resume("round", reply)
    assert (answer.question, answer.values, answer.conversation) == ("either", (92.37,), "round")
    assert not caplog.records


def test_another_question_may_come_instead_of_the_reply(tmp_path: Path) -> None:
    assistant = _assistant(tmp_path / "c.db")
    assistant.ask("anna", "either", now=NOW, conversation="round")
    assert assistant.ask("anna", "latest", now=NOW, conversation="round").values == (6.4,)
    with pytest.raises(RecordError, match="waits for no reply"):
        assistant.resume("round", "2")


def test_without_a_conversation_the_question_is_handed_back() -> None:
    answer = _assistant().ask("anna", "either", now=NOW)
    assert (answer.answer, answer.options) == ("Which one? HbA1c | glucose", ("HbA1c", "glucose"))


def test_a_conversation_stays_with_its_patient(tmp_path: Path) -> None:
    assistant = _assistant(tmp_path / "c.db")
    assistant.ask("anna", "latest", now=NOW, conversation="round")
    with pytest.raises(RecordError) as refused:
        assistant.ask("bert", "problems", now=NOW, conversation="round")
    assert str(refused.value) == (
        "This conversation is about Patient/anna, not about Patient/bert: begin another conversation."
    )
    assert assistant.ask("anna", "latest", now=NOW, conversation="round").values == (6.4,)


def test_nothing_of_the_record_but_facts_is_kept_with_a_conversation(tmp_path: Path) -> None:
    _assistant(tmp_path / "c.db").ask("anna", "latest", now=NOW, conversation="round")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Hemoglobin A1c" in kept
    assert b"sinusitis" not in kept


REFUSED: list[tuple[str, str, type[AssistantError], str]] = [
    ("anna", " \n ", BadArgument, "question ' \\n ': expected words, e.g. 'What was the last HbA1c?'."),
    ("anna", "long " * 500, BadArgument, "expected at most 2000 characters"),
    ("zoe", "latest", UnknownPatient, "No patient answers to 'zoe'."),
]


@pytest.mark.parametrize(("patient", "question", "error", "message"), REFUSED)
def test_bad_input_is_refused_in_a_sentence(
    patient: str, question: str, error: type[AssistantError], message: str
) -> None:
    with pytest.raises(error) as refused:
        _assistant().ask(patient, question, now=NOW)
    assert message in str(refused.value)


def test_a_conversation_needs_a_file() -> None:
    with pytest.raises(SetupError, match="A conversation needs a file"):
        _assistant().ask("anna", "latest", now=NOW, conversation="round")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.db").write_text("not a database, but long enough to look like a file" * 20)
    with pytest.raises(SetupError, match=r"file is not a database. Name a file that can be written."):
        _assistant(tmp_path / "c.db")


@pytest.mark.parametrize("model", ["none", "auto"])
def test_no_model_is_needed(model: str) -> None:
    assert choose(model).name == "none"


def test_a_string_that_names_no_model_is_refused() -> None:
    with pytest.raises(BadArgument, match="--model 'gpt': expected none, auto, medgemma-27b, "):
        choose("gpt")


def test_an_answer_is_frozen() -> None:
    answer = Answer(question="q", patient="Patient/1", now="2021-07-01", answer="a")
    with pytest.raises(ValueError, match="frozen"):
        answer.answer = "b"  # type: ignore[misc]


def test_no_model_library_is_imported() -> None:
    script = (
        "import sys, agent.assistant; print(*sorted({'torch', 'transformers', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"torch", "transformers"} & set(done.stdout.split())


def test_each_step_but_the_answer_is_heard_as_it_happens() -> None:
    heard: list[Step] = []
    streamed = list(_assistant().stream("anna", "latest", now=NOW))
    answer = _assistant().ask("anna", "latest", now=NOW, hear=heard.append)
    assert heard == streamed[:-1]
    assert answer.values == streamed[-1].data.values


def test_who_hears_may_end_a_run(tmp_path: Path) -> None:
    assistant = _assistant(tmp_path / "c.db")

    def enough(step: Step) -> None:
        if step.name == "plan":
            raise RecordError("enough")

    with pytest.raises(RecordError, match="enough"):
        assistant.ask("anna", "latest", now=NOW, conversation="c", hear=enough)
    assert assistant.ask("anna", "problems", now=NOW, conversation="c").values
