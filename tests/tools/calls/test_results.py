"""What each tool leaves for another call: of the type that the plan names for it, with times, numbers and sources."""

from decimal import Decimal
from typing import Any

import pytest

from tests.builders import patient_record
from tests.tools.records_for_tests import WHOLE, note
from tools.calls.catalogue import Call
from tools.calls.program import run_plan
from tools.calls.results import Type
from tools.record import PatientRecord

CLAIM = {
    "resourceType": "Claim",
    "id": "bill",
    "status": "active",
    "use": "claim",
    "created": "2015-02-01",
    "patient": {"reference": "Patient/p1"},
    "item": [{"sequence": 1, "productOrService": {"text": "Emergency room visit"}}],
    "total": {"value": 125, "currency": "USD"},
}


def record() -> PatientRecord:
    return patient_record(*WHOLE, note("letter", "Has asthma."), CLAIM)


CALLS: list[tuple[str, dict[str, Any], Type, list[tuple[str, str, Decimal | None]], bool | None]] = [
    ("profile", {"about": "birth date"}, "times", [("1980-02-29", "1980-02-29", None)], None),
    (
        "profile",
        {"about": "birthday", "on": "at age 21"},
        "times",
        [("2001-03-01", "2001-03-01", None)],
        None,
    ),
    ("profile", {"about": "age"}, "numbers", [("", "", Decimal(41))], None),
    ("profile", {"about": "age", "on": "on 2015-03-01"}, "numbers", [("", "", Decimal(35))], None),
    ("profile", {"about": "gender"}, "names", [("female", "", None)], None),
    ("profile", {"about": "alive"}, "truth", [], True),
    ("profile", {"about": "gender", "said": "male"}, "truth", [], False),
    ("costs", {}, "numbers", [("", "2015-02-01", Decimal(125))], None),
    ("costs", {"give": "count"}, "numbers", [("", "2015-02-01", Decimal(1))], None),
    ("costs", {"give": "count", "period": "in 1999"}, "numbers", [("", "", Decimal(0))], None),
    ("notes", {"text": "asthma"}, "entries", [("Progress note", "2020-01-01T09:00:00+00:00", None)], None),
    ("notes", {"text": "gout"}, "entries", [], None),
    (
        "read",
        {"reference": "Procedure/scope"},
        "entries",
        [("Colonoscopy", "2017-04-05T09:00:00+02:00", None)],
        None,
    ),
    (
        "timeline",
        {"kinds": "procedure"},
        "entries",
        [("Colonoscopy", "2017-04-05T09:00:00+02:00", None)],
        None,
    ),
    ("timeline", {"period": "in 1999"}, "entries", [], None),
]


@pytest.mark.parametrize(("tool", "arguments", "type", "items", "truth"), CALLS, ids=lambda x: str(x)[:40])
def test_what_a_tool_leaves_for_another_call(
    tool: str,
    arguments: dict[str, Any],
    type: Type,
    items: list[tuple[str, str, Decimal | None]],
    truth: bool | None,
) -> None:
    result = run_plan([Call(tool, arguments)], record())[0].result

    assert result is not None
    assert (result.type, result.truth) == (type, truth)
    told = [(each.name, each.start.text if each.start else "", each.number) for each in result.items]
    assert told == items
