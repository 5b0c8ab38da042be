"""A CDS Hooks client -> the public key that a token of it names.

RFC 7517. Keys at a URL are kept for ten minutes; they are asked for again where a token names a key that is not among
them, but not more than twice a minute, whoever asks. The `jku` of a token is never followed.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from portal.fetching import Unfetched, fetched
from portal.hooks.clients import Client
from tools.calls.errors import SetupError

Key = RSAKey | ECKey
_FITTING: dict[str, tuple[type[Key], str]] = {
    "ES256": (ECKey, "P-256"),
    "ES384": (ECKey, "P-384"),
    "RS256": (RSAKey, ""),
    "RS384": (RSAKey, ""),
}
ALGORITHMS = tuple(_FITTING)
"""How a token may be signed: never with a shared secret, never not at all."""
_FRESH, _PAUSE, _LASTS = 600, 30, 3600
"""Seconds: keys are asked for again after; no sooner than; and are used where that fails until."""
_SECONDS = 3.0
_SHORTEST = 2048
"""Bits of an RSA key, at least (RFC 7518, 3.3)."""


class Keys:
    """The public keys of one client.

    Args:
        client: whose.
        now: seconds since the epoch.

    Raises:
        SetupError: the file of its keys cannot be used.
    """

    def __init__(self, client: Client, now: Callable[[], float]) -> None:
        self._client, self._now = client, now
        self._lock = threading.Lock()
        self._known: dict[str, Key] = {}
        self._read = self._tried = float("-inf")
        if client.keys:
            self._known = _from_file(client.keys)

    def find(self, kid: str, algorithm: str) -> Key | None:
        """Return the key that a token names, None if there is none that fits its algorithm.

        Raises:
            SetupError: the keys cannot be had at present.
        """
        with self._lock:
            if self._client.jwks:
                self._refresh(kid)
            key = self._known.get(kid)
        return key if key and _fits(key, algorithm) else None

    def _refresh(self, kid: str) -> None:
        now = self._now()
        wanted = kid not in self._known or now - self._read > _FRESH
        if wanted and now - self._tried > _PAUSE:
            self._tried = now
            with suppress(Unfetched, ValueError):  # those that are known hold for a while
                self._known, self._read = _imported(fetched(self._client.jwks, seconds=_SECONDS)), now
        if now - self._read > _LASTS:
            raise SetupError(f"The keys of {self._client.name} cannot be read from {self._client.jwks}.")


def _fits(key: Key, algorithm: str) -> bool:
    kind, curve = _FITTING[algorithm]
    told = key.as_dict(private=False)
    if (
        not isinstance(key, kind)
        or told.get("alg", algorithm) != algorithm
        or told.get("use", "sig") != "sig"
    ):
        return False
    return key.curve_name == curve if isinstance(key, ECKey) else _bits(key) >= _SHORTEST


def _bits(key: RSAKey) -> int:
    return int(key.public_key.key_size)


def _from_file(path: str) -> dict[str, Key]:
    try:
        found = _imported(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as trouble:
        raise SetupError(f"{path}: the keys cannot be read: {trouble.strerror}.") from None
    except (ValueError, RecursionError):
        found = {}
    if not found:
        raise SetupError(f"{path}: expected a JWK Set with public keys (RSA or EC) that each have a kid.")
    return found


def _imported(told: Any) -> dict[str, Key]:
    """Return the usable keys of a JWK Set by their kid; others are left out."""
    listed = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no JWK Set")
    found: dict[str, Key] = {}
    for jwk in listed:
        key = _key(jwk)
        if key and isinstance(jwk.get("kid"), str):
            found[jwk["kid"]] = key
    return found


def _key(jwk: Any) -> Key | None:
    kind = jwk.get("kty") if isinstance(jwk, dict) else None
    try:
        return RSAKey.import_key(jwk) if kind == "RSA" else ECKey.import_key(jwk) if kind == "EC" else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
