"""Ada, whose record is asked about, and Eve, of whom not a word may be told; what is asked, with how much patience."""

from dataclasses import replace
from typing import Any

from tests.builders import Resource, allergy, condition, medication_request, observation, patient
from tools.sources.live import Limits

LIMITS = Limits(
    connect=2,
    answer=10,
    body=200_000,
    pages=9,
    rows=60,
    unfiltered=20,
    tries=3,
    wait=1,
    backoff=0.01,
    page=2,
)
HASTY = replace(LIMITS, answer=1)
LATEST, MANY = "What was the latest HbA1c?", "How many HbA1c results are there?"
STRANGER = ("Eve", "Zwilling", "p2", "13.7", "Xenon", "eve-")
"""What would tell of Eve."""

ADA: list[Resource] = [
    patient(),
    *(observation(f"a{n}", value=6 + n / 10, when=f"2020-12-0{n}") for n in range(1, 6)),
    condition("gout", "Gout (disorder)", code="90560007"),
    medication_request("met"),
]
EVE: list[Resource] = [
    patient("p2", "Eve", "Zwilling", birthDate="1971-01-01"),
    *(observation(f"eve-{n}", value=13.7, when="2021-01-01", subject="p2") for n in range(3)),
    condition("eve-c", "Xenon poisoning", subject="p2"),
    medication_request("eve-m", "Xenon gas", subject="p2"),
    allergy("eve-a", "Xenon", subject="p2"),
]
OF_EVE = [row for row in EVE if row["resourceType"] == "Observation"]


def named(reference: str, *names: str) -> Any:
    """Rewrite the subject of the observations of these ids."""
    return lambda rows: [
        {**row, "subject": {"reference": reference}} if row["id"] in names else row for row in rows
    ]


def without(element: str, id: str) -> Any:
    """Leave an element of one observation out."""
    return lambda rows: [
        {name: value for name, value in row.items() if (row["id"], name) != (id, element)} for row in rows
    ]
