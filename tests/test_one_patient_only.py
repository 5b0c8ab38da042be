"""Two patients in one file who share names, birth dates and ids: no answer about one holds anything of the other."""

import sqlite3
import zlib
from datetime import date
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from agent.answer import Answer
from agent.assistant import Assistant
from agent.check.citations import cited
from agent.cli.app import app
from tests.builders import (
    Resource,
    allergy,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    organization,
    patient,
    practitioner,
    procedure,
)
from tests.whole_questions import NOW, ask, stored
from tools.calls.catalogue import TOOLS, Call
from tools.calls.errors import RecordError, ToolFailure, UnknownPatient, WrongPatient
from tools.calls.evidence import Evidence
from tools.calls.program import run
from tools.record import PatientRecord
from tools.sources import StoredRecords

CARE_TEAM = {"resourceType": "CareTeam", "status": "active", "participant": []}


def record_of(whose: str, mark: str, a1c: float) -> list[Resource]:
    """A record in which every id ends with the mark, but for the encounter and one result, which both share."""
    seen = {"reference": "Encounter/shared"}
    owner = {"subject": whose}
    return [
        patient(whose),
        encounter("shared", **owner, participant=[{"individual": {"reference": "Practitioner/doc"}}]),
        encounter(
            f"stay-{mark}",
            "Hospital admission",
            of_class="IMP",
            start="2020-01-02",
            end="2020-01-05",
            **owner,
        ),
        observation("same-id", value=a1c, encounter=seen, **owner),
        observation(f"a1c-{mark}", value=a1c, when="2018-01-01", **owner),
        observation(f"pulse-{mark}", "Heart rate", code="8867-4", value=a1c * 10, unit="/min", **owner),
        condition(f"bp-{mark}", encounter=seen, **owner),
        condition(f"own-{mark}", f"Ailment {mark} (disorder)", code=f"55{a1c}".replace(".", ""), **owner),
        medication_request(f"met-{mark}", reasonReference=[{"reference": f"Condition/bp-{mark}"}], **owner),
        procedure(f"scope-{mark}", **owner),
        immunization(f"flu-{mark}", **owner),
        allergy(f"nuts-{mark}", **owner),
        {**CARE_TEAM, "id": f"team-{mark}", "subject": {"reference": f"Patient/{whose}"}},
    ]


BOTH = [
    *record_of("p1", "ours", 6.1),
    *record_of("p2", "theirs", 9.9),
    practitioner("doc"),
    organization("org"),
    condition("nobodys", subject="p3"),
]
CALLS = [
    *(
        Call("profile", {"about": about})
        for about in ("summary", "age", "practitioner", "care team", "insurance")
    ),
    *(Call("overview", {"of": of}) for of in ("record", "patient", "visit", "stay")),
    Call("overview", {"of": "problem", "concept": "hypertension"}),
    Call("overview", {"since": "2000"}),
    *(
        Call("find", {"kind": kind, **form})
        for kind in (
            "condition",
            "medication",
            "encounter",
            "procedure",
            "immunization",
            "allergy",
            "care team",
        )
        for form in (
            *({"give": give} for give in ("entry", "count", "exists", "date", "time", "duration")),
            *({"give": "attribute", "part": part} for part in ("who", "where", "reason", "detail")),
        )
    ),
    *(
        Call("measure", {"concept": "HbA1c", **form})
        for form in (
            *({"pick": pick} for pick in ("last", "all", "max")),
            *({"statistic": statistic} for statistic in ("mean", "count", "trend")),
        )
    ),
    Call("measure", {"concept": "vital signs", "pick": "last"}),
    Call("notes", {"text": "theirs"}),
    Call("timeline", {}),
    Call("costs", {}),
    Call("read", {"reference": "Encounter/shared"}),
    Call("read", {"reference": "Observation/same-id"}),
    Call("fhirpath", {"expression": "Observation.value.value", "kind": "observation"}),
    Call("fhirpath", {"expression": "Encounter.id", "kind": "encounter"}),
    Call("fhirpath", {"expression": "Patient.name.family", "kind": "Patient"}),
]
QUESTIONS = """
How old is the patient?
Who is her doctor?
Who is on her care team?
What are her active problems?
List all diagnoses
How many diagnoses does she have?
When was hypertension diagnosed?
How old was she when hypertension was diagnosed?
Does she have hypertension?
Does she have ailment theirs?
What was the first diagnosis?
What was diagnosed in 2015?
What was diagnosed at the last visit?
What medications is she taking?
How many prescriptions does she have?
Is she on metformin?
When was metformin started?
Why was metformin prescribed?
Who prescribed metformin?
What was the latest HbA1c?
What was the first HbA1c?
What was the highest HbA1c?
What was the lowest HbA1c?
What is the mean HbA1c?
How many HbA1c results are there?
List all HbA1c values
Was her HbA1c ever above 7?
How has her HbA1c changed?
What is the trend of her HbA1c?
What were the latest vital signs?
What was her heart rate?
Which lab tests has she had?
How many lab tests has she had?
Has she had a colonoscopy?
When was the last procedure?
How many procedures has she had?
When was the last visit?
How many encounters has she had?
Who did she see at the last visit?
Where was the last visit?
How many times was she hospitalized?
How long was the last admission?
When was she last admitted?
Which vaccines has she had?
Did she get a flu shot?
How many vaccines has she received?
Does she have any allergies?
Is she allergic to peanuts?
What are her care plans?
What do the notes say about theirs?
What did her care cost?
What insurance does she have?
What happened in 2020?
What happened in 2015?
What happened since the last visit?
Was she on metformin when she was admitted?
Which came first, hypertension or metformin?
Summarise this patient
Prepare me for the visit
What does the record hold?
What does Patient/p2 have?
"""
THEIRS = ("theirs", "9.9", "99", "Patient/p2", "nobodys")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> StoredRecords:
    return stored(tmp_path_factory.mktemp("both"), *BOTH)


@pytest.fixture(scope="module")
def record(both: StoredRecords) -> PatientRecord:
    return both.open("Patient/p1", NOW)


def foreign(evidence: Evidence, record: PatientRecord) -> list[str]:
    """References that are not in the record, and words that only the other's record has."""
    given = (*evidence.references, *(fact.reference for fact in evidence.facts))
    said = [*map(str, evidence.values), *(f"{f.text} {f.display}" for f in evidence.facts)]
    named = [words for words in said for mark in THEIRS if mark in words]
    return named + [r for r in given if r != record.reference and record.get(r) is None]


def test_every_tool_is_called() -> None:
    assert {call.tool for call in CALLS} == set(TOOLS) - {"calculate"}


@pytest.mark.parametrize(
    "call", CALLS, ids=lambda call: f"{call.tool} {' '.join(map(str, call.arguments.values()))}"
)
def test_no_tool_reaches_the_other_patient(call: Call, record: PatientRecord) -> None:
    evidence = run(call, record)
    assert foreign(evidence, record) == []
    assert all(cover.searched <= len(record.entries(cover.kind)) for cover in evidence.coverage)


def everything(answer: Answer) -> str:
    """All of an answer but the question and the plan, which repeat what was asked."""
    return answer.model_dump_json(exclude={"question", "plan", "read_as", "sure", "usage"})


@pytest.mark.parametrize("question", QUESTIONS.strip().splitlines())
def test_no_answer_holds_anything_of_the_other_patient(question: str, both: StoredRecords) -> None:
    assistant = Assistant(both, model="none")
    ask(assistant, question, "Patient/p2")
    answer = ask(assistant, question, "Patient/p1")
    held = assistant.record("Patient/p1", NOW)
    given = (*answer.evidence, *(c.reference for c in answer.citations), *cited(answer.answer))
    assert [r for r in given if r != "Patient/p1" and held.get(r) is None] == []
    asked = question.casefold()
    assert [mark for mark in THEIRS if mark in everything(answer) and mark.casefold() not in asked] == []
    assert all(cover.searched == len(held.entries(cover.kind)) for cover in answer.coverage)
    assert answer.patient == "Patient/p1"


def test_the_other_patient_would_be_seen(both: StoredRecords) -> None:
    answer = ask(Assistant(both, model="none"), "List all diagnoses", "Patient/p2")
    assert [mark for mark in THEIRS[:1] if mark in everything(answer)] == ["theirs"]


def test_shared_ids_are_each_patients_own(both: StoredRecords) -> None:
    values = {
        who: [
            e.value
            for e in both.open(who, NOW).entries("Observation")
            if e.reference == "Observation/same-id"
        ]
        for who in ("Patient/p1", "Patient/p2")
    }
    assert [[str(getattr(v, "value", v)) for v in found] for found in values.values()] == [["6.1"], ["9.9"]]


UNREACHABLE = [
    Call("read", {"reference": "Condition/own-theirs"}),
    Call("read", {"reference": "Condition/nobodys"}),
    Call("read", {"reference": "Patient/p2"}),
    Call("read", {"reference": "Observation/../Patient/p2"}),
    Call("fhirpath", {"expression": "Condition.where(id = 'own-theirs').id", "kind": "condition"}),
    Call("fhirpath", {"expression": "resolve()", "kind": "encounter"}),
    Call("fhirpath", {"expression": "%resource.id", "kind": "condition"}),
    Call("fhirpath", {"expression": "subject.resolve().name", "kind": "condition"}),
    Call("fhirpath", {"expression": "Patient.where(id = 'p2').name.family", "kind": "Patient"}),
    Call("find", {"kind": "condition", "patient": "Patient/p2"}),
    Call("find", {"kind": "Patient", "concept": "p2"}),
    Call("profile", {"about": "summary", "patient": "p2"}),
]


@pytest.mark.parametrize("call", UNREACHABLE, ids=lambda call: " ".join(map(str, call.arguments.values())))
def test_no_call_can_name_the_other_patient(call: Call, record: PatientRecord) -> None:
    try:
        evidence = run(call, record)
    except (ToolFailure, WrongPatient):
        return
    assert [v for v in evidence.values if "theirs" in str(v) or str(v) == "p2"] == []
    assert (
        foreign(Evidence(tool="", arguments={}, outcome="found", references=evidence.references), record)
        == []
    )


def test_a_name_that_two_answer_to_is_asked_back(both: StoredRecords) -> None:
    with pytest.raises(UnknownPatient) as refused:
        Assistant(both, model="none").ask("Ada Moser", "How old is she?", now=NOW)
    assert str(refused.value) == (
        "'Ada Moser' may be 2 patients: Ada Moser, born 1980-02-29 (Patient/p1); "
        "Ada Moser, born 1980-02-29 (Patient/p2). Name one by its reference."
    )


@pytest.mark.parametrize(
    "name", ["Zoe", "Patient/p9", "", "   ", "'; DROP TABLE patient; --", "患者", "%", "x" * 5000]
)
def test_a_name_that_nobody_answers_to_is_refused(name: str, both: StoredRecords) -> None:
    with pytest.raises(UnknownPatient):
        Assistant(both, model="none").ask(name, "How old is she?", now=NOW)


def test_a_conversation_stays_with_its_patient(both: StoredRecords, tmp_path: Path) -> None:
    assistant = Assistant(both, model="none", conversations=tmp_path / "talk.db")
    assistant.ask("Patient/p2", "What was the latest HbA1c?", now=NOW, conversation="round")
    with pytest.raises(RecordError, match="This conversation is about Patient/p2, not about Patient/p1"):
        assistant.ask("Patient/p1", "And before that?", now=NOW, conversation="round")
    other = assistant.ask("Patient/p1", "What was the latest HbA1c?", now=NOW, conversation="another")
    assert other.values == (6.1,)


def smuggle(store: Path, kind: str) -> None:
    """Put the second patient's resources of a kind in the place of the first's."""
    with sqlite3.connect(store) as connection:
        numbers = dict(connection.execute("SELECT reference, id FROM patient"))
        ours, theirs = numbers["Patient/p1"], numbers["Patient/p2"]
        select = "SELECT data FROM chunk WHERE patient = ? AND kind = ?"
        lines = zlib.decompress(connection.execute(select, (theirs, kind)).fetchone()[0])
        assert orjson.loads(lines.split(b"\n")[0])["resourceType"] == kind
        update = "UPDATE chunk SET data = ? WHERE patient = ? AND kind = ?"
        connection.execute(update, (zlib.compress(lines), ours, kind))
    connection.close()


TAMPERED = [
    ("Condition", "List all diagnoses", "Condition/bp-theirs belongs to Patient/p2, not to Patient/p1."),
    ("Observation", "What was the latest HbA1c?", "belongs to Patient/p2, not to Patient/p1."),
    ("Patient", "How old is she?", "the record of Patient/p1 holds another patient."),
]


@pytest.mark.parametrize(("kind", "question", "message"), TAMPERED, ids=[kind for kind, *_ in TAMPERED])
def test_a_store_that_was_tampered_with_is_refused(
    kind: str, question: str, message: str, tmp_path: Path
) -> None:
    store = stored(tmp_path, *BOTH).path
    smuggle(store, kind)
    with pytest.raises(WrongPatient) as refused:
        Assistant(StoredRecords(store), model="none").ask("Patient/p1", question, now=date(2021, 7, 1))
    assert message in str(refused.value)
    called = CliRunner().invoke(app, ["ask", question, "--records", str(store), "--patient", "Patient/p1"])
    assert (called.exit_code, called.stdout) == (1, "")
    assert message in " ".join(called.stderr.split())
    assert "Traceback" not in called.stderr
