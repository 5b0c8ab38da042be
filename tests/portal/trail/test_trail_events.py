"""What callers do -> AuditEvent and Provenance: valid, with standard codes, naming nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from agent.prompts.version import prompt_version
from portal.caller import Caller
from portal.trail.events import Outcome
from portal.trail.trail import Trail
from tests.portal.trail.answers_for_tests import ANSWER, NOON, NURSE, QUESTION, WARD, a_trail, kept
from tests.valid import faults_of

TOKEN = "s3cret-token"
LAUNCHED = Caller(subject="user:https://ehr.example.org/fhir/Patient/p1", name="Ada Moser", session="abc")


@dataclass(frozen=True)
class Case:
    """What is done, and what is kept: kind, type, subtype, action, outcome, entities."""

    id: str
    do: Callable[[Trail], None]
    kind: str
    codes: tuple[str, str, str, str]
    entities: tuple[str, ...] = ()


PATIENT = "1 Patient/p1"
CASES = [
    Case(
        "a view of resources",
        lambda t: t.read(NURSE, "Patient/p1", ["Observation/a1", "Observation/a1", "Condition"]),
        "read",
        ("rest", "read", "R", "0"),
        (PATIENT, "4 Observation/a1", "4 Condition"),
    ),
    Case(
        "a search that failed",
        lambda t: t.read(WARD, "Patient/p1", ["Observation"], Outcome.FAILED, "search", "It was not read."),
        "search",
        ("rest", "search-type", "E", "8"),
        (PATIENT, "4 Observation"),
    ),
    Case(
        "somebody looked up by name",
        lambda t: t.read(WARD, "Ada Moser", (), Outcome.REFUSED, why="There is no such patient."),
        "read",
        ("rest", "read", "R", "4"),
    ),
    Case(
        "a list of patients",
        lambda t: t.listed(WARD, 19),
        "search",
        ("rest", "search-type", "E", "0"),
        ("4 Patient",),
    ),
    Case(
        "a question",
        lambda t: t.asked(NURSE, "Patient/p1", QUESTION, ANSWER.question),
        "asked",
        ("rest", "operation", "E", "0"),
        (PATIENT, "24 urn:uuid:01234567-89ab-cdef-0123-456789abcdef"),
    ),
    Case(
        "another patient",
        lambda t: t.refused(NURSE, "Another patient.", "Patient/p2"),
        "refused",
        ("110113", "110132", "E", "4"),
        ("1 Patient/p2",),
    ),
    Case(
        "a launch",
        lambda t: t.signed_in(NURSE, "launch"),
        "signed in",
        ("110114", "110122", "E", "0"),
        (PATIENT, "13 launch"),
    ),
    Case(
        "a key that is none",
        lambda t: t.signed_in(WARD, "API key", Outcome.REFUSED, "It is not known."),
        "signed in",
        ("110114", "110122", "E", "4"),
        ("13 API key",),
    ),
    Case(
        "a session that ends",
        lambda t: t.signed_out(WARD, "launch"),
        "signed out",
        ("110114", "110123", "E", "0"),
        ("13 launch",),
    ),
    Case(
        "a token",
        lambda t: t.token_issued(WARD, NURSE),
        "token",
        ("110114", "operation", "E", "0"),
        (PATIENT, "13 token carried by user:https://ehr.example.org/fhir/Practitioner/7"),
    ),
    Case(
        "a conversation deleted",
        lambda t: t.deleted(NURSE, "Patient/p1", QUESTION),
        "deleted",
        ("rest", "delete", "D", "0"),
        (PATIENT, "4 urn:uuid:01234567-89ab-cdef-0123-456789abcdef"),
    ),
    Case(
        "an answer looked at again",
        lambda t: t.reread(NURSE, "Patient/p1", QUESTION),
        "read",
        ("rest", "read", "R", "0"),
        (PATIENT, "4 urn:uuid:01234567-89ab-cdef-0123-456789abcdef"),
    ),
    Case(
        "the trail itself",
        lambda t: t.audited(WARD, "Patient/p1"),
        "trail read",
        ("110101", "", "R", "0"),
        (PATIENT, "13 trail"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_done_is_kept_as_a_valid_event(case: Case, tmp_path: Path) -> None:
    trail, database = a_trail(tmp_path)
    case.do(trail)
    (event,) = kept(database)
    resource = event.parsed()
    assert faults_of(resource) == ""
    subtype = resource.get("subtype", [{"code": ""}])[0]["code"]
    codes = (resource["type"]["code"], subtype, resource["action"], resource["outcome"])
    assert (event.kind, codes) == (case.kind, case.codes)
    assert tuple(map(shown, resource.get("entity", ()))) == case.entities
    assert resource["recorded"] == "2026-01-01T12:00:00.000+00:00"
    assert [agent["requestor"] for agent in resource["agent"]] == [True, False]
    database.close()


def test_an_answer_is_an_access_and_a_provenance(tmp_path: Path) -> None:
    trail, database = a_trail(tmp_path)
    trail.server = lambda caller: "https://ehr.example.org/fhir"
    trail.answered(NURSE, QUESTION, ANSWER, NOON, NOON)
    access, origin = (event.parsed() for event in kept(database))
    assert [faults_of(access), faults_of(origin)] == ["", ""]
    base = "https://ehr.example.org/fhir"
    assert [shown(entity) for entity in access["entity"]] == [
        f"1 {base}/Patient/p1",
        f"4 {base}/Observation/a0",
        f"4 {base}/Observation/a1",
        "4 Observation",
        "24 urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
    ]
    assert access["entity"][-1]["detail"] == [
        {"type": "sha256", "valueString": sha256(ANSWER.question.encode()).hexdigest()}
    ]
    nurse = {"reference": f"{base}/Practitioner/7", "type": "Practitioner"}
    assert origin["target"][0]["identifier"]["value"] == "urn:uuid:01234567-89ab-cdef-0123-456789abcdef"
    assert [agent["type"]["coding"][0]["code"] for agent in origin["agent"]] == ["assembler", "enterer"]
    assert (origin["agent"][0]["onBehalfOf"], origin["agent"][1]["who"]) == (nurse, nurse)
    assert [entity["what"]["reference"] for entity in origin["entity"]] == [
        f"{base}/Patient/p1",
        f"{base}/Observation/a0",
        f"{base}/Observation/a1",
    ]
    versions = {part["type"]["text"]: part["value"] for part in origin["contained"][0]["version"]}
    assert versions["model"] == "medgemma-27b"
    assert versions["prompts"] == prompt_version()
    assert versions["software"]
    database.close()


def test_nothing_names_anybody_or_tells_what_was_said(tmp_path: Path) -> None:
    trail, database = a_trail(tmp_path)
    for case in CASES:
        case.do(trail)
    for caller in (NURSE, WARD, LAUNCHED):
        trail.asked(caller, "Patient/p1", QUESTION, ANSWER.question)
        trail.answered(caller, QUESTION, ANSWER, NOON, NOON)
    told = " ".join(event.resource for event in kept(database))
    for secret in ("Ada", "Moser", "Rosa", "Lind", "HbA1c", "7.1", 'abc"', TOKEN):
        assert secret not in told
    database.close()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("local", {"identifier": {"value": "local"}}),
        ("user:https://id.example.org#42", {"identifier": {"value": "user:https://id.example.org#42"}}),
        (
            "user:https://ehr.example.org/Person/7",
            {"identifier": {"value": "user:https://ehr.example.org/Person/7"}},
        ),
    ],
)
def test_a_caller_who_is_no_resource_is_told_by_the_subject(
    subject: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    trail, database = a_trail(tmp_path)
    trail.listed(Caller(subject=subject), 1)
    (event,) = kept(database)
    assert event.parsed()["agent"][0]["who"] == expected
    assert event.subject == subject
    database.close()


def shown(entity: dict[str, Any]) -> str:
    """An entity as its role and what it is."""
    what = entity["what"]
    named = what.get("reference") or what.get("identifier", {}).get("value") or what.get("type")
    return f"{entity['role']['code']} {named or what['display']}"


def test_the_events_are_compact_json(tmp_path: Path) -> None:
    trail, database = a_trail(tmp_path)
    trail.read(NURSE, "Patient/p1")
    (event,) = kept(database)
    assert orjson.dumps(orjson.loads(event.resource)).decode() == event.resource
    assert len(event.resource) < 2000
    database.close()
