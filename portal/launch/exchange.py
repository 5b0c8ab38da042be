"""The token endpoint: a code -> tokens, a refresh token -> new tokens, and tokens given back.

RFC 6749, RFC 7009 and https://hl7.org/fhir/smart-app-launch/app-launch.html. Who we are is said by a signature, a
secret, or our name alone, as registered.
"""

import math
from base64 import b64encode
from dataclasses import dataclass, field, replace
from urllib.parse import quote_plus

import httpx

from portal.launch.asking import JSON, post
from portal.launch.registrations import Registration
from portal.launch.trouble import Refused, Unreachable
from tools.sources.live.authorization import signed_by

_LIFE = 3600
"""Seconds that a token is taken to last where its server does not say."""
_FOR_GOOD = (400, 401, 403)
"""Statuses after which asking again cannot help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a token endpoint gave.

    Attributes:
        access: goes with each request to the record system.
        refresh: gives the next; "" if there will be none.
        ends: when the access token does, in seconds since 1970.
        scope: what it may do.
        patient: id of the patient it is for, as told; "" for none.
        banner: whether the patient must be shown: the record system does not.
        identity: a signed statement of who the user is; only the first answer has it.
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    ends: float
    scope: str
    patient: str = field(default="", repr=False)
    banner: bool = True
    identity: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Counter:
    """The token endpoint of a record system.

    Attributes:
        registration: who we are there.
        token: its address.
        revoke: where tokens are given back; "" for nowhere.
    """

    registration: Registration
    token: str
    revoke: str = ""

    async def first(self, client: httpx.AsyncClient, grant: dict[str, str], asked: str, now: float) -> Tokens:
        """Return the tokens for a code.

        Args:
            client: asks.
            grant: the code, the verifier and the address to which the code came.
            asked: the scopes that were asked for: they are granted if nothing else is said.
            now: in seconds since 1970.

        Raises:
            Refused: it gives none.
            Unreachable: it cannot be asked, or its answer cannot be used.
        """
        told = await self._given(client, {"grant_type": "authorization_code", **grant})
        return _tokens(told, asked, now)

    async def next(self, client: httpx.AsyncClient, held: Tokens, now: float) -> Tokens:
        """Return the tokens after the ones that are held; raises as `first`.

        A refresh token that is not replaced stays; the patient cannot change.
        """
        told = await self._given(client, {"grant_type": "refresh_token", "refresh_token": held.refresh})
        given = _tokens(told, held.scope, now)
        if given.patient not in ("", held.patient):
            raise Refused("the record system gave a token for another patient")
        return replace(
            given,
            refresh=given.refresh or held.refresh,
            patient=held.patient,
            banner=held.banner,
            identity="",
        )

    async def give_back(self, client: httpx.AsyncClient, held: Tokens) -> bool:
        """Have the tokens made worthless; tell whether that was done.

        Raises:
            Unreachable: it cannot be asked.
        """
        if not self.revoke:
            return False
        kinds = {"refresh_token": held.refresh, "access_token": held.access}
        statuses = [
            (await post(client, self.revoke, *self._as_us({"token": token, "token_type_hint": kind})))[0]
            for kind, token in kinds.items()
            if token
        ]
        return all(status == httpx.codes.OK for status in statuses)

    async def _given(self, client: httpx.AsyncClient, form: dict[str, str]) -> JSON:
        status, told = await post(client, self.token, *self._as_us(form))
        if status == httpx.codes.OK:
            return told
        if status in _FOR_GOOD:
            raise Refused("the record system gave no token")
        raise Unreachable(f"it answered {status}")

    def _as_us(self, form: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Return a form and headers that say who sends it."""
        ours = self.registration
        if ours.key:
            return form | signed_by(ours.key, ours.client, self.token), {}
        if ours.secret:
            pair = f"{quote_plus(ours.client)}:{quote_plus(ours.secret)}"
            return form, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return form | {"client_id": ours.client}, {}


def _tokens(told: JSON, asked: str, now: float) -> Tokens:
    if not _is_token(told.get("access_token")) or str(told.get("token_type")).casefold() != "bearer":
        raise Unreachable("its answer holds no token")
    life, patient, refresh = told.get("expires_in"), told.get("patient"), told.get("refresh_token")
    known = isinstance(life, int | float) and math.isfinite(life) and life > 0
    scope, identity = told.get("scope"), told.get("id_token")
    return Tokens(
        access=told["access_token"],
        refresh=refresh if isinstance(refresh, str) and _is_token(refresh) else "",
        ends=now + (life if known and isinstance(life, int | float) else _LIFE),
        scope=scope if isinstance(scope, str) else asked,
        patient="" if patient is None else str(patient),
        banner=told.get("need_patient_banner") is not False,
        identity=identity if isinstance(identity, str) else "",
    )


def _is_token(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value.isascii() and value.isprintable()
