"""A record system of the tests' own: a FHIR server that users sign in at, well-behaved unless told otherwise."""

import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from tests.builders import Resource
from tests.portal.portal_for_tests import NOON
from tests.tools.sources.live.people_for_tests import ADA, EVE
from tests.tools.sources.live.serving import KIND_NAMES, Answering, Asked, Behaviour, Server, serving

CLIENT = "fhir-assistant"
KEY = ECKey.generate_key("P-256", {"kid": "theirs"})
DOCTOR: Resource = {
    "resourceType": "Practitioner",
    "id": "7",
    "name": [{"family": "Hauser", "given": ["Mia"], "prefix": ["Dr."]}],
}
ALL = "launch openid fhirUser patient/*.rs"
CHANGED = Mapping[str, Any]
"""What is said instead; None says nothing."""


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class RecordSystem:
    """What it says, and what it knows.

    Attributes:
        smart: changes its configuration.
        gives: changes its first answer with tokens.
        renews: changes each further answer with tokens.
        claims: changes what it says of the user.
        signs: writes that down.
        secret: of the client, "" for a public one.
        refuses: statuses of the next answers of the token endpoint.
        living: access tokens that are good.
        refreshing: refresh tokens that are good.
        forms: what the token endpoint was asked, and the revocation endpoint.
    """

    clock: Clock
    smart: CHANGED = field(default_factory=dict)
    gives: CHANGED = field(default_factory=dict)
    renews: CHANGED = field(default_factory=dict)
    claims: CHANGED = field(default_factory=dict)
    signs: Callable[[dict[str, Any]], str] = lambda claims: jwt.encode(
        {"alg": "ES256", "kid": "theirs"}, claims, KEY
    )
    secret: str = ""
    refuses: list[int] = field(default_factory=list)
    living: set[str] = field(default_factory=set)
    refreshing: set[str] = field(default_factory=set)
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    forms: list[Mapping[str, str]] = field(default_factory=list)
    server: Any = None

    @property
    def base(self) -> str:
        return str(self.server.base)

    def configuration(self, to: Answering, asked: Asked) -> object:
        if asked.path != ".well-known/smart-configuration":
            return to.whole(404, "{}")
        told = {
            "issuer": self.base,
            "jwks_uri": f"{self.base}/jwks",
            "authorization_endpoint": f"{self.base}/authorize?tenant=1",
            "token_endpoint": f"{self.base}/token",
            "revocation_endpoint": f"{self.base}/revoke",
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["launch-ehr", "launch-standalone", "permission-v2", "permission-offline"],
        }
        return to.json(changed(told, self.smart))

    def authorize(self, to: Answering, asked: Asked) -> object:
        assert (asked.terms["client_id"], asked.terms["aud"]) == (CLIENT, self.base)
        assert asked.terms["tenant"] == "1", "the query that the endpoint had stays"
        assert asked.terms["code_challenge_method"] == "S256"
        assert "launch" in asked.terms or "launch/patient" in asked.terms["scope"]
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked.terms
        back = urlencode({"code": code, "state": asked.terms["state"]})
        return to.whole(302, "", location=f"{asked.terms['redirect_uri']}?{back}")

    def token(self, to: Answering, asked: Asked) -> object:
        self.forms.append(asked.terms)
        if self.refuses:
            return to.whole(self.refuses.pop(0), '{"error": "invalid_grant"}')
        if not self._knows(asked):
            return to.whole(401, '{"error": "invalid_client"}')
        form = asked.terms
        if form["grant_type"] == "refresh_token":
            return self._renewed(to, form["refresh_token"])
        begun = self.codes.pop(form["code"], None)
        if begun is None or challenge(form["code_verifier"]) != begun["code_challenge"]:
            return to.whole(400, '{"error": "invalid_grant"}')
        assert form["redirect_uri"] == begun["redirect_uri"]
        return self._given(to, {**self._statement(begun), "patient": "p1"}, self.gives)

    def revoke(self, to: Answering, asked: Asked) -> object:
        self.forms.append(asked.terms)
        self.living.discard(asked.terms["token"])
        self.refreshing.discard(asked.terms["token"])
        return to.whole(200, "")

    def jwks(self, to: Answering, asked: Asked) -> object:
        return to.json(KeySet([KEY]).as_dict(private=False))

    def guarded(self, to: Answering, asked: Asked) -> object:
        headers = {name.casefold(): value for name, value in asked.headers.items()}
        known = headers.get("authorization", "").removeprefix("Bearer ") in self.living
        return None if known else to.whole(401, "{}")

    def end_tokens(self) -> None:
        """Make every access token worthless, as a record system may at any time."""
        self.living.clear()

    def _knows(self, asked: Asked) -> bool:
        headers = {name.casefold(): value for name, value in asked.headers.items()}
        if not self.secret:
            return asked.terms.get("client_id") == CLIENT or "client_assertion" in asked.terms
        return (
            b64decode(headers["authorization"].removeprefix("Basic ")) == f"{CLIENT}:{self.secret}".encode()
        )

    def _renewed(self, to: Answering, refresh: str) -> object:
        if refresh not in self.refreshing:
            return to.whole(400, '{"error": "invalid_grant"}')
        self.refreshing.discard(refresh)
        return self._given(to, {}, self.renews)

    def _given(self, to: Answering, more: CHANGED, changes: CHANGED) -> object:
        access, refresh = f"at-{secrets.token_urlsafe(16)}", f"rt-{secrets.token_urlsafe(16)}"
        self.living.add(access)
        self.refreshing.add(refresh)
        told = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 600,
            "scope": ALL,
            "refresh_token": refresh,
            **more,
        }
        return to.json(changed(told, changes))

    def _statement(self, begun: Mapping[str, str]) -> dict[str, str]:
        claims = {
            "iss": self.base,
            "aud": CLIENT,
            "sub": "mia",
            "iat": int(self.clock().timestamp()),
            "exp": int(self.clock().timestamp()) + 300,
            "nonce": begun["nonce"],
            "fhirUser": f"{self.base}/Practitioner/7",
        }
        return {"id_token": self.signs(changed(claims, self.claims))}


def changed(told: CHANGED, changes: CHANGED) -> dict[str, Any]:
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def signed_by_nobody(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def signed_by_another(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": "theirs"}, claims, ECKey.generate_key("P-256"))


def signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """The trick of taking a public key for a shared secret."""
    public = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
    return jwt.encode({"alg": "HS256", "kid": "theirs"}, claims, public, algorithms=["HS256"])


@contextmanager
def a_record_system(
    clock: Clock, behaviours: Mapping[str, Behaviour] | None = None
) -> Iterator[RecordSystem]:
    """Run one with Ada's record, and Eve's, while the block runs."""
    system = RecordSystem(clock)
    paths: dict[str, Behaviour] = {
        **dict.fromkeys((*KIND_NAMES, "Practitioner"), system.guarded),
        ".well-known": system.configuration,
        "authorize": system.authorize,
        "token": system.token,
        "revoke": system.revoke,
        "jwks": system.jwks,
    }
    with serving([*ADA, *EVE, DOCTOR], **{**paths, **(behaviours or {})}) as server:
        system.server = server
        yield system


def asked_of(server: Server) -> list[str]:
    return [asked.path for asked in server.asked]
