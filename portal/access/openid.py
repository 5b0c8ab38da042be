"""A JWT of the configured issuer -> who is asking.

OpenID Connect Discovery 1.0 finds the issuer's keys (RFC 7517); the token is checked as RFC 8725 and RFC 9068 want:
asymmetric algorithms alone, the key's kind fits the algorithm, issuer, audience and times are right. Not covered:
encrypted tokens, and opaque ones that would have to be asked about.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from portal.caller import Caller
from portal.fetching import Unfetched, fetched
from tools.calls.errors import SetupError

ALGORITHMS: Mapping[str, "type[RSAKey] | type[ECKey]"] = {"RS256": RSAKey, "PS256": RSAKey, "ES256": ECKey}
LEEWAY = 60
"""Seconds that clocks may differ."""
_WELL_KNOWN = "/.well-known/openid-configuration"
_AGAIN, _STALE, _TOO_OLD = 60.0, 3600.0, 86_400.0
"""Seconds: between two readings of the keys, after which they are read again, after which old ones end."""
_TYPES = (None, "jwt", "at+jwt", "application/at+jwt")
_SMALLEST = 2048
"""Bits of an RSA key."""
_LONGEST_SUBJECT = 500
_NAMES = ("name", "preferred_username")

Key = RSAKey | ECKey


class NotAccepted(Exception):
    """The token is none that the issuer made for this portal, or it has ended."""


class Issuer:
    """Who signs tokens, and what for.

    Args:
        url: as in `iss`.
        audience: as in `aud`.
        transport: by which its documents are read; None is the network.
        ticks: seconds, for the age of keys.
    """

    def __init__(
        self,
        url: str,
        audience: str,
        transport: httpx.BaseTransport | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._audience = url, audience
        self._transport, self._ticks = transport, ticks
        self._keys: tuple[Key, ...] = ()
        self._read = self._tried = float("-inf")
        self._trouble = "has not been read"
        self._lock = threading.Lock()

    def caller(self, token: str, now: datetime) -> Caller:
        """Return who carries a token.

        Raises:
            NotAccepted: nobody that this portal knows.
            SetupError: the issuer's keys cannot be had.
        """
        try:
            claims = jwt.decode(token, self._key, algorithms=list(ALGORITHMS)).claims
            self._claims(now).validate(claims)
        except (JoseError, ValueError, TypeError, RecursionError):
            raise NotAccepted from None
        subject = f"user:{self._url.rstrip('/')}/{claims['sub']}"
        if len(subject) > _LONGEST_SUBJECT or not subject.isprintable():
            raise NotAccepted
        return Caller(subject=subject, name=_name(claims))

    def _claims(self, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._url},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    def _key(self, signed: Any) -> Key:
        """Return the key that a token names; joserfc asks before it looks at the signature."""
        header = signed.headers()
        kind = ALGORITHMS.get(header.get("alg"))
        declared = header.get("typ")
        if kind is None or (declared.lower() if isinstance(declared, str) else declared) not in _TYPES:
            raise NotAccepted
        fitting = self._fitting(header, kind)
        if len(fitting) != 1:
            raise NotAccepted
        return fitting[0]

    def _fitting(self, header: Mapping[str, Any], kind: type[RSAKey] | type[ECKey]) -> list[Key]:
        def among(keys: tuple[Key, ...]) -> list[Key]:
            return [
                key
                for key in keys
                if isinstance(key, kind)
                and key.get("alg", header["alg"]) == header["alg"]
                and (header.get("kid") is None or key.get("kid") == header["kid"])
            ]

        self._reread(_STALE, wait=not self._keys)
        found = among(self._keys)
        if not found and header.get("kid") is not None:
            self._reread(_AGAIN, wait=True)
            found = among(self._keys)
        if self._ticks() - self._read >= _TOO_OLD:
            raise SetupError(f"Nobody can be recognised now: what the issuer publishes {self._trouble}.")
        return found

    def _reread(self, age: float, *, wait: bool) -> None:
        """Read the keys if they are older, but not more than once a minute; while one reads, others need not wait."""
        if not self._lock.acquire(blocking=wait):
            return
        try:
            now = self._ticks()
            if now - self._read >= age and now - self._tried >= _AGAIN:
                self._tried = now
                self._keys = self._published()
                self._read = now
        except Unfetched as trouble:
            self._trouble = str(trouble)
        finally:
            self._lock.release()

    def _published(self) -> tuple[Key, ...]:
        told = fetched(self._url.rstrip("/") + _WELL_KNOWN, transport=self._transport)
        if told.get("issuer") != self._url:
            raise Unfetched("names another issuer")
        where = told.get("jwks_uri")
        entries = fetched(where, transport=self._transport).get("keys") if isinstance(where, str) else None
        if not isinstance(entries, list):
            raise Unfetched("holds no keys")
        return tuple(key for entry in entries if (key := _usable(entry)) is not None)


@cache
def issuer(url: str, audience: str) -> Issuer:
    """Return the issuer; this process reads its keys once."""
    return Issuer(url, audience)


def _usable(entry: Any) -> Key | None:
    """Return the key of an entry if it may sign tokens; a symmetric one never does."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    try:
        if entry.get("kty") == "RSA" and _bits(entry) >= _SMALLEST:
            return RSAKey.import_key(entry)
        if entry.get("kty") == "EC" and entry.get("crv") == "P-256":
            return ECKey.import_key(entry)
    except (JoseError, ValueError, TypeError, LookupError):
        return None
    return None


def _bits(entry: Mapping[str, Any]) -> int:
    modulus = entry.get("n")
    return len(modulus) * 6 if isinstance(modulus, str) else 0


def _name(claims: Mapping[str, Any]) -> str:
    told = (claims.get(name) for name in _NAMES)
    return next((name[:200] for name in told if isinstance(name, str) and name.isprintable()), "")
