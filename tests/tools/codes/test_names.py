"""Codes of code systems -> names; what is not covered has none."""

from pathlib import Path

import pytest

from tests.builders import condition, patient, patient_record
from tools.calls.find import find
from tools.codes import name_of
from tools.codes.build import lines
from tools.codes.names import _icd_text
from tools.entries.concepts import concept

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
NAMES = [
    (ICD, "I10", "Essential (primary) hypertension"),
    (ICD, "E11.9", "Type 2 diabetes mellitus without complications"),
    (ICD, "E119", "Type 2 diabetes mellitus without complications"),
    (ICD, "S72.001A", "Fracture of unspecified part of neck of right femur"),
    ("urn:oid:2.16.840.1.113883.6.90", "T81.4XXA", "Infection following a procedure"),
    (ICD, "E11.999", ""),
    ("http://hl7.org/fhir/sid/icd-10-pcs", "B211YZZ", ""),
    ("http://hl7.org/fhir/sid/icd-10", "I50.19", "Left ventricular failure, unspecified"),
    ("http://hl7.org/fhir/sid/icd-10", "E14.9", "Unspecified diabetes mellitus"),
    ("http://hl7.org/fhir/sid/icd-10", "W19", ""),
    ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "I10.90", "Essential (primary) hypertension"),
    ("http://www.whocc.no/atc", "B01AC06", "acetylsalicylic acid"),
    ("http://fhir.de/CodeSystem/bfarm/atc", "B01AC99", "platelet aggregation inhibitor"),
    ("http://www.whocc.no/atc", "aspirin", ""),
    ("http://hl7.org/fhir/sid/cvx", "8", "hepatitis B vaccine, adolescent or pediatric"),
    ("http://loinc.org", "2823-3", "potassium"),
    ("http://loinc.org|2.77", "4548-4", "hemoglobin A1c"),
    ("http://snomed.info/sct/900000000000207008", "77386006", "Pregnant"),
    ("http://snomed.info/sct", "38341003", "hypertension"),
    ("urn:ours", "2823-3", ""),
]


@pytest.mark.parametrize(("system", "code", "name"), NAMES)
def test_a_code_has_the_name_of_its_system(system: str, code: str, name: str) -> None:
    assert name_of(system, code) == name


NAMED = [
    ({"coding": [{"system": ICD, "code": "I10"}]}, "Essential (primary) hypertension (I10)"),
    ({"coding": [{"system": ICD, "code": "I10", "display": ""}]}, "Essential (primary) hypertension (I10)"),
    ({"coding": [{"system": ICD, "code": "I10", "display": "Raised BP"}]}, "Raised BP"),
    ({"coding": [{"system": ICD, "code": "I10"}], "text": "BP trouble"}, "BP trouble"),
    ({"coding": [{"system": "urn:x", "code": "7"}, {"system": ICD, "code": "J45.909"}]},
     "Unspecified asthma, uncomplicated (J45.909)"),
    ({"coding": [{"system": "urn:x", "code": "7"}]}, "7"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "name"), NAMED)
def test_what_the_record_says_comes_before_the_name_of_a_code(written: object, name: str) -> None:
    assert concept(written).display == name


def test_a_problem_that_is_only_a_code_is_found_by_its_name() -> None:
    problem = {**condition("c"), "code": {"coding": [{"system": ICD, "code": "E11.9"}]}}
    found = find(patient_record(patient(), problem), "condition", concept="diabetes", give="exists")
    assert (found.values, found.references) == ((True,), ("Condition/c",))


def test_a_tabular_list_becomes_a_line_a_code(tmp_path: Path) -> None:
    tabular = tmp_path / "tabular.xml"
    tabular.write_text(
        "<x><diag><name>I10</name><desc>Hypertension</desc></diag>"
        "<diag><name>A00</name><desc>Cholera</desc><diag><name>A00.1</name><desc>El Tor</desc></diag></diag></x>"
    )
    assert lines(tabular) == ["A00\tCholera\n", "A00.1\tEl Tor\n", "I10\tHypertension\n"]


def test_the_list_is_whole() -> None:
    assert _icd_text().count(b"\n") > 46_000
