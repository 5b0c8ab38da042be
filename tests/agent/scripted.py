"""A planner, a writer and a record source that do what a test says: no lexicon, no model, no files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from agent.context import Brief, Hear, unheard
from agent.findings import Draft
from agent.plan import Plan
from tools.calls.catalogue import Call
from tools.calls.errors import UnknownPatient
from tools.calls.evidence import Coverage, Evidence, Fact
from tools.record import PatientRecord
from tools.sources.source import PatientSummary

NOW = date(2021, 7, 1)
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def observation(
    id: str, code: str, name: str, day: str, value: float | None, unit: str, **more: Any
) -> dict[str, Any]:
    quantity = {} if value is None else {"valueQuantity": {"value": Decimal(str(value)), "unit": unit}}
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": _concept(LOINC, code, name),
        "effectiveDateTime": f"{day}T09:00:00-05:00",
        **quantity,
        **more,
    }


def condition(
    id: str, code: str, name: str, onset: str, *, active: bool = True, **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": id,
        "clinicalStatus": {"coding": [{"code": "active" if active else "resolved"}]},
        "code": _concept(SNOMED, code, name),
        "onsetDateTime": f"{onset}T09:00:00-05:00",
        **more,
    }


def prescription(id: str, code: str, name: str, day: str, *, active: bool = True) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": "active" if active else "stopped",
        "intent": "order",
        "medicationCodeableConcept": _concept(RXNORM, code, name),
        "authoredOn": f"{day}T09:00:00-05:00",
    }


def _concept(system: str, code: str, name: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": name}], "text": name}


ANNA = (
    {
        "resourceType": "Patient",
        "id": "anna",
        "name": [{"use": "official", "given": ["Anna"], "family": "Berg"}],
        "gender": "female",
        "birthDate": "1948-02-29",
    },
    observation("a1c-old", "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "2019-11-02", 7.1, "%"),
    observation("a1c", "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "2020-12-04", 6.4, "%"),
    observation("glucose", "2339-0", "Glucose [Mass/volume] in Blood", "2020-12-04", 92.37, "mg/dL"),
    observation("weight", "29463-7", "Body Weight", "2020-12-04", 71.55292, "kg"),
    condition("diabetes", "44054006", "Diabetes mellitus type 2 (disorder)", "2010-05-24"),
    condition("sinusitis", "444814009", "Viral sinusitis (disorder)", "2015-01-12", active=False),
    prescription(
        "metformin",
        "860975",
        "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet",
        "2010-06-01",
    ),
    prescription("aspirin", "243670", "Aspirin 81 MG Oral Tablet", "2012-03-05", active=False),
)
BERT = (
    {
        "resourceType": "Patient",
        "id": "bert",
        "name": [{"given": ["Bert"], "family": "Cole"}],
        "birthDate": "1990-01-01",
    },
    condition("gout", "90560007", "Gout (disorder)", "2018-03-01"),
)


@dataclass
class Records:
    """A record source in memory; counts how often it opened a record."""

    people: Sequence[Sequence[Mapping[str, Any]]] = (ANNA, BERT)
    opened: list[str] = field(default_factory=list)

    def patients(self) -> list[PatientSummary]:
        return [_summary(resources[0]) for resources in self.people]

    def find(self, text: str) -> PatientSummary:
        wanted = text.removeprefix("Patient/").casefold()
        for summary in self.patients():
            if wanted in (summary.reference.removeprefix("Patient/"), summary.name.casefold()):
                return summary
        raise UnknownPatient(f"No patient answers to {text!r}.")

    def open(self, reference: str, now: date) -> PatientRecord:
        self.opened.append(reference)
        resources = next(r for r in self.people if f"Patient/{r[0]['id']}" == reference)
        return record_of(resources, now)


def record_of(resources: Sequence[Mapping[str, Any]], now: date = NOW) -> PatientRecord:
    patient = resources[0]
    subject = {"reference": f"Patient/{patient['id']}"}
    owned = [{"subject": subject, **resource} for resource in resources[1:]]
    kinds = [resource["resourceType"] for resource in owned]
    counts = {kind: kinds.count(kind) for kind in kinds}
    return PatientRecord(patient, counts, lambda kind: [r for r in owned if r["resourceType"] == kind], now)


def _summary(patient: Mapping[str, Any]) -> PatientSummary:
    name = patient["name"][0]
    return PatientSummary(reference=f"Patient/{patient['id']}", name=f"{name['given'][0]} {name['family']}")


@dataclass
class ScriptedPlanner:
    """Plans as the script says, question by question; keeps what it was handed as `before`."""

    script: Mapping[str, Plan]
    before: list[Mapping[str, object]] = field(default_factory=list)

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        self.before.append(dict(before))
        return self.script[question]


@dataclass
class ScriptedReplanner(ScriptedPlanner):
    """A planner that asks for more: the next of `more` each time."""

    more: list[Plan] = field(default_factory=list)
    seen: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def replan(
        self,
        question: str,
        record: PatientRecord,
        before: Mapping[str, object],
        evidence: Sequence[Evidence],
        failures: Sequence[str],
        lacking: str = "",
    ) -> Plan:
        self.seen.append(([e.outcome for e in evidence], list(failures)))
        return self.more.pop(0) if self.more else Plan()


@dataclass
class ScriptedWriter:
    """Gives the drafts one after the other, whatever the evidence; keeps the briefs."""

    drafts: list[str]
    briefs: list[Brief] = field(default_factory=list)

    def write(self, brief: Brief, hear: Hear = unheard, think: Hear = unheard) -> Draft:
        self.briefs.append(brief)
        text = self.drafts.pop(0)
        return Draft(text, said=text)


def measured(concept: str, **arguments: object) -> Plan:
    return Plan(calls=(Call("measure", {"concept": concept, **arguments}),), sure=1.0)


def found(kind: str, concept: str = "", *, yes_no: bool = False, **arguments: object) -> Plan:
    named = {"concept": concept} if concept else {}
    return Plan(calls=(Call("find", {"kind": kind, **named, **arguments}),), sure=1.0, yes_no=yes_no)


SEARCHED = (Coverage("Observation", 4, ("2019-11-02", "2020-12-04")),)
PROBLEMS = (Coverage("Condition", 2, ("2010-05-24", "2015-01-12")),)


def evidence(**changed: Any) -> Evidence:
    """Anna's last HbA1c, unless changed."""
    plain: dict[str, Any] = {
        "tool": "measure",
        "arguments": {"concept": "A1c", "pick": "last"},
        "outcome": "found",
        "about": "Hemoglobin A1c",
        "values": (Decimal("6.4"),),
        "unit": "%",
        "facts": (
            Fact(
                "Hemoglobin A1c/Hemoglobin.total in Blood 6.4 % on 2020-12-04",
                "Observation/a1c",
                "Hemoglobin A1c/Hemoglobin.total in Blood",
                "2020-12-04",
            ),
        ),
        "total": 1,
        "references": ("Observation/a1c",),
        "coverage": SEARCHED,
    }
    return Evidence(**{**plain, **changed})
