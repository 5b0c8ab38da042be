"""A FHIR base URL -> where its users sign in and where tokens come from, or why a launch is not possible there.

https://hl7.org/fhir/smart-app-launch/conformance.html, `.well-known/smart-configuration`; what it leaves out about
signatures is read from the OpenID configuration of the issuer that it names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from portal.launch.addresses import safe
from portal.launch.asking import JSON, get
from portal.launch.trouble import EHR, LaunchFailure, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a record system says about signing in.

    Attributes:
        authorize: where the user is sent.
        token: where tokens come from.
        issuer: of the tokens that say who the user is.
        keys: where the keys are that sign those.
        revoke: where tokens are given back; "" for nowhere.
        names_itself: whether it says in its answers who it is (RFC 9207).
        capabilities: as listed.
    """

    authorize: str
    token: str
    issuer: str
    keys: str
    revoke: str = ""
    names_itself: bool = False
    capabilities: tuple[str, ...] = field(default=())


async def discover(client: httpx.AsyncClient, iss: str, *, launched: bool) -> Configuration:
    """Read what a record system says of itself.

    Args:
        client: asks.
        iss: its FHIR base URL, one that the operator allowed.
        launched: whether it opened the page itself.

    Raises:
        LaunchFailure: it cannot be read, or a launch is not possible or not safe there.
    """
    try:
        told = await get(client, f"{iss}/.well-known/smart-configuration")
        _check(told, launched)
        if told.get("issuer") and not told.get("jwks_uri"):
            told = {**await _openid(client, told["issuer"], iss), **told}
    except Unreachable as trouble:
        raise LaunchFailure(
            f"The record system does not say how to sign in: {trouble}.",
            "Try again in a minute; if it stays so, tell whoever runs the record system.",
            502,
        ) from None
    return _configuration(told, iss)


async def _openid(client: httpx.AsyncClient, issuer: object, iss: str) -> JSON:
    if not isinstance(issuer, str) or not safe(issuer, iss):
        raise _lacks("an issuer with https")
    told = await get(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    return {name: told[name] for name in ("jwks_uri",) if told.get("issuer") == issuer and name in told}


def _check(told: JSON, launched: bool) -> None:
    if "S256" not in _words(told.get("code_challenge_methods_supported")):
        raise _lacks("PKCE with S256")
    capabilities = _words(told.get("capabilities"))
    if not launched and capabilities and "launch-standalone" not in capabilities:
        raise LaunchFailure(
            "This record system does not let the assistant be opened by itself.",
            "Open it from the record of a patient there.",
        )


def _configuration(told: JSON, iss: str) -> Configuration:
    return Configuration(
        authorize=_address(told, "authorization_endpoint", iss),
        token=_address(told, "token_endpoint", iss),
        issuer=_address(told, "issuer", iss),
        keys=_address(told, "jwks_uri", iss),
        revoke=_address(told, "revocation_endpoint", iss) if told.get("revocation_endpoint") else "",
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        capabilities=_words(told.get("capabilities")),
    )


def _address(told: Mapping[str, object], name: str, iss: str) -> str:
    address = told.get(name)
    if not isinstance(address, str) or not safe(address, iss):
        raise _lacks(f"{name} with https")
    return address


def _words(value: object) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list) else ()


def _lacks(what: str) -> LaunchFailure:
    return LaunchFailure(
        f"The record system offers no safe way to sign in: it does not name {what} in its SMART configuration.",
        EHR,
        502,
    )
