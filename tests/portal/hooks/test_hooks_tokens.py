"""The client's JWT, held against https://cds-hooks.hl7.org/2.0/#trusting-cds-clients."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.testclient import TestClient

from portal.app import make
from tests.portal.hooks.hooks_for_tests import (
    BASE,
    CALL,
    ISSUER,
    NOW,
    SERVICE,
    asked,
    behind,
    ec_key,
    key_set,
    local,
    prefetch,
    rsa_key,
    token,
)
from tests.portal.portal_for_tests import a_portal
from tests.tools.sources.live.serving import Answering, Asked, serving

STRANGER, P256 = ec_key("stranger"), ec_key("p256", "P-256")


def unsigned() -> str:
    """A token that says it needs no signature."""
    head, body, _ = token().split(".")
    plain = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT", "kid": "ward"}).encode())
    return f"{plain.decode().rstrip('=')}.{body}."


def confused() -> str:
    """A token signed with the public key as if it were a shared secret."""
    secret = OctKey.import_key(key_set(rsa_key()))
    claims = {"iss": ISSUER, "aud": BASE + SERVICE, "iat": NOW, "exp": NOW + 300, "jti": "confused"}
    head = {"alg": "HS256", "typ": "JWT", "kid": "rsa"}
    return jwt.encode(head, claims, secret, algorithms=["HS256"])


def tampered() -> str:
    head, body, seal = token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**claims, "jti": "other"}).encode()).decode().rstrip("=")
    return f"{head}.{other}.{seal}"


@dataclass(frozen=True)
class Case:
    id: str
    token: str
    why: str = ""


_KID = "no key of its issuer fits its kid and alg"
_ALG = "it must be signed with ES256, ES384, RS256, RS384"
CASES = [
    Case("ES384", token()),
    Case("RS384", token(key=rsa_key(), alg="RS384")),
    Case("RS256", token(key=rsa_key(), alg="RS256")),
    Case("ES256", token(key=ec_key("p256", "P-256"), alg="ES256")),
    Case("aud may be a list", token(aud=[BASE + SERVICE])),
    Case("a tenant says nothing", token(tenant="2ddd6c3a")),
    Case("clocks differ a little", token(iat=NOW + 20, exp=NOW - 20)),
    Case("not signed", unsigned(), _ALG),
    Case("signed with the public key", confused(), _ALG),
    Case("another algorithm", token(key=rsa_key(), alg="PS256"), _ALG),
    Case("an algorithm of another kind of key", token(key=rsa_key(), alg="RS256", header={"kid": "ward"}), _KID),
    Case("a curve that is not the algorithm's", token(key=P256, alg="ES256", header={"kid": "ward"}), _KID),
    Case("a key that nobody knows", token(key=STRANGER), _KID),
    Case("no kid", token(header={"kid": None}), 'its header must have kid and typ "JWT"'),
    Case("another typ", token(header={"typ": "at+jwt"}), 'its header must have kid and typ "JWT"'),
    Case("changed", tampered(), "its signature is not right"),
    Case("another issuer", token(iss="https://evil.example.org"), "its issuer (iss) is not known here"),
    Case("no issuer", token(iss=None), "its issuer (iss) is not known here"),
    Case("an issuer that is no text", token(iss=["x"]), "its issuer (iss) is not known here"),
    Case("for another service", token("/cds-services/other"), "its aud is missing or not right"),
    Case("for discovery", token("/cds-services"), "its aud is missing or not right"),
    Case("for another host", token(aud=f"https://other.example.org{SERVICE}"), "its aud is missing or not right"),
    Case("for nobody", token(aud=None), "its aud is missing or not right"),
    Case("ended", token(exp=NOW - 31), "its exp is missing or not right"),
    Case("never ends", token(exp=None), "its exp is missing or not right"),
    Case("ends in a century", token(exp=NOW + 3_155_760_000), "its exp must be within 3600 seconds"),
    Case("issued in the future", token(iat=NOW + 60), "its iat is missing or not right"),
    Case("not issued", token(iat=None), "its iat is missing or not right"),
    Case("not to be used yet", token(nbf=NOW + 60), "its nbf is missing or not right"),
    Case("no jti", token(jti=None), "its jti is missing or not right"),
    Case("a jti that is no text", token(jti=7), "its jti is missing or not right"),
    Case("no JWT", "x.y.z", "it is not a JWT"),
    Case("five parts", "a.b.c.d.e", "it is not a JWT"),
    Case("very long", "x" * 9000, "it is not a JWT"),
    Case("none", "", "there is none"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_tokens(case: Case, tmp_path: Path) -> None:
    head = {"Authorization": f"Bearer {case.token}"}
    answer = behind(tmp_path).post(SERVICE, json=asked(prefetch=prefetch()), headers=head)
    if case.why:
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json() == {"detail": f"The token of the CDS client is not taken: {case.why}."}
    else:
        assert answer.status_code == 200, answer.text


def test_a_token_is_taken_once_by_all_replicas(tmp_path: Path) -> None:
    head = {"Authorization": f"Bearer {token()}"}
    call = asked(prefetch=prefetch())
    assert behind(tmp_path).post(SERVICE, json=call, headers=head).status_code == 200
    again = behind(tmp_path).post(SERVICE, json=call, headers=head)
    assert again.json() == {"detail": "The token of the CDS client is not taken: it was used before (jti)."}


def test_a_token_that_was_refused_is_not_used_up(tmp_path: Path) -> None:
    portal, call = behind(tmp_path), asked(prefetch=prefetch())
    assert portal.post(SERVICE, json=call, headers=_head(token("/cds-services", jti="a"))).status_code == 401
    assert portal.post(SERVICE, json=call, headers=_head(token(jti="a"))).status_code == 200


def _head(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


def test_nobody_learns_what_is_wrong_with_a_body_before_saying_who_it_is(tmp_path: Path) -> None:
    assert behind(tmp_path).post(SERVICE, json={}).status_code == 401


def test_discovery_and_feedback_need_a_token_of_their_own(tmp_path: Path) -> None:
    portal = behind(tmp_path)
    assert portal.get("/cds-services").status_code == 401
    assert portal.get("/cds-services", headers=_head(token("/cds-services"))).status_code == 200
    assert (
        portal.post(f"{SERVICE}/feedback", json={}, headers=_head(token("/cds-services"))).status_code == 401
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "0.0.0.0"},
        {"keys": {"ward": "x"}},
        {"issuer": "https://login.example.org", "audience": "portal"},
        {"url": "https://assistant.example.org"},
    ],
)
def test_without_clients_only_this_computer_is_answered(settings: dict[str, object], tmp_path: Path) -> None:
    assert TestClient(make(a_portal(tmp_path, **settings))).get("/cds-services").status_code == 401


def test_this_computer_needs_no_token(tmp_path: Path) -> None:
    assert (
        local(tmp_path).post(SERVICE, json=asked(prefetch=prefetch(), hookInstance=CALL)).status_code == 200
    )


def test_keys_at_an_address_are_asked_for_once_and_again_for_a_new_one(tmp_path: Path) -> None:
    known = [ec_key()]

    def keys(to: Answering, asked: Asked) -> bool:
        return to.whole(200, key_set(*known), "application/json")

    with serving(jwks=keys) as server:
        portal = behind(tmp_path, keys=None, jwks=f"{server.base}/jwks")
        for _ in range(3):
            assert portal.get("/cds-services", headers=_head(token("/cds-services"))).status_code == 200
        known.append(STRANGER)
        late = portal.get("/cds-services", headers=_head(token("/cds-services", key=STRANGER)))
        assert (late.status_code, len(server.asked)) == (
            401,
            1,
        )  # the clock stands: it was asked a moment ago


@pytest.mark.parametrize("answer", ["", "[]", '{"keys": 1}', "<html>", '{"keys": [' + " " * 300_000 + "]}"])
def test_keys_that_cannot_be_had_are_not_the_callers_fault(answer: str, tmp_path: Path) -> None:
    with serving(jwks=lambda to, asked: to.whole(200, answer, "application/json")) as server:
        portal = behind(tmp_path, keys=None, jwks=f"{server.base}/jwks")
        assert portal.get("/cds-services", headers=_head(token("/cds-services"))).status_code == 503


def test_where_the_keys_redirect_to_is_not_followed(tmp_path: Path) -> None:
    with (
        serving() as other,
        serving(jwks=lambda to, asked: to.whole(302, "", location=f"{other.base}/jwks")) as server,
    ):
        portal = behind(tmp_path, keys=None, jwks=f"{server.base}/jwks")
        assert portal.get("/cds-services", headers=_head(token("/cds-services"))).status_code == 503
        assert not other.asked


def test_the_jku_of_a_token_is_never_asked(tmp_path: Path) -> None:
    evil = ec_key("evil")
    with serving(jwks=lambda to, asked: to.whole(200, key_set(evil))) as server:
        forged = token("/cds-services", key=evil, header={"jku": f"{server.base}/jwks"})
        assert behind(tmp_path).get("/cds-services", headers=_head(forged)).status_code == 401
        assert not server.asked
