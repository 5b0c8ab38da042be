"""Who is meant: by id, reference, identifier, name, part of a name, birth date."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.builders import bundle, patient
from tools.calls.errors import UnknownPatient
from tools.sources import StoredRecords, ingest

SSN = "http://hl7.org/fhir/sid/us-ssn"


def known_as(
    id: str, given: str, family: str, birth: str, ssn: str = "", **more: object
) -> dict[str, object]:
    identifier = [{"system": SSN, "value": ssn}] if ssn else None
    return patient(id, given, family, birthDate=birth, identifier=identifier, **more)


PEOPLE = [
    known_as("1", "Abbie917", "Bergnaum523", "1970-01-02", "999-11-1111"),
    known_as("2", "María del Carmen", "Abreu", "1986-03-01", "999-22-2222"),
    known_as("3", "Ann", "Smith", "1950-05-05"),
    known_as("4", "Ann Marie", "Smith", "1986-03-02"),
    known_as("5", "Mathilda", "O'Keefe", "2006"),
    known_as("6", "Bea", "Weber", "1999-09-09", name=[{"use": "maiden", "family": "Zorn", "given": ["Bea"]},
             {"use": "official", "family": "Weber", "given": ["Bea"]}]),
]  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> StoredRecords:
    folder: Path = tmp_path_factory.mktemp("finding")
    (folder / "all.json").write_bytes(orjson.dumps(bundle(*PEOPLE)))
    return StoredRecords(folder / "store.db", ingest(folder / "all.json", folder / "store.db", workers=0))


MEANT = [
    ("3", "3"),
    ("Patient/3", "3"),
    ("Ann Smith, female, born 1950-05-05 (Patient/3)", "3"),
    ("Ann Smith            female  1950-05-05              2          3", "3"),
    ("999-22-2222", "2"),
    (f"{SSN}|999-22-2222", "2"),
    ("Abbie917 Bergnaum523", "1"),
    ("abbie bergnaum", "1"),
    ("Bergnaum, Abbie", "1"),
    ("Ms. Bergnaum", "1"),
    ("maria abreu", "2"),
    ("MARÍA", "2"),
    ("Ann Smith", "3"),
    ("Smith Ann Marie", "4"),
    ("o’keefe", "5"),
    ("Okeefe", "5"),
    ("Zorn", "6"),
    ("berg", "1"),
    ("1950-05-05", "3"),
    ("Smith 1986-03-02", "4"),
    ("1986-03-01", "2"),
    ("2006", "5"),
]


@pytest.mark.parametrize(("text", "identity"), MEANT)
def test_one_patient_is_found(text: str, identity: str, source: StoredRecords) -> None:
    assert source.find(text).reference == f"Patient/{identity}"


NOT_ONE = [
    ("", "No patient was named: expected a name, an id or a birth date."),
    ("   ", "No patient was named: expected a name, an id or a birth date."),
    (
        "Smith",
        "'Smith' may be 2 patients: Ann Marie Smith, born 1986-03-02 (Patient/4);"
        " Ann Smith, born 1950-05-05 (Patient/3). Name one by its reference.",
    ),
    (
        "1986-03",
        "'1986-03' may be 2 patients: Ann Marie Smith, born 1986-03-02 (Patient/4);"
        " María del Carmen Abreu, born 1986-03-01 (Patient/2). Name one by its reference.",
    ),
    (
        "Matilda Okeef",
        "No patient answers to 'Matilda Okeef'. Near: Mathilda O'Keefe, born 2006 (Patient/5).",
    ),
    ("Nobody Atall", "No patient answers to 'Nobody Atall'. There are 6 to choose from."),
    ("%", "No patient answers to '%'. There are 6 to choose from."),
    ("x" * 100, f"No patient answers to '{'x' * 77}...'. There are 6 to choose from."),
]


@pytest.mark.parametrize(("text", "message"), NOT_ONE)
def test_nobody_or_several_is_an_error_that_names_them(
    text: str, message: str, source: StoredRecords
) -> None:
    with pytest.raises(UnknownPatient) as caught:
        source.find(text)
    assert str(caught.value) == message


def test_a_summary_says_who_it_is(source: StoredRecords) -> None:
    found = source.find("2")
    assert found.line() == "María del Carmen Abreu, female, born 1986-03-01 (Patient/2)"
    assert (found.identifiers, found.counts, found.location) == (
        (f"{SSN}|999-22-2222",),
        {"Patient": 1},
        "all.json",
    )
    assert source.find("6").name == "Bea Weber"


def test_a_patient_that_could_not_be_read_is_not_simply_unknown(
    write: Callable[..., Path], opened: Callable[[], StoredRecords]
) -> None:
    deep: dict[str, Any] = {"url": "x"}
    for _ in range(200):
        deep = {"url": "x", "extension": [deep]}
    write("ada.json", json.dumps(bundle(patient(), patient("p2", extension=[deep]))).encode())
    with pytest.raises(UnknownPatient) as caught:
        opened().find("p2")
    assert str(caught.value) == "'p2' could not be read: it is nested too deeply (ada.json, entry 2)."


SEARCHED = [
    ("ann", ["4", "3"]),
    ("smith 1986", ["4"]),
    ("maria", ["2"]),
    ("999-22", ["2"]),
    ("zorn smith", []),
]


@pytest.mark.parametrize(("typed", "ids"), SEARCHED)
def test_several_may_be_meant(typed: str, ids: list[str], source: StoredRecords) -> None:
    found = source.search(typed, 10)
    assert [patient.reference for patient in found.patients] == [f"Patient/{id}" for id in ids]
    assert source.search("", 2).total == len(PEOPLE)
    assert len(source.search("", 2).patients) == 2
