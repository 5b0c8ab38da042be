"""A signed statement of who the user is (OpenID Connect `id_token`) -> who that is, as the record system calls them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from portal.launch.asking import get
from portal.launch.discovery import Configuration
from portal.launch.trouble import EHR, LaunchFailure, Unreachable
from tools.sources.people import full_name

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_SKEW = 60
"""Seconds by which the clocks may differ."""
_LONGEST = 200
_USER = re.compile(r"(?:Practitioner|PractitionerRole|Patient|RelatedPerson|Person)/[A-Za-z0-9.-]{1,64}")


@dataclass(frozen=True, slots=True)
class User:
    """Who signed in.

    Attributes:
        id: unique within the record system: "Practitioner/7", or what its sign-in calls them.
        reference: "Practitioner/7", "" if they are no resource there.
        name: for people, as the statement says; "" if it does not.
    """

    id: str
    reference: str
    name: str


async def user_of(
    client: httpx.AsyncClient,
    told: Configuration,
    statement: str,
    *,
    audience: str,
    nonce: str,
    now: int,
    iss: str,
) -> User:
    """Read a statement.

    Args:
        client: asks for the keys.
        told: the record system's configuration.
        statement: the `id_token`.
        audience: our client id.
        nonce: that of this launch.
        now: in seconds since 1970.
        iss: the FHIR base URL.

    Raises:
        LaunchFailure: it does not hold.
    """
    if not statement:
        raise _doubtful("it did not say")
    try:
        keys = _signing(await get(client, told.keys))
        registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        claims = jwt.decode(statement, keys, registry=registry).claims
        _registry(told.issuer, audience, nonce, now).validate(claims)
    except Unreachable as trouble:
        raise _doubtful(f"its keys could not be read: {trouble}") from None
    except (JoseError, ValueError, LookupError, TypeError, AttributeError):
        raise _doubtful("its statement does not hold") from None
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != audience:
        raise _doubtful("its statement is for somebody else")
    return _user(claims, iss)


async def name_of(client: httpx.AsyncClient, iss: str, user: User, access: str) -> str:
    """Return the name of a user, from their own resource if that can be read."""
    if not user.reference:
        return user.name or user.id
    try:
        found = await get(
            client,
            f"{iss}/{user.reference}",
            {"Accept": "application/fhir+json", "Authorization": f"Bearer {access}"},
        )
    except Unreachable:
        found = {}
    names = found.get("name")
    first = names[0] if isinstance(names, list) and names and isinstance(names[0], dict) else {}
    return _short(_said(first)) or user.name or user.id


def _signing(told: Mapping[str, Any]) -> KeySet:
    """Return the keys of a set that may sign; of others there may be any."""
    keys = [key for key in told["keys"] if key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": keys})


def _said(name: Mapping[str, Any]) -> str:
    try:
        return full_name(name)
    except TypeError:
        return ""


def _registry(issuer: str, audience: str, nonce: str, now: int) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=now,
        leeway=_SKEW,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        sub={"essential": True},
    )


def _user(claims: Mapping[str, Any], iss: str) -> User:
    told = claims.get("fhirUser") or claims.get("profile")
    reference = told.removeprefix(f"{iss}/") if isinstance(told, str) else ""
    name = claims.get("name")
    known = reference if _USER.fullmatch(reference) else ""
    return User(known or _short(claims["sub"]), known, _short(name) if isinstance(name, str) else "")


def _short(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]


def _doubtful(why: str) -> LaunchFailure:
    return LaunchFailure(f"The record system did not prove who you are: {why}.", EHR, 502)
