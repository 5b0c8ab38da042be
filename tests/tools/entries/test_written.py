"""A resource kept as text: its entry is the one of its JSON, and says the same of itself."""

import orjson

from tools.entries import Written, parse

PRESSURE = {
    "resourceType": "Observation",
    "id": "bp",
    "status": "final",
    "code": {"text": "Blood pressure"},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2024-03-01",
    "component": [{"code": {"text": "Systolic"}, "valueQuantity": {"value": 120, "unit": "mmHg"}}],
}


def test_an_entry_of_text_is_that_of_its_json() -> None:
    kept, plain = parse(Written(orjson.dumps(PRESSURE))), parse(PRESSURE)
    assert (kept.reference, kept.start, kept.components[0].value) == (
        plain.reference,
        plain.start,
        plain.components[0].value,
    )


def test_only_the_text_is_kept() -> None:
    entry = parse(Written(orjson.dumps(PRESSURE)))
    assert all(isinstance(each.resource, Written) for each in (entry, *entry.components))


def test_the_json_can_be_looked_into() -> None:
    entry = parse(Written(orjson.dumps(PRESSURE)))
    assert entry.raw == entry.components[0].raw == PRESSURE
