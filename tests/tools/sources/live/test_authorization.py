"""What the environment says -> the token that requests carry; secrets are told to nobody else."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from agent.assistant import Assistant
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, LATEST, LIMITS
from tests.tools.sources.live.serving import Answering, Asked, Behaviour, serving
from tests.whole_questions import NOW
from tools.calls.errors import SetupError
from tools.sources.live import LiveRecords, from_environment

RSA = RSAKey.generate_key(2048, {"kid": "ours"})
EC, CURVE = ECKey.generate_key("P-384", {"kid": "ours"}), ECKey.generate_key("P-256")
HOME, OPEN = "http://127.0.0.1:8080/fhir", "http://fhir.example.org/r4"
TOKEN, CLIENT = "FHIR_ASSISTANT_SERVER_TOKEN", "FHIR_ASSISTANT_SERVER_CLIENT"
KEY, URL = "FHIR_ASSISTANT_SERVER_KEY", "FHIR_ASSISTANT_SERVER_TOKEN_URL"
LONE = (
    f"{CLIENT} needs {KEY}, a file with the private key (JWK or PEM), and {URL}, the token endpoint,"
    " e.g. https://auth.example.org/token."
)
NO_KEY = "{key}: expected a private key, RSA or EC, as JWK or PEM."
SAFE = {CLIENT: "us", URL: "https://auth.example.org/token"}
REFUSED: list[tuple[str, str, Mapping[str, str], str, str]] = [
    (
        "a token over an open line",
        OPEN,
        {TOKEN: "s3cret"},
        "",
        f"{OPEN}: a secret goes only over https, or to this machine. Use https://.",
    ),
    (
        "a client over an open line",
        OPEN,
        SAFE,
        "",
        f"{OPEN}: a secret goes only over https, or to this machine. Use https://.",
    ),
    (
        "a token server over an open line",
        HOME,
        {**SAFE, URL: "http://auth.example.org/token", KEY: "{key}"},
        "",
        "http://auth.example.org/token: a secret goes only over https, or to this machine. Use https://.",
    ),
    (
        "a name that only begins like this machine's",
        "http://localhost.example.org/r4",
        {TOKEN: "s3cret"},
        "",
        "http://localhost.example.org/r4: a secret goes only over https, or to this machine. Use https://.",
    ),
    (
        "a token of two lines",
        HOME,
        {TOKEN: "s3\ncret"},
        "",
        f"{TOKEN} is no token: expected ASCII characters in one line.",
    ),
    ("a client without a key", HOME, {CLIENT: "us", URL: SAFE[URL]}, "", LONE),
    ("a client without a token server", HOME, {CLIENT: "us", KEY: "{key}"}, "", LONE),
    (
        "a key that is not there",
        HOME,
        {**SAFE, KEY: "{key}.not"},
        "",
        "{key}.not: the key cannot be read: No such file or directory.",
    ),
    ("an empty key", HOME, {**SAFE, KEY: "{key}"}, "", NO_KEY),
    ("a key that is none", HOME, {**SAFE, KEY: "{key}"}, "s3cret", NO_KEY),
    ("half a JWK", HOME, {**SAFE, KEY: "{key}"}, '{"kty": "RSA"}', NO_KEY),
    ("broken JSON", HOME, {**SAFE, KEY: "{key}"}, '{"kty": "RSA"', NO_KEY),
    ("a set of nothing", HOME, {**SAFE, KEY: "{key}"}, '{"keys": [5]}', NO_KEY),
    ("a public JWK", HOME, {**SAFE, KEY: "{key}"}, json.dumps(RSA.as_dict(private=False)), NO_KEY),
    ("a public PEM", HOME, {**SAFE, KEY: "{key}"}, RSA.as_pem(private=False).decode(), NO_KEY),
    ("a shared secret", HOME, {**SAFE, KEY: "{key}"}, json.dumps(OctKey.generate_key(256).as_dict()), NO_KEY),
]
KEYS: list[tuple[str, Any, str]] = [
    ("RSA, JWK", RSA, json.dumps(RSA.as_dict(private=True))),
    ("RSA, PEM", RSA, RSA.as_pem(private=True).decode()),
    ("EC, JWK", EC, json.dumps(EC.as_dict(private=True))),
    ("EC, PEM", EC, EC.as_pem(private=True).decode()),
    ("EC on another curve", CURVE, json.dumps(CURVE.as_dict(private=True))),
    (
        "a set with the public key first",
        RSA,
        json.dumps({"keys": [EC.as_dict(private=False), RSA.as_dict(private=True)]}),
    ),
]


@dataclass
class TokenServer:
    """Gives a token to whoever signs with the key, a new one each time, and takes only the last that it gave.

    Attributes:
        lasts: seconds that it says a token lasts.
        takes: requests that each token is good for.
    """

    key: Any
    lasts: int = 3600
    takes: int = 1000
    given: int = 0
    used: int = 0
    wrong: list[str] = field(default_factory=list)

    def token(self, to: Answering, asked: Asked) -> bool:
        claims = jwt.decode(asked.terms["client_assertion"], self.key, algorithms=["RS384", "ES384", "ES256"])
        said, where = claims.claims, f"{to.server.base}/token"
        ends = said["exp"] - time.time()
        self.wrong += [n for n, v in (("iss", "us"), ("sub", "us"), ("aud", where)) if said[n] != v]
        self.wrong += [] if 0 < ends <= 300 and said["jti"] and claims.header["alg"] else ["exp"]
        self.wrong += [] if claims.header.get("kid") == self.key.as_dict().get("kid") else ["kid"]
        self.wrong += [] if asked.terms["grant_type"] == "client_credentials" else ["grant_type"]
        self.given, self.used = self.given + 1, 0
        return to.json(
            {"access_token": f"token-{self.given}", "token_type": "bearer", "expires_in": self.lasts}
        )

    def guard(self, to: Answering, asked: Asked) -> bool | None:
        self.used += 1
        good = asked.headers.get("Authorization") == f"Bearer token-{self.given}" and self.used <= self.takes
        return None if good else to.whole(401, "{}")


def environment(base: str, key: Path) -> dict[str, str]:
    return {CLIENT: "us", KEY: str(key), URL: f"{base}/token"}


@pytest.mark.parametrize(("what", "base", "said", "key", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_incomplete_or_unsafe_is_refused(
    what: str, base: str, said: Mapping[str, str], key: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(key)
    told = {name: value.replace("{key}", str(file)) for name, value in said.items()}
    with pytest.raises(SetupError) as raised:
        from_environment(base, told)
    assert str(raised.value) == message.replace("{key}", str(file))
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "base", ["https://fhir.example.org/r4", HOME, "http://localhost/fhir", "http://[::1]:80/"]
)
def test_a_token_goes_over_closed_lines_and_to_this_machine(base: str) -> None:
    assert "s3cret" not in repr(from_environment(base, {TOKEN: "s3cret"}))
    assert from_environment(base, {}) is None


@pytest.mark.parametrize(("what", "key", "written"), KEYS, ids=[row[0] for row in KEYS])
def test_a_key_gets_a_token(what: str, key: Any, written: str, tmp_path: Path) -> None:
    file, tokens = tmp_path / "key", TokenServer(key if "PEM" not in what else type(key).import_key(written))
    file.write_text(written)
    with serving(ADA, token=tokens.token, metadata=tokens.guard, Observation=tokens.guard) as server:
        records = LiveRecords(
            server.base, from_environment(server.base, environment(server.base, file)), LIMITS
        )
        assert Assistant(records, model="none").ask("p1", LATEST, now=NOW).values == (6.5,)
    assert (tokens.wrong, tokens.given) == ([], 1)


@pytest.mark.parametrize(
    ("what", "tokens"),
    [
        ("a token that is refused in mid-page", TokenServer(RSA, takes=3)),
        ("a token that ends", TokenServer(RSA, lasts=1)),
        ("a token that ends at once", TokenServer(RSA, lasts=-1)),
    ],
)
def test_a_token_is_renewed(what: str, tokens: TokenServer, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(json.dumps(RSA.as_dict(private=True)))
    with serving(ADA, token=tokens.token, Observation=tokens.guard) as server:
        limits = replace(LIMITS, together=1)
        records = LiveRecords(
            server.base, from_environment(server.base, environment(server.base, file)), limits
        )
        assert Assistant(records, model="none").ask("p1", LATEST, now=NOW).values == (6.5,)
    assert tokens.wrong == []
    assert tokens.given > 1


@pytest.mark.parametrize("takes", range(2, 6))
def test_rows_from_before_a_renewal_are_kept_and_none_is_doubled(takes: int, tmp_path: Path) -> None:
    file, tokens = tmp_path / "key", TokenServer(RSA, takes=takes)
    file.write_text(json.dumps(RSA.as_dict(private=True)))
    taken: list[str] = []

    def guard(to: Answering, asked: Asked) -> object:
        refused = tokens.guard(to, asked)
        if refused is None and not asked.counts:
            taken.append(asked.terms.get("_offset", "0"))
        return refused

    with serving(ADA, token=tokens.token, Observation=guard) as server:
        given = from_environment(server.base, environment(server.base, file))
        record = LiveRecords(server.base, given, replace(LIMITS, together=1)).open("Patient/p1", NOW)
        read = [entry.reference for entry in record.entries("Observation")]
    assert read == [f"Observation/a{n}" for n in range(1, 6)]
    assert (record.problems, taken, tokens.given > 1) == ({}, ["0", "2", "4"], takes < 4)


def test_a_token_for_another_patient_is_not_used(tmp_path: Path) -> None:
    file, owners = tmp_path / "key", iter(["p1", "p2"])
    file.write_text(json.dumps(RSA.as_dict(private=True)))

    def token(to: Answering, asked: Asked) -> bool:
        owner = next(owners)
        return to.json({"access_token": f"of-{owner}", "patient": owner, "expires_in": 3600})

    def guard(to: Answering, asked: Asked) -> object:
        ended = asked.terms.get("_offset") == "4"
        return to.whole(401, "{}") if ended and asked.headers["Authorization"] == "Bearer of-p1" else None

    with serving(ADA, token=token, Observation=guard) as server:
        given = from_environment(server.base, environment(server.base, file))
        answer = Assistant(LiveRecords(server.base, given, LIMITS), model="none").ask("p1", LATEST, now=NOW)
    assert answer.values == ()
    assert "could not be read: the token server gave a token for another patient" in answer.answer
    assert {asked.headers.get("Authorization") for asked in server.asked} == {None, "Bearer of-p1"}


NO_TOKEN: list[tuple[str, Behaviour, str]] = [
    ("refuses", bad.status(400, '{"error": "invalid_client"}'), "the token server gave no token (400)"),
    ("redirects", bad.redirects, "the token server gave no token (302)"),
    ("gives a web page", bad.HTML, "the token server's answer holds no token"),
    ("gives a list", bad.LIST, "the token server's answer holds no token"),
    ("gives nothing", bad.status(200, ""), "the token server's answer holds no token"),
    ("gives JSON without bottom", bad.NESTED, "the token server's answer holds no token"),
    ("gives a number", bad.status(200, '{"access_token": 5}'), "the token server's answer holds no token"),
    (
        "gives two lines",
        bad.status(200, r'{"access_token": "a\r\nb: c"}'),
        "the token server's answer holds no token",
    ),
    ("floods", bad.floods, "the token server's answer is too long"),
]


@pytest.mark.parametrize(("what", "does", "reason"), NO_TOKEN, ids=[row[0] for row in NO_TOKEN])
def test_no_token_is_a_denial(what: str, does: Behaviour, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(json.dumps(RSA.as_dict(private=True)))
    with serving() as elsewhere, serving(ADA, token=does) as server:
        server.elsewhere = elsewhere.base
        given = from_environment(server.base, environment(server.base, file))
        with pytest.raises(SetupError) as raised:
            LiveRecords(server.base, given, LIMITS)
    assert str(raised.value) == (
        f"{server.base}: {reason}. Set FHIR_ASSISTANT_SERVER_TOKEN to a token that may read there."
    )
    assert elsewhere.asked == []


LIVES = ['"soon"', "null", "1e999", "-5", "[]", "true"]


@pytest.mark.parametrize("life", LIVES)
def test_a_life_that_is_no_number_is_borne(life: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(json.dumps(EC.as_dict(private=True)))
    does = bad.status(200, f'{{"access_token": "t", "expires_in": {life}}}')
    with serving(ADA, token=does) as server:
        given = from_environment(server.base, environment(server.base, file))
        assert LiveRecords(server.base, given, LIMITS).find("Ada").reference == "Patient/p1"


@pytest.mark.parametrize("does", [bad.status(401), bad.status(500), bad.hangs_up, bad.redirects])
def test_a_token_is_told_to_nobody(does: Behaviour, caplog: pytest.LogCaptureFixture) -> None:
    with serving() as elsewhere, serving(ADA, Observation=does) as server, caplog.at_level(logging.DEBUG):
        server.elsewhere = elsewhere.base
        records = LiveRecords(server.base, from_environment(server.base, {TOKEN: "s3cret"}), LIMITS)
        answer = Assistant(records, model="none").ask("p1", LATEST, now=NOW)
        records.close()
    assert {asked.headers["Authorization"] for asked in server.asked} == {"Bearer s3cret"}
    assert "s3cret" not in answer.model_dump_json() + caplog.text
    assert [record for record in caplog.records if "p1" in record.getMessage()] == []
    assert elsewhere.asked == []
