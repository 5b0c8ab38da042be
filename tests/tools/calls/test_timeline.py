"""What happened, across kinds."""

from dataclasses import dataclass

import pytest

from tests.builders import patient, patient_record, procedure
from tests.tools.records_for_tests import whole_record
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.program import run_plan
from tools.calls.timeline import timeline


@dataclass(frozen=True)
class Case:
    id: str
    period: str | None
    kinds: str | None
    references: tuple[str, ...]


CASES = [
    Case(
        "a year: the stay and the flagged result, not the normal one",
        "in 2020",
        None,
        ("Encounter/stay", "Observation/a1c"),
    ),
    Case("one kind", None, "procedure", ("Procedure/scope",)),
    Case(
        "two kinds in the order of time",
        None,
        "immunization, encounter",
        ("Encounter/check", "Immunization/flu", "Encounter/stay"),
    ),
    Case("observations when asked for", "in 2020", "observation", ("Observation/pulse", "Observation/a1c")),
    Case("nothing in the year", "in 1999", None, ()),
    Case("an event that never was", "after the stroke", None, ()),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_timeline(case: Case) -> None:
    evidence = timeline(whole_record(), case.period, case.kinds)

    assert evidence.references == case.references
    assert evidence.outcome == ("found" if case.references else "none recorded")


def test_next_to_what_another_call_found() -> None:
    calls = [
        Call("find", {"kind": "procedure"}),
        Call("timeline", {"when": {"is": "after", "of": "a"}, "kinds": "encounter, immunization"}),
    ]

    evidence = run_plan(calls, whole_record())[1]

    assert evidence.references == ("Encounter/check", "Immunization/flu", "Encounter/stay")
    assert evidence.result is not None
    assert [item.name for item in evidence.result.items][-1] == "Hospital admission"


def test_what_is_not_listed_is_counted() -> None:
    assert timeline(whole_record(), "in 2020").notes == ("not listed: 1 observations without a flag",)


def test_of_many_events_the_telling_ones_are_shown_and_all_are_counted() -> None:
    record = patient_record(patient(), *(procedure(f"p{n}", when=f"2019-01-{n:02}") for n in range(1, 31)))

    evidence = timeline(record)

    assert evidence.total == 30
    assert len(evidence.facts) == 12
    assert evidence.facts[-1].date == "2019-01-30"


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(BadArgument, match="kind 'surgery': expected one of"):
        timeline(whole_record(), kinds="surgery")
