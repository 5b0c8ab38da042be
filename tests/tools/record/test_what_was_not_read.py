"""A tool never says that there is nothing, or none, of what could not be read: also where only a model asks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.assistant import Assistant
from tests.builders import condition, observation, patient, patient_record
from tests.test_unreadable_records import ADA, UNREAD
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA as SERVED
from tests.tools.sources.live.people_for_tests import LIMITS
from tests.tools.sources.live.serving import KIND_NAMES, serving
from tests.whole_questions import NOW, assistant_over
from tools.calls.catalogue import TOOLS, Call
from tools.calls.program import run
from tools.record import PatientRecord
from tools.sources.live import LiveRecords

CALLS = [
    Call("find", {"kind": "condition"}),
    Call("find", {"kind": "condition", "concept": "gout", "give": "count"}),
    Call("find", {"kind": "medication", "status": "active", "give": "exists"}),
    Call("measure", {"concept": "HbA1c", "pick": "last"}),
    Call("measure", {"concept": "HbA1c", "statistic": "count"}),
    Call("timeline", {"period": "in 2012"}),
    Call("costs", {"give": "billed"}),
    Call("notes", {"text": "smoking"}),
    Call("notes", {}),
    Call("profile", {"about": "insurance"}),
    Call("overview", {"of": "record"}),
    Call("read", {"reference": "Observation/a1c"}),
    Call("read", {"reference": "Condition/gout"}),
    Call("fhirpath", {"kind": "observation", "expression": "Observation.value"}),
    Call("fhirpath", {"kind": "observation", "expression": "Observation.count()"}),
    Call("fhirpath", {"kind": "condition", "expression": "Condition.exists()"}),
]


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> PatientRecord:
    return assistant_over(tmp_path_factory.mktemp("unread"), *UNREAD).record("Patient/p1", NOW)


@pytest.fixture(scope="module")
def refused() -> Iterator[PatientRecord]:
    with serving([*SERVED], **{kind: bad.status(403) for kind in KIND_NAMES if kind != "Patient"}) as server:
        records = LiveRecords(server.base, limits=LIMITS)
        yield Assistant(records, model="none").record("Patient/p1", NOW)
        records.close()


def test_every_tool_is_asked() -> None:
    assert {call.tool for call in CALLS} == set(TOOLS) - {"calculate"}


@pytest.mark.parametrize("call", CALLS, ids=str)
@pytest.mark.parametrize("kept", ["unread", "refused"])
def test_nothing_is_said_of_what_was_not_read(call: Call, kept: str, request: pytest.FixtureRequest) -> None:
    evidence = run(call, request.getfixturevalue(kept))
    assert (evidence.outcome, evidence.values, evidence.facts) == ("unreadable", (), ())
    assert any("could not be read" in problem for cover in evidence.coverage for problem in cover.problems)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_nothing_is_unread_where_there_is_nothing(call: Call, tmp_path: Path) -> None:
    record = assistant_over(tmp_path, ADA).record("Patient/p1", NOW)
    assert run(call, record).outcome != "unreadable"


GOUT = condition("gout", "Gout", code="90560007", status="resolved")
HIGH = observation("a1c", value=9.1, when="2020-12-04")
DENIALS = [
    Call("find", {"kind": "condition", "concept": "asthma", "give": "exists"}),
    Call("find", {"kind": "condition", "concept": "gout", "status": "active", "give": "exists"}),
    Call("find", {"kind": "condition", "concept": "asthma", "give": "absent"}),
    Call("find", {"kind": "condition", "concept": "gout", "give": "over"}),
    Call("find", {"kind": "condition", "concept": "asthma", "give": "count"}),
    Call("measure", {"concept": "LDL", "how": "any"}),
    Call("measure", {"concept": "HbA1c", "how": "any", "test": "above", "limits": [10]}),
    Call("measure", {"concept": "HbA1c", "how": "none", "test": "above", "limits": [10]}),
    Call("measure", {"concept": "HbA1c", "test": "above", "limits": [7], "how": "all"}),
]
AFFIRMED = [
    Call("find", {"kind": "condition", "concept": "gout", "give": "exists"}),
    Call("measure", {"concept": "HbA1c", "how": "any", "test": "above", "limits": [7]}),
    Call("measure", {"concept": "HbA1c", "how": "none", "test": "above", "limits": [7]}),
    Call("measure", {"concept": "HbA1c", "test": "above", "limits": [10], "how": "all"}),
]
"""What was read is enough for these, whatever else there is."""
TROUBLES: list[dict[str, tuple[str, ...]]] = [
    {"": ("the ingest of these records is not finished",)},
    {kind: ("1 could not be read: status is missing",) for kind in ("Condition", "Observation")},
]


@pytest.mark.parametrize("problems", TROUBLES, ids=["unfinished", "partly unread"])
@pytest.mark.parametrize("call", DENIALS, ids=str)
def test_nothing_is_denied_where_something_may_be_hidden(
    call: Call, problems: dict[str, tuple[str, ...]]
) -> None:
    told = run(call, patient_record(patient(), GOUT, HIGH))
    evidence = run(call, patient_record(patient(), GOUT, HIGH, problems=problems))

    assert told.values != ()
    assert (evidence.outcome, evidence.values) == ("unreadable", ())


@pytest.mark.parametrize("problems", TROUBLES, ids=["unfinished", "partly unread"])
@pytest.mark.parametrize("call", AFFIRMED, ids=str)
def test_what_was_read_is_told_all_the_same(call: Call, problems: dict[str, tuple[str, ...]]) -> None:
    told = run(call, patient_record(patient(), GOUT, HIGH))
    assert run(call, patient_record(patient(), GOUT, HIGH, problems=problems)).values == told.values != ()
