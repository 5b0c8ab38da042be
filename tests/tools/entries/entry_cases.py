"""The table form of the entry tests: a small resource, and what its entry must say, in plain words."""

from dataclasses import dataclass
from typing import Any

from tools.entries import Amount, Coding, Link, Quantity, Range, Resolve, parse
from tools.entries.medication import nowhere
from tools.entries.times import When

Resource = dict[str, Any]
PATIENT = {"reference": "Patient/p1"}
SNOMED = "http://snomed.info/sct"


@dataclass(frozen=True)
class Case:
    id: str
    resource: Resource
    expected: dict[str, Any]


def made(kind: str, **body: Any) -> Resource:
    """A resource with id "1"; `None` leaves an element out."""
    return {"resourceType": kind, "id": "1"} | {
        key: value for key, value in body.items() if value is not None
    }


def coded(display: str, code: str = "123", system: str = SNOMED) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def code(code: str) -> Resource:
    return {"coding": [{"code": code}]}


def told(case: Case, resolve: Resolve = nowhere) -> dict[str, Any]:
    """The expected fields of the case's entry, as a clinician would read them."""
    entry = parse(case.resource, resolve)
    return {name: plain(getattr(entry, name)) for name in case.expected}


def plain(value: Any) -> Any:
    match value:
        case When():
            return value.text
        case Quantity():
            return f"{value.comparator}{value.value} {value.unit}".strip()
        case Range():
            return (value.low and str(value.low), value.high and str(value.high), value.text)
        case Link():
            return " ".join(part for part in (value.reference, value.display) if part)
        case Amount():
            return f"{value.label} {value.value} {value.currency}"
        case Coding():
            return value.code
        case tuple() if value and all(isinstance(each, tuple) and len(each) == 2 for each in value):
            return [f"{label}: {words}" for label, words in value]
        case tuple():
            return [plain(each) for each in value]
    return value
