"""What an EHR prefetched: whole, or not taken for data; one patient, and nobody else."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.builders import allergy, condition, encounter, medication_request, observation, patient
from tests.portal.hooks.hooks_for_tests import (
    RECORD,
    SERVICE,
    asked,
    behind,
    card_of,
    prefetch,
    searchset,
    signed,
)

OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
WARNING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "incomplete"}]}
REMARK = {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational"}]}
NEXT = [{"relation": "next", "url": "https://ehr.example.org/r4?page=2"}]
MINE, THEIRS = condition("dm"), condition("secret", "Schizophrenia (disorder)", subject="p2")
DRUG = {"resourceType": "Medication", "id": "m1", "code": {"text": "Warfarin 5 MG"}}
BY_DRUG = medication_request(
    "w", medicationCodeableConcept=None, medicationReference={"reference": "Medication/m1"}
)
FINE = observation("fine", value=5.1, when="2025-12-20")


@dataclass(frozen=True)
class Case:
    id: str
    changed: dict[str, Any]
    expected: str = ""
    lacking: str = ""
    refuses: list[str] = field(default_factory=lambda: ["Schizophrenia"])


CASES = [
    Case("null is: the EHR has none", {"conditions": None}, "**No active condition recorded**"),
    Case("an empty Bundle is the same", {"conditions": searchset()}, "**No active condition recorded**"),
    Case("a remark of the server is none", {"conditions": searchset(MINE, REMARK, total=1)}, "1 active condition"),
    Case("a key that is left out", {"conditions": ...}, lacking="conditions"),
    Case("two keys", {"conditions": ..., "allergies": ...}, lacking="conditions, allergies"),
    Case("a first page", {"conditions": searchset(MINE, link=NEXT)}, lacking="conditions"),
    Case("fewer rows than counted", {"conditions": searchset(MINE, total=2)}, lacking="conditions"),
    Case("an OperationOutcome", {"conditions": OUTCOME}, lacking="conditions"),
    Case("an OperationOutcome among rows", {"conditions": searchset(MINE, WARNING, total=1)}, lacking="conditions"),
    Case("another kind", {"conditions": searchset(observation("a1c"))}, lacking="conditions"),
    Case("a resource, not a Bundle", {"conditions": MINE}, lacking="conditions"),
    Case("text", {"conditions": "Condition/dm"}, lacking="conditions"),
    Case("entries that are none", {"conditions": searchset(entry=["x"])}, lacking="conditions"),
    Case("rows of somebody else", {"conditions": searchset(MINE, THEIRS)}, lacking="conditions"),
    Case("only rows of somebody else", {"conditions": searchset(THEIRS)}, lacking="conditions"),
    Case("results of somebody else", {"results": searchset(observation("x", "HIV", subject="p2", when="2025-12-01"))},
         "laboratory results: could not be read", refuses=["HIV"]),
    Case("another patient", {"patient": patient("p2", "Bea")}, lacking="patient"),
    Case("no patient", {"patient": None}, lacking="patient"),
    Case("a patient that is not valid", {"patient": {**patient(), "resourceType": "Persona"}}, lacking="patient"),
    Case("a row that is not valid is told", {"conditions": searchset(MINE, {**condition("bad"), "code": 7})},
         "- active conditions: 1 could not be read: it has no name"),
    Case("a row that names nobody is told", {"allergies": searchset(allergy("x", patient={"display": "Ada"}))},
         "**Allergies: could not be read**"),
    Case("results that were left out are told", {"results": ...},
         "**Laboratory results: could not be read**"),
    Case("none is out of range is not said where one could not be read",
         {"results": searchset(FINE, {**observation("bad"), "code": {}})},
         "**Laboratory results out of range: could not be read**", refuses=["No result"]),
    Case("and visits", {"visits": searchset(encounter("e"), link=NEXT)}, "**Latest visit: could not be read**"),
    Case("a drug that comes along", {"prescriptions": searchset(BY_DRUG, DRUG, total=1)}, "- Warfarin 5 MG, active"),
    Case("a drug that does not", {"prescriptions": searchset(BY_DRUG)},
         "- prescriptions: 1 drugs that it names could not be read"),
    Case("references by the whole address",
         {"conditions": searchset({**MINE, "subject": {"reference": "https://ehr.example.org/r4/Patient/p1"}})},
         "1 active condition"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_prefetch(case: Case, tmp_path: Path) -> None:
    call = asked(prefetch=prefetch(**case.changed), fhirServer="https://ehr.example.org/r4")
    answer = behind(tmp_path).post(SERVICE, json=call, headers=signed())
    assert not [word for word in case.refuses if word in answer.text]
    if case.lacking:
        assert answer.status_code == 412
        assert answer.json()["detail"].startswith(
            f"Not sent whole, and not to be had otherwise: {case.lacking}. "
        )
    else:
        assert case.expected in answer.json()["cards"][0]["detail"]


def test_what_could_not_be_read_is_in_the_summary_too(tmp_path: Path) -> None:
    card = card_of(behind(tmp_path), prefetch=prefetch(results=...))
    assert card["summary"].endswith(" (not all could be read)")
    assert "No result" not in card["detail"]


def test_a_result_counts_by_its_latest_measurement(tmp_path: Path) -> None:
    better = observation("later", value=6.0, when="2025-12-20", interpretation=[{"coding": [{"code": "N"}]}])
    card = card_of(behind(tmp_path), prefetch=prefetch([*RECORD, better]))
    assert "**No result out of range of 2 laboratory tests since 2025-01-01**" in card["detail"]


def test_a_key_that_nobody_asked_for_is_not_looked_at(tmp_path: Path) -> None:
    sent = prefetch() | {"procedures": searchset(THEIRS), "user": "123"}
    assert "Schizophrenia" not in str(card_of(behind(tmp_path), prefetch=sent))
