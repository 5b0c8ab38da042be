"""Who the patient is."""

from typing import Any

import pytest

from tests.tools.entries.entry_cases import Resource, coded, made, plain
from tools.entries import parse, parse_patient

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
ADA = made(
    "Patient",
    active=True,
    name=[
        {"use": "maiden", "given": ["Ada"], "family": "Byron"},
        {"use": "official", "prefix": ["Mrs."], "given": ["Ada", "María"], "family": "Moser123"},
    ],
    gender="female",
    birthDate="1980-02-29",
    deceasedDateTime="2020-05-01T10:00:00Z",
    telecom=[
        {"system": "phone", "value": "555-1"},
        {"system": "phone", "value": "555-0", "use": "old"},
        {"system": "email", "value": "ada@example.com"},
    ],
    address=[
        {"use": "old", "city": "Gardner"},
        {
            "use": "home",
            "line": ["1 Main St"],
            "city": "Boston",
            "state": "MA",
            "postalCode": "01440",
            "country": "US",
        },
    ],
    maritalStatus={"coding": [{"code": "M", "display": "M"}], "text": "M"},
    communication=[{"language": coded("Spanish")}, {"language": {"text": "English"}, "preferred": True}],
    extension=[
        {
            "url": US_CORE + "race",
            "extension": [
                {"url": "ombCategory", "valueCoding": {"code": "2106-3", "display": "White"}},
                {"url": "text", "valueString": "white"},
            ],
        },
        {"url": US_CORE + "ethnicity", "extension": [{"url": "text", "valueString": "Not Hispanic"}]},
        {"url": US_CORE + "birthsex", "valueCode": "F"},
        {
            "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
            "valueAddress": {"city": "Lyon", "country": "FR"},
        },
        {
            "url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName",
            "valueString": "Jo Lind",
        },
    ],
    identifier=[
        {"system": "urn:x", "value": "42", "type": coded("Medical Record Number", "MR")},
        {"system": "urn:ssn", "value": "999", "type": {"coding": [{"code": "SS"}]}},
        {"system": "urn:none"},
    ],
    contact=[
        {
            "relationship": [coded("Sister")],
            "name": {"given": ["Eve"], "family": "Byron"},
            "telecom": [{"system": "phone", "value": "555-2"}],
        }
    ],
    generalPractitioner=[{"reference": "Practitioner/d1", "display": "Dr. Lee"}],
    managingOrganization={"reference": "Organization/o1"},
    multipleBirthInteger=2,
)
EXPECTED = {
    "reference": "Patient/1",
    "name": "Ada María Moser123",
    "names": ["Ada Byron", "Mrs. Ada María Moser123"],
    "gender": "female",
    "birth": "1980-02-29",
    "deceased": True,
    "died": "2020-05-01T10:00:00Z",
    "phones": ["555-1"],
    "emails": ["ada@example.com"],
    "marital_status": "Married",
    "languages": ["English", "Spanish"],
    "race": "White",
    "ethnicity": "Not Hispanic",
    "birth_sex": "female",
    "birth_place": "Lyon, FR",
    "mothers_maiden_name": "Jo Lind",
    "practitioners": ["Practitioner/d1 Dr. Lee"],
    "organization": ["Organization/o1"],
    "multiple_birth": "2",
    "active": True,
    "details": [],
}


@pytest.mark.parametrize("field", EXPECTED)
def test_what_the_record_says_of_the_patient(field: str) -> None:
    assert plain(getattr(parse_patient(ADA), field)) == EXPECTED[field]


def test_the_current_address_comes_first() -> None:
    now, before = parse_patient(ADA).addresses
    assert now.text == "1 Main St, Boston, MA, 01440, US"
    assert (now.lines, now.city, now.state, now.postal_code, now.country) == (
        ("1 Main St",),
        "Boston",
        "MA",
        "01440",
        "US",
    )
    assert (before.city, before.use) == ("Gardner", "old")


def test_identifiers_carry_their_label() -> None:
    found = [(each.label, each.value) for each in parse_patient(ADA).identifiers]
    assert found == [("Medical Record Number", "42"), ("Social Security Number", "999")]


def test_contacts() -> None:
    (sister,) = parse_patient(ADA).contacts
    assert (sister.name, sister.relationship, sister.phones) == ("Eve Byron", "Sister", ("555-2",))


LESS: list[tuple[str, Resource, dict[str, Any]]] = [
    ("nothing at all", {}, {"name": "", "birth": None, "deceased": False, "died": None, "active": None}),
    ("dead, nobody says when", {"deceasedBoolean": True}, {"deceased": True, "died": None}),
    ("alive", {"deceasedBoolean": False}, {"deceased": False}),
    ("only a name as text", {"name": [{"text": "Ada Moser"}]}, {"name": "Ada Moser", "names": ["Ada Moser"]}),
    ("only a birth year", {"birthDate": "1980"}, {"birth": "1980"}),
    (
        "a birth date that is none",
        {"birthDate": 1980},
        {"birth": None, "details": ["birth date as recorded: 1980"]},
    ),
    (
        "a death date that is none is still a death",
        {"deceasedDateTime": "last winter"},
        {"deceased": True, "died": None, "details": ["death date as recorded: last winter"]},
    ),
    ("not one of several", {"multipleBirthBoolean": False}, {"multiple_birth": "no"}),
    ("a status in words", {"maritalStatus": {"text": "Common law"}}, {"marital_status": "Common law"}),
    ("no longer in use", {"active": False}, {"active": False}),
    (
        "a broken shape",
        {"name": 7, "address": "x", "telecom": {}, "extension": [1], "contact": "y"},
        {"name": ""},
    ),
]


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in LESS], ids=[case[0] for case in LESS])
def test_less_is_known(body: Resource, expected: dict[str, Any]) -> None:
    patient = parse_patient(made("Patient") | body)
    assert {field: plain(getattr(patient, field)) for field in expected} == expected


def test_a_patient_is_an_entry_of_their_own_record() -> None:
    entry = parse(ADA)
    assert (entry.patient, entry.display) == ("Patient/1", "Ada María Moser123")
    assert (plain(entry.start), plain(entry.end)) == ("1980-02-29", "2020-05-01T10:00:00Z")
