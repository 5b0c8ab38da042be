"""A JWT is taken if the issuer signed it, for this portal, now; whatever else it says of itself does not help it."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from portal.access.openid import Issuer, NotAccepted
from portal.caller import Caller
from portal.fetching import Unfetched, fetched
from tests.portal.access.issuer_for_tests import (
    ANOTHER_RSA,
    AUDIENCE,
    CLAIMS,
    EC,
    FOR_ENCRYPTION,
    ISSUER,
    LARGE_EC,
    NEW_RSA,
    RSA,
    SHARED,
    Published,
    public,
    signed,
)
from tests.portal.portal_for_tests import NOON
from tools.calls.errors import SetupError

NOW = int(NOON.timestamp())
DOCTOR = Caller(subject=f"user:{ISSUER}/7", name="Dr. Poe")


def part(told: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


def with_public_key_as_secret() -> str:
    """The classical confusion: the issuer's public key, which everybody has, as the secret of an HMAC."""
    secret = OctKey.import_key(base64.urlsafe_b64encode(RSA.as_pem(private=False)).decode())
    header = {"alg": "HS256", "kid": "rsa"}
    return jws.serialize_compact(header, json.dumps(CLAIMS), secret, algorithms=["HS256"])


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in CLAIMS.items() if key != name}


ACCEPTED = {
    "RS256": signed(CLAIMS),
    "PS256": signed(CLAIMS, alg="PS256"),
    "ES256": signed(CLAIMS, EC, alg="ES256"),
    "an access token of RFC 9068": signed(CLAIMS, typ="at+jwt"),
    "typ JWT": signed(CLAIMS, typ="JWT"),
    "no kid, one key of this kind and algorithm": signed(CLAIMS, EC, alg="ES256", kid=None),
    "one of several audiences": signed({**CLAIMS, "aud": ["another", AUDIENCE]}),
    "ended less than a minute ago": signed({**CLAIMS, "exp": NOW - 59}),
    "begins within a minute": signed({**CLAIMS, "nbf": NOW + 59}),
}
REFUSED = {
    "alg none": f"{part({'alg': 'none'})}.{part(CLAIMS)}.",
    "alg None": f"{part({'alg': 'None', 'kid': 'rsa'})}.{part(CLAIMS)}.",
    "no alg": f"{part({'kid': 'rsa'})}.{part(CLAIMS)}.AAAA",
    "alg is no text": f"{part({'alg': ['RS256'], 'kid': 'rsa'})}.{part(CLAIMS)}.AAAA",
    "HS256 with the public key": with_public_key_as_secret(),
    "HS256 with a published secret": signed(CLAIMS, SHARED, alg="HS256"),
    "RS512": signed(CLAIMS, alg="RS512"),
    "ES384": signed(CLAIMS, LARGE_EC, alg="ES384"),
    "signed by another with the same kid": signed(CLAIMS, ANOTHER_RSA),
    "kid of a key of another kind": signed(CLAIMS, kid="ec"),
    "a key for encryption": signed(CLAIMS, FOR_ENCRYPTION),
    "an unknown kid": signed(CLAIMS, NEW_RSA),
    "its own key in the header": signed(
        CLAIMS, ANOTHER_RSA, kid=None, jwk=ANOTHER_RSA.as_dict(private=False)
    ),
    "another address of keys in the header": signed(CLAIMS, ANOTHER_RSA, jku="https://evil.example.org/keys"),
    "another issuer": signed({**CLAIMS, "iss": "https://evil.example.org"}),
    "the issuer with a slash": signed({**CLAIMS, "iss": f"{ISSUER}/"}),
    "no issuer": signed(without("iss")),
    "another audience": signed({**CLAIMS, "aud": "another"}),
    "part of the audience": signed({**CLAIMS, "aud": AUDIENCE[:4]}),
    "no audience": signed(without("aud")),
    "ended": signed({**CLAIMS, "exp": NOW - 61}),
    "no end": signed(without("exp")),
    "an end that is no number": signed({**CLAIMS, "exp": "2099-01-01"}),
    "not yet": signed({**CLAIMS, "nbf": NOW + 61}),
    "issued in the future": signed({**CLAIMS, "iat": NOW + 61}),
    "no subject": signed(without("sub")),
    "an empty subject": signed({**CLAIMS, "sub": ""}),
    "a subject that is no text": signed({**CLAIMS, "sub": 7}),
    "a subject that breaks lines": signed({**CLAIMS, "sub": "7\n8"}),
    "a subject without end": signed({**CLAIMS, "sub": "7" * 600}),
    "a logout token": signed(CLAIMS, typ="logout+jwt"),
    "something critical that nobody knows": f"{part({'alg': 'RS256', 'kid': 'rsa', 'crit': ['x'], 'x': 1})}.e30.AA",
    "changed since": signed(CLAIMS).replace(part(CLAIMS)[:20], part({**CLAIMS, "sub": "8"})[:20])[:-4]
    + "AAAA",
    "claims that are a list": jws.serialize_compact(
        {"alg": "RS256", "kid": "rsa"}, b"[]", RSA, algorithms=["RS256"]
    ),
    "no JSON": "a.b.c",
    "not three parts": "nothing",
    "empty": "..",
}


@dataclass
class Clock:
    """Seconds that pass when told."""

    now: float = 1000.0
    published: Published = field(default_factory=Published)

    def issuer(self) -> Issuer:
        return Issuer(ISSUER, AUDIENCE, self.published.transport(), lambda: self.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_token_of_the_issuer_says_who_is_asking(name: str, clock: Clock) -> None:
    assert clock.issuer().caller(ACCEPTED[name], NOON) == DOCTOR


@pytest.mark.parametrize("name", REFUSED)
def test_no_other_token_does(name: str, clock: Clock) -> None:
    with pytest.raises(NotAccepted):
        clock.issuer().caller(REFUSED[name], NOON)
    assert all(address.startswith(ISSUER) for address in clock.published.asked)


def test_keys_are_read_once(clock: Clock) -> None:
    issuer = clock.issuer()
    for _ in range(3):
        issuer.caller(signed(CLAIMS), NOON)
    assert clock.published.asked == [f"{ISSUER}/.well-known/openid-configuration", clock.published.where]


def test_an_unknown_kid_has_the_keys_read_again_once_a_minute(clock: Clock) -> None:
    issuer, token = clock.issuer(), signed(CLAIMS, NEW_RSA)
    for _ in range(3):
        with pytest.raises(NotAccepted):
            issuer.caller(token, NOON)
    assert len(clock.published.asked) == 2
    clock.published.keys, clock.now = public(RSA, NEW_RSA), clock.now + 60
    assert issuer.caller(token, NOON) == DOCTOR
    assert len(clock.published.asked) == 4


def test_a_key_that_the_issuer_took_back_ends_within_the_hour(clock: Clock) -> None:
    issuer = clock.issuer()
    issuer.caller(signed(CLAIMS), NOON)
    clock.published.keys, clock.now = public(EC), clock.now + 3600
    with pytest.raises(NotAccepted):
        issuer.caller(signed(CLAIMS), NOON)


def test_an_issuer_that_is_away_for_a_while_locks_nobody_out(clock: Clock) -> None:
    issuer = clock.issuer()
    issuer.caller(signed(CLAIMS), NOON)
    clock.published.instead, clock.now = (503, b"", {}), clock.now + 7200
    assert issuer.caller(signed(CLAIMS), NOON) == DOCTOR
    clock.now += 86_400
    with pytest.raises(SetupError):
        issuer.caller(signed(CLAIMS), NOON)


def test_an_issuer_that_is_away_is_asked_once_a_minute(clock: Clock) -> None:
    issuer, clock.published.instead = clock.issuer(), (503, b"", {})
    for _ in range(3):
        with pytest.raises(SetupError):
            issuer.caller(signed(CLAIMS), NOON)
    assert len(clock.published.asked) == 1
    clock.published.instead, clock.now = None, clock.now + 60
    assert issuer.caller(signed(CLAIMS), NOON) == DOCTOR


TROUBLE = [
    (Published(issuer="https://evil.example.org"), "names another issuer"),
    (Published(where="http://login.example.org/keys"), "is not at an https:// address"),
    (Published(where="file:///etc/passwd"), "is not at an https:// address"),
    (Published(keys={"keys": "none"}), "holds no keys"),
    (Published(instead=(302, b"", {"Location": "https://evil.example.org"})),
     "cannot be read (status 302)"),
    (Published(instead=(200, b"[1]", {})), "is no JSON object"),
    (Published(instead=(200, b"[" * 100_000, {})), "is no JSON object"),
    (Published(instead=(200, b" " * 300_000, {})), "is too long"),
    (Published(instead=(200, b"{}", {"Content-Encoding": "br"})),
     "is packed, which was not asked for"),
]  # fmt: skip


@pytest.mark.parametrize(("published", "told"), TROUBLE, ids=[told for _, told in TROUBLE])
def test_what_the_issuer_does_wrong_is_told(published: Published, told: str) -> None:
    with pytest.raises(SetupError) as refused:
        Clock(published=published).issuer().caller(signed(CLAIMS), NOON)
    assert str(refused.value) == f"Nobody can be recognised now: what the issuer publishes {told}."


@pytest.mark.parametrize(
    "address",
    ["http://login.example.org/keys", "ftp://127.0.0.1/", "http://localhost.evil.example.org/", "x"],
)
def test_nothing_is_fetched_over_an_open_line(address: str) -> None:
    with pytest.raises(Unfetched, match=r"^is not at an https:// address$"):
        fetched(address, transport=Published().transport())
