"""What a request to a FHIR server carries: nothing, a bearer token, or a token of SMART Backend Services.

https://hl7.org/fhir/smart-app-launch/backend-services.html: a JWT signed with the client's private key is exchanged
for a token that is renewed shortly before it ends, and once where the server refuses it. Secrets come from the
environment and go nowhere but into the request.
"""

import asyncio
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc.errors import InvalidKeyTypeError, JoseError
from joserfc.jwk import ECKey, RSAKey

from tools.calls.errors import SetupError
from tools.sources.live.body import Damaged, TooLarge, whole
from tools.sources.live.trouble import Denied

_SCOPE = "system/*.rs"
_EARLY = 30
"""Seconds before its end at which a token is renewed."""
_LIFE = 300
"""Seconds that a token is taken to last where its server does not say."""
_LONGEST = 65_536
"""Bytes of a token server's answer, at most."""
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_SIGNED_FOR = 240
"""Seconds that a signed request for a token holds; the specification allows 300."""
_PLAIN = {"Accept": "application/json"}

Key = RSAKey | ECKey
_KINDS: dict[object, type[Key]] = {"RSA": RSAKey, "EC": ECKey}


class Authorization(Protocol):
    """Gives the token that requests carry."""

    async def token(self, client: httpx.AsyncClient, refused: str = "") -> str:
        """Return a token; another one than `refused` if one can be had, of the same patient if it is of one.

        Raises:
            Denied: none is given.
        """
        ...


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that somebody else obtained."""

    value: str = field(repr=False)

    async def token(self, client: httpx.AsyncClient, refused: str = "") -> str:
        """Return the one there is."""
        return self.value


@dataclass(slots=True)
class BackendServices:
    """Tokens for a client that has a key of its own.

    Attributes:
        client: the client's id at the authorization server.
        key: the private key.
        token_url: the token endpoint.
        scope: what is asked for.
    """

    client: str
    key: Key = field(repr=False)
    token_url: str
    scope: str = _SCOPE
    _token: str = field(default="", repr=False)
    _patient: object = None
    _ends: float = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def token(self, client: httpx.AsyncClient, refused: str = "") -> str:
        """Return the token that is held, or, where it ends or was refused, a new one."""
        async with self._lock:
            if self._token in ("", refused) or time.time() > self._ends - _EARLY:
                self._token = ""
                self._take(await self._asked(client))
            return self._token

    async def _asked(self, client: httpx.AsyncClient) -> bytes:
        async with client.stream("POST", self.token_url, data=self._form(), headers=_PLAIN) as response:
            if response.status_code != httpx.codes.OK:
                raise Denied(f"the token server gave no token ({response.status_code})")
            try:
                return await whole(response, _LONGEST)
            except TooLarge:
                raise Denied("the token server's answer is too long") from None
            except Damaged:
                raise Denied("the token server's answer holds no token") from None

    def _form(self) -> dict[str, str]:
        asked = {"grant_type": "client_credentials", "scope": self.scope}
        return asked | signed_by(self.key, self.client, self.token_url)

    def _take(self, answer: bytes) -> None:
        try:
            told = json.loads(answer)
        except (ValueError, RecursionError):
            told = None
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Denied("the token server's answer holds no token")
        patient = told.get("patient", self._patient)
        if self._patient not in (None, patient):
            raise Denied("the token server gave a token for another patient")
        self._patient = patient
        life = told.get("expires_in")
        known = isinstance(life, int | float) and math.isfinite(life)
        self._token, self._ends = token, time.time() + (life if known else _LIFE)


def signed_by(key: Key, client: str, token_url: str) -> dict[str, str]:
    """Return what a client that has a key adds to the form it sends to a token endpoint, to say who it is."""
    signed = private_key_jwt_sign(
        key,
        client,
        token_url,
        alg=_ALGORITHMS.get(getattr(key, "curve_name", ""), "RS384"),
        header={"kid": key.kid} if key.kid else {},
        expires_in=_SIGNED_FOR,
    )
    return {"client_assertion_type": _ASSERTION, "client_assertion": signed}


def from_environment(
    base: str, environment: Mapping[str, str], whose: str = "SERVER", scope: str = _SCOPE
) -> Authorization | None:
    """Return what the environment says about authorization, None if it says nothing.

    Args:
        base: the server.
        environment: FHIR_ASSISTANT_SERVER_TOKEN, or FHIR_ASSISTANT_SERVER_CLIENT, _KEY, _TOKEN_URL and _SCOPE.
        whose: "SERVER" in these names, or another.
        scope: what is asked for where the environment names nothing.

    Raises:
        SetupError: it is incomplete, or a secret would go over an open line.
    """
    variable = f"FHIR_ASSISTANT_{whose}"
    token, client = (
        environment.get(f"{variable}_TOKEN", "").strip(),
        environment.get(f"{variable}_CLIENT", ""),
    )
    if not token and not client:
        return None
    _closed(base)
    if not token:
        return _backend(client, environment, variable, scope)
    if not token.isascii() or not token.isprintable():
        raise SetupError(f"{variable}_TOKEN is no token: expected ASCII characters in one line.")
    return Bearer(token)


def _closed(address: str) -> None:
    url = httpx.URL(address)
    if url.scheme != "https" and url.host not in ("localhost", "127.0.0.1", "::1"):
        raise SetupError(f"{address}: a secret goes only over https, or to this machine. Use https://.")


def _backend(client: str, environment: Mapping[str, str], variable: str, scope: str) -> BackendServices:
    key, token_url = environment.get(f"{variable}_KEY", ""), environment.get(f"{variable}_TOKEN_URL", "")
    if not key or not token_url:
        raise SetupError(
            f"{variable}_CLIENT needs {variable}_KEY, a file with the private key (JWK or PEM), and"
            f" {variable}_TOKEN_URL, the token endpoint, e.g. https://auth.example.org/token."
        )
    _closed(token_url)
    wanted = environment.get(f"{variable}_SCOPE") or scope
    return BackendServices(client, read_key(Path(key)), token_url, wanted)


def read_key(path: Path) -> Key:
    """Return the private key in a file, as JWK, as the one private key of a set, or as PEM.

    Raises:
        SetupError: there is none.
    """
    try:
        text = path.expanduser().read_text(encoding="utf-8")
        found = _own(json.loads(text)) if text.lstrip().startswith("{") else text
        key = _imported(found)
    except OSError as error:
        raise SetupError(f"{path}: the key cannot be read: {error.strerror}.") from None
    except (ValueError, LookupError, StopIteration, TypeError, JoseError):
        key = None
    if key is None or not key.is_private:
        raise SetupError(f"{path}: expected a private key, RSA or EC, as JWK or PEM.")
    return key


def _imported(found: dict[str, Any] | str) -> Key:
    if isinstance(found, dict):
        return _KINDS[found["kty"]].import_key(found)
    try:
        return RSAKey.import_key(found)
    except InvalidKeyTypeError:
        return ECKey.import_key(found)


def _own(found: dict[str, Any]) -> dict[str, Any]:
    """Return the private key of a set, or the one key there is."""
    keys = found.get("keys", [found])
    return next(key for key in keys if isinstance(key, dict) and "d" in key)
