"""Through the portal: each access once, each answer with its origin, and the trail itself for auditors alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from portal.access import calling
from portal.access.sessions import end, key_of, open_session
from portal.app import make
from portal.caller import LOCAL, Caller, NotAllowed
from portal.portal import Portal, opened
from portal.trail.given import from_database
from tests.portal.portal_for_tests import ADELINA, a_portal
from tests.portal.trail.answers_for_tests import kept
from tests.portal.trail.audit_server import audit_server
from tests.portal.trail.test_posting import until
from tests.valid import faults_of
from tools.calls.errors import SetupError, UnknownPatient

BOUND = Caller(subject="key:ward", name="Ward", patient=ADELINA)
WARD = Caller(subject="key:ward", name="Ward")
AUDITOR = Caller(subject="key:audit", name="Audit")
SPOKEN = "What was the last HbA1c of Adelina Maggio?"


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    return a_portal(tmp_path, auditors=("key:audit",))


@pytest.fixture
def client(portal: Portal) -> Iterator[TestClient]:
    with TestClient(make(portal), base_url="http://127.0.0.1:8765") as client:
        client.headers["Origin"] = "http://127.0.0.1:8765"
        yield client


def kinds(portal: Portal) -> list[str]:
    return [event.kind for event in kept(portal.database)]


def acting(client: TestClient, caller: Caller) -> None:
    client.app.dependency_overrides[calling] = lambda: caller  # type: ignore[attr-defined]


def test_a_question_leaves_a_trail_and_none_of_its_words(client: TestClient, portal: Portal) -> None:
    made = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
    heard = client.post(
        f"/api/conversations/{made}/questions",
        json={"question": SPOKEN},
        headers={"Accept": "text/event-stream"},
    )
    assert "event: answer" in heard.text
    assert kinds(portal) == ["read", "asked", "read", "answered"]
    events = kept(portal.database)
    assert {(event.patient, event.subject) for event in events} == {(ADELINA, "local")}
    assert [faults_of(event.parsed()) for event in events] == [""] * 4
    question = client.get(f"/api/conversations/{made}").json()["questions"][0]
    what = [entity["what"]["reference"] for entity in events[-1].parsed()["entity"]]
    assert what == [ADELINA, *question["answer"]["evidence"]]
    told = " ".join(event.resource for event in events)
    assert not [word for word in ("Adelina", "Maggio", "HbA1c", "last") if word in told]


def test_what_was_said_before_leaves_a_trail_when_it_is_seen_again(
    client: TestClient, portal: Portal
) -> None:
    made = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
    asked = client.post(f"/api/conversations/{made}/questions", json={"question": SPOKEN}).json()
    client.get(asked["events"])
    before = len(kinds(portal))
    for path in (
        f"/api/conversations/{made}",
        f"/api/questions/{asked['id']}",
        f"/api/questions/{asked['id']}/evidence",
    ):
        assert client.get(path).status_code == 200
    narrowed = client.patch(f"/api/conversations/{made}", json={"scope": {}})
    assert narrowed.json()["questions"]
    client.delete(f"/api/conversations/{made}")
    assert kinds(portal)[before:] == ["read", "read", "read", "read", "deleted"]
    assert client.get(f"/api/conversations/{made}").status_code == 404
    assert len(kinds(portal)) == before + 5


def test_the_desk_keeps_each_access_once(portal: Portal) -> None:
    desk = portal.desk
    desk.record(WARD, ADELINA, what=["Observation"], how="search")
    desk.patients(WARD, "", 50)
    with pytest.raises(UnknownPatient):
        desk.record(WARD, "Patient/nobody")
    with pytest.raises(NotAllowed):
        desk.record(BOUND, "Patient/another")
    with pytest.raises(NotAllowed):
        desk.asking(BOUND, "Patient/another", "1", SPOKEN)
    with pytest.raises(NotAllowed):
        desk.assistant(Caller(subject="user:x", patient=ADELINA, session="gone"))
    outcomes = [(event.kind, event.patient, event.parsed()["outcome"]) for event in kept(portal.database)]
    assert outcomes == [
        ("search", ADELINA, "0"),
        ("search", "", "0"),
        ("read", "Patient/nobody", "4"),
        ("refused", "Patient/another", "4"),
        ("refused", "Patient/another", "4"),
        ("refused", ADELINA, "4"),
    ]


def test_where_the_trail_cannot_be_kept_nothing_is_shown(client: TestClient, portal: Portal) -> None:
    made = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
    with portal.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE trail RENAME TO gone")
    heard = client.post(
        f"/api/conversations/{made}/questions",
        json={"question": SPOKEN},
        headers={"Accept": "text/event-stream"},
    ).text
    assert "event: answer" not in heard
    assert "The trail of accesses cannot be written" in heard
    again = client.post("/api/conversations", json={"patient": ADELINA})
    assert again.status_code == 503
    assert "nothing is shown" in again.json()["detail"]


def test_the_trail_is_read_page_by_page(client: TestClient, portal: Portal) -> None:
    for _ in range(5):
        portal.desk.record(WARD, ADELINA)
    portal.desk.patients(WARD, "", 50)
    url, pages = f"/api/trail?patient={ADELINA.removeprefix('Patient/')}&limit=2", []
    while url:
        bundle = client.get(url).json()
        assert faults_of(bundle) == ""
        pages.append([entry["resource"]["type"]["code"] for entry in bundle.get("entry", ())])
        url = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), "")
    assert pages[:3] == [["rest", "rest"], ["rest", "rest"], ["rest"]]
    every = client.get("/api/trail").json()
    assert every["total"] == 6 + len(pages)
    assert every["entry"][0]["resource"]["type"]["code"] == "110101"  # that it was read stands in it
    assert client.get("/api/trail?since=2030-01-01").json()["total"] == 0
    assert "entry" not in client.get("/api/trail?since=2030-01-01").json()


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (LOCAL, 200),
        (AUDITOR, 200),
        (WARD, 403),
        (BOUND, 403),
        (Caller(subject="key:audit", patient=ADELINA), 403),
    ],
    ids=["who sits there", "an auditor", "a key", "a bound key", "an auditor of one patient"],
)
def test_the_trail_is_for_auditors(caller: Caller, status: int, client: TestClient, portal: Portal) -> None:
    acting(client, caller)
    assert client.get("/api/trail").status_code == status
    assert kinds(portal) == (["trail read"] if status == 200 else ["refused"])


def test_local_is_nobody_where_callers_say_who_they_are(tmp_path: Path) -> None:
    portal = a_portal(tmp_path, keys={"ward": "0" * 64})
    with TestClient(make(portal), base_url="http://127.0.0.1:8765") as client:
        acting(client, LOCAL)
        assert client.get("/api/trail").status_code == 403


@pytest.mark.parametrize(
    "query", ["patient=a%00b", "patient=Ada Moser", "since=yesterday", "limit=0", "limit=1001", "before=-1"]
)
def test_odd_wishes_are_refused(query: str, client: TestClient) -> None:
    assert client.get(f"/api/trail?{query}").status_code == 422


def test_the_app_posts_its_trail_while_it_runs(tmp_path: Path) -> None:
    with audit_server() as server:
        portal = a_portal(tmp_path, trail=server.base)
        with TestClient(make(portal), base_url="http://127.0.0.1:8765") as client:
            client.post("/api/conversations", json={"patient": ADELINA})
            until(lambda: server.asked)
        assert [asked.path for asked in server.asked] == ["/fhir/AuditEvent"]


def test_a_server_without_tls_is_refused_when_the_portal_starts(tmp_path: Path) -> None:
    portal = a_portal(tmp_path, trail="http://audit.example.org/fhir")
    with pytest.raises(SetupError):
        make(portal)
    portal.answering.close(0)
    portal.database.close()


def test_views_tell_what_was_shown(client: TestClient, portal: Portal) -> None:
    id = ADELINA.removeprefix("Patient/")
    reference = client.get(f"/api/patients/{id}/timeline?kinds=Condition").json()["entries"][0]["reference"]
    client.get(f"/api/patients/{id}/resources/{reference}")
    shown = [
        [entity["what"].get("reference", entity["what"]["type"]) for entity in event.parsed()["entity"]]
        for event in kept(portal.database)
    ]
    assert shown == [[ADELINA, "Condition"], [ADELINA, reference]]


def test_a_session_begins_and_ends_in_the_trail_without_its_cookie(portal: Portal) -> None:
    nurse = Caller(subject="user:https://ehr.example.org/Practitioner/7", patient=ADELINA)
    cookie = open_session(portal, nurse, b"s3cret", timedelta(hours=1))
    end(portal, key_of(cookie))
    assert kinds(portal) == ["signed in", "signed out"]
    told = " ".join(event.resource for event in kept(portal.database))
    assert not [secret for secret in (cookie, key_of(cookie), "s3cret") if secret in told]


def test_a_token_is_issued_in_the_trail_without_itself(client: TestClient, portal: Portal) -> None:
    issued = client.post("/api/tokens", json={"patient": ADELINA, "user": "nurse-7"}).json()
    (event,) = kept(portal.database)
    assert (event.kind, event.patient, event.subject) == ("token", ADELINA, "local")
    assert "token carried by local/nurse-7" in event.resource
    assert issued["token"] not in event.resource


@pytest.mark.real_server
def test_in_postgresql_an_answer_and_its_origin_are_kept_together(tmp_path: Path, postgres_url: str) -> None:
    here = a_portal(tmp_path)
    assistant = here.desk.assistant(LOCAL)
    here.answering.close(0)
    here.database.close()
    portal = opened(replace(here.settings, database=postgres_url), assistant, here.clock)
    with TestClient(make(portal), base_url="http://127.0.0.1:8765") as client:
        client.headers["Origin"] = "http://127.0.0.1:8765"
        made = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
        asked = client.post(f"/api/conversations/{made}/questions", json={"question": SPOKEN}).json()
        assert "event: answer" in client.get(asked["events"]).text
        assert kinds(portal)[:4] == ["read", "asked", "read", "answered"]
        assert client.get("/api/trail?limit=2").json()["total"] >= 4
        answer = client.get(f"/api/questions/{asked['id']}").json()["answer"]
        ran = from_database(postgres_url, asked["id"])
        assert ran.model_dump(mode="json") == {name: value for name, value in answer.items() if name != "id"}
