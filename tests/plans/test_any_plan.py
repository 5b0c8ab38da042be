"""Whatever a plan asks: it reaches nobody else, it ends, and what it cannot do it says in a sentence."""

import re
import time
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_fixtures import REFERENCE_DATE, records
from tests.plans.random_plans import plans
from tools.calls.catalogue import Call
from tools.calls.errors import ToolFailure, WrongPatient
from tools.calls.evidence import Evidence
from tools.calls.program import faults, gives, in_order, named, run_call
from tools.record import PatientRecord
from tools.sources import open_location

LARGEST = "Dannielle Jenkins"
EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
SENTENCE = re.compile(r"[^\n]+[.!?]")
INTERNAL = re.compile(r"Traceback|<class|object at 0x|NoneType|\bself\b|Decimal\(")


@cache
def record(patient: str) -> PatientRecord:
    source = open_location(str(records()))
    return source.open(source.find(patient).reference, REFERENCE_DATE)


@cache
def everyone() -> list[str]:
    return sorted(summary.reference for summary in open_location(str(records())).patients())


def run(calls: list[Call], whose: PatientRecord) -> tuple[dict[str, Evidence], list[str]]:
    """What the calls found, and the sentences of those that failed."""
    calls = list(named(calls))
    wrong = faults(calls)
    found: dict[str, Evidence] = {}
    failures = [str(fault) for fault in wrong.values()]
    for call in in_order([call for call in calls if call.id not in wrong], given=wrong):
        try:
            found[call.id] = run_call(call, whose, found)
        except (ToolFailure, WrongPatient) as failure:
            failures.append(str(failure))
    return found, failures


def check(calls: list[Call], whose: PatientRecord) -> None:
    found, failures = run(calls, whose)
    for sentence in failures:
        assert SENTENCE.fullmatch(sentence), sentence
        assert not INTERNAL.search(sentence), sentence
    for evidence in found.values():
        call = next(call for call in named(calls) if call.id == evidence.id)
        for reference in (*evidence.references, *(fact.reference for fact in evidence.facts)):
            assert reference == whose.reference or whose.get(reference), (call, reference)
        assert len(evidence.facts) <= max(evidence.total, 1), call
        assert not any(INTERNAL.search(note) for note in evidence.notes), call
        if evidence.result:
            assert evidence.result.type == gives(call, {each.id: each for each in named(calls)}), call
        if evidence.outcome in ("none recorded", "unreadable"):
            assert set(evidence.values) <= {0, True}, call


@EXAMPLES
@given(st.data())
def test_any_plan_on_any_fixture_reaches_this_patient_only_and_fails_in_sentences(
    data: st.DataObject,
) -> None:
    whose = record(data.draw(st.sampled_from(everyone())))
    check(data.draw(plans(whose)), whose)


@EXAMPLES
@given(st.data())
def test_any_plan_on_the_largest_fixture_takes_less_than_a_second(data: st.DataObject) -> None:
    whose = record(LARGEST)
    calls = data.draw(plans(whose))
    begun = time.process_time()
    run(calls, whose)
    assert time.process_time() - begun < 1.0, calls


@pytest.mark.slow
@settings(EXAMPLES, max_examples=1500)
@given(st.data())
def test_many_more_plans(data: st.DataObject) -> None:
    whose = record(data.draw(st.sampled_from(everyone())))
    check(data.draw(plans(whose)), whose)
