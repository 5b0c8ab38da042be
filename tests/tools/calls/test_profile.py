"""What `profile` says of a patient."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.builders import encounter, patient, patient_record
from tests.tools.records_for_tests import DOCTOR, SEEN, care_team, insurance
from tools.calls.profile import About, profile

HOME = {"line": ["7 Elm Street"], "city": "Boston", "state": "MA", "use": "home"}
OLD_HOME = {"line": ["1 Oak Road"], "city": "Lowell", "use": "old"}
PHONES = [{"system": "phone", "value": "555-1234"}, {"system": "email", "value": "ada@example.org"}]
MRN = {"type": {"coding": [{"code": "MR", "display": "Medical Record Number"}]}, "value": "12-34"}


@dataclass(frozen=True)
class Case:
    id: str
    about: About
    values: tuple[Any, ...]
    fact: str = ""
    patient: dict[str, Any] = field(default_factory=dict)
    record: tuple[dict[str, Any], ...] = ()
    reference: str = "Patient/p1"


CASES = [
    Case("the name without titles", "name", ("Ada Moser",), "name: Ada Moser"),
    Case("the birth date as recorded", "birth date", ("1980-02-29",), "birth date: 1980-02-29"),
    Case("age at the clock", "age", (41,), "41 years old on 2021-07-01 (born 1980-02-29)"),
    Case(
        "age at death",
        "age",
        (39,),
        "39 years old at death on 2020-02-28 (born 1980-02-29)",
        {"deceasedDateTime": "2020-02-28T12:00:00+01:00"},
    ),
    Case("no birth date, no age", "age", (), patient={"birthDate": None}),
    Case("dead without a date has no age", "age", (), patient={"deceasedBoolean": True}),
    Case("alive", "deceased", (False,), "no death recorded"),
    Case("dead, with the day", "deceased", (True,), "died 2020-02-28", {"deceasedDateTime": "2020-02-28"}),
    Case("dead, no day known", "deceased", (True,), "deceased, date not recorded", {"deceasedBoolean": True}),
    Case(
        "not dead yet at the clock",
        "deceased",
        (False,),
        "no death recorded",
        {"deceasedDateTime": "2022-01-01"},
    ),
    Case("gender", "gender", ("female",), "gender: female"),
    Case(
        "where she lives now",
        "city",
        ("Boston",),
        "address: 7 Elm Street, Boston, MA",
        {"address": [OLD_HOME, HOME]},
    ),
    Case("phone", "phone", ("555-1234",), "phone: 555-1234", {"telecom": PHONES}),
    Case("email", "email", ("ada@example.org",), "email: ada@example.org", {"telecom": PHONES}),
    Case("not recorded is no value", "phone", ()),
    Case(
        "numbers with their names",
        "identifiers",
        ("12-34",),
        "identifiers: Medical Record Number: 12-34",
        {"identifier": [MRN]},
    ),
    Case(
        "the recorded general practitioner",
        "practitioner",
        ("Dr. Lloyd Effertz",),
        "general practitioner: Dr. Lloyd Effertz",
        {"generalPractitioner": [{"reference": "Practitioner/doc"}]},
        (DOCTOR,),
    ),
    Case(
        "else who was seen most",
        "practitioner",
        ("Dr. Lloyd Effertz",),
        "Dr. Lloyd Effertz, seen in 1 of the last 2 visits, last on 2019-05-02",
        record=(DOCTOR, encounter("one", **SEEN), encounter("two")),
        reference="Encounter/one",
    ),
    Case(
        "the team in force, by name",
        "care team",
        ("Dr. Lloyd Effertz",),
        "Care team, active, since 2015-01-01, members: Dr. Lloyd Effertz (Diabetes nurse)",
        record=(
            DOCTOR,
            care_team("now", "Practitioner/doc"),
            care_team("then", "Practitioner/x", "inactive"),
        ),
        reference="CareTeam/now",
    ),
    Case(
        "the insurance in force",
        "insurance",
        ("Medicare",),
        "Medicare, active, since 2020-01-01",
        record=(
            insurance("a", "Cigna", "cancelled", "2019-01-01", "2019-12-31"),
            insurance("b", "Medicare", "active", "2020-01-01"),
        ),
        reference="Coverage/b",
    ),
    Case(
        "the summary on one line",
        "summary",
        ("Ada Moser, female, born 1980-02-29 (41 years old), lives in Boston",),
        "Ada Moser, female, born 1980-02-29 (41 years old), lives in Boston",
        {"address": [HOME]},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_profile(case: Case) -> None:
    evidence = profile(patient_record(patient(**case.patient), *case.record), case.about)

    assert evidence.values == case.values
    assert evidence.outcome == ("found" if case.values else "no value")
    assert [fact.text for fact in evidence.facts] == ([case.fact] if case.fact else [])
    assert evidence.references == ((case.reference,) if case.fact else ())


SAID: list[tuple[About, str, bool]] = [
    ("age", "41", True),
    ("age", "42", False),
    ("age", "under 42", True),
    ("age", "under 41", False),
    ("address", "Boston", True),
    ("address", "elm street", True),
    ("address", "7 Elm Street", True),
    ("address", "17 Elm Street", False),
    ("address", "Street", False),
    ("street", "Elm Street", True),
    ("birth date", "1980-02-29", True),
    ("birth date", "in 1980", True),
    ("birth date", "in March 1980", False),
    ("birth date", "before 1981", True),
    ("marital status", "widower", True),
    ("marital status", "unmarried", True),
    ("marital status", "married", False),
]


@pytest.mark.parametrize(("about", "said", "truth"), SAID)
def test_whether_it_is_as_somebody_says(about: About, said: str, truth: bool) -> None:
    record = patient_record(patient(address=[HOME], maritalStatus={"text": "Widowed"}))

    assert profile(record, about, said=said).values == (truth,)


@pytest.mark.parametrize("day", ["on 2010-03-01", "by 2010-03-01", "until March 1, 2010"])
def test_an_age_is_told_for_a_day_or_what_is_reached_by_it(day: str) -> None:
    evidence = profile(patient_record(patient()), "age", on=day)

    assert evidence.values == (30,)
    assert [fact.text for fact in evidence.facts] == ["30 years old on 2010-03-01 (born 1980-02-29)"]


def test_a_practitioner_that_is_only_guessed_is_said_to_be() -> None:
    record = patient_record(patient(), DOCTOR, encounter("one", **SEEN))

    assert profile(record, "practitioner").notes == (
        "no general practitioner is recorded; this is who was seen most in the last visits",
    )


def test_a_birth_year_alone_is_said_to_be_partial() -> None:
    evidence = profile(patient_record(patient(birthDate="1980")), "age")

    assert evidence.values == (41,)
    assert evidence.notes == ("the birth date is recorded only as 1980",)
