"""An address -> a record source, or one sentence that says why not and what to do."""

import json
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import patient
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, EVE, HASTY, LIMITS
from tests.tools.sources.live.serving import Answering, Asked, Behaviour, serving, statement
from tests.whole_questions import NOW
from tools.calls.errors import AssistantError, SetupError, UnknownPatient, UnreadableRecord, WrongPatient
from tools.record.scope import Scope
from tools.sources import open_location
from tools.sources.live import LiveRecords

Wrong = tuple[str, Behaviour, type[AssistantError], str]


def capability(version: str) -> Behaviour:
    return bad.status(200, json.dumps(statement(version)))


NO_SERVER = "there is no FHIR server; expected the base URL, e.g. https://fhir.example.org/r4."
TOKEN = "Set FHIR_ASSISTANT_SERVER_TOKEN to a token that may read there."
METADATA: list[Wrong] = [
    ("STU3", capability("3.0.2"), SetupError, "{base} speaks FHIR 3.0.2; expected R4, e.g. 4.0.1."),
    ("R5", capability("5.0.0"), SetupError, "{base} speaks FHIR 5.0.0; expected R4, e.g. 4.0.1."),
    (
        "no version",
        bad.status(200, json.dumps(patient())),
        SetupError,
        "{base} speaks FHIR of an unnamed version; expected R4, e.g. 4.0.1.",
    ),
    ("nothing there", bad.status(404), SetupError, f"{{base}}: {NO_SERVER}"),
    ("a web page", bad.HTML, UnreadableRecord, "{base} could not be read: the answer is no JSON, 3 times."),
    ("a list", bad.LIST, UnreadableRecord, "{base} could not be read: the answer is no FHIR resource."),
    ("who asks is not known", bad.status(401), SetupError, f"{{base}}: the server denied it (401). {TOKEN}"),
    (
        "an error",
        bad.status(500),
        UnreadableRecord,
        "{base} could not be read: the server answered 500, 3 times.",
    ),
    (
        "a redirect",
        bad.redirects,
        UnreadableRecord,
        "{base} could not be read: the server sends elsewhere (302), which is not followed.",
    ),
    (
        "silence",
        bad.keeps_silent,
        UnreadableRecord,
        "{base} could not be read: no whole answer came within 1 s.",
    ),
]
PATIENT: list[Wrong] = [
    ("none", bad.status(404), UnknownPatient, "No patient has the reference 'Patient/p1'."),
    ("no more", bad.status(410), UnknownPatient, "No patient has the reference 'Patient/p1'."),
    ("denied", bad.status(403), SetupError, f"{{base}}: the server denied it (403). {TOKEN}"),
    (
        "an error",
        bad.status(503),
        UnreadableRecord,
        "{base} could not be read: the server answered 503, 3 times.",
    ),
    (
        "somebody else",
        bad.status(200, json.dumps(EVE[0])),
        WrongPatient,
        "{base} gave something else for Patient/p1.",
    ),
    (
        "something else",
        bad.status(200, json.dumps(bad.said("error", "exception"))),
        WrongPatient,
        "{base} gave something else for Patient/p1.",
    ),
    (
        "of no version",
        bad.status(200, json.dumps({**patient(), "resourceType": "Persona"})),
        UnknownPatient,
        "Patient/p1 could not be read: Persona is not a resource of FHIR R4.",
    ),
]


@pytest.mark.parametrize(("what", "does", "error", "message"), METADATA, ids=[case[0] for case in METADATA])
def test_what_is_no_fhir_server_is_said(
    what: str, does: Behaviour, error: type[AssistantError], message: str
) -> None:
    with serving(metadata=does) as server, pytest.raises(error) as raised:
        LiveRecords(server.base, limits=HASTY if does is bad.keeps_silent else LIMITS)
    assert str(raised.value) == message.format(base=server.base)


@pytest.mark.parametrize(("what", "does", "error", "message"), PATIENT, ids=[case[0] for case in PATIENT])
def test_a_patient_that_cannot_be_read_is_said(
    what: str, does: Behaviour, error: type[AssistantError], message: str
) -> None:
    with serving(ADA, Patient=does) as server:
        records = LiveRecords(server.base, limits=LIMITS)
        with pytest.raises(error) as raised:
            records.open("Patient/p1", NOW)
    assert str(raised.value) == message.format(base=server.base)


@pytest.mark.parametrize("version", ["4.0.0", "4.0.1", "4.3.0"])
def test_releases_of_r4_are_read(version: str) -> None:
    with serving(ADA, metadata=capability(version)) as server:
        assert LiveRecords(server.base, limits=LIMITS).open("Patient/p1", NOW).counts["Observation"] == 5


@pytest.mark.parametrize(
    "reference", ["Patient/..", "Patient/p1/../p2", "Patient/p1?x", "Observation/a1", "", "p1"]
)
def test_an_odd_reference_is_not_asked_for(reference: str) -> None:
    with serving(ADA) as server:
        with pytest.raises(UnknownPatient):
            LiveRecords(server.base, limits=LIMITS).open(reference, NOW)
        assert [asked.path for asked in server.asked] == ["metadata"]


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "https://ada:secret@example.org/r4",
        "http://example.org/r4?key=secret",
        "http://example.org/#a",
    ],
)
def test_an_address_with_more_than_a_base_is_refused(address: str) -> None:
    with pytest.raises(SetupError) as raised:
        open_location(address)
    assert str(raised.value) == (
        "A FHIR server is named by its base URL, without user, password, query or fragment,"
        " e.g. https://fhir.example.org/r4."
    )


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}/fhir"
        with pytest.raises(UnreadableRecord) as raised:
            LiveRecords(base, limits=replace(LIMITS, connect=0.5))
    assert str(raised.value) == f"{base} could not be read: the connection failed, 3 times."


SLOW: list[tuple[str, Behaviour]] = [
    ("silence", bad.keeps_silent),
    ("drips", bad.drips),
    ("errors", bad.status(500)),
    ("please wait", bad.status(503, Retry_After="1")),
]


@pytest.mark.parametrize(("what", "does"), SLOW, ids=[what for what, _ in SLOW])
def test_a_server_that_is_not_there_is_known_soon(what: str, does: Behaviour) -> None:
    limits = replace(LIMITS, answer=60, first=0.3, tries=99, wait=30, backoff=0.1)
    with serving(metadata=does) as server, pytest.raises(UnreadableRecord) as raised:
        LiveRecords(server.base, limits=limits)
    assert str(raised.value) == (
        f"{server.base} could not be read: it gave no first answer within 0.3 s; check the address."
    )


def test_what_comes_later_is_waited_for_as_before() -> None:
    def slow(to: Answering, asked: Asked) -> None:
        time.sleep(0.6)

    with serving(ADA, Observation=slow, Patient=slow) as server:
        record = LiveRecords(server.base, limits=replace(LIMITS, first=0.5)).open("Patient/p1", NOW)
        assert len(record.entries("Observation")) == 5


def test_a_location_may_be_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FHIR_ASSISTANT_SERVER_TOKEN", "secret")
    with serving(ADA) as server:
        opened = open_location(server.base + "/", cache=tmp_path)
        assert [summary.name for summary in opened.patients()] == ["Ada Moser"]
        opened.close()
        opened.close()
    assert {asked.headers["Authorization"] for asked in server.asked} == {"Bearer secret"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kinds", "read"),
    [
        (["Observation"], {"Observation"}),
        (["Condition", "Observation"], {"Condition", "Observation"}),
    ],
)
def test_of_a_narrowed_record_only_its_kinds_are_asked_for(kinds: list[str], read: set[str]) -> None:
    with serving([*ADA, *EVE]) as server:
        record = LiveRecords(server.base, limits=LIMITS).open("Patient/p1", NOW).within(Scope.of(kinds))
        assert record.entries("Observation")
        assert bool(record.entries("Condition")) == record.scope.admits("Condition")
        rows = [asked.path for asked in server.asked if "_summary" not in asked.terms]
    assert set(rows) - {"metadata", "Patient/p1"} == read
