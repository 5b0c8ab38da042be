"""What a request to a FHIR server carries: nothing, a bearer token, or a token of SMART Backend Services.

https://hl7.org/fhir/smart-app-launch/backend-services.html: a JWT signed with the client's private key is exchanged
for a token that is renewed shortly before it ends, and once where the server refuses it. Secrets come from the
environment and go nowhere but into the request.
"""

import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tools.errors import SetupError

TOKEN_VARIABLE = "FHIR_ASSISTANT_SERVER_TOKEN"
CLIENT_VARIABLE, KEY_VARIABLE = "FHIR_ASSISTANT_SERVER_CLIENT", "FHIR_ASSISTANT_SERVER_KEY"
TOKEN_URL_VARIABLE, SCOPE_VARIABLE = "FHIR_ASSISTANT_SERVER_TOKEN_URL", "FHIR_ASSISTANT_SERVER_SCOPE"
_EARLY = 30
"""Seconds before its end at which a token is renewed."""
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Authorization = httpx.Auth


class Bearer(httpx.Auth):
    """A token that somebody else obtained."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the token along."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


@dataclass(slots=True)
class BackendServices(httpx.Auth):
    """Tokens for a client that has a key of its own.

    Attributes:
        client: the client's id at the authorization server.
        key: the private key: a JWK as JSON, or PEM.
        token_url: the token endpoint.
        scope: what is asked for.
    """

    client: str
    key: Mapping[str, Any] | str
    token_url: str
    scope: str = "system/*.rs"
    _token: str = ""
    _ends: float = 0

    requires_response_body = True

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send a token along; obtain one first where there is none, and once again where it is refused."""
        for last in (False, True):
            if last or time.time() > self._ends - _EARLY:
                answer = yield self._wanted()
                self._take(answer)
            request.headers["Authorization"] = f"Bearer {self._token}"
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return

    def _wanted(self) -> httpx.Request:
        from authlib.oauth2.rfc7523 import private_key_jwt_sign

        algorithm = "ES384" if isinstance(self.key, Mapping) and self.key.get("kty") == "EC" else "RS384"
        form = {
            "grant_type": "client_credentials",
            "scope": self.scope,
            "client_assertion_type": _ASSERTION,
            "client_assertion": private_key_jwt_sign(self.key, self.client, self.token_url, alg=algorithm),
        }
        return httpx.Request("POST", self.token_url, data=form, headers={"Accept": "application/json"})

    def _take(self, answer: httpx.Response) -> None:
        told = answer.json() if answer.status_code == httpx.codes.OK else {}
        self._token = str(told.get("access_token") or "")
        self._ends = time.time() + float(told.get("expires_in") or 300)


def from_environment(base: str, environment: Mapping[str, str]) -> httpx.Auth | None:
    """Return what the environment says about authorization, None if it says nothing.

    Raises:
        SetupError: it is incomplete, or a secret would go over an open line.
    """
    token, client = environment.get(TOKEN_VARIABLE, ""), environment.get(CLIENT_VARIABLE, "")
    if not token and not client:
        return None
    url = httpx.URL(base)
    if url.scheme != "https" and url.host not in ("localhost", "127.0.0.1", "::1"):
        raise SetupError(
            f"{base}: a token goes only over https, or to this machine. Use https://{url.netloc.decode()}."
        )
    return Bearer(token) if token else _backend(client, environment)


def _backend(client: str, environment: Mapping[str, str]) -> BackendServices:
    key, token_url = environment.get(KEY_VARIABLE, ""), environment.get(TOKEN_URL_VARIABLE, "")
    if not key or not token_url:
        raise SetupError(
            f"{CLIENT_VARIABLE} needs {KEY_VARIABLE}, a file with the private key (JWK or PEM), and"
            f" {TOKEN_URL_VARIABLE}, the token endpoint, e.g. https://auth.example.org/token."
        )
    return BackendServices(client, _key(Path(key)), token_url, environment.get(SCOPE_VARIABLE, "system/*.rs"))


def _key(path: Path) -> Mapping[str, Any] | str:
    import json

    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{path}: the key cannot be read: {error.strerror}.") from None
    if not text.lstrip().startswith("{"):
        return text
    found: Any = json.loads(text)
    keys = found.get("keys") or [found]
    return dict(next((k for k in keys if "d" in k), keys[0]))
