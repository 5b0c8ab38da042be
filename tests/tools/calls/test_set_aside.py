"""What `find` makes of entries that are set aside, or only about the thing: yes, no, neither."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import Resource, allergy, condition, immunization, patient, patient_record, procedure
from tools.calls.find import find


def verified(status: str) -> Resource:
    return {"verificationStatus": {"coding": [{"code": status}]}}


@dataclass(frozen=True)
class Case:
    id: str
    record: list[Resource]
    asked: dict[str, Any]
    values: tuple[object, ...]
    outcome: str = "none recorded"
    facts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


EXISTS = {"kind": "condition", "give": "exists"}
STROKE = EXISTS | {"concept": "stroke"}
NOW = STROKE | {"status": "active"}
DRUGS = {"kind": "allergy", "give": "exists", "concept": "penicillin"}
CASES = [
    Case(
        "refuted is denied",
        [condition("c", "Stroke", **verified("refuted"))],
        STROKE,
        (False,),
        facts=("the record states: Stroke, active, since 2015-03-01, refuted",),
    ),
    Case(
        "and never was",
        [condition("c", "Stroke", **verified("refuted"))],
        STROKE | {"give": "count"},
        (0,),
        facts=("the record states: Stroke, active, since 2015-03-01, refuted",),
    ),
    Case(
        "provisional is neither",
        [condition("c", "Stroke", **verified("provisional"))],
        NOW,
        (),
        "no value",
        ("only as provisional: Stroke, active, since 2015-03-01",),
    ),
    Case(
        "nor has it a day",
        [condition("c", "Stroke", **verified("differential"))],
        STROKE | {"give": "date", "pick": "first"},
        (),
        "no value",
        ("only as a differential diagnosis: Stroke, active, since 2015-03-01",),
    ),
    Case("entered in error says nothing", [condition("c", "Stroke", **verified("entered-in-error"))], STROKE, (False,),
         notes=("1 not counted: entered-in-error",)),
    Case("a negated name denies", [condition("c", "No history of stroke")], STROKE, (False,),
         facts=("the record states: No history of stroke, active, since 2015-03-01",)),
    Case("of the family", [condition("c", "Family history of stroke")], STROKE, (False,),
         facts=("only as family history: Family history of stroke, active, since 2015-03-01",)),
    Case("asked for as such", [condition("c", "Family history of stroke")],
         STROKE | {"concept": "family history of stroke"}, (True,), "found",
         ("Family history of stroke, active, since 2015-03-01",)),
    Case("suspected", [condition("c", "Suspected stroke")], NOW, (), "no value",
         ("only as suspected: Suspected stroke, active, since 2015-03-01",)),
    Case("a history is a yes for ever", [condition("c", "History of stroke")], STROKE, (True,), "found",
         ("History of stroke, active, since 2015-03-01",)),
    Case("and neither for now", [condition("c", "History of stroke")], NOW, (), "no value",
         ("only as a history of it: History of stroke, active, since 2015-03-01",)),
    Case("a fear asked for as one", [condition("c", "Fear of stroke")], NOW | {"concept": "fear of stroke"}, (True,),
         "found", ("Fear of stroke, active, since 2015-03-01",)),
    Case("beside one that counts", [condition("c", "Stroke"), condition("d", "Stroke", **verified("refuted"))], NOW,
         (True,), "found", ("Stroke, active, since 2015-03-01",), ("not counted: Stroke, 2015-03-01 (refuted)",)),
    Case("another time is not denied", [procedure("p", status="not-done")],
         {"kind": "procedure", "concept": "colonoscopy", "give": "exists", "period": "in 2010"}, (False,)),
    Case("why it was not done", [immunization("i", "MMR", status="not-done", statusReason={"text": "objection"})],
         {"kind": "immunization", "concept": "MMR", "give": "exists"}, (False,),
         facts=("the record states: MMR, not-done (objection), on 2019-10-01",)),
    Case("a dose that does not count", [immunization("i", "MMR", isSubpotent=True)],
         {"kind": "immunization", "concept": "MMR", "give": "exists"}, (), "no value",
         ("only as subpotent, a dose that does not count: MMR, on 2019-10-01",)),
    Case("no known drug allergy denies a drug", [allergy("a", "No known drug allergy")], DRUGS, (False,),
         facts=("the record states: No known drug allergy, active, since 2001-07-08",)),
    Case("and says nothing of nuts", [allergy("a", "No known drug allergy")], DRUGS | {"concept": "peanut"}, (False,)),
    Case("no information is neither", [allergy("a", "No information about allergies")],
         {"kind": "allergy", "give": "count"}, (), "no value",
         ("the record states: No information about allergies, active, since 2001-07-08",)),
    Case("no known problems is none", [condition("c", "No known problems")], EXISTS | {"give": "count"}, (0,),
         facts=("the record states: No known problems, active, since 2015-03-01",)),
    Case("and is said beside one", [condition("c", "No current problems or disability"), condition("d", "Asthma")],
         EXISTS | {"give": "count"}, (1,), "found", ("Asthma, active, since 2015-03-01",),
         ("the record also states: No current problems or disability, active, since 2015-03-01",)),
    Case("a risk is a problem of its own", [condition("c", "At risk of falling")], EXISTS | {"give": "count"}, (1,),
         "found", ("At risk of falling, active, since 2015-03-01",)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_set_aside(case: Case) -> None:
    evidence = find(patient_record(patient(), *case.record), **case.asked)

    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    assert tuple(fact.text for fact in evidence.facts) == case.facts
    assert evidence.notes == case.notes
