"""A token is for one patient, for a while, and issues no other; only its hash is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from portal import keys
from portal.access import sessions, tokens
from portal.app import make
from portal.caller import Caller
from portal.portal import Portal
from tests.portal.portal_for_tests import ADELINA, NOON, a_portal, fixtures

KEY = "frk_of-the-ward"
HOUR = timedelta(hours=1)
CARRIER = Caller(subject="key:ward", name="Ward", patient=ADELINA)
OTHER = next(p.reference for p in fixtures().patients() if p.reference != ADELINA)
BY_KEY = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    return a_portal(tmp_path, keys={"ward": keys.digest_of(KEY)})


@pytest.fixture
def client(portal: Portal) -> Iterator[TestClient]:
    with TestClient(make(portal)) as client:
        yield client


def carrying(client: TestClient, **wanted: object) -> dict[str, str]:
    answer = client.post("/api/tokens", json={"patient": ADELINA, **wanted}, headers=BY_KEY)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_a_token_is_issued_for_one_patient(client: TestClient) -> None:
    answer = client.post("/api/tokens", json={"patient": ADELINA, "minutes": 30}, headers=BY_KEY)
    told = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert told == {"token": told["token"], "patient": ADELINA, "expires": "2026-01-01T12:30:00Z"}
    me = client.get("/api/me", headers={"Authorization": f"Bearer {told['token']}"}).json()
    assert (me["subject"], me["name"], me["patient"]) == ("key:ward", "ward", ADELINA)


def test_a_program_names_who_will_carry_it(client: TestClient) -> None:
    me = client.get("/api/me", headers=carrying(client, user="nurse 12")).json()
    assert (me["subject"], me["name"]) == ("key:ward/nurse 12", "nurse 12")


def test_a_token_opens_no_conversation_about_another_patient(client: TestClient) -> None:
    headers = carrying(client)
    assert client.post("/api/conversations", json={"patient": ADELINA}, headers=headers).status_code == 201
    refused = client.post("/api/conversations", json={"patient": OTHER}, headers=headers)
    assert refused.status_code == 403
    assert OTHER not in refused.text


def test_a_token_issues_no_token(client: TestClient) -> None:
    answer = client.post("/api/tokens", json={"patient": ADELINA}, headers=carrying(client))
    assert answer.status_code == 403
    assert answer.json() == {"detail": "A token issues no tokens: ask as whoever issued it."}


def test_a_token_that_was_revoked_is_refused(client: TestClient) -> None:
    headers, another = carrying(client), carrying(client)
    assert client.delete("/api/tokens/current", headers=headers).status_code == 204
    assert client.get("/api/me", headers=headers).status_code == 401
    assert client.delete("/api/tokens/current", headers=headers).status_code == 401
    assert client.get("/api/me", headers=another).status_code == 200


def test_only_a_token_can_be_revoked(client: TestClient) -> None:
    answer = client.delete("/api/tokens/current", headers=BY_KEY)
    assert answer.json() == {"detail": "This request carries no token that was issued here."}


def test_a_launched_session_gives_tokens_of_its_own_patient(portal: Portal, client: TestClient) -> None:
    doctor = Caller(subject="user:https://ehr.example.org/Practitioner/7", patient=ADELINA)
    portal.desk.open_session = lambda session: fixtures()
    client.cookies.set("fra-session", sessions.open_session(portal, doctor, b"", HOUR))
    own = {"Origin": "http://testserver"}
    assert client.post("/api/tokens", json={"patient": OTHER}, headers=own).status_code == 403
    assert client.post("/api/tokens", json={"patient": ADELINA, "user": "x"}, headers=own).status_code == 403
    issued = client.post("/api/tokens", json={"patient": ADELINA}, headers=own)
    client.cookies.clear()
    me = client.get("/api/me", headers={"Authorization": f"Bearer {issued.json()['token']}"}).json()
    assert (me["subject"], me["answers_from"]) == (doctor.subject, "launch")


WRONG = [
    ({"patient": "Patient/nobody"}, 404),
    ({"patient": "Adelina"}, 422),
    ({"patient": ADELINA, "minutes": 0}, 422),
    ({"patient": ADELINA, "minutes": 1441}, 422),
    ({"patient": ADELINA, "user": "a\nb"}, 422),
    ({"patient": ADELINA, "subject": "local"}, 422),
    ({}, 422),
]


@pytest.mark.parametrize(("wanted", "status"), WRONG)
def test_a_wrong_wish_issues_nothing(client: TestClient, wanted: dict[str, object], status: int) -> None:
    assert client.post("/api/tokens", json=wanted, headers=BY_KEY).status_code == status


@pytest.mark.parametrize(("minutes", "known"), [(0, True), (59, True), (60, False), (600, False)])
def test_a_token_ends(portal: Portal, minutes: int, known: bool) -> None:
    token = tokens.issue(portal.database, CARRIER, NOON, HOUR)
    later = NOON + timedelta(minutes=minutes)
    assert (tokens.bearer_of(portal.database, token, later) is not None) == known


def test_no_token_lasts_longer_than_a_month(portal: Portal) -> None:
    token = tokens.issue(portal.database, CARRIER, NOON, timedelta(days=4000))
    assert tokens.bearer_of(portal.database, token, NOON + tokens.LONGEST) is None


def test_a_token_without_a_patient_is_not_made(portal: Portal) -> None:
    with pytest.raises(ValueError, match="^a token is bound to a patient$"):
        tokens.issue(portal.database, replace(CARRIER, patient=""), NOON, HOUR)


def test_a_token_of_nobody_in_particular_is_somebody_of_its_own(portal: Portal) -> None:
    nobody = replace(CARRIER, subject="")
    made = [tokens.issue(portal.database, nobody, NOON, HOUR) for _ in range(2)]
    subjects = {tokens.bearer_of(portal.database, token, NOON).subject for token in made}  # type: ignore[union-attr]
    assert len(subjects) == 2
    assert all(len(subject) == len("token:") + 16 for subject in subjects)


def test_ended_tokens_are_swept(portal: Portal) -> None:
    tokens.issue(portal.database, CARRIER, NOON, HOUR)
    tokens.issue(portal.database, CARRIER, NOON + HOUR, HOUR)
    with portal.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(tokens.tokens)).scalar_one() == 1


def test_no_token_is_in_the_database(portal: Portal, tmp_path: Path) -> None:
    token = tokens.issue(portal.database, CARRIER, NOON, HOUR)
    portal.database.close()
    files = b"".join(path.read_bytes() for path in tmp_path.glob("portal.db*"))
    assert ADELINA.encode() in files
    assert token.encode() not in files
    assert token.removeprefix("fra_").encode() not in files
