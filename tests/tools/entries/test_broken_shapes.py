"""Resources of a shape that FHIR does not have: empty, never an error."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.entries.entry_cases import Resource, made
from tests.tools.entries.test_care import CASES as CARE
from tests.tools.entries.test_medications import CASES as MEDICATIONS
from tests.tools.entries.test_money import CASES as MONEY
from tests.tools.entries.test_observation import CASES as OBSERVATIONS
from tests.tools.entries.test_patient import ADA
from tests.tools.entries.test_problems import ALLERGIES, CONDITIONS
from tests.tools.entries.test_written_text import CASES as WRITTEN
from tools.calls.errors import UnreadableRecord
from tools.entries import Entry, parse, parse_patient, text_of

TABLES = [*OBSERVATIONS, *CONDITIONS, *ALLERGIES, *MEDICATIONS, *CARE, *MONEY]
WHOLE: list[Resource] = [*(case.resource for case in TABLES), *(case.resource for case in WRITTEN), ADA]
ODD: list[Any] = [
    None,
    True,
    7,
    -0.5,
    float("nan"),
    "",
    "x",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"x": {}},
    [{"x": [1]}],
    ["a", 1],
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a resource, except the resource itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, member in inner for place in ((*path, key), *places(member, (*path, key)))]


def with_odd(resource: Resource, path: tuple[Any, ...], odd: Any) -> Resource:
    changed = copy.deepcopy(resource)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = odd
    return changed


def read(resource: Any) -> Entry:
    """Everything that reads a resource; an attachment may be unreadable, that is said."""
    entry = parse(resource)
    parse_patient(resource)
    try:
        text_of(entry)
    except UnreadableRecord:
        assert entry.raw is resource
    return entry


def is_whole(entry: Entry) -> bool:
    words = (
        entry.reference,
        entry.kind,
        entry.patient,
        entry.display,
        entry.status,
        entry.void,
        entry.caution,
    )
    labelled = all(isinstance(label, str) and isinstance(text, str) for label, text in entry.details)
    return all(isinstance(word, str) for word in words) and labelled and entry.display != ""


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: json.dumps(odd))
def test_an_odd_value_anywhere_is_read_as_empty(odd: Any) -> None:
    for resource in WHOLE:
        for path in places(resource):
            assert is_whole(read(with_odd(resource, path, odd)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["coding", "text", "value", "x"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mangled_resources_never_raise(data: st.DataObject) -> None:
    resource = data.draw(st.sampled_from(WHOLE))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(resource)))
        resource = with_odd(resource, path, data.draw(json_values))
        if not places(resource):
            break
    assert is_whole(read(resource))


@pytest.mark.parametrize("resource", [None, [], "Patient", 7, {}])
def test_what_is_no_resource_is_an_entry_of_nothing(resource: Any) -> None:
    entry = parse(resource)
    assert (entry.kind, entry.display, entry.patient, entry.caution) == ("Resource", "Resource", "", "no id")


def test_a_resource_without_an_id_has_a_stable_reference_and_a_caution() -> None:
    bare = made("Observation", status="preliminary", valueInteger=3)
    del bare["id"]
    one, other = parse(bare), parse(dict(reversed(bare.items())))
    assert one.reference == other.reference
    assert one.reference.startswith("Observation/no-id-")
    assert one.caution == "preliminary; no id"
    assert parse(bare | {"valueInteger": 4}).reference != one.reference
