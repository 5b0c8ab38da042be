"""What a request carries -> who is asking; what is not known is 401, and never somebody else."""

import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import generate_latest

from portal import keys
from portal.access import sessions, tokens
from portal.app import make
from portal.caller import Caller
from portal.portal import Portal
from tests.portal.access.issuer_for_tests import AUDIENCE, CLAIMS, RSA, SHARED, public, signed
from tests.portal.portal_for_tests import ADELINA, NOON, a_portal

KEY = "frk_of-the-ward"
KEYS = {"ward": keys.digest_of(KEY), "lab": keys.digest_of("frk_of-the-lab")}
DOCTOR = Caller(subject="user:https://ehr.example.org/Practitioner/7", name="Dr. Poe", patient=ADELINA)
CARRIER = Caller(subject="key:ward", name="Ward", patient=ADELINA)
HOUR = timedelta(hours=1)
UNKNOWN = "This token is not known here, has ended or was revoked."
WHO = "Say who you are: Authorization: Bearer KEY."


def me(portal: Portal, **headers: str) -> Any:
    with TestClient(make(portal)) as client:
        return client.get("/api/me", headers=headers)


def asking(portal: Portal, **headers: str) -> tuple[str, str]:
    told = me(portal, **headers).json()
    return told["subject"], told["patient"]


def carrying(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def local(tmp_path: Path) -> Portal:
    return a_portal(tmp_path)


@pytest.fixture
def closed(tmp_path: Path) -> Portal:
    return a_portal(tmp_path, keys=KEYS)


def test_on_this_computer_nobody_has_to_say_who_they_are(local: Portal) -> None:
    assert asking(local) == ("local", "")


def test_a_token_narrows_to_its_patient_on_this_computer_too(local: Portal) -> None:
    token = tokens.issue(local.database, CARRIER, NOON, HOUR)
    assert asking(local, **carrying(token)) == ("key:ward", ADELINA)


def test_a_key_says_whose_it_is(closed: Portal) -> None:
    assert asking(closed, **carrying(KEY)) == ("key:ward", "")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_is_read_as_rfc_9110_wants(closed: Portal, scheme: str) -> None:
    assert asking(closed, Authorization=f"{scheme} {KEY}") == ("key:ward", "")


NOBODY = {
    "nothing": ({}, WHO, "Bearer"),
    "another scheme": ({"Authorization": "Basic d2FyZDprZXk="}, WHO, "Bearer"),
    "the key without a scheme": ({"Authorization": KEY}, WHO, "Bearer"),
    "an empty token": ({"Authorization": "Bearer "}, UNKNOWN, 'Bearer error="invalid_token"'),
    "another key": (carrying("frk_x"), UNKNOWN, 'Bearer error="invalid_token"'),
    "part of the key": (carrying(KEY[:-1]), UNKNOWN, 'Bearer error="invalid_token"'),
    "the hash of the key": (carrying(KEYS["ward"]), UNKNOWN, 'Bearer error="invalid_token"'),
    "a token nobody issued": (carrying("fra_x"), UNKNOWN, 'Bearer error="invalid_token"'),
    "a JWT where there is no issuer": (carrying(signed(CLAIMS)), UNKNOWN, 'Bearer error="invalid_token"'),
    "a token without end": (carrying("x" * 20_000), UNKNOWN, 'Bearer error="invalid_token"'),
}


@pytest.mark.parametrize("name", NOBODY)
def test_whoever_is_not_known_is_refused(closed: Portal, name: str) -> None:
    headers, sentence, challenge = NOBODY[name]
    answer = me(closed, **headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": sentence})
    assert answer.headers["www-authenticate"] == challenge


@pytest.mark.parametrize("token", ["fra_x", KEY, "", "a.b.c"])
def test_a_bad_token_is_refused_on_this_computer_too(local: Portal, token: str) -> None:
    assert me(local, **carrying(token)).status_code == 401


def test_a_token_in_the_address_is_none(closed: Portal) -> None:
    with TestClient(make(closed)) as client:
        for name in ("access_token", "token", "key"):
            assert client.get("/api/me", params={name: KEY}).status_code == 401


def test_nobody_is_local_where_others_can_reach_the_portal(tmp_path: Path) -> None:
    assert me(a_portal(tmp_path, host="0.0.0.0")).status_code == 401


def test_a_cookie_says_who_launched(closed: Portal) -> None:
    cookie = sessions.open_session(closed, DOCTOR, b"", HOUR)
    assert (
        me(closed, Cookie=f"fra-session={cookie}").status_code == 403
    )  # the launch's records are another part
    caller = sessions.caller_of(closed, cookie)
    assert caller is not None
    assert (caller.subject, caller.patient) == (DOCTOR.subject, ADELINA)


def test_an_ended_cookie_is_refused_and_forgotten(local: Portal) -> None:
    answer = me(local, Cookie="fra-session=gone")
    assert answer.json() == {"detail": "This session has ended: launch again."}
    assert answer.headers["set-cookie"] == "fra-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"


def test_a_bad_token_is_not_helped_by_a_good_cookie(closed: Portal) -> None:
    cookie = sessions.open_session(closed, DOCTOR, b"", HOUR)
    assert me(closed, Cookie=f"fra-session={cookie}", **carrying("fra_x")).status_code == 401


def test_a_token_of_a_session_ends_with_it(closed: Portal) -> None:
    key = sessions.key_of(sessions.open_session(closed, DOCTOR, b"", HOUR))
    carrier = Caller(subject=DOCTOR.subject, patient=ADELINA, session=key)
    token = tokens.issue(closed.database, carrier, NOON, HOUR)
    assert me(closed, **carrying(token)).status_code == 403
    sessions.end(closed, key)
    assert me(closed, **carrying(token)).status_code == 401


def test_every_key_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    compare = hmac.compare_digest

    def noting(kept: str, given: str) -> bool:
        compared.append(kept)
        return compare(kept, given)

    monkeypatch.setattr(keys.hmac, "compare_digest", noting)
    assert [keys.holder(KEYS, KEY), keys.holder(KEYS, "x")] == ["ward", ""]
    assert compared == list(KEYS.values()) * 2


class _Issuer(BaseHTTPRequestHandler):
    """Publishes its keys on this computer."""

    def do_GET(self) -> None:
        where = f"http://127.0.0.1:{self.server.server_address[1]}"  # type: ignore[index]
        known = self.path == "/.well-known/openid-configuration"
        told = {"issuer": where, "jwks_uri": f"{where}/keys"} if known else public(RSA, SHARED)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *told: object) -> None:
        pass


@contextmanager
def publishing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Issuer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_token_of_a_real_issuer_says_who_is_asking(tmp_path: Path) -> None:
    with publishing() as issuer:
        portal = a_portal(tmp_path, issuer=issuer, audience=AUDIENCE)
        claims = {**CLAIMS, "iss": issuer}
        assert asking(portal, **carrying(signed(claims))) == (f"user:{issuer}/7", "")
        assert me(portal, **carrying(signed(CLAIMS))).status_code == 401
        assert me(portal, **carrying(signed(claims, SHARED, alg="HS256"))).status_code == 401
        assert me(portal).status_code == 401


def test_an_issuer_that_is_away_is_not_the_caller_s_fault(tmp_path: Path) -> None:
    portal = a_portal(tmp_path, issuer="http://127.0.0.1:9", audience=AUDIENCE)
    answer = me(portal, **carrying(signed(CLAIMS)))
    assert answer.status_code == 503
    assert answer.json() == {
        "detail": "Nobody can be recognised now: what the issuer publishes cannot be read (ConnectError)."
    }


def test_who_is_refused_is_counted_and_not_named(closed: Portal) -> None:
    client = TestClient(make(closed))
    client.get("/api/me")
    client.get("/api/me", headers={"Authorization": "Bearer made-up"})
    client.get("/api/me", headers={"Cookie": "fra-session=made-up"})
    told = generate_latest(closed.metrics.registry).decode()
    for why in ("nothing", "token", "session"):
        assert f'fhir_assistant_refused_total{{why="{why}"}} 1.0' in told
    assert "made-up" not in told
