"""Through the portal: each access once, each answer with its origin, and the trail itself for auditors alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from portal.access import calling
from portal.app import make
from portal.caller import LOCAL, Caller, NotAllowed
from portal.portal import Portal
from tests.portal.portal_for_tests import ADELINA, a_portal
from tests.portal.trail.answers_for_tests import kept
from tests.portal.trail.audit_server import audit_server
from tests.portal.trail.test_posting import until
from tools.errors import SetupError, UnknownPatient
from tools.records.validation import reason_invalid

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
    assert [reason_invalid(event.parsed()) for event in events] == [""] * 4
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
    client.delete(f"/api/conversations/{made}")
    assert kinds(portal)[before:] == ["read", "read", "read", "deleted"]
    assert client.get(f"/api/conversations/{made}").status_code == 404
    assert len(kinds(portal)) == before + 4


def test_the_desk_keeps_each_access_once(portal: Portal) -> None:
    desk = portal.desk
    desk.record(WARD, ADELINA, what=["Observation"], how="search")
    desk.patients(WARD)
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
    portal.desk.patients(WARD)
    url, pages = f"/api/trail?patient={ADELINA.removeprefix('Patient/')}&limit=2", []
    while url:
        bundle = client.get(url).json()
        assert reason_invalid(bundle) == ""
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
