"""One resource by its reference; never another patient's."""

from decimal import Decimal

import pytest

from tests.builders import observation, patient_record
from tests.tools.records_for_tests import WHOLE, whole_record
from tools.calls.errors import BadArgument, WrongPatient
from tools.calls.read import read


def test_a_resource_is_told_line_by_line() -> None:
    evidence = read(whole_record(), "Encounter/stay")

    assert [fact.text for fact in evidence.facts] == [
        "Hospital admission (inpatient), 2020-12-04 to 2020-12-07",
        "status: finished",
        "category: imp, inpatient encounter",
        "who: Dr. Lloyd Effertz",
        "length: 3 days",
    ]
    assert evidence.references == ("Encounter/stay",)


def test_a_measured_value_comes_with_its_unit() -> None:
    evidence = read(whole_record(), "Observation/a1c")

    assert (evidence.values, evidence.unit) == ((Decimal("8.1"),), "%")


def test_what_does_not_count_can_be_read_and_says_so() -> None:
    mistaken = observation("oops", status="entered-in-error")

    evidence = read(patient_record(*WHOLE, mistaken), "Observation/oops")

    assert evidence.facts[0].text.endswith("not counted: entered-in-error")


def test_the_patient_reads_as_the_profile() -> None:
    assert read(whole_record(), "Patient/p1").values == ("Ada Moser, female, born 1980-02-29 (41 years old)",)


def test_what_is_not_there_is_an_answer() -> None:
    evidence = read(whole_record(), "Observation/elsewhere")

    assert (evidence.outcome, evidence.values) == ("none recorded", ())
    assert evidence.notes == ("no such resource in this record",)


def test_another_patient_is_refused() -> None:
    with pytest.raises(WrongPatient) as refusal:
        read(whole_record(), "Patient/p2")

    assert str(refusal.value) == "Patient/p2 is another patient than Patient/p1."


@pytest.mark.parametrize(
    "reference", ["", "stay", "Encounter/", "Encounter/a b", "https://x.org/Encounter/stay"]
)
def test_what_is_no_reference_is_named(reference: str) -> None:
    with pytest.raises(BadArgument, match="expected Type/id as cited, e.g. 'Condition/1f2d'"):
        read(whole_record(), reference)
