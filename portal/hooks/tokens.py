"""`Authorization: Bearer JWT` of a CDS Hooks client -> the client, or why it is refused.

https://cds-hooks.hl7.org/2.0/#trusting-cds-clients. A token is taken once: its id is kept, as a hash, until it ends,
where all replicas see it. The optional `tenant` says nothing here.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import JWTClaimsRegistry
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from portal.database import Database
from portal.hooks.clients import Client
from portal.hooks.keys import ALGORITHMS, Keys
from portal.hooks.tables import tokens
from tools.calls.errors import AssistantError

LEEWAY = 30
"""Seconds that the clocks of an EHR and the portal may differ."""
LONGEST = 3600
"""Seconds that a token may last."""
_LARGEST = 8192
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


class Refused(AssistantError):
    """A token is not taken; the message says why."""


class Gate:
    """Tells who calls by their token.

    Args:
        clients: who may call.
        database: keeps the tokens that were used.
        now: seconds since the epoch.

    Raises:
        SetupError: the keys of a client cannot be used.
    """

    def __init__(self, clients: Sequence[Client], database: Database, now: Callable[[], float]) -> None:
        self._clients = {client.issuer: (client, Keys(client, now)) for client in clients}
        self._database, self._now = database, now

    def client(self, token: str, audiences: Sequence[str]) -> Client:
        """Return whose token it is, and take it.

        Args:
            token: a compact JWT.
            audiences: the addresses of which its `aud` must name one.

        Raises:
            Refused: it is not a token of a client for this address, has ended, or was used before.
            SetupError: the client's keys cannot be had.
        """
        header, told = _unchecked(token)
        issuer = told.get("iss")
        client, keys = self._clients.get(issuer if isinstance(issuer, str) else "", (None, None))
        if client is None or keys is None:
            raise Refused("its issuer (iss) is not known here")
        claims = self._verified(token, header, client, keys)
        _check(claims, audiences, int(self._now()))
        self._take(client, claims)
        return client

    def _verified(self, token: str, header: Mapping[str, Any], client: Client, keys: Keys) -> dict[str, Any]:
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise Refused(f"it must be signed with {', '.join(ALGORITHMS)}")
        if not isinstance(kid, str) or header.get("typ") != "JWT":
            raise Refused('its header must have kid and typ "JWT"')
        if client.jwks and header.get("jku", client.jwks) != client.jwks:
            raise Refused("its jku is not the address of the keys known here")
        key = keys.find(kid, algorithm)
        if key is None:
            raise Refused("no key of its issuer fits its kid and alg")
        try:
            return jwt.decode(token, key, registry=_REGISTRY).claims
        except (JoseError, ValueError):
            raise Refused("its signature is not right") from None

    def _take(self, client: Client, claims: Mapping[str, Any]) -> None:
        """Keep that a token was used."""
        seal = hashlib.sha256(f"{client.issuer}\n{claims['jti']}".encode()).hexdigest()
        now = self._now()
        try:
            with self._database.writing() as connection:
                connection.execute(delete(tokens).where(tokens.c.ends < now))
                connection.execute(insert(tokens).values(token=seal, ends=claims["exp"] + LEEWAY))
        except IntegrityError:
            raise Refused("it was used before (jti)") from None


def _unchecked(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what a token says of itself; nothing of it is believed yet."""
    try:
        if len(token) > _LARGEST:
            raise ValueError("too long")
        compact = extract_compact(token.encode(), registry=_REGISTRY)
        header, told = compact.headers(), json.loads(compact.payload)
    except (JoseError, ValueError, RecursionError):
        raise Refused("it is not a JWT") from None
    if not isinstance(told, dict):
        raise Refused("it is not a JWT")
    return header, told


def _check(claims: dict[str, Any], audiences: Sequence[str], now: int) -> None:
    registry = JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY,
        iss={"essential": True},
        aud={"essential": True, "values": list(audiences)},
        exp={"essential": True},
        iat={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
    except ClaimError as error:
        raise Refused(f"its {error.claim} is missing or not right") from None
    if claims["exp"] > now + LONGEST + LEEWAY:
        raise Refused(f"its exp must be within {LONGEST} seconds")
