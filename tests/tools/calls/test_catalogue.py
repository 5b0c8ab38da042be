"""The ten tools by name: what a call may say, what a prompt pays, and whose data they reach."""

import json
from datetime import date
from inspect import signature

import pytest

from tests.builders import condition, observation, patient
from tests.tools.records_for_tests import WHOLE, whole_record
from tools.calls.catalogue import TOOLS, Call, schemas, signatures, tool_function
from tools.calls.errors import BadArgument, WrongPatient
from tools.calls.program import run
from tools.record import PatientRecord

MOST_SIGNED, MOST_SCHEMAS = 3600, 6000
"""900 and 1 500 tokens at 4 characters each; Gemma's tokenizer takes 4.1 of them (`make bench` counts)."""


def test_a_call_runs_the_tool_it_names() -> None:
    call = Call("find", {"kind": "condition", "concept": "diabetes", "give": "exists"})

    evidence = run(call, whole_record())

    assert (evidence.tool, evidence.values) == ("find", (True,))
    assert evidence.arguments == call.arguments


REFUSED = [
    (
        Call("search", {}),
        "tool 'search': expected one of profile, overview, find, measure, calculate, notes, timeline, costs,"
        " read, fhirpath, e.g. 'find'.",
    ),
    (
        Call("read", {"patient": "Patient/p2", "reference": "Condition/dm"}),
        "read: patient 'Patient/p2': expected no such argument but reference, e.g. 'reference'.",
    ),
    (
        Call("overview", {"now": "2031-01-01"}),
        "overview: now '2031-01-01': expected no such argument but of, concept, since, when, e.g. 'of'.",
    ),
    (
        Call("overview", {"record": {}}),
        "overview: record {}: expected no such argument but of, concept, since, when, e.g. 'of'.",
    ),
    (
        Call("find", {"kind": "condition", "pick": "middle"}),
        "find: pick 'middle': expected one of all, first, last, nth, longest, shortest, most often, e.g. 'all'.",
    ),
    (Call("find", {}), "find: kind None: expected text, e.g. 'diabetes'."),
    (Call("find", {"kind": ["condition"]}), "find: kind ['condition']: expected text, e.g. 'diabetes'."),
    (
        Call("measure", {"concept": "HbA1c", "n": "some"}),
        "measure: n 'some': expected a whole number, e.g. '10'.",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=lambda x: str(x) if isinstance(x, Call) else "")
def test_a_call_that_cannot_run_is_named(call: Call, message: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        run(call, whole_record())

    assert str(refusal.value) == message


@pytest.mark.parametrize("tool", TOOLS)
def test_no_tool_takes_a_patient_or_a_clock(tool: str) -> None:
    first, *arguments = signature(tool_function(tool)).parameters.values()

    assert first.name == "record"
    assert first.annotation is PatientRecord
    assert not {"patient", "subject", "now", "today", "record"}.intersection(a.name for a in arguments)


CALLS = [
    Call("profile", {"about": "insurance"}),
    Call("overview", {}),
    Call("overview", {"of": "patient"}),
    Call("overview", {"of": "problem", "concept": "diabetes"}),
    Call("overview", {"since": "2015"}),
    Call("find", {"kind": "condition"}),
    Call("measure", {"concept": "HbA1c"}),
    Call("notes", {"text": "asthma"}),
    Call("timeline", {}),
    Call("costs", {}),
    Call("read", {"reference": "Condition/theirs"}),
    Call("fhirpath", {"expression": "Condition.code", "kind": "Condition"}),
]
FOREIGN = [
    {"resourceType": kind, "id": "theirs", key: {"reference": "Patient/p2"}}
    for kind, key in [
        ("Coverage", "beneficiary"),
        ("DocumentReference", "subject"),
        ("Claim", "patient"),
        ("ExplanationOfBenefit", "patient"),
    ]
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.tool)
def test_no_tool_reaches_another_patient(call: Call) -> None:
    theirs = [condition("theirs", subject="p2"), observation("theirs", subject="p2"), *FOREIGN]
    leaking = [*WHOLE, *theirs]
    kinds = [resource["resourceType"] for resource in leaking]
    record = PatientRecord(
        patient(),
        {kind: kinds.count(kind) for kind in kinds},
        lambda kind: [resource for resource in leaking if resource["resourceType"] == kind],
        date(2021, 7, 1),
    )

    with pytest.raises(WrongPatient):
        run(call, record)


def test_every_tool_is_tried_above() -> None:
    assert {call.tool for call in CALLS} == set(TOOLS) - {"calculate"}, "it sees what other calls found"


def test_the_tools_fit_a_prompt() -> None:
    assert len(signatures()) < MOST_SIGNED
    assert len(json.dumps(schemas(), separators=(",", ":"))) < MOST_SCHEMAS


def test_a_signature_names_the_arguments_and_what_they_may_be() -> None:
    assert "read(reference): Read one resource by its reference." in signatures().splitlines()
    assert "overview(of?: record|patient|visit|problem|stay, concept?, since?, when?): " in signatures()
    assert "kind: condition|medication|" in signatures()


def test_a_schema_is_derived_from_the_function() -> None:
    (read,) = (schema for schema in schemas(typed=True) if schema["name"] == "read")

    assert read == {
        "name": "read",
        "description": "Read one resource by its reference.",
        "parameters": {
            "type": "object",
            "properties": {"reference": {"type": "string"}},
            "required": ["reference"],
        },
    }
