"""A launch -> its one patient and the kinds that it was granted; of nobody and nothing else is a word asked."""

from dataclasses import dataclass

import pytest

from agent.assistant import Assistant
from tests.builders import medication_request, patient
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, EVE, LATEST, LIMITS, STRANGER
from tests.tools.sources.live.serving import KIND_NAMES, Server, serving, statement
from tests.whole_questions import NOW
from tools.calls.errors import SetupError, UnknownPatient, WrongPatient
from tools.sources.live import LiveRecords

MRN = {"system": "urn:mrn", "value": "12345"}
PEOPLE = [patient(identifier=[MRN]), *ADA[1:], *EVE]
LISTED = [kind for kind in KIND_NAMES if kind not in ("MedicationStatement", "MedicationDispense")]


def launched(server: Server, *granted: str) -> LiveRecords:
    return LiveRecords(server.base, limits=LIMITS, only="Patient/p1", granted=granted or None)


@pytest.mark.parametrize(
    "typed", ["p1", "Patient/p1", " p1 ", "Ada", "moser, ada", "1980-02-29", "12345", "urn:mrn|12345"]
)
def test_the_patient_of_the_launch_is_found(typed: str) -> None:
    with serving(PEOPLE) as server:
        assert launched(server).find(typed).line() == "Ada Moser, female, born 1980-02-29 (Patient/p1)"
        assert [asked.path for asked in server.asked] == ["metadata", "Patient/p1"]


@pytest.mark.parametrize("typed", ["p2", "Patient/p2", "Eve", "Zwilling", "1971-01-01", "urn:x|12345", "*"])
def test_nobody_else_is_found(typed: str) -> None:
    with serving(PEOPLE) as server:
        with pytest.raises(UnknownPatient) as raised:
            launched(server).find(typed)
        assert [asked.path for asked in server.asked] == ["metadata", "Patient/p1"]
    assert str(raised.value) == f"No patient answers to '{typed}': only Patient/p1 may be read."


def test_the_list_of_patients_is_that_one() -> None:
    with serving(PEOPLE) as server:
        assert [each.reference for each in launched(server).patients()] == ["Patient/p1"]
        assert [asked.path for asked in server.asked] == ["metadata", "Patient/p1"]


@pytest.mark.parametrize(
    ("typed", "listed"),
    [("", 1), ("ad mos", 1), ("1980", 1), ("12345", 1), ("p1", 1), ("eve", 0), ("Patient/p2", 0)],
)
def test_nobody_else_is_listed(typed: str, listed: int) -> None:
    with serving(PEOPLE) as server:
        assert launched(server).search(typed, 5).total == listed
        assert [asked.path for asked in server.asked] == ["metadata", "Patient/p1"]


@pytest.mark.parametrize("reference", ["Patient/p2", "p1", "", "Patient/p1/../p2", "Patient/P1"])
def test_nobody_else_is_opened(reference: str) -> None:
    with serving(PEOPLE) as server:
        records = launched(server)
        with pytest.raises(WrongPatient) as raised:
            records.open(reference, NOW)
        assert [asked.path for asked in server.asked] == ["metadata"]
    assert str(raised.value) == f"'{reference}': only Patient/p1 may be read."


def test_a_patient_that_is_denied_is_said() -> None:
    with serving(PEOPLE, Patient=bad.status(403)) as server, pytest.raises(SetupError) as raised:
        launched(server).open("Patient/p1", NOW)
    assert str(raised.value) == (
        f"{server.base}: the server denied it (403). Launch again, with leave to read the patient."
    )


@dataclass(frozen=True)
class Case:
    """What was granted, and what is said of a question.

    Attributes:
        says: a part of the answer.
        values: what it comes to.
    """

    id: str
    granted: tuple[str, ...]
    question: str
    says: str
    values: tuple[object, ...] = ()


NOT = "could not be read: not granted"
CASES = [
    Case("what is granted is read", ("Patient", "Observation"), LATEST, "6.5", (6.5,)),
    Case("all is granted", (), LATEST, "6.5", (6.5,)),
    Case("another kind", ("Patient", "Condition"), LATEST, NOT),
    Case("a kind of which there is nothing", ("Patient", "Condition"), "What is she allergic to?", NOT),
    Case(
        "a drug named elsewhere",
        ("Patient", "MedicationRequest"),
        "Is she on warfarin?",
        "1 drugs that it names",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_not_granted_is_said_and_not_asked(case: Case) -> None:
    order = medication_request(
        "ref", medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"}
    )
    with serving([*PEOPLE, order]) as server:
        answer = Assistant(launched(server, *case.granted), model="none").ask("p1", case.question, now=NOW)
        asked = {each.path.partition("/")[0] for each in server.asked}
    assert (answer.values, case.says in answer.answer) == (case.values, True), answer.answer
    assert not case.granted or asked <= {"metadata", *case.granted}
    assert [word for word in STRANGER if word in answer.model_dump_json()] == []


def test_a_kind_that_the_server_does_not_list_is_not_missed() -> None:
    kinds = {kind: ["patient"] for kind in LISTED}
    whole = statement()
    whole["rest"][0]["resource"] = [each for each in whole["rest"][0]["resource"] if each["type"] in kinds]
    with serving(PEOPLE, metadata=lambda to, asked: to.json(whole)) as server:
        record = launched(server, *LISTED[1:]).open("Patient/p1", NOW)
    assert record.problems == {LISTED[0]: (NOT,)}
