"""A small chart of visits with what was done, supplied, planned and billed at them."""

from typing import Any

from evaluation.gold.chart import Chart
from tests.evaluation.gold.observations_for_tests import NOW, coded

Json = dict[str, Any]
PERSON: Json = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1960-05-06"}
ELSEWHERE = {
    "Procedure": ["Vasectomy", "Renal dialysis", "Colonoscopy"],
    "Encounter": ["Home visit", "Preoperative coordination"],
    "Condition": ["Gout", "Appendicitis", "Migraine", "Anemia"],
}


def visit(id: str, day: str, kind: str, code: str = "AMB", end: str = "", **rest: Any) -> Json:
    """Return an Encounter at noon of a day, told by a kind and a class."""
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {"code": code},
        "type": [coded(kind, kind)],
        "period": {"start": f"{day}T12:00:00-05:00", "end": f"{end or day}T13:00:00-05:00"},
        **rest,
    }


def done(id: str, day: str, what: str, at: str = "", **rest: Any) -> Json:
    """Return a Procedure at noon of a day, at a visit."""
    return {
        "resourceType": "Procedure",
        "id": id,
        "status": "completed",
        "code": coded(what, what),
        "performedPeriod": {"start": f"{day}T12:05:00-05:00"},
        **({"encounter": {"reference": f"urn:uuid:{at}"}} if at else {}),
        **rest,
    }


def seen_by(id: str) -> list[Json]:
    """Return the participant of a visit who is a practitioner."""
    return [{"individual": {"reference": f"Practitioner/{id}"}}]


def practitioner(id: str, given: str, family: str) -> Json:
    """Return a Practitioner."""
    name = [{"prefix": ["Dr."], "given": [given], "family": family}]
    return {"resourceType": "Practitioner", "id": id, "name": name}


def chart(resources: list[Json], **of_patient: Any) -> Chart:
    """Return the chart of one woman as of the clock."""
    return Chart("p", [{**PERSON, **of_patient}, *resources], NOW, ELSEWHERE)
