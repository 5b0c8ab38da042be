"""Lab results, vital signs and answers: what their entries say."""

from typing import Any

import pytest

from tests.tools.entries.entry_cases import PATIENT, Case, Resource, code, coded, made, plain, told
from tools.entries import parse


def observed(**body: Any) -> Resource:
    base = {"status": "final", "code": coded("Hemoglobin A1c", "4548-4"), "subject": PATIENT}
    return made("Observation", **(base | {"effectiveDateTime": "2020-12-04"} | body))


def part(display: str, **body: Any) -> Resource:
    return {"code": coded(display)} | body


A1C = observed(
    category=[{"coding": [{"code": "laboratory", "display": "Laboratory"}]}],
    valueQuantity={"value": 6.4, "unit": "%"},
    interpretation=[code("H")],
    referenceRange=[{"low": {"value": 4.0}, "high": {"value": 5.6}}],
    encounter={"reference": "Encounter/e1"},
    performer=[{"reference": "Practitioner/d1", "display": "Dr. Ann Lee"}],
)
CASES = [
    Case("a number within quotes", observed(valueQuantity={"value": "6.40"}), {"value": "6.40"}),
    Case("an extreme number", observed(valueQuantity={"value": 1e300}), {"value": "1E+300"}),
    Case(
        "a lab result carries value, unit, range, flag, day, visit and doctor",
        A1C,
        {
            "reference": "Observation/1",
            "kind": "Observation",
            "patient": "Patient/p1",
            "display": "Hemoglobin A1c",
            "codings": ["4548-4"],
            "category": ["laboratory"],
            "status": "final",
            "void": "",
            "caution": "",
            "start": "2020-12-04",
            "value": "6.4 %",
            "interpretation": ["H"],
            "range": ("4.0", "5.6", ""),
            "encounter": "Encounter/e1",
            "who": ["Practitioner/d1 Dr. Ann Lee"],
        },
    ),
    Case("a bound stays a bound", observed(valueQuantity={"value": 5, "comparator": "<"}), {"value": "<5"}),
    Case(
        "every digit is kept",
        observed(valueQuantity={"value": 153.53276552392964}),
        {"value": "153.53276552392964"},
    ),
    Case("the unit's code stands in", observed(valueQuantity={"value": 1, "code": "kg"}), {"value": "1 kg"}),
    Case(
        "zero is a value", observed(valueQuantity={"value": 0, "unit": "mg"}), {"value": "0 mg", "absent": ""}
    ),
    Case(
        "a concept is its name",
        observed(valueCodeableConcept=coded("Never smoker")),
        {"value": "Never smoker"},
    ),
    Case("text is text", observed(valueString=" Positive "), {"value": "Positive"}),
    Case("true is yes", observed(valueBoolean=True), {"value": "yes"}),
    Case("false is no", observed(valueBoolean=False), {"value": "no", "absent": ""}),
    Case("a whole number is a quantity", observed(valueInteger=3), {"value": "3"}),
    Case("a time is text as recorded", observed(valueDateTime="2020-05"), {"value": "2020-05"}),
    Case(
        "a range is words",
        observed(valueRange={"low": {"value": 1, "unit": "mg"}, "high": {"value": 2, "unit": "mg"}}),
        {"value": "1 to 2 mg"},
    ),
    Case(
        "a titre is a ratio",
        observed(valueRatio={"numerator": {"value": 1}, "denominator": {"value": 128}}),
        {"value": "1:128"},
    ),
    Case(
        "a period is words",
        observed(valuePeriod={"start": "2020-01-02", "end": "2020-01-03"}),
        {"value": "2020-01-02 to 2020-01-03"},
    ),
    Case(
        "samples are counted",
        observed(valueSampledData={"origin": {"value": 0, "unit": "mV"}, "data": "1 2 3"}),
        {"value": "3 samples in mV"},
    ),
    Case(
        "a number that is none is said",
        observed(valueQuantity={"value": "abc", "unit": "mg/dL"}),
        {"value": None, "absent": "not a number: 'abc'"},
    ),
    Case(
        "infinity is no number",
        observed(valueQuantity={"value": float("inf")}),
        {"value": None, "absent": "not a number: 'inf'"},
    ),
    Case(
        "why there is no value",
        observed(dataAbsentReason=coded("Not performed", "not-performed")),
        {"value": None, "absent": "Not performed"},
    ),
    Case(
        "an unreadable value is said",
        observed(valueCodeableConcept="?" * 3, valueString=None) | {"valueCodeableConcept": [7]},
        {"value": None, "absent": "not readable: '[7]'"},
    ),
    Case(
        "preliminary is said",
        observed(status="preliminary", valueInteger=3),
        {"caution": "preliminary", "void": ""},
    ),
    Case("cancelled does not count", observed(status="cancelled"), {"void": "cancelled"}),
    Case(
        "entered in error does not count", observed(status="entered-in-error"), {"void": "entered-in-error"}
    ),
    Case("registered without a result does not count", observed(status="registered"), {"void": "registered"}),
    Case(
        "registered with a result counts with care",
        observed(status="registered", valueInteger=3),
        {"void": "", "caution": "registered"},
    ),
    Case(
        "a corrected result counts", observed(status="corrected", valueInteger=3), {"void": "", "caution": ""}
    ),
    Case(
        "a period has a start and an end",
        observed(effectiveDateTime=None, effectivePeriod={"start": "2020-01-01", "end": "2020-01-03"}),
        {"start": "2020-01-01", "end": "2020-01-03"},
    ),
    Case(
        "without an effective time it is dated by its issue, and says so",
        observed(effectiveDateTime=None, issued="2020-12-05T08:00:00Z"),
        {"start": "2020-12-05T08:00:00Z", "details": ["dated by: when it was issued"]},
    ),
    Case(
        "the collection of the specimen is nearer to it than the issue",
        observed(
            effectiveDateTime=None,
            issued="2020-12-05",
            contained=[
                {"resourceType": "Specimen", "id": "s", "collection": {"collectedDateTime": "2020-12-04"}}
            ],
            specimen={"reference": "#s"},
        ),
        {"start": "2020-12-04", "details": ["dated by: when its specimen was collected"]},
    ),
    Case(
        "about a child by a focus that is contained",
        observed(
            contained=[{"resourceType": "RelatedPerson", "id": "c", "name": [{"given": ["Leo"]}]}],
            focus=[{"reference": "#c"}],
        ),
        {"void": "about another person: Leo"},
    ),
    Case(
        "about a device",
        observed(focus=[{"reference": "Device/meter", "display": "Glucose meter"}]),
        {"void": "about a device: Glucose meter"},
    ),
    Case(
        "about what only has a name",
        observed(focus=[{"display": "Newborn"}]),
        {"void": "about someone or something else: Newborn"},
    ),
    Case("a tumour of hers is hers", observed(focus=[{"reference": "Condition/tumour"}]), {"void": ""}),
    Case("she herself as the focus", observed(focus=[PATIENT]), {"void": ""}),
    Case(
        "a code of a result has a name",
        observed(valueCodeableConcept=code("260415000")),
        {"value": "Not detected", "details": []},
    ),
    Case(
        "a code says what a foreign name means",
        observed(valueCodeableConcept=coded("Nicht nachweisbar", "260415000")),
        {"value": "Nicht nachweisbar", "details": ["result: Not detected"]},
    ),
    Case(
        "a date that is none stands in the details",
        observed(effectiveDateTime="around Easter"),
        {"start": None, "details": ["date as recorded: around Easter"]},
    ),
    Case(
        "the range for everyone wins over that for a group",
        observed(
            referenceRange=[
                {"low": {"value": 1}, "appliesTo": [coded("pregnancy")]},
                {"low": {"value": 4}, "high": {"value": 6}},
            ]
        ),
        {"range": ("4", "6", "")},
    ),
    Case(
        "a range in words",
        observed(referenceRange=[{"text": "negative"}]),
        {"range": (None, None, "negative")},
    ),
    Case(
        "the text of the code is the name, its codings stay",
        observed(code=coded("Haemoglobin A1c/total") | {"text": "HbA1c"}),
        {"display": "HbA1c", "codings": ["123"]},
    ),
    Case("a code without a name is its own name", observed(code=code("4548-4")), {"display": "4548-4"}),
    Case(
        "other names are told",
        observed(code={"coding": [{"display": "A"}, {"display": "B"}]}),
        {"details": ["also: B"]},
    ),
    Case(
        "what a panel has as members",
        observed(hasMember=[{"reference": "Observation/2"}]),
        {"parts": ["Observation/2"]},
    ),
    Case(
        "site, method and note",
        observed(bodySite=coded("Left arm"), method=coded("Cuff"), note=[{"text": "sitting"}]),
        {"details": ["body site: Left arm", "method: Cuff", "note: sitting"]},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_observation(case: Case) -> None:
    assert told(case) == case.expected


def test_a_component_is_an_entry_that_shares_what_its_panel_says() -> None:
    panel = parse(
        observed(
            code=coded("Blood pressure panel", "85354-9"),
            category=[code("vital-signs")],
            encounter={"reference": "Encounter/e1"},
            status="preliminary",
            component=[
                part("Systolic", valueQuantity={"value": 139, "unit": "mm[Hg]"}, interpretation=[code("H")]),
                part("Diastolic", dataAbsentReason={"text": "not heard"}),
            ],
        )
    )
    high, low = panel.components
    assert (panel.value, panel.void) == (None, "")
    assert (high.display, plain(high.value), high.interpretation) == ("Systolic", "139 mm[Hg]", ("H",))
    assert (low.display, low.value, low.absent) == ("Diastolic", None, "not heard")
    for component in (high, low):
        assert (component.reference, component.kind) == (panel.reference, "Observation")
        assert component.patient == "Patient/p1"
        assert (component.category, component.caution) == (("vital-signs",), "preliminary")
        assert (component.start, component.encounter) == (panel.start, "Encounter/e1")
