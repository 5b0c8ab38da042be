"""What does not fit in a record is said: active and ended, an end before the start, a start before birth."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import Resource, allergy, condition, immunization, patient, patient_record, procedure
from tools.calls.find import find
from tools.calls.overview import overview
from tools.calls.timeline import timeline


def filed(category: str) -> Resource:
    return {"category": [{"coding": [{"code": category}]}]}


@dataclass(frozen=True)
class Case:
    id: str
    record: list[Resource]
    asked: dict[str, Any]
    values: tuple[object, ...]
    outcome: str = "found"
    notes: tuple[str, ...] = ()


GOUT = {"kind": "condition", "concept": "gout"}
NOW = GOUT | {"status": "active", "give": "exists"}
LIST: dict[str, Any] = {"kind": "condition", "status": "active"}
ENDED = condition("c", "Gout", abatementDateTime="2018-01-01")
BACKWARDS = condition("c", "Gout", status="resolved", abatementDateTime="2014-01-01")
EARLY = condition("c", "Gout", onset="1970-01-01")
FILED = [
    condition("c", "Gout", **filed("problem-list-item")),
    condition("d", "Sore throat", **filed("encounter-diagnosis")),
]
CASES = [
    Case("active and ended is open", [ENDED], NOW, (), "no value",
         ("recorded as active, but ended: Gout, 2018-01-01",)),
    Case("and is no active problem", [ENDED], LIST, (), "no value",
         ("recorded as active, but ended: Gout, 2018-01-01",)),
    Case("no length below nought", [BACKWARDS], GOUT | {"give": "duration"}, (), "no value",
         ("ends before it starts: Gout, 2015-03-01 to 2014-01-01",)),
    Case("no age before birth", [EARLY], GOUT | {"give": "age"}, (), "no value",
         ("before the recorded birth (1980-02-29): Gout, 1970-01-01",)),
    Case("two entries are both told", [condition("c", "Gout"), condition("d", "Gout", status="resolved")], NOW, (True,),
         notes=("also recorded as resolved: Gout, since 2015-03-01",)),
    Case("an older bout is none",
         [condition("c", "Gout"), condition("d", "Gout", status="resolved", onset="2001-01-01")], NOW, (True,)),
    Case("the problem list", FILED, LIST | {"category": "problem-list-item"}, ("Gout",)),
    Case("and what is none", FILED, LIST | {"give": "count"}, (2,),
         notes=("1 on the problem list, 1 only of visits (encounter-diagnosis)",)),
    Case("without a list all are on it", FILED[1:], LIST | {"category": "problem-list-item"}, ("Sore throat",)),
    Case("what was declined", [immunization("i", "MMR", status="not-done"), immunization("j")],
         {"kind": "immunization", "status": "declined"}, ("MMR",)),
    Case("what was refuted", [condition("c", "Gout", verificationStatus={"coding": [{"code": "refuted"}]})],
         {"kind": "condition", "status": "refuted"}, ("Gout",)),
    Case("what was stopped", [procedure("p", status="stopped"), procedure("q", "Biopsy")],
         {"kind": "procedure", "status": "stopped"}, ("Colonoscopy",)),
    Case("an allergy among the problems", [condition("c", "Allergy to penicillin (finding)")],
         {"kind": "allergy", "concept": "penicillin", "give": "exists"}, (True,)),
    Case("is listed with the others", [condition("c", "Allergy to penicillin (finding)"), allergy("a")],
         {"kind": "allergy"}, ("Allergy to peanuts", "Allergy to penicillin (finding)")),
    Case("one that is denied there", [condition("c", "No known penicillin allergy")],
         {"kind": "allergy", "concept": "penicillin", "give": "exists"}, (False,), "none recorded"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_conflicts(case: Case) -> None:
    evidence = find(patient_record(patient(), *case.record), **case.asked)

    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    assert evidence.notes == case.notes


AGAIN = [
    condition("old", "Diabetes mellitus type 2", code="44054006", onset="2004-05-01", status="resolved"),
    condition("new", "Type 2 diabetes", code="44054006", onset="2019-01-01"),
]
LINE = "Type 2 diabetes, active, since 2019-01-01, first recorded 2004-05-01"


def test_a_problem_entered_again_tells_its_first_onset_everywhere() -> None:
    record = patient_record(patient(), *AGAIN)

    assert [fact.text for fact in find(record, "condition", status="active").facts] == [LINE]
    assert [fact.text for fact in find(record, "condition", status="active", give="distinct").facts] == [LINE]
    assert f"Problem: {LINE}" in [fact.text for fact in overview(record, "patient").facts]
    assert LINE in [fact.text for fact in timeline(record).facts]


def test_an_allergy_among_the_problems_happened_once() -> None:
    record = patient_record(patient(), condition("c", "Allergy to penicillin"), allergy("a"))

    assert [fact.reference for fact in timeline(record).facts] == ["AllergyIntolerance/a", "Condition/c"]


def test_when_in_words_is_told() -> None:
    given = immunization("i", "Tetanus", when=None, occurrenceString="about 2015")  # type: ignore[arg-type]
    began = condition("c", "Asthma", onset=None, onsetString="in childhood", recordedDate="2015-03-01")

    [shot] = find(patient_record(patient(), given), "immunization").facts
    [asthma] = find(patient_record(patient(), began), "condition").facts
    assert shot.text == "Tetanus, given about 2015"
    assert asthma.text == "Asthma, active, onset in childhood, recorded 2015-03-01"
