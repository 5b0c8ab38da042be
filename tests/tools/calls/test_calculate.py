"""Two events of one record, as a table a clinician can check."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from tools.calls.compare import Give, compare

from tests.tools.series_for_tests import (
    A1C,
    GLUCOSE,
    condition,
    encounter,
    observation,
    prescription,
    record_of,
)
from tools.calls.errors import BadArgument

ASTHMA = condition("asthma", "Asthma", "1999-04-02")
DIABETES = condition("diabetes", "Diabetes", "2015-03-10")
FRACTURE = condition(
    "fracture", "Fracture of forearm", "2015-06-01", "resolved", abatementDateTime="2015-09-01"
)
MIGRAINE = condition("migraine", "Migraine", "2015-06")
OLD_FLU = condition("flu", "Influenza", "2010-01-05", "resolved")
METFORMIN = prescription("met", "Metformin 500 MG", "2015-04-01")
STOPPED = prescription("met", "Metformin 500 MG", "2015-04-01", "stopped")
RENEWED = prescription("met2", "Metformin 500 MG", "2016-04-01", "stopped")
SUPPLIED = STOPPED | {"dispenseRequest": {"expectedSupplyDuration": {"value": 30, "unit": "days"}}}
STAY = encounter("stay", "Hospital admission", "2015-08-01T08:00:00Z", "2015-08-04T12:00:00Z", "IMP")
A1C_2014 = observation("a14", A1C, "2014-01-01", 9.1)
A1C_2015 = observation("a15", A1C, "2015-04-01", 8.4)
A1C_2016 = observation("a16", A1C, "2016-01-01", 6.9)


@dataclass(frozen=True)
class Case:
    id: str
    record: tuple[dict[str, Any], ...]
    first: str
    second: str
    give: Give
    values: tuple[Any, ...]
    references: str
    outcome: str = "found"
    note: str = ""


CASES = [
    Case("before", (ASTHMA, DIABETES), "asthma", "diabetes", "before", (True,), "asthma diabetes"),
    Case("not before", (ASTHMA, DIABETES), "diabetes", "asthma", "before", (False,), "asthma diabetes"),
    Case("a date is an event", (ASTHMA,), "asthma", "2005", "before", (True,), "asthma"),
    Case(
        "the first time of each counts",
        (ASTHMA, ASTHMA | {"id": "again", "onsetDateTime": "2020-01-01"}, DIABETES),
        "asthma",
        "diabetes",
        "before",
        (True,),
        "asthma diabetes",
    ),
    Case(
        "the name as asked",
        (ASTHMA, DIABETES),
        "condition: diabetes",
        "asthma",
        "earlier",
        ("asthma",),
        "asthma diabetes",
    ),
    Case("days between", (DIABETES, METFORMIN), "diabetes", "metformin", "days", (22,), "diabetes met"),
    Case(
        "days between, either way",
        (DIABETES, METFORMIN),
        "metformin",
        "diabetes",
        "days",
        (22,),
        "diabetes met",
    ),
    Case(
        "an unrecorded event is neither before nor after",
        (ASTHMA,),
        "asthma",
        "medication: insulin",
        "before",
        (),
        "",
        "none recorded",
        "not recorded: insulin",
    ),
    Case(
        "a month and a day in it leave the order open",
        (MIGRAINE, FRACTURE),
        "migraine",
        "fracture of forearm",
        "before",
        (),
        "migraine fracture",
        "no value",
        "the recorded dates overlap: the order is open",
    ),
    Case(
        "on the same day the hour decides",
        (
            ASTHMA | {"onsetDateTime": "2015-03-10T08:00:00Z"},
            DIABETES | {"onsetDateTime": "2015-03-10T09:00:00Z"},
        ),
        "asthma",
        "diabetes",
        "before",
        (True,),
        "asthma diabetes",
    ),
    Case(
        "on the same day without hours neither is first",
        (ASTHMA | {"onsetDateTime": "2015-03-10"}, DIABETES),
        "asthma",
        "diabetes",
        "before",
        (False,),
        "asthma diabetes",
        note="both at the same time",
    ),
    Case(
        "an active drug goes on",
        (METFORMIN, STAY),
        "metformin",
        "encounter: hospital admission",
        "during",
        (True,),
        "met stay",
    ),
    Case(
        "a drug started later",
        (prescription("met", "Metformin", "2016-01-01"), STAY),
        "metformin",
        "hospital admission",
        "during",
        (False,),
        "met stay",
    ),
    Case(
        "a stopped drug without an end leaves it open",
        (STOPPED, STAY),
        "metformin",
        "hospital admission",
        "during",
        (),
        "met stay",
        "no value",
        "stopped, but the record does not say since when",
    ),
    Case(
        "a stopped drug that was renewed within 400 days lasted until then",
        (STOPPED, RENEWED, STAY),
        "metformin",
        "hospital admission",
        "during",
        (True,),
        "met stay",
        note="taken to last until prescribed again",
    ),
    Case(
        "a supply of 30 days was used up",
        (SUPPLIED, STAY),
        "metformin",
        "hospital admission",
        "during",
        (False,),
        "met stay",
    ),
    Case(
        "a condition between onset and abatement",
        (FRACTURE, STAY),
        "fracture of forearm",
        "hospital admission",
        "during",
        (True,),
        "fracture stay",
    ),
    Case(
        "a condition that had ended",
        (FRACTURE,),
        "fracture of forearm",
        "2016-01",
        "during",
        (False,),
        "fracture",
    ),
    Case(
        "a resolved condition without an end leaves it open",
        (OLD_FLU,),
        "influenza",
        "2016-01",
        "during",
        (),
        "flu",
        "no value",
    ),
    Case(
        "the value of the day itself is the one before",
        (A1C_2014, A1C_2015, A1C_2016, METFORMIN),
        "measure: hemoglobin a1c",
        "medication: metformin",
        "around",
        (Decimal("8.4"), Decimal("6.9")),
        "a15 a16",
    ),
    Case(
        "no value after is said",
        (A1C_2014, METFORMIN),
        "hemoglobin a1c",
        "metformin",
        "around",
        (Decimal("9.1"),),
        "a14",
        note="after 2015-04-01",
    ),
    Case(
        "the difference of two tests of one unit",
        (A1C_2014, A1C_2016, observation("g", GLUCOSE, "2016-01-01", 5.4)),
        "hemoglobin a1c",
        "glucose",
        "difference",
        (Decimal("1.50"),),
        "a16 g",
    ),
    Case(
        "no difference across units",
        (A1C_2016, observation("g", GLUCOSE, "2016-01-01", 104, "mg/dL")),
        "hemoglobin a1c",
        "glucose",
        "difference",
        (),
        "a16 g",
        "no value",
        "the units differ (%, mg/dL); they are not converted",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_compare(case: Case) -> None:
    found = compare(record_of(*case.record), case.first, case.second, give=case.give)
    references = {reference.partition("/")[2] for reference in found.references}
    assert (found.outcome, found.values, references) == (
        case.outcome,
        case.values,
        set(case.references.split()),
    )
    assert case.note in "; ".join(found.notes)


def test_around_shows_before_after_and_the_event() -> None:
    found = compare(record_of(A1C_2014, A1C_2016, METFORMIN), "hemoglobin a1c", "metformin", give="around")
    assert [fact.text.split()[0] for fact in found.facts] == ["Before:", "After:", "Metformin"]


def test_an_empty_event_is_refused() -> None:
    with pytest.raises(BadArgument) as caught:
        compare(record_of(ASTHMA), "condition: ", "asthma", give="before")
    assert str(caught.value).startswith("first 'condition: ': expected an event or a date")
