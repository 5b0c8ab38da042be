"""Where a visit was and who saw the patient, what an order allows, and what is for no reason: tables."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import (
    SNOMED,
    concept,
    condition,
    encounter,
    medication_request,
    patient,
    patient_record,
    procedure,
)
from tools.calls.catalogue import Call
from tools.calls.evidence import Outcome
from tools.calls.program import run_plan

AT_THE_VISIT = {"encounter": {"reference": "Encounter/v"}}
VISIT = encounter(
    "v",
    start="2020-03-02",
    end="2020-03-02",
    reasonCode=[concept("Heartburn", "16331000", SNOMED)],
    location=[{"location": {"display": "Room 4"}}],
    serviceProvider={"display": "General Hospital"},
    participant=[{"individual": {"display": "Dr. Osei"}}],
)
QUIET = encounter("q", start="2019-03-02", end="2019-03-02")
DIAGNOSING = encounter("d", start="2018-03-02", end="2018-03-02")
SCOPE = procedure("scope", **AT_THE_VISIT)
BIOPSY = procedure(
    "biopsy", "Biopsy", code="86273004", performer=[{"actor": {"display": "Dr. Lee"}}], **AT_THE_VISIT
)
HYPERTENSION = condition("htn", "Hypertension (disorder)", code="38341003")
GOUT = condition("gout", "Gout", code="90560007", encounter={"reference": "Encounter/d"})
ASTHMA = condition("asthma", "Asthma (disorder)", code="195967001")
COLD = condition("cold", "Common cold", code="82272006", status="resolved")
FOR_PRESSURE = medication_request(
    "amlo", "Amlodipine 5 MG Oral Tablet", code="197361", reasonReference=[{"reference": "Condition/htn"}],
    dispenseRequest={"numberOfRepeatsAllowed": 3},
)  # fmt: skip
FOR_GOUT = medication_request(
    "allo", "Allopurinol 100 MG Oral Tablet", code="197319", status="stopped", reasonCode=[{"text": "Gout"}],
    dispenseRequest={"numberOfRepeatsAllowed": 0},
)  # fmt: skip
FOR_NOTHING = medication_request("nap", "Naproxen 500 MG Oral Tablet", code="198014", **AT_THE_VISIT)
WHOLE = (
    *(patient(), VISIT, QUIET, DIAGNOSING, SCOPE, BIOPSY, HYPERTENSION, GOUT, ASTHMA, COLD),
    *(FOR_PRESSURE, FOR_GOUT, FOR_NOTHING),
)
PROBLEMS = Call("find", {"kind": "condition", "status": "active"}, "a")


def find(kind: str, **asked: Any) -> Call:
    return Call("find", {"kind": kind, **asked}, "b")


def told(kind: str, part: str, **asked: Any) -> Call:
    return find(kind, give="attribute", part=part, **asked)


@dataclass(frozen=True)
class Case:
    id: str
    calls: tuple[Call, ...]
    values: tuple[Any, ...]
    outcome: Outcome = "found"


WITHOUT = Call("calculate", {"operation": "without", "of": ["a", "b"]}, "c")
CASES = [
    Case("where a visit was", (told("encounter", "where", pick="last"),), ("General Hospital", "Room 4")),
    Case("who saw the patient at it", (told("encounter", "who", pick="last"),), ("Dr. Osei",)),
    Case("where something was done, by its visit", (told("procedure", "where", concept="biopsy"),),
         ("General Hospital", "Room 4")),
    Case("who did it, by itself", (told("procedure", "who", concept="biopsy"),), ("Dr. Lee",)),
    Case("who did it, by its visit", (told("procedure", "who", concept="colonoscopy"),), ("Dr. Osei",)),
    Case("how many refills an order allows", (told("medication", "refills", concept="amlodipine"),), (3,)),
    Case("none is a number", (told("medication", "refills", concept="allopurinol"),), (0,)),
    Case("it need not say", (told("medication", "refills", concept="naproxen"),), (), "no value"),
    Case("refills in all", (find("medication", give="amount", part="refills"),
                            Call("calculate", {"operation": "sum", "of": ["b"]}, "c")), (3,)),
    Case("drugs without a reason of their own", (find("medication", reason="none"),), ("Naproxen 500 MG Oral Tablet",)),
    Case("how many", (find("medication", reason="none", give="count"),), (1,)),
    Case("none of those for a problem", (find("medication", reason="none", concept="amlodipine"),), (),
         "none recorded"),
    Case("visits without a reason or a diagnosis", (find("encounter", reason="none", give="date"),), ("2019-03-02",)),
    Case("active problems that no drug is for", (PROBLEMS, told("medication", "reason"), WITHOUT),
         ("Asthma (disorder)",)),
    Case("that no drug is for now", (PROBLEMS, told("medication", "reason", status="active"), WITHOUT),
         ("Gout", "Asthma (disorder)")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_who_where_and_why(case: Case) -> None:
    evidence = run_plan(case.calls, patient_record(*WHOLE))[-1]

    assert (evidence.outcome, set(evidence.values)) == (case.outcome, set(case.values))
