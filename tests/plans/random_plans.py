"""Random plans, made from the schemas of the tools and the names of a record: right ones, odd ones, wrong ones."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tools.calls import catalogue
from tools.calls.catalogue import Call
from tools.record import PatientRecord
from tools.record.kinds import KINDS
from tools.wording.text import plain_name

KNOWN = (
    "Condition",
    "MedicationRequest",
    "Observation",
    "Procedure",
    "Encounter",
    "Immunization",
    "AllergyIntolerance",
)
WORDS = ("diabetes", "blood pressure", "statin", "flu shot", "vital signs", "zorblax", "4548-4", "x" * 80)
PERIODS = (
    "in 2015", "since 03/2012", "last year", "during the last admission", "before starting insulin",
    "until 2 years ago",
    "at age 40", "in 1850", "on 2019-02-30", "between 2010 and 2014",
)  # fmt: skip
TEXTS: dict[str, Sequence[object]] = {
    "period": PERIODS,
    "on": PERIODS,
    "since": ("2015", "2019-03-02", "last year", "the last visit"),
    "status": ("active", "past", "stopped", "resolved", "out of range", "zorblax"),
    "category": ("inpatient", "emergency", "icu", "laboratory", "food", "wellness", "zorblax"),
    "reason": WORDS,
    "route": ("oral", "iv", "zorblax"),
    "place": ("hospital", "emergency department", "zorblax"),
    "part": ("reason", "dose", "who", "where", "visit", "status", "route", "detail", "body site", "zorblax"),
    "text": ("asthma", "zorblax"),
    "kinds": ("condition, procedure", "encounter", "zorblax"),
    "said": ("65", "Chicago", "1967"),
    "expression": ("Condition.code.text", "Observation.value", "Patient.name"),
    "unit": ("kg", "lb", "zorblax"),
}
DAYS = ("2015-03", "2019-03-02", "now", 7, 0.5)


def names_of(record: PatientRecord) -> list[str]:
    """Names under which something is recorded, a few of each kind."""
    return [
        plain_name(term.display)[:70] for kind in KNOWN for term in record.terms(kind)[:6] if term.display
    ]


def plans(record: PatientRecord, most: int = 4) -> st.SearchStrategy[list[Call]]:
    """Plans of one to four calls, each of which may build on those before it."""
    names = [*WORDS, *names_of(record)]
    references = [entry.reference for kind in KNOWN for entry in record.entries(kind)[:2]]

    @st.composite
    def several(draw: st.DrawFn) -> list[Call]:
        count = draw(st.integers(1, most))
        return [draw(_call(chr(97 + place), names, references)) for place in range(count)]

    return several()


def _call(call_id: str, names: Sequence[str], references: Sequence[str]) -> st.SearchStrategy[Call]:
    before = [chr(place) for place in range(97, ord(call_id))]

    @st.composite
    def one(draw: st.DrawFn) -> Call:
        schema = draw(st.sampled_from(catalogue.schemas(typed=True)))
        parameters = schema["parameters"]
        arguments = {
            name: draw(_value(name, each, names, references, before))
            for name, each in parameters["properties"].items()
            if name in parameters.get("required", ()) or draw(st.integers(0, 3)) == 0
        }
        if "when" in arguments and not before:
            arguments.pop("when")
        return Call(schema["name"], arguments, call_id)

    return one()


def _value(
    name: str, schema: dict[str, Any], names: Sequence[str], references: Sequence[str], before: Sequence[str]
) -> st.SearchStrategy[object]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if name == "kind":
        return st.sampled_from([*KINDS, "any", "Observation", "Flag"])
    if name == "concept":
        return st.sampled_from(names)
    if name == "when":
        relations = st.sampled_from(schema["properties"]["is"]["enum"])
        place = {"is": relations, "of": st.sampled_from(before or ["a"])}
        return st.fixed_dictionaries(place, optional={"within": st.integers(0, 400)})
    if name == "of":
        return st.lists(st.sampled_from([*before, *DAYS]), min_size=1, max_size=3)
    if name == "limits":
        return st.lists(st.floats(-10, 300, allow_nan=False), min_size=1, max_size=2)
    if name == "reference":
        return st.sampled_from([*references, "Observation/none", "Patient/other", "x"])
    if schema.get("type") == "integer":
        return st.integers(-4, 4)
    if schema.get("type") == "number":
        return st.floats(-10, 300, allow_nan=False)
    return st.sampled_from(list(TEXTS.get(name, WORDS)))
