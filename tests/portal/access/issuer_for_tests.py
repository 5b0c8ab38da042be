"""An issuer of tokens without a network: its keys, what it publishes, and how often it was asked."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.portal.portal_for_tests import NOON

ISSUER = "https://login.example.org/ward"
AUDIENCE = "fhir-assistant"
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
ANOTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
NEW_RSA = RSAKey.generate_key(2048, {"kid": "new"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "alg": "ES256"})
LARGE_EC = ECKey.generate_key("P-384", {"kid": "large"})
FOR_ENCRYPTION = RSAKey.generate_key(2048, {"kid": "enc"})
SHARED = OctKey.import_key("a secret that somebody published by mistake", {"kid": "shared"})
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "7",
    "name": "Dr. Poe",
    "exp": int((NOON + timedelta(minutes=5)).timestamp()),
}


def public(*keys: Any) -> dict[str, Any]:
    def shown(key: Any) -> dict[str, Any]:
        told = key.as_dict() if key.key_type == "oct" else key.as_dict(private=False)
        return {**told, "use": "enc"} if key is FOR_ENCRYPTION else told

    return {"keys": [shown(key) for key in keys]}


def signed(claims: dict[str, Any], key: Any = RSA, **header: Any) -> str:
    told = {"alg": "RS256", "kid": key.kid, **header}
    kept = {name: value for name, value in told.items() if value is not None}
    return jwt.encode(kept, claims, key, algorithms=[told["alg"]], default_type=None)


@dataclass
class Published:
    """What the issuer's addresses give, as an httpx transport."""

    keys: dict[str, Any] = field(default_factory=lambda: public(RSA, EC, LARGE_EC, FOR_ENCRYPTION, SHARED))
    issuer: str = ISSUER
    where: str = "https://login.example.org/ward/keys"
    instead: tuple[int, bytes, dict[str, str]] | None = None
    asked: list[str] = field(default_factory=list)

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if self.instead is not None:
            return _streamed(*self.instead)
        if request.url.path.endswith("/.well-known/openid-configuration"):
            return _streamed(200, json.dumps({"issuer": self.issuer, "jwks_uri": self.where}).encode())
        return _streamed(200, json.dumps(self.keys).encode())


def _streamed(status: int, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
