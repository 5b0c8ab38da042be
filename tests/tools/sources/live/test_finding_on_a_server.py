"""What a person types -> the patient of a server; what was typed stands in no address."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.builders import patient
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import LIMITS
from tests.tools.sources.live.serving import Answering, Asked, Behaviour, Server, serving
from tools.calls.errors import SetupError, UnknownPatient, UnreadableRecord
from tools.sources.live import LiveRecords, people

MRN = {"system": "urn:mrn", "value": "12345"}
PEOPLE = [
    patient(identifier=[MRN]),
    patient("p2", "Eve Maria", "Zwilling", birthDate="1971-01-01"),
    patient("p3", "Eve", "Moser", birthDate="1990-05-05", identifier=[{**MRN, "system": "urn:other"}]),
    patient("p4", "Séan", "O'Keefe", birthDate="1971-07-07"),
    patient("p5", "Luz", "Ruiz-Mata", birthDate="2001-01-01"),
    patient("p6", "Abbie917", "Mraz291", birthDate="2002-02-02"),
]
EVES = (
    "'Eve' may be 2 patients: Eve Maria Zwilling, female, born 1971-01-01 (Patient/p2);"
    " Eve Moser, female, born 1990-05-05 (Patient/p3). Name one by its reference."
)
MOSERS = (
    "'12345' may be 2 patients: Ada Moser, female, born 1980-02-29 (Patient/p1);"
    " Eve Moser, female, born 1990-05-05 (Patient/p3). Name one by its reference."
)
FOUND = [
    ("p1", "p1"),
    ("Patient/p2", "p2"),
    (" Patient/p2 ", "p2"),
    ("urn:mrn|12345", "p1"),
    ("urn:other|12345", "p3"),
    ("Ada Moser", "p1"),
    ("moser, ada", "p1"),
    ("Mrs Zwilling", "p2"),
    ("Zwil", "p2"),
    ("Eve 1990", "p3"),
    ("Moser 1980-02", "p1"),
    ("1971-07-07", "p4"),
    ("born 1990", "p3"),
    ("O'Keefe", "p4"),
    ("Ruiz-Mata", "p5"),
    ("Abbie Mraz", "p6"),
    ("Abbie917 Mraz291", "p6"),
]
NOT_FOUND = [
    ("Eve", EVES),
    ("12345", MOSERS),
    ("Bob", "No patient answers to 'Bob'."),
    ("Ada Zwilling", "No patient answers to 'Ada Zwilling'."),
    ("Ada 1999", "No patient answers to 'Ada 1999'."),
    ("p9", "No patient answers to 'p9'."),
    ("Patient/p9", "No patient has the reference 'Patient/p9'."),
    ("..", "No patient answers to '..'."),
    ("  ", "No patient was named: expected a name, an id or a birth date."),
    ("?", "No patient answers to '?'."),
]


def serves_no_post(to: Answering, asked: Asked) -> bool | None:
    return to.whole(405, "{}") if asked.method == "POST" else None


def finds_everybody(to: Answering, asked: Asked) -> bool | None:
    page = {name: value for name, value in asked.terms.items() if name.startswith(("_count", "_offset"))}
    return None if "/p" in asked.path else to.json(to.bundle(replace(asked, terms=page), PEOPLE))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(PEOPLE) as running:
        yield running


@pytest.fixture
def records(server: Server) -> LiveRecords:
    return LiveRecords(server.base, limits=LIMITS)


@pytest.mark.parametrize(("typed", "id"), FOUND, ids=[typed for typed, _ in FOUND])
def test_one_is_meant(typed: str, id: str, records: LiveRecords, server: Server) -> None:
    assert records.find(typed).reference == f"Patient/{id}"
    shown = [f"{asked.path}?{asked.query}" for asked in server.asked]
    assert set(shown) <= {"metadata?", "Patient/_search?", f"Patient/{id}?"}


@pytest.mark.parametrize(("typed", "message"), NOT_FOUND, ids=[typed for typed, _ in NOT_FOUND])
def test_nobody_or_several_are_meant(typed: str, message: str, records: LiveRecords) -> None:
    with pytest.raises(UnknownPatient) as raised:
        records.find(typed)
    assert str(raised.value) == message


@pytest.mark.parametrize("does", [serves_no_post, finds_everybody])
@pytest.mark.parametrize(("typed", "id"), FOUND, ids=[typed for typed, _ in FOUND])
def test_a_server_that_cannot_search_is_searched_here(typed: str, id: str, does: Behaviour) -> None:
    with serving(PEOPLE, Patient=does) as server:
        assert LiveRecords(server.base, limits=LIMITS).find(typed).reference == f"Patient/{id}"
        assert all(typed.strip() not in asked.query for asked in server.asked)


def test_all_are_listed_by_name(records: LiveRecords) -> None:
    names = [summary.name for summary in records.patients()]
    assert names[:3] == ["Abbie917 Mraz291", "Ada Moser", "Eve Maria Zwilling"]
    assert names[3:] == ["Eve Moser", "Luz Ruiz-Mata", "Séan O'Keefe"]


def test_more_than_are_listed(records: LiveRecords, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST", 5)
    with pytest.raises(SetupError) as raised:
        records.patients()
    assert str(raised.value) == (
        f"{server.base} has 6 patients, more than are listed (5)."
        " Name one with --patient by its reference, e.g. Patient/123."
    )
    assert records.find("Ada").reference == "Patient/p1"


def test_a_next_page_whose_address_holds_the_name_is_not_asked_for(server: Server) -> None:
    server.resources += [patient(f"q{n}", "Eve", "Huel") for n in range(9)]
    with pytest.raises(UnknownPatient) as raised:
        LiveRecords(server.base, limits=LIMITS).find("Huel")
    assert str(raised.value) == "More patients answer to this than are listed. Say more, or name an id."
    assert all("Huel" not in asked.query for asked in server.asked)


def test_a_search_that_fails_finds_nobody_unknown() -> None:
    with serving(PEOPLE, Patient=bad.status(500)) as server, pytest.raises(UnreadableRecord):
        LiveRecords(server.base, limits=LIMITS).find("Ada")


SEARCHED = [
    ("Eve", ["p2", "p3"], 2),
    ("Patient/p2", ["p2"], 1),
    ("12345", ["p1", "p3"], 2),
    ("1971", ["p2", "p4"], 2),
    ("Mo", ["p1", "p3"], 2),
    ("Ada 1999", [], 0),
    ("Bob", [], 0),
    ("", ["p6", "p1", "p2"], 6),
]


@pytest.mark.parametrize(("typed", "ids", "total"), SEARCHED, ids=[typed for typed, _, _ in SEARCHED])
def test_several_may_be_meant(
    typed: str, ids: list[str], total: int, records: LiveRecords, server: Server
) -> None:
    found = records.search(typed, 3)
    assert ([p.reference for p in found.patients], found.total) == ([f"Patient/{id}" for id in ids], total)
    assert all(not typed or typed not in asked.query for asked in server.asked)


def test_of_more_than_are_listed_the_first_are_shown(
    records: LiveRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST", 5)
    found = records.search("", 2)
    assert (len(found.patients), found.total) == (2, 6)
